"""Rows of one table as columns, with three things told apart: filled, empty, no such column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

#: No day, no moment: the cell is empty or cannot be read.
NONE = np.iinfo(np.int64).min
MINUTES = 24 * 60

#: As the readers write what they could read; anything else is text.
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?: ([01]\d|2[0-3]):([0-5]\d))?")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_SEPARATOR = re.compile(r"[、,，;；/|\s]+")
_NO = frozenset({"否", "无", "没有", "0", "未", "不是", "no", "false"})


class Frame:
    """The columns of a table by key; a cell is text, or None where the row's file lacks it.

    Everything is worked out once a column and once a different text, never once a cell.
    """

    def __init__(self, columns: Mapping[str, Sequence[str | None]], length: int) -> None:
        self._columns = columns
        self._length = length
        self._cache: dict[tuple[str, str], npt.NDArray[np.generic]] = {}

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, str]]) -> Frame:
        """A frame from rows; a key that a row does not have is a missing column of that row."""
        keys = dict.fromkeys(key for row in rows for key in row)
        return cls({key: [row.get(key) for row in rows] for key in keys}, len(rows))

    def __len__(self) -> int:
        return self._length

    def cell(self, key: str, row: int) -> str:
        """The text of one cell, "" when there is none."""
        cells = self._columns.get(key)
        return (cells[row] or "") if cells is not None else ""

    def there(self, key: str) -> Bools:
        """In which rows the column exists at all."""
        if key not in self._columns:
            return np.zeros(self._length, dtype=bool)
        return self._coded(key)[0] >= 0

    def filled(self, key: str) -> Bools:
        """In which rows the cell says something; 否 and 无 say nothing."""
        return self._map(key, "filled", _says, False)

    def days(self, key: str) -> Ints:
        """Proleptic ordinals of the day, :data:`NONE` where there is none or it is unreadable."""
        return self._map(key, "days", _day, NONE)

    def minutes(self, key: str) -> Ints:
        """Minutes of the moment, the time of day being midnight where none is said."""
        return self._map(key, "minutes", _minute, NONE)

    def timed(self, key: str) -> Bools:
        """Where a time of day is said."""
        return self._map(key, "timed", lambda text: ":" in text, False)

    def numbers(self, key: str) -> Floats:
        """The number of each cell, NaN where there is none."""
        return self._map(key, "numbers", _number, np.nan)

    def tests(self, key: str, name: str, test: Callable[[str], bool]) -> Bools:
        """A question to each different text of a column; ``name`` tells questions apart."""
        return self._map(key, name, test, False)

    def texts(self, key: str) -> Texts:
        """All cells, "" where there is none."""
        codes, unique = self._coded(key)
        return np.append(unique, "").astype(object)[codes]

    def _map(
        self, key: str, name: str, convert: Callable[[str], object], missing: object
    ) -> npt.NDArray:  # type: ignore[type-arg]
        found = self._cache.get((key, name))
        if found is None:
            codes, unique = self._coded(key)
            values = np.array([*(convert(str(text)) for text in unique), missing])
            found = self._cache[key, name] = values[codes]
        return found

    def _coded(self, key: str) -> tuple[Ints, Texts]:
        if key not in self._columns:
            return np.full(self._length, -1), np.array([], dtype=object)
        return self._factorised[key] if key in self._factorised else self._factorise(key)

    def _factorise(self, key: str) -> tuple[Ints, Texts]:
        cells = np.empty(self._length, dtype=object)
        cells[:] = self._columns[key]
        codes, unique = pd.factorize(cells)
        self._factorised[key] = codes, unique
        return codes, unique

    @cached_property
    def _factorised(self) -> dict[str, tuple[Ints, Texts]]:
        return {}


def people(text: str) -> frozenset[str]:
    """The single names (or numbers) that a cell lists."""
    return frozenset(part for part in _SEPARATOR.split(text) if part)


def _says(text: str) -> bool:
    bare = text.strip()
    return bool(bare) and bare.casefold() not in _NO


def _day(text: str) -> int:
    written = _MOMENT.fullmatch(text)
    try:
        return date.fromisoformat(written[1]).toordinal() if written else NONE
    except ValueError:
        return NONE


def _minute(text: str) -> int:
    day, written = _day(text), _MOMENT.fullmatch(text)
    if day == NONE or written is None:
        return NONE
    return day * MINUTES + int(written[2] or 0) * 60 + int(written[3] or 0)


def _number(text: str) -> float:
    found = _NUMBER.search(text.replace(",", ""))
    return float(found[0]) if found else np.nan
