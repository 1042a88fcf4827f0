"""A decision's lines in the downloads, rendered once; ``press/shelf.py`` keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from pipeline.model import Entry
from pipeline.public.content import Folder
from pipeline.public.downloads import double, open_data
from pipeline.public.downloads.spreadsheet import csv_line

_encode = msgspec.json.Encoder().encode


class Lines(NamedTuple):
    """In CSV and in JSON lines: among all decisions, and in the 双公示 layout of its kind.

    Empty where it has none; a withdrawn decision has none at all.
    """

    csv: bytes = b""
    json: bytes = b""
    layout_csv: bytes = b""
    layout_json: bytes = b""


#: The lines of all decisions of a dataset, in order, in CSV and in JSON lines.
Bodies = Callable[[str], tuple[bytes, bytes]]


def lines(entry: Entry, folders: Mapping[str, Folder]) -> Lines:
    """The lines of one decision."""
    if entry.withdrawal:
        return Lines()
    row = open_data.record(entry, folders)
    cells = double.record(entry)
    return Lines(*_written(row), *(_written(cells) if cells else ()))


def _written(row: Mapping[str, str]) -> tuple[bytes, bytes]:
    return csv_line(row.values()), _encode(row) + b"\n"
