"""The columns of a table: which are declared, and their cells as normalised text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from pipeline.fields import label_key
from pipeline.model import Kind
from pipeline.restricted.read.coerce import convert_column, converter
from pipeline.restricted.read.header import Column, Header
from pipeline.restricted.read.layouts import layouts
from pipeline.restricted.read.table import Cell, Table

#: A column nobody declared is named up to this many characters.
NAME_LENGTH = 30

TOO_LONG = "单元格比表头多，多半是文字里的分隔符没有加引号，各列已经错位；请改为 .xlsx 导出。"

_JOINED = frozenset({"text", "party", "person", "id"})


@dataclass(frozen=True, slots=True)
class Columns:
    """A table cut at its header: texts by field key, each list as long as the body.

    ``faults`` maps positions in the body to what was expected, by column heading.
    ``headings`` maps field keys to the label this export uses. ``undeclared`` names
    the columns that were not read.
    """

    body: pd.DataFrame
    first_row: int
    declared: tuple[Column, ...]
    headings: dict[str, str]
    undeclared: tuple[str, ...]
    values: dict[str, list[str]] = field(default_factory=dict)
    faults: defaultdict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def __len__(self) -> int:
        return len(self.body)

    def of(self, key: str) -> list[str]:
        """The texts of a field, all "" when the table has no such column."""
        return self.values.get(key) or [""] * len(self)

    def cells(self, position: int) -> list[tuple[Column, Cell]]:
        """The raw cells of a row under its declared columns."""
        row = self.body.iloc[position]
        return [(column, row.iat[column.position]) for column in self.declared]


def cut(table: Table, header: Header, kind: Kind) -> Columns:
    """The columns of a table of a kind; a field of another kind counts as undeclared."""
    body = _filled(table, header)
    declared = tuple(c for c in header.columns if c.field and kind in c.field.kinds)
    headings = {c.field.key: c.heading for c in reversed(declared) if c.field}
    columns = Columns(
        body=body,
        first_row=table.first_row + header.last + 1,
        declared=declared,
        headings=headings,
        undeclared=tuple(_undeclared(header, kind, body, table.separated)),
    )
    for column in declared:
        _add(columns, column)
    if table.separated:
        _fault_long_rows(columns, header)
    return columns


def _add(columns: Columns, column: Column) -> None:
    """Convert a column. Two columns of one field: the first non-empty value holds;
    texts and numbers that differ are kept both, so that the redactor knows them all."""
    assert column.field is not None  # noqa: S101 - for mypy: declared columns have one
    convert = converter(column.field, column.heading)
    texts, faults = convert_column(columns.body[column.position].tolist(), convert)
    for position, message in faults.items():
        columns.faults[position][column.heading] = message
    key = column.field.key
    earlier = columns.values.get(key)
    if earlier is None:
        columns.values[key] = texts
    else:
        join = column.field.type in _JOINED and key != "number"
        columns.values[key] = [_both(a, b, join) for a, b in zip(earlier, texts, strict=True)]


def _both(first: str, second: str, join: bool) -> str:
    if not first or not second or first == second or not join:
        return first or second
    return f"{first}；{second}"


def _filled(table: Table, header: Header) -> pd.DataFrame:
    """The rows below the header; a vertical merge says its first cell's value on each row."""
    height, width = table.grid.shape
    merges = [
        region
        for region in table.merged
        if header.last < region.top < min(region.bottom, height) and region.left < width
    ]
    if not merges:
        return table.grid.iloc[header.last + 1 :]
    cells = table.grid.to_numpy(dtype=object, copy=True)
    for region in merges:
        cells[region.top : region.bottom + 1, region.left] = cells[region.top, region.left]
    return pd.DataFrame(cells[header.last + 1 :], dtype=object)


def _undeclared(header: Header, kind: Kind, body: pd.DataFrame, separated: bool) -> Iterator[str]:
    for column in header.columns:
        if column.field and kind in column.field.kinds:
            continue
        if column.heading:
            if label_key(column.heading) not in layouts().header.ordinals:
                yield _short(column.heading)
        elif not separated and _holds_anything(body[column.position]):
            yield f"第{column.position + 1}列（没有列名）"


def _short(heading: str) -> str:
    return heading if len(heading) <= NAME_LENGTH else heading[:NAME_LENGTH] + "…"


def _holds_anything(cells: pd.Series) -> bool:
    return any(cell is not None and str(cell).strip() for cell in cells)


def _fault_long_rows(columns: Columns, header: Header) -> None:
    """Cells beyond the last heading: the row was cut at the wrong places, none is trusted."""
    width = max(c.position for c in header.columns if c.heading) + 1
    beyond = columns.body.iloc[:, width:]
    if beyond.shape[1]:
        for position in ((beyond != "") & beyond.notna()).to_numpy().any(axis=1).nonzero()[0]:
            columns.faults[int(position)] = {"": TOO_LONG}
