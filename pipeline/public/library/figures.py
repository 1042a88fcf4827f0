"""The yearly figures that an office counts itself (``figures.csv``): one row a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline import schema
from pipeline.public.read.tables import read_rows

_SCHEMA, _YEAR, _NOTE = "figures", "year", "note"


class Figures(NamedTuple):
    """One year: numbers by key of the schema (None: not told), and a remark."""

    year: int
    numbers: Mapping[str, int | None]
    note: str


def keys() -> dict[str, str]:
    """The keys of the figures with their labels, in the schema's order."""
    columns = schema.load(_SCHEMA).columns
    return {c.key: c.label for c in columns if c.key not in (_YEAR, _NOTE)}


def read_figures(path: Path) -> tuple[Figures, ...]:
    """The years at ``path``, newest first; raises ``ConfigurationError`` with every problem."""
    table = read_rows(path, schema.load(_SCHEMA))
    named = keys()
    labels = {c.key: c.label for c in schema.load(_SCHEMA).columns}
    found = [
        Figures(
            int(row.cells[labels[_YEAR]]),
            {key: _number(row.cells[label]) for key, label in named.items()},
            row.cells[labels[_NOTE]],
        )
        for row in table.rows
    ]
    return tuple(sorted(found, key=lambda one: one.year, reverse=True))


def years(content: Path, agencies: Iterable[str]) -> dict[str, list[int]]:
    """For each agency the years that its figures tell; none where it has no such file."""
    paths = {slug: content / "agencies" / slug / "figures.csv" for slug in agencies}
    return {
        slug: [one.year for one in read_figures(path)] if path.is_file() else []
        for slug, path in paths.items()
    }


def _number(cell: str) -> int | None:
    return int(cell) if cell else None
