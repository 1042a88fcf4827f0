"""Names by the statistical tagger (LAC), clause by clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.lac import Word, tagger
from pipeline.restricted.detect.plain import is_plain

NAME = "tagger"
_CLAUSE = re.compile(r"[^。;\n!?\x1f]{1,120}[。;!?]?")
_NAME_TAGS = frozenset({"PER", "nr"})


_PART = re.compile(r"[^,:]*[,:]?")
_CACHE_SIZE = 20_000


def stretches(text: str, closed: bytes | bytearray) -> list[tuple[int, str]]:
    """Offset and text of what the tagger must see: each sentence from its first clause
    that is not plain to its last. ``closed`` marks characters that shields explain."""
    found: list[tuple[int, str]] = []
    for sentence in _CLAUSE.finditer(text):
        base = sentence.start()
        parts = [m for m in _PART.finditer(sentence.group()) if m.group()]
        unclear = [m for m in parts if not is_plain(_open(m.group(), closed, base + m.start()))]
        if unclear:
            start, end = unclear[0].start(), unclear[-1].end()
            found.append((base + start, sentence.group()[start:end]))
    return found


def _open(part: str, closed: bytes | bytearray, start: int) -> str:
    if not any(closed[start : start + len(part)]):
        return part
    return "".join("#" if closed[start + i] else char for i, char in enumerate(part))


class Words:
    """The tagger's words, remembered by stretch: decisions repeat most of their sentences."""

    def __init__(self) -> None:
        self._known: dict[str, list[Word]] = {}

    def of(self, sheets: Sequence[Sheet], closed: Sequence[bytes | bytearray]) -> list[list[Word]]:
        """The words of each sheet, offsets in the sheet; all sheets in one batch."""
        parts = [stretches(s.text, c) for s, c in zip(sheets, closed, strict=True)]
        fresh = sorted({t for part in parts for _, t in part} - self._known.keys())
        if len(self._known) + len(fresh) > _CACHE_SIZE:
            self._known.clear()
            fresh = sorted({t for part in parts for _, t in part})
        self._known.update(zip(fresh, tagger().tag(fresh), strict=True))
        return [
            [Word(at + w.start, at + w.end, w.tag) for at, t in part for w in self._known[t]]
            for part in parts
        ]


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
