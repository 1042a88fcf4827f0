"""Names by the statistical tagger (LAC), clause by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.lac import Word, tagger

NAME = "tagger"
_CLAUSE = re.compile(r"[^。;\n!?\x1f]{1,120}[。;!?]?")
_NAME_TAGS = frozenset({"PER", "nr"})


def clauses(text: str) -> list[tuple[int, str]]:
    """Offset and text of each clause that has a Chinese character."""
    return [(m.start(), m.group()) for m in _CLAUSE.finditer(text)]


def words(sheets: list[Sheet]) -> list[list[Word]]:
    """The tagger's words of each sheet, offsets in the sheet; all sheets in one batch."""
    parts = [(i, start, text) for i, s in enumerate(sheets) for start, text in clauses(s.text)]
    tagged = tagger().tag([text for _, _, text in parts])
    result: list[list[Word]] = [[] for _ in sheets]
    for (i, start, _), found in zip(parts, tagged, strict=True):
        result[i] += [Word(start + w.start, start + w.end, w.tag) for w in found]
    return result


def names(text: str, found: list[Word]) -> Iterator[Finding]:
    """The words that the tagger takes for a person's name."""
    for word in found:
        if word.tag in _NAME_TAGS:
            start, end = _trimmed(text, word.start, word.end)
            if end - start >= 2:
                yield Finding(start, end, "name", NAME, 50)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not text[start].isalpha():
        start += 1
    while end > start and not text[end - 1].isalpha():
        end -= 1
    return start, end
