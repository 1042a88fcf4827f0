"""Invented exports for the reading benchmark: one large table in the layout of 2018.

The demonstration's decisions, over and over, each time with numbers, names, days and a line
of facts of its own: nothing that a reader could keep from one row to the next but what
repeats in real tables too (statutes, offices, kinds of penalty).
"""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils import get_column_letter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "examples"))

from invent.decisions import Office  # noqa: E402
from invent.layouts import PENALTY_ORGANISATION  # noqa: E402
from invent.people import People  # noqa: E402
from invent.tables import cells, labels  # noqa: E402

from benchmarks.reading import FILES  # noqa: E402

SEED = 20261120
_BASE = 300  # decisions of an agency that the others are made of
_SLUGS = ("liaoning", "lingchuan", "mingshan", "shihao", "zhejiang")
_FIRST = date(2021, 1, 4)


def table(count: int) -> Iterator[list[Any]]:
    """The header, then ``count`` decisions about bodies with 28 columns each."""
    rng = Random(SEED)
    people = People(rng)
    offices = [Office(slug, rng, people) for slug in _SLUGS]
    base = [
        (office, office.penalty("organisation", with_text=False))
        for office in offices
        for _ in range(_BASE)
    ]
    yield labels(PENALTY_ORGANISATION)
    for n in range(1, count + 1):
        office, row = base[rng.randrange(len(base))]
        area = rng.choice(office.agency["areas"])
        day = _FIRST + timedelta(days=rng.randrange(2000))
        born = date(1960, 1, 1) + timedelta(days=rng.randrange(15_000))
        changed = {
            "number": f"{office.agency['short']}罚决〔{day.year}〕{n}号",
            "party": f"{row['party']}第{n}经营部",
            "credit_code": people.credit_code(office.agency["credit_code"][2:8]),
            "legal_rep_id": people.identity_number(area, born),
            "facts": f"{row['facts']}现场检查笔录第{n}号、照片{n % 37 + 2}张在案。",
            "decided_on": day,
            "fine": rng.randrange(1, 400) * 100,
            "penalty_valid_to": day.replace(day=1, year=day.year + 3),
        }
        yield cells({**row, **changed}, PENALTY_ORGANISATION)


def write_csv(path: Path, count: int, encoding: str) -> None:
    """The table as text, as Excel saves it."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows(["" if cell is None else cell for cell in row] for row in table(count))


def write_inline(path: Path, count: int) -> None:
    """The table as a workbook with its texts in the cells, as streaming libraries write it."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("行政处罚")
    for row in table(count):
        page.append([None if cell == "" else cell for cell in row])
    book.save(path)


def write_shared(path: Path, count: int) -> None:
    """The table as a workbook with shared texts, as Excel and WPS save it.

    openpyxl would hold the whole sheet as objects for that; only the frame is its work.
    """
    book = openpyxl.Workbook()
    page = book.active
    page.title = "行政处罚"
    page["A1"], page["A2"] = "x", _FIRST
    frame = io.BytesIO()
    book.save(frame)
    texts: dict[str, int] = {}
    with zipfile.ZipFile(frame) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in (_SHEET, _TEXTS):
                new.writestr(name, _told(name, old.read(name)))
        dated = re.search(rb'<c r="A2" s="(\d+)"', old.read(_SHEET))
        assert dated
        with new.open(_SHEET, "w", force_zip64=True) as file:
            file.write(_OPEN)
            for n, row in enumerate(table(count), start=1):
                found = (_cell(at, n, cell, texts, int(dated[1])) for at, cell in enumerate(row))
                file.write(f'<row r="{n}">{"".join(found)}</row>'.encode())
            file.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        new.writestr(_TEXTS, f"<sst {_XMLNS}>{items}</sst>")


_SHEET, _TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_XMLNS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OPEN = f"<worksheet {_XMLNS}><sheetData>".encode()
_ZERO = date(1899, 12, 30)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
#: Where a package tells of its parts, and what it says of the shared texts.
_TELLING = {
    "[Content_Types].xml": (
        "</Types>",
        f'<Override PartName="/{_TEXTS}" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sharedStrings+xml"/>',
    ),
    "xl/_rels/workbook.xml.rels": (
        "</Relationships>",
        f'<Relationship Type="{_OFFICE}" Target="sharedStrings.xml" Id="rIdTexts"/>',
    ),
}


def _told(name: str, part: bytes) -> bytes:
    """A part of the package; openpyxl writes texts into the cells and tells of no others."""
    end, entry = _TELLING.get(name, ("", ""))
    if not entry or b"sharedStrings" in part:
        return part
    return part.replace(end.encode(), (entry + end).encode())


def _cell(at: int, row: int, cell: Any, texts: dict[str, int], dated: int) -> str:
    name = f"{get_column_letter(at + 1)}{row}"
    if cell in ("", None):
        return ""
    if isinstance(cell, date):
        return f'<c r="{name}" s="{dated}"><v>{(cell - _ZERO).days}</v></c>'
    if isinstance(cell, (int, float)):
        return f'<c r="{name}"><v>{cell}</v></c>'
    return f'<c r="{name}" t="s"><v>{texts.setdefault(cell, len(texts))}</v></c>'


def make(folder: Path, count: int, wanted: list[str]) -> None:
    """Files of the benchmark, by their keys."""
    writers: dict[str, Callable[[Path, int], None]] = {
        "xlsx": write_shared,
        "inline": write_inline,
        "csv": partial(write_csv, encoding="utf-8-sig"),
        "gb18030": partial(write_csv, encoding="gb18030"),
    }
    for key in wanted:
        writers[key](folder / FILES[key], count)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
