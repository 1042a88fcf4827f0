"""A file being read: its tables one by one, what they gave, what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.model import Kind
from pipeline.restricted.raw import FileReading, Origin, RawDecision, Rejection
from pipeline.restricted.read.authority import Authorities
from pipeline.restricted.read.columns import Cut
from pipeline.restricted.read.header import find_header
from pipeline.restricted.read.kind import kind_of
from pipeline.restricted.read.presentable import presentable
from pipeline.restricted.read.rows import Place, missing_columns, read_rows
from pipeline.restricted.read.table import Table

NO_HEADER = (
    "没有认出表头：前30行里没有一行写有至少三个已登记的列名；请按双公示表样保留列名行后重新导出。"
)
NO_HEADER_SHEET = (
    "没有认出表头，整张工作表没有读取；如果它本来就是数据，请按双公示表样写明列名后重新导出。"
)
HIDDEN = "工作表是隐藏的，没有读取；确要公示请取消隐藏，不要公示请删除该表。"
UNKNOWN_KIND = "看不出这张表是哪一类决定，整张表没有读取；请在工作表名或文件名中写明“{}”之一。"
NO_COLUMN = "缺少必须有的列“{}”，整张表没有读取；请补上该列后重新导出。"


class Reading:
    """A file being read, table by table; its rows pass through, what else it says stays."""

    def __init__(self, path: Path, authorities: Authorities) -> None:
        self._stem = path.stem
        self._name = presentable(path.name)
        self._authorities = authorities
        self._rejected: list[Rejection] = []
        self._undeclared: list[str] = []
        self._understood = False

    def rows(self, table: Table) -> Iterator[RawDecision]:
        """The decisions of a table; why there are none, or not all, is in the :meth:`result`."""
        header = find_header(table)
        if header is None:
            if _looks_like_data(table):
                self._reject_table(table, 0, NO_HEADER_SHEET)
            return
        self._understood = True
        row = table.first_row + header.last
        kind = kind_of(header, table.sheet, self._stem)
        if table.hidden:
            self._reject_table(table, row, HIDDEN)
        elif kind is None:
            words = "、".join(kind.label for kind in Kind)
            self._reject_table(table, row, UNKNOWN_KIND.format(words))
        else:
            cut = Cut(table, header, kind)
            yield from self._rows(table, row, cut, kind)
            where = "·".join(part for part in (self._name, presentable(table.sheet)) if part)
            self._undeclared += [f"{where}·{name}" for name in cut.undeclared()]

    def _rows(self, table: Table, row: int, cut: Cut, kind: Kind) -> Iterator[RawDecision]:
        missing = missing_columns(cut.headings, kind)
        if missing:
            self._reject_table(table, row, NO_COLUMN.format("”“".join(missing)))
        else:
            for number, message in table.broken.items():
                self._reject_table(table, number, message)
        place = Place(self._name, presentable(table.sheet), kind)
        for columns in cut.pieces():
            for read in () if missing else read_rows(place, columns, self._authorities):
                if isinstance(read, Rejection):
                    self._rejected.append(read)
                else:
                    yield read

    def _reject_table(self, table: Table, row: int, message: str) -> None:
        origin = Origin(self._name, presentable(table.sheet), row)
        self._rejected.append(Rejection(origin, "", message))

    def result(self, rows: Iterable[RawDecision] = ()) -> FileReading:
        """The reading, with ``rows`` if they were kept; refused when no table had a header."""
        if not self._understood:
            return FileReading(self._name, refused=NO_HEADER)
        return FileReading(
            file=self._name,
            rows=tuple(rows),
            rejected=tuple(self._rejected),
            undeclared=tuple(dict.fromkeys(self._undeclared)),
        )


def _looks_like_data(table: Table) -> bool:
    """At least two rows with three or more filled cells: not just a page of instructions."""
    filled = (sum(cell is not None and cell != "" for cell in row) for row in table.below(0))
    return sum(1 for count in filled if count >= 3) >= 2
