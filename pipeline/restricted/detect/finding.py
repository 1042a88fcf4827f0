"""What a detector hands on, and the sheet of text it looks at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from pipeline.restricted.detect.digits import Run, runs

_FIGURES = re.compile("[0-9]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """``sheet.text[start:end]`` is of ``kind``, says the detector ``by``.

    ``weight`` orders findings that overlap: the heavier one stands. Kind ``keep``
    marks what must not be masked.
    """

    start: int
    end: int
    kind: str
    by: str
    weight: int = 50


@dataclass(frozen=True)
class Person:
    """A name that the row itself declares. ``shown``: the policy lets it stand."""

    name: str
    shown: bool = False


@dataclass(frozen=True)
class Sheet:
    """All masked texts of one row, normalised and joined by ``FIELD_BREAK``.

    ``certain``: the stretches of the columns that hold names and nothing else.
    """

    text: str
    people: tuple[Person, ...] = ()
    organisations: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    party_is_person: bool = False
    sole_trader: bool = False
    certain: tuple[tuple[int, int], ...] = ()
    secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @cached_property
    def figures(self) -> tuple[int, ...]:
        """Where the stretches of ASCII digits begin."""
        return tuple(match.start() for match in _FIGURES.finditer(self.text))

    def figured(self, pattern: re.Pattern[str], before: int = 0) -> Iterator[re.Match[str]]:
        """What ``pattern.finditer`` finds, sooner: every match must begin where a stretch of
        digits does, or at most ``before`` characters earlier."""
        reach = 0
        for figure in self.figures:
            for start in range(max(reach, figure - before), figure + 1):
                if match := pattern.match(self.text, start):
                    yield match
                    reach = match.end()
                    break

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Every run of digits, however it is written or broken up."""
        return tuple(runs(self.text))


Examples = tuple[tuple[str, tuple[str, ...]], ...]


class Detector(Protocol):
    """One kind of thing found one way; every module of a detector is one.

    ``EXAMPLES``: a normalised text and the stretches found in it; ``COUNTER_EXAMPLES``:
    texts in which nothing is found.
    """

    @property
    def NAME(self) -> str:  # noqa: N802
        """What findings of this detector are signed with."""

    @property
    def EXAMPLES(self) -> Examples:  # noqa: N802
        """Texts with what must be found in them."""

    @property
    def COUNTER_EXAMPLES(self) -> tuple[str, ...]:  # noqa: N802
        """Texts in which nothing must be found."""

    def find(self, sheet: Sheet) -> Iterator[Finding]:
        """Every finding in ``sheet``, in any order; spans may overlap."""
