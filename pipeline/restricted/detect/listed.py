"""Names beside names: what stands in a list with a name and looks like one is one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.restricted.detect.edges import cues, given_lengths, left, listed_word, name_at
from pipeline.restricted.detect.finding import Finding
from pipeline.restricted.detect.lexicon import HAN, is_word

NAME = "listed"
_JOIN = re.compile(r"(?:\([^()\n]{0,40}\))?\s{0,2}(?:[、]|和|与|及|以及)\s{0,2}")
_BEFORE = re.compile(rf"(?<=[{HAN}])(?:\([^()\n]{{0,40}}\))?\s{{0,2}}、\s{{0,2}}$")


def beside(text: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """The neighbours, to the right and to the left, of the names ``found`` in a list."""
    done: set[int] = set()
    queue = sorted({(f.start, f.end) for f in found})
    while queue:
        start, end = queue.pop()
        joined = _JOIN.match(text, end)
        if joined and joined.end() not in done:
            done.add(joined.end())
            length = name_at(text[joined.end() : joined.end() + 14], bold=True, listed=True)
            if length:
                span = (joined.end(), joined.end() + length)
                yield Finding(*span, "name", NAME, 45)
                queue.append(span)
        near = text[start - 1 : start] == "、" or text[start - 1 : start].isspace()
        joined_before = near and _BEFORE.search(text, max(0, start - 46), start)
        if joined_before:
            last = joined_before.start()
            for length in (4, 3, 2):
                name = text[max(0, last - length) : last]
                if _likely(name) and left(text[max(0, last - length - 8) : last - length]) >= 1.2:
                    yield Finding(last - length, last, "name", NAME, 43)
                    break


def _likely(name: str) -> bool:
    table = cues()
    if name in table["stop"] or name[:2] in table["not_names"]:
        return False
    if is_word(name):
        return listed_word(name)
    return len(name) in given_lengths(name)
