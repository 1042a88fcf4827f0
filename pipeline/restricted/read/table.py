"""The one shape that every format is turned into before anything is understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

#: A cell as a reader gives it: text, number, bool, date, datetime, None (or what JSON nests).
Cell = Any
Row = Sequence[Cell]

#: How far down a header row is looked for, title rows included.
HEADER_WITHIN = 30


@dataclass(frozen=True, slots=True)
class Region:
    """Merged cells: first and last row and column, as positions in the table, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet, a text file or a list of JSON objects: raw cells, nothing understood yet.

    ``sheet`` is empty where the format has none. ``head`` are the rows among which the header
    may stand, all as long as the longest of them; ``rest`` gives those below, once; ``length``
    is that of all, near enough to tell how much is to come. The first row carries the number
    ``first_row`` in messages (1 for sheets; 0 for JSON, whose keys stand first). ``separated``
    says that cells were cut at separators, so that a row longer than its header is a row cut
    wrongly. ``broken`` maps row numbers to what is wrong with rows that could not even be cut
    into cells. ``hidden``: the workbook does not show the sheet.
    """

    sheet: str
    head: tuple[Row, ...]
    rest: Iterable[Row] = ()
    length: int = 0
    first_row: int = 1
    merged: tuple[Region, ...] = ()
    separated: bool = False
    hidden: bool = False
    broken: Mapping[int, str] = field(default_factory=dict)

    def below(self, row: int) -> Iterator[Row]:
        """The rows from position ``row`` (of the head) to the end; they can be had once.

        None is shorter than those of the head.
        """
        yield from self.head[row:]
        width = len(self.head[0]) if self.head else 0
        for one in self.rest:
            yield one if len(one) >= width else [*one, *[""] * (width - len(one))]


Head = tuple[Row, ...]


def split(rows: Iterable[Row], within: int = HEADER_WITHIN) -> tuple[Head, Iterator[Row]]:
    """The first rows, evened with empty cells, and the others."""
    rest = iter(rows)
    head = list(islice(rest, within))
    width = max(map(len, head), default=0)
    return tuple([*row, *[""] * (width - len(row))] for row in head), rest
