"""The columns of a table: which are declared, and their cells as normalised text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from pipeline.fields import label_key
from pipeline.model import Kind
from pipeline.restricted.read.coerce import convert_column, converter
from pipeline.restricted.read.header import Column, Header
from pipeline.restricted.read.layouts import layouts
from pipeline.restricted.read.table import Cell, Region, Row, Table

#: A column nobody declared is named up to this many characters.
NAME_LENGTH = 30

TOO_LONG = "单元格比表头多，多半是文字里的分隔符没有加引号，各列已经错位；请改为 .xlsx 导出。"

#: Rows that are understood at a time: many, so that what repeats is converted once; few, so
#: that a table of any length needs the same memory.
PIECE = 8192

_JOINED = frozenset({"text", "party", "person", "id"})


@dataclass(frozen=True, slots=True)
class Columns:
    """A piece of a table: texts by field key, each list as long as the piece.

    ``first_row`` is the number of its first row in messages. ``faults`` maps positions in the
    piece to what was expected, by column heading. ``headings`` maps field keys to the label
    this export uses.
    """

    body: Sequence[Row]
    first_row: int
    declared: tuple[Column, ...]
    headings: dict[str, str]
    values: dict[str, list[str]] = field(default_factory=dict)
    faults: defaultdict[int, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def __len__(self) -> int:
        return len(self.body)

    def of(self, key: str) -> list[str]:
        """The texts of a field, all "" when the table has no such column."""
        return self.values.get(key) or [""] * len(self)

    def cells(self, position: int) -> list[tuple[Column, Cell]]:
        """The raw cells of a row under its declared columns."""
        row = self.body[position]
        return [(column, row[column.position]) for column in self.declared]


class Cut:
    """A table cut at its header; a field of another kind counts as undeclared."""

    def __init__(self, table: Table, header: Header, kind: Kind) -> None:
        self._table, self._header = table, header
        self._declared = tuple(c for c in header.columns if c.field and kind in c.field.kinds)
        self._others = [c for c in header.columns if not (c.field and kind in c.field.kinds)]
        #: Nameless columns, by position, and whether any of their cells holds something.
        self._nameless = {
            c.position: False for c in self._others if not c.heading and not table.separated
        }
        self.headings = {c.field.key: c.heading for c in reversed(self._declared) if c.field}

    def pieces(self) -> Iterator[Columns]:
        """The rows below the header, piece by piece; they can be had once."""
        first = self._table.first_row + self._header.last + 1
        rows = _filled(self._table, self._header)
        while body := list(islice(rows, PIECE)):
            yield self._piece(body, first)
            first += len(body)

    def undeclared(self) -> Iterator[str]:
        """The columns that are not read, once all pieces are."""
        for column in self._others:
            if column.heading:
                if label_key(column.heading) not in layouts().header.ordinals:
                    yield _short(column.heading)
            elif self._nameless.get(column.position):
                yield f"第{column.position + 1}列（没有列名）"

    def _piece(self, body: list[Row], first: int) -> Columns:
        upright = list(zip_longest(*body, fillvalue=""))
        columns = Columns(body, first, self._declared, self.headings)
        for column in self._declared:
            _add(columns, column, upright[column.position])
        if self._table.separated:
            _fault_long_rows(columns, upright, self._header)
        for position, known in self._nameless.items():
            if not known:
                self._nameless[position] = _holds_anything(upright[position])
        return columns


def _add(columns: Columns, column: Column, cells: Sequence[Cell]) -> None:
    """Convert a column. Two columns of one field: the first non-empty value holds;
    texts and numbers that differ are kept both, so that the redactor knows them all."""
    assert column.field is not None  # noqa: S101 - for mypy: declared columns have one
    convert = converter(column.field, column.heading)
    texts, faults = convert_column(cells, convert)
    for position, message in faults.items():
        columns.faults[position][column.heading] = message
    key = column.field.key
    earlier = columns.values.get(key)
    if earlier is None:
        columns.values[key] = texts
    elif earlier != texts:
        join = column.field.type in _JOINED and key != "number"
        columns.values[key] = [_both(a, b, join) for a, b in zip(earlier, texts, strict=True)]


def _both(first: str, second: str, join: bool) -> str:
    if not first or not second or first == second or not join:
        return first or second
    return f"{first}；{second}"


def _filled(table: Table, header: Header) -> Iterator[Row]:
    """The rows below the header; a vertical merge says its first cell's value on each row."""
    rows = table.below(header.last + 1)
    merges = [one for one in table.merged if header.last < one.top < one.bottom]
    return _with_merges(rows, header.last + 1, merges) if merges else rows


def _with_merges(rows: Iterator[Row], first: int, merges: list[Region]) -> Iterator[Row]:
    waiting = sorted(merges, key=lambda one: one.top, reverse=True)
    running: dict[int, tuple[int, Cell]] = {}  # by column: until which row it says what
    for position, row in enumerate(rows, first):
        while waiting and waiting[-1].top == position:
            one = waiting.pop()
            if one.left < len(row):
                running[one.left] = (one.bottom, row[one.left])
        if running:
            row = [*row]
            for left, (bottom, cell) in [*running.items()]:
                row[left] = cell
                if bottom == position:
                    del running[left]
        yield row


def _short(heading: str) -> str:
    return heading if len(heading) <= NAME_LENGTH else heading[:NAME_LENGTH] + "…"


def _holds_anything(cells: Sequence[Cell]) -> bool:
    return any(cell is not None and str(cell).strip() for cell in cells)


def _fault_long_rows(columns: Columns, upright: Sequence[Sequence[Cell]], header: Header) -> None:
    """Cells beyond the last heading: the row was cut at the wrong places, none is trusted."""
    width = max(c.position for c in header.columns if c.heading) + 1
    for cells in upright[width:]:
        for position, cell in enumerate(cells):
            if cell:
                columns.faults[position] = {"": TOO_LONG}
