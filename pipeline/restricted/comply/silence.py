"""What a complainant is called stands in no output (R067): struck out of every told text."""

from __future__ import annotations

from collections.abc import Iterable

import ahocorasick

STRUCK = "［投诉举报人］"


class Silence:
    """Strikes names (and numbers) out of texts; the names themselves are never shown."""

    def __init__(self, names: Iterable[str]) -> None:
        self._automaton = ahocorasick.Automaton()
        for name in names:
            if len(name) > 1:
                self._automaton.add_word(name, len(name))
        if len(self._automaton):
            self._automaton.make_automaton()

    def __call__(self, text: str) -> str:
        """``text`` without any of the names."""
        if not len(self._automaton):
            return text
        at = 0
        pieces: list[str] = []
        for end, length in self._automaton.iter_long(text):
            pieces += (text[at : end - length + 1], STRUCK)
            at = end + 1
        return "".join((*pieces, text[at:]))
