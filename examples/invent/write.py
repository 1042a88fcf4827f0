"""Files whose bytes depend on nothing but their content."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
import xlwt
from openpyxl.styles import Alignment, Font

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:\w+[^>]*>)[^<]*")

Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows from the first on (title rows and header included), ranges to merge."""

    name: str
    rows: Sequence[Cells]
    merges: tuple[str, ...] = ()
    hidden: bool = False


def xlsx(sheets: Iterable[Sheet]) -> bytes:
    """An .xlsx workbook without the time of its making."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for row in sheet.rows:
            page.append(list(row))
        for cells in sheet.merges:
            page.merge_cells(cells)
        page["A1"].font = Font(bold=True, size=14)
        page["A1"].alignment = Alignment(horizontal="left")
        page.sheet_state = "hidden" if sheet.hidden else "visible"
    made = io.BytesIO()
    book.save(made)
    return _without_times(made.getvalue())


def _without_times(workbook: bytes) -> bytes:
    rewritten = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>2026-11-20T00:00:00Z", data)
            new.writestr(zip_entry(name), data)
    return rewritten.getvalue()


def zip_entry(name: str) -> zipfile.ZipInfo:
    """An entry of an archive dated 1980."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def xls(sheets: Iterable[Sheet]) -> bytes:
    """An .xls workbook (BIFF8)."""
    book = xlwt.Workbook(encoding="utf-8")
    as_date = xlwt.easyxf(num_format_str="YYYY/MM/DD")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        for n, row in enumerate(sheet.rows):
            for m, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write(n, m, cell, as_date)
                elif cell not in ("", None):
                    page.write(n, m, cell)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def delimited(rows: Iterable[Cells], *, encoding: str, delimiter: str = ",") -> bytes:
    """A text table with Windows line ends, as Excel saves it."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return made.getvalue().encode(encoding)


def json_list(rows: Iterable[dict[str, Any]], *, key: str = "") -> bytes:
    """A list of objects, inside an object when ``key`` is given."""
    value: Any = [_plain(row) for row in rows]
    made = json.dumps({key: value} if key else value, ensure_ascii=False, indent=1)
    return (made + "\n").encode()


def json_lines(rows: Iterable[dict[str, Any]]) -> bytes:
    """One object a line."""
    lines = (json.dumps(_plain(row), ensure_ascii=False) + "\n" for row in rows)
    return "".join(lines).encode()


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items()}
