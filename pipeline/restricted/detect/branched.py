"""Many words as one pattern that reads each character once, however many words there are."""

from __future__ import annotations

import re
from collections.abc import Iterable

_Tree = dict[str, "_Tree"]
_END = ""


def branched(words: Iterable[str]) -> str:
    """A pattern for any of ``words``; of those that match at a place the longest comes first."""
    tree: _Tree = {}
    for word in sorted(words):
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[_END] = {}
    return _pattern(tree)


def _pattern(tree: _Tree) -> str:
    ways = [re.escape(char) + _pattern(rest) for char, rest in tree.items() if char != _END]
    if not ways:
        return ""
    if _END in tree:
        return f"(?:{'|'.join(ways)})?"
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"
