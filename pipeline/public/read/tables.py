"""Reads the tables of ``content/`` as offices save them: CSV from Excel, UTF-8 or GB18030.

What Excel leaves behind is taken as it is meant: a title row above the headings, empty
rows and columns, tabs or semicolons between cells, a first line ``sep=;``, ``="001"``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline import text_file
from pipeline.errors import ConfigurationError
from pipeline.public.read.problems import Problems
from pipeline.schema import Column, Schema, fault, iso, simple, suggestion

_HEAD_WITHIN = 5  # rows above and with the headings
_LONGEST_CELL = 100_000  # characters; a longer one is a quotation that was never closed


class Row(NamedTuple):
    """One row: its number in the file (as Excel counts) and its cells by column."""

    number: int
    cells: dict[str, str]


class Table(NamedTuple):
    """A table with one header row; every row has every column."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


Line = tuple[int, list[str]]
#: Tells what is wrong with a row: the column's label, and how the sentence goes on.
Tell = Callable[[str, str], None]


def read_table(path: Path) -> Table:
    """The table at ``path``; raises :class:`ConfigurationError` with every problem.

    Its first filled row holds the headings, whatever they are.
    """
    place, problems = place_of(path), Problems()
    lines = _lines(path)
    if not lines:
        raise ConfigurationError([f"{place}：第1行应当是列名，现在是空的。"])
    head, columns = lines[0]
    for number, name in enumerate(columns, 1):
        if not name:
            problems.add(place, f"第{number}列没有列名。", row=head)
    if len(set(columns)) < len(columns):
        problems.add(place, "有重复的列名，请改成各不相同。", row=head)
    rows = [
        Row(number, dict(zip(columns, cells, strict=True)))
        for number, cells in _squared(lines[1:], len(columns), place, problems)
    ]
    problems.stop()
    return Table(tuple(columns), tuple(rows))


def read_rows(
    path: Path,
    schema: Schema,
    policy: str = "",
    also: Callable[[Row, Tell], None] | None = None,
) -> Table:
    """The table at ``path`` as ``schema`` describes it, for an agency under ``policy``.

    Columns have the schema's labels, in its order, those the file leaves out too (empty);
    days are in ISO. ``also`` looks at each row for what a schema cannot say and tells it by
    the label of a column. Raises :class:`ConfigurationError` with every problem.
    """
    place, problems = place_of(path), Problems()
    lines = _lines(path)
    at = _head(lines, schema)
    if at is None:
        needed = "、".join(c.label for c in schema.columns if c.needed(policy))
        raise ConfigurationError([f"{place}：找不到列名，应有一行写明：{needed}。"])
    number, headings = lines[at]
    columns = _columns(headings, schema, place, number, problems)
    for column in schema.columns:
        if column.needed(policy) and column not in columns:
            problems.add(place, f"缺少列“{column.label}”，请补上。", row=number)
    table = Table(
        tuple(column.label for column in schema.columns if column in columns),
        tuple(
            Row(row, _cells(columns, cells, schema, policy, _At(place, row, problems)))
            for row, cells in _squared(lines[at + 1 :], len(headings), place, problems, pad=True)
        ),
    )
    _repeated(table, schema, place, problems)
    for row in table.rows:
        if also is None:
            break
        also(row, _At(place, row.number, problems).tell)
    problems.stop()
    return table


def _repeated(table: Table, schema: Schema, place: str, problems: Problems) -> None:
    for label in (column.label for column in schema.columns if column.unique):
        seen: dict[str, int] = {}
        for row in table.rows:
            text = simple(row.cells[label])
            first = seen.setdefault(text, row.number)
            if text and first != row.number:
                problems.add(place, f"与第{first}行重复，请核对。", row=row.number, column=label)


class _At(NamedTuple):
    """Where a cell stands, and who is told what is wrong with it."""

    place: str
    row: int
    problems: Problems

    def tell(self, column: str, what: str) -> None:
        self.problems.add(self.place, what, row=self.row, column=column)


