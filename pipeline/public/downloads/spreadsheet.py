"""Tables as files to download: CSV for Excel, and XLSX; the same rows give the same bytes."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from pipeline.inert import inert

_DAY = (1980, 1, 1, 0, 0, 0)  # a zip's entries must have a date; this one says nothing
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CELL_LIMIT = 32_767  # characters Excel takes in one cell
#: A longer text seldom stands in a second row.
_SHORT = 40
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV that Excel opens rightly: UTF-8 with BOM, CRLF, no formulas."""
    return b"\xef\xbb\xbf" + b"".join(csv_line(row) for row in (columns, *rows))


def csv_line(row: Iterable[str]) -> bytes:
    """One line of it."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(map(inert, row))
    return text.getvalue().encode()


def csv_rows(body: bytes) -> list[list[str]]:
    """The rows of such a CSV, its headings first; a cell may be of any length."""
    csv.field_size_limit(max(len(body), csv.field_size_limit()))
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def xlsx_file(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet, every cell text (so that numbers of certificates stay whole)."""
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": _workbook(title),
        "xl/_rels/workbook.xml.rels": _relations(f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": "".join(_sheet(columns, rows)),
    }
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _HEAD + text)
    return body.getvalue()


def _types() -> str:
    kinds = {"/xl/workbook.xml": "sheet.main", "/xl/worksheets/sheet1.xml": "worksheet"}
    parts = "".join(
        f'<Override PartName="{name}" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    rels = f'<Default Extension="rels" ContentType="{_REL_TYPE}"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{rels}{xml}{parts}</Types>'


_REL_TYPE = "application/vnd.openxmlformats-package.relationships+xml"


def _relations(kind: str, target: str) -> str:
    one = f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{one}</Relationships>'


def _workbook(title: str) -> str:
    # Excel takes 31 characters and none of these signs for a sheet's name.
    name = re.sub(r"[\[\]:*?/\\']", "", _NOT_XML.sub("", title))[:31] or "Sheet1"
    sheet = f'<sheet name="{_quoted(name)}" sheetId="1" r:id="rId1"/>'
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheet}</sheets></workbook>'


def _sheet(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
    yield f'<worksheet xmlns="{_MAIN}">{view}<sheetData>'
    cells = _Cells()
    for row in (columns, *rows):
        yield f"<row>{''.join(_row(row, cells))}</row>"
    yield "</sheetData></worksheet>"


def _row(row: Sequence[str], cells: _Cells) -> Iterator[str]:
    """The cells up to the last that is filled.

    None says where it stands: a row is the same wherever it is, so that the audit of the next
    night knows it again.
    """
    empty = 0
    for text in row:
        if text:
            yield "<c/>" * empty
            yield cells[text]
            empty = 0
        else:
            empty += 1


class _Cells(dict[str, str]):
    """The cell with this text; many rows say the same, which is kept."""

    def __missing__(self, text: str) -> str:
        shown = escape(_NOT_XML.sub("", text)[:_CELL_LIMIT])
        kept = ' xml:space="preserve"' if text != " ".join(text.split()) else ""
        found = f'<c t="inlineStr"><is><t{kept}>{shown}</t></is></c>'
        if len(text) < _SHORT:
            self[text] = found
        return found


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;"})
