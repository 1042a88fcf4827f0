"""Which kind of decision a table holds: by its labels, then titles, sheet and file name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pipeline.fields import label_key
from pipeline.model import Kind
from pipeline.restricted.read.header import Header
from pipeline.restricted.read.layouts import layouts


def kind_of(header: Header, sheet: str, file: str) -> Kind | None:
    """The kind, None when nothing says it or the signs contradict each other.

    The declared labels decide when one kind has at least twice the signs of any
    other; else the first of titles, sheet name and file name that names one kind only.
    """
    labels = Counter(k for c in header.columns if c.field for k in _named(c.heading))
    leading = labels.most_common(2)
    if leading and (len(leading) == 1 or leading[0][1] >= 2 * leading[1][1]):
        return leading[0][0]
    for texts in (header.titles, (sheet,), (file,)):
        named = _all_named(texts)
        if len(named) == 1:
            return named.pop()
    return None


def _named(text: str) -> list[Kind]:
    key = label_key(text)
    return [kind for kind, words in layouts().kinds.items() if any(word in key for word in words)]


def _all_named(texts: Iterable[str]) -> set[Kind]:
    return {kind for text in texts for kind in _named(text)}