def _head(lines: Sequence[Line], schema: Schema) -> int | None:
    """Which line holds the headings: the one with most names of the schema."""
    hits = [sum(schema.find(cell) is not None for cell in c) for _, c in lines[:_HEAD_WITHIN]]
    best = max(hits, default=0)
    return hits.index(best) if best >= min(2, len(schema.columns)) else None


def _columns(
    headings: Sequence[str], schema: Schema, place: str, row: int, problems: Problems
) -> list[Column | None]:
    found: list[Column | None] = []
    for number, heading in enumerate(headings, 1):
        column = schema.find(heading) if heading else None
        if not heading:
            problems.add(place, f"第{number}列有内容而没有列名。", row=row)
        elif column is None:
            known = [one.label for one in schema.columns]
            said = f"不是{schema.title}的列；{suggestion(simple(heading), known)}"
            problems.add(place, said, row=row, column=simple(heading)[:20])
        elif column in found:
            problems.add(place, "有两列都是这个意思，请只留一列。", row=row, column=column.label)
        found.append(column)
    return found


def _cells(
    columns: Sequence[Column | None], cells: Sequence[str], schema: Schema, policy: str, at: _At
) -> dict[str, str]:
    filled = {column.key: text for column, text in zip(columns, cells, strict=True) if column}
    row = {}
    for column in schema.columns:
        text = filled.get(column.key, "")
        row[column.label] = text
        if not text:
            if column.needed(policy) and column in columns:
                at.tell(column.label, "不能为空。")
        elif said := fault(column, text):
            at.tell(column.label, said)
        elif column.type == "date":
            row[column.label] = iso(text)
    return row


def _squared(
    lines: Sequence[Line], width: int, place: str, problems: Problems, *, pad: bool = False
) -> Iterator[Line]:
    """The rows that hold as many cells as there are headings; the others are problems.

    ``pad``: a short row ends in empty cells, as Excel at times leaves them out.
    """
    for number, cells in lines:
        if any(cells[width:]) or (len(cells) < width and not pad):
            problems.add(place, f"有{len(cells)}列，应为{width}列。", row=number)
        else:
            yield number, [*cells[:width], *[""] * (width - len(cells))]


def _lines(path: Path) -> list[Line]:
    """The filled rows with their numbers, without the empty columns at their right."""
    text = read_text(path)
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r'"?sep=(.)"?\r?', first)
    body, before = (rest, 1) if told else (text, 0)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=told[1] if told else _sign(body))
    try:
        # The limit is one for the process, and whoever reads decisions raises it.
        limit = csv.field_size_limit(_LONGEST_CELL)
        try:
            rows = [[_cell(cell) for cell in line] for line in reader]
        finally:
            csv.field_size_limit(limit)
    except csv.Error:
        said = f"第{reader.line_num}行读不出来，可能引号没有成对；请用 Excel 打开检查后另存。"
        raise ConfigurationError([f"{place_of(path)}：{said}"]) from None
    filled = [(number, cells) for number, cells in enumerate(rows, 1 + before) if any(cells)]
    width = max((_width(cells) for _, cells in filled), default=0)
    return [(number, cells[:width] if len(cells) > width else cells) for number, cells in filled]


def _width(cells: Sequence[str]) -> int:
    return max(number for number, cell in enumerate(cells, 1) if cell)


def _cell(text: str) -> str:
    """A cell without the signs Excel needs to take it as text, and without spaces around it."""
    text = text.replace("\x00", "").strip()
    wrapped = re.fullmatch(r'="(.*)"', text, re.DOTALL)
    return wrapped[1].strip() if wrapped else text


def _sign(text: str) -> str:
    """What stands between cells: a comma, unless the first filled line has only another sign."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {sign: first.count(sign) for sign in ",\t;"}
    return max(counts, key=lambda sign: counts[sign])


def place_of(path: Path) -> str:
    """How messages name a file of ``content/``: from its agency's folder on."""
    parts = path.parts
    return "/".join(parts[parts.index("agencies") + 1 :] if "agencies" in parts else parts[-2:])


def read_text(path: Path) -> str:
    """A text of ``content/``, in any encoding that Windows saves."""
    return text_file.read_text(path, place_of(path))
