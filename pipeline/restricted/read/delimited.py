"""Text tables: comma, tab or semicolon, read by pandas."""

from __future__ import annotations

import csv
import io
from itertools import islice

import pandas as pd
from pandas.errors import EmptyDataError, ParserError

from pipeline.errors import UnreadableFile
from pipeline.restricted.read.header import find_header
from pipeline.restricted.read.table import HEADER_WITHIN, Table, grid_of

DELIMITERS = (",", "\t", ";")


def read_delimited(text: str) -> Table:
    """A text table as cells; the row numbers of messages count records, as Excel shows them.

    Raises :class:`UnreadableFile` when a quotation mark is never closed (a truncated file).
    """
    delimiter = _delimiter(text)
    try:
        width = _width(text, delimiter)
        grid = pd.read_csv(
            io.StringIO(text),
            sep=delimiter,
            header=None,
            names=list(range(width)),  # title rows are narrower than the table below them
            index_col=False,
            dtype=object,
            na_filter=False,
            skip_blank_lines=False,
            low_memory=False,
        )
    except (ParserError, EmptyDataError, ValueError, csv.Error):
        raise UnreadableFile(
            "文件不完整：有一处引号没有闭合，多半是导出或拷贝中断；请重新导出。"
        ) from None
    return Table("", grid, separated=True)


def _width(text: str, delimiter: str) -> int:
    """The fields of the longest record; a cell may run over many lines."""
    csv.field_size_limit(max(len(text), csv.field_size_limit()))
    records = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)
    return max(map(len, records), default=1)


def _delimiter(text: str) -> str:
    """The delimiter under which the most labels are recognised; the commonest one else."""
    head = "\n".join(text.split("\n", 200)[:200])
    return max(DELIMITERS, key=lambda d: (_labels(head, d), head.count(d)))


def _labels(head: str, delimiter: str) -> int:
    try:
        rows = list(islice(csv.reader(io.StringIO(head), delimiter=delimiter), HEADER_WITHIN))
    except csv.Error:
        return 0
    header = find_header(Table("", grid_of(rows)))
    return header.recognised if header else 0
