"""Text tables: comma, tab or semicolon."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from pipeline.errors import UnreadableFile
from pipeline.restricted.read.header import find_header
from pipeline.restricted.read.table import HEADER_WITHIN, Row, Table, split

DELIMITERS = (",", "\t", ";")

_HEAD_LINES = 200
_UNCLOSED = "文件不完整：有一处引号没有闭合，多半是导出或拷贝中断；请重新导出。"
#: Set behind the last line, two fields: within an open quotation they are no record.
_END = ["\x00end", "\x00end"]


def read_delimited(path: Path, encoding: str) -> Table:
    """A text table as cells; the row numbers of messages count records, as Excel shows them.

    Raises :class:`UnreadableFile` when a quotation mark is never closed (a truncated file):
    for that the file is gone through once before the first row is given.
    """
    csv.field_size_limit(max(path.stat().st_size, csv.field_size_limit()))
    delimiter = _delimiter(path, encoding)
    try:
        records = _records(path, encoding, delimiter, (delimiter.join(_END),))
        ((length, last),) = deque(enumerate(records), maxlen=1)
    except csv.Error:
        raise UnreadableFile(_UNCLOSED) from None
    if last != _END:
        raise UnreadableFile(_UNCLOSED)
    head, rest = split(_records(path, encoding, delimiter))
    return Table("", head, rest, length, separated=True)


def _records(
    path: Path, encoding: str, delimiter: str, behind: Iterable[str] = ()
) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.reader(chain(file, behind), delimiter=delimiter)


def _delimiter(path: Path, encoding: str) -> str:
    """The delimiter under which the most labels are recognised; the commonest one else."""
    with path.open(encoding=encoding, newline="\n") as file:
        head = "".join(islice(file, _HEAD_LINES))
    return max(DELIMITERS, key=lambda d: (_labels(head, d), head.count(d)))


def _labels(head: str, delimiter: str) -> int:
    try:
        rows = list(islice(csv.reader(io.StringIO(head), delimiter=delimiter), HEADER_WITHIN))
    except csv.Error:
        return 0
    header = find_header(Table("", split(rows)[0]))
    return header.recognised if header else 0
