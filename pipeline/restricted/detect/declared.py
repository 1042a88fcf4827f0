"""The names the row itself declares, wherever and however broken they stand in its texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import ahocorasick

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "declared"
_DROPPED = re.compile(r"[ \t\n·•・‧∙.\-]+")
_LETTERS = re.compile(r"[a-z]")
_WIDEST_GAP = 8


class Compact:
    """A text without blanks, line breaks and dots, and the way back to its offsets."""

    def __init__(self, text: str) -> None:
        self._text = text
        pieces: list[str] = []
        places: list[int] = []
        at = 0
        for match in _DROPPED.finditer(text):
            pieces.append(text[at : match.start()])
            places.extend(range(at, match.start()))
            at = match.end()
        pieces.append(text[at:])
        places.extend(range(at, len(text)))
        folded = "".join(pieces)
        self._folded = folded.casefold() if len(folded.casefold()) == len(folded) else folded
        self._places = places

    def count(self, name: str) -> int:
        """How often ``name`` stands here, at most."""
        return self._folded.count(name.casefold())

    def find_all(self, names: Iterable[str]) -> dict[str, list[tuple[int, int]]]:
        """Spans of each of ``names``, however many blanks or dots stand inside it.

        All in one pass over the text: a long text has thousands of names.
        """
        wanted = {name: _DROPPED.sub("", name).casefold() for name in names}
        spans: dict[str, list[tuple[int, int]]] = {bare: [] for bare in wanted.values() if bare}
        if spans:
            automaton = ahocorasick.Automaton()
            for bare in spans:
                automaton.add_word(bare, bare)
            automaton.make_automaton()
            for last, bare in automaton.iter(self._folded):
                start, end = self._places[last - len(bare) + 1], self._places[last] + 1
                close = end - start <= len(bare) + _WIDEST_GAP
                if close and not self._inside_word(start, end, bare):
                    spans[bare].append((start, end))
        return {name: spans.get(bare, []) for name, bare in wanted.items()}

    def _inside_word(self, start: int, end: int, wanted: str) -> bool:
        if not _LETTERS.match(wanted):
            return False
        around = self._text[max(0, start - 1) : start] + self._text[end : end + 1]
        return bool(re.search(r"[A-Za-z]", around))


@lru_cache(maxsize=4)
def compact(text: str) -> Compact:
    """``text`` without what divides names; the layers ask for the same one again and again."""
    return Compact(text)


def find(sheet: Sheet) -> Iterator[Finding]:
    """Every occurrence of a declared name, blanks, line breaks and dots inside it allowed."""
    if not sheet.people:
        return
    for spans in compact(sheet.text).find_all(person.name for person in sheet.people).values():
        for span in spans:
            yield Finding(*span, "name", NAME, 100)


EXAMPLES: tuple[tuple[str, tuple[str, ...]], ...] = ()
COUNTER_EXAMPLES: tuple[str, ...] = ()
