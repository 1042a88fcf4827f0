"""The one shape that every format is turned into before anything is understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

#: A cell as a reader gives it: text, number, bool, date, datetime, None (or what JSON nests).
Cell = Any

#: How far down a header row is looked for, title rows included.
HEADER_WITHIN = 30


@dataclass(frozen=True, slots=True)
class Region:
    """Merged cells: first and last row and column, as positions in the grid, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet, a text file or a list of JSON objects: raw cells, nothing understood yet.

    ``sheet`` is empty where the format has none. Row 0 of ``grid`` carries the number
    ``first_row`` in messages (1 for sheets; 0 for JSON, whose keys stand first).
    ``separated`` says that cells were cut at separators, so that a row longer than its
    header is a row cut wrongly. ``broken`` maps row numbers to what is wrong with rows
    that could not even be cut into cells. ``hidden``: the workbook does not show the sheet.
    """

    sheet: str
    grid: pd.DataFrame
    first_row: int = 1
    header_within: int = HEADER_WITHIN
    merged: tuple[Region, ...] = ()
    separated: bool = False
    hidden: bool = False
    broken: Mapping[int, str] = field(default_factory=dict)


def grid_of(rows: list[list[Cell]]) -> pd.DataFrame:
    """Rows of cells as a grid of objects, shorter rows filled with None."""
    width = max(map(len, rows), default=0)
    even = [row if len(row) == width else [*row, *[None] * (width - len(row))] for row in rows]
    return pd.DataFrame(even, dtype=object)
