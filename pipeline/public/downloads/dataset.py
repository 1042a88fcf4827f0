"""A table to download: CSV, XLSX, JSON lines, and a description that machines read.

A workbook is made of the CSV's own bytes, here and by a sweep, so that the two never
differ; one that would grow without end is cut by year.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from pipeline.inert import FORMULA
from pipeline.public.downloads.spreadsheet import csv_file, csv_line, csv_rows, xlsx_file
from pipeline.public.page import File

FOLDER = "data/"
PACKAGE, SUMS = f"{FOLDER}datapackage.json", f"{FOLDER}SHA256SUMS"
_encode = msgspec.json.Encoder().encode
#: What a formula begins with that is kept asleep.
_ASLEEP = re.compile(b"'(?:%s)" % b"|".join(re.escape(sign.encode()) for sign in FORMULA))
_CSVW = "http://www.w3.org/ns/csvw"


class Column(NamedTuple):
    """A column: its heading, what is in it, and its code in the layout it follows."""

    name: str
    about: str = ""
    type: Literal["string", "date", "integer", "number"] = "string"
    code: str = ""


class Dataset(NamedTuple):
    """A table with what it is about. ``by_year``: the date column its workbooks go by."""

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[str]] = ()
    by_year: str = ""

    @property
    def path(self) -> str:
        """The address of the CSV."""
        return f"{FOLDER}{self.name}.csv"


def tables(dataset: Dataset) -> tuple[File, File]:
    """The dataset as CSV and as JSON lines."""
    names = [column.name for column in dataset.columns]
    rows = [list(row) for row in dataset.rows]
    lines = b"".join(_encode(dict(zip(names, row, strict=True))) + b"\n" for row in rows)
    return joined(dataset, b"".join(map(csv_line, rows)), lines)


def joined(dataset: Dataset, table: bytes, lines: bytes) -> tuple[File, File]:
    """The same of lines that are already written, those of the CSV without its head."""
    head = csv_file([column.name for column in dataset.columns], ())
    return File(dataset.path, head + table), File(f"{FOLDER}{dataset.name}.jsonl", lines)


#: Another number when workbooks are written otherwise: those of the last release are made anew.
_WRITING = 2


class Book(NamedTuple):
    """A workbook, and the hash of the rows it was made of."""

    file: File
    source: str


def workbooks(
    name: str, title: str, table: bytes, by_year: str = "", kept: Kept | None = None
) -> Iterator[Book]:
    """The workbooks of a CSV: one, or one a year of the column ``by_year``.

    ``kept``: the last release; a workbook whose rows did not change is taken from there.
    """
    rows = csv_rows(table)
    columns, body = rows[0], rows[1:]
    asleep = _ASLEEP.search(table)
    years: dict[str, list[list[str]]] = {}
    if by_year in columns:
        at = columns.index(by_year)
        for row in body:
            years.setdefault(row[at][:4], []).append(row)
    else:
        years[""] = body
    for year, own in sorted(years.items()):
        path = f"{FOLDER}{name}{f'-{year}' if year else ''}.xlsx"
        source = _digest(_encode([_WRITING, title, columns, own]))
        made = kept.same(path, source) if kept else b""
        if not made:
            awake = [[_plain(cell) for cell in row] for row in own] if asleep else own
            made = xlsx_file(f"{title} {year}".strip(), columns, awake)
        yield Book(File(path, made), source)


class Kept:
    """The downloads of the last release, as far as they are what its package says."""

    def __init__(self, release: Path) -> None:
        self._release = release
        try:
            package = msgspec.json.decode((release / PACKAGE).read_bytes())
            self._resources = {f"{FOLDER}{one['path']}": one for one in package["resources"]}
        except (OSError, KeyError, TypeError, msgspec.DecodeError):
            self._resources = {}

    def same(self, path: str, source: str) -> bytes:
        """The file at ``path``, when it was made of these rows; else nothing."""
        listed = self._resources.get(path, {})
        if listed.get("source") != source:
            return b""
        try:
            body = (self._release / path).read_bytes()
        except OSError:
            return b""
        return body if measured(body)["hash"] == listed.get("hash") else b""


def _plain(cell: str) -> str:
    """A cell without the quote that keeps a CSV's formula asleep: a workbook's text needs none."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def description(dataset: Dataset) -> File:
    """What the columns mean, as CSV on the Web describes it (W3C)."""
    about = {
        "@context": [_CSVW, {"@language": "zh"}],
        "url": f"{dataset.name}.csv",
        "dc:title": dataset.title,
        "dc:description": dataset.about,
        "tableSchema": {"columns": [_csvw(column) for column in dataset.columns]},
    }
    return File(f"{dataset.path}-metadata.json", _pretty(about))


def _csvw(column: Column) -> dict[str, str]:
    found = {"name": column.code or column.name, "titles": column.name, "datatype": column.type}
    return found | ({"dc:description": column.about} if column.about else {})


class Listed(NamedTuple):
    """A file of the folder as the package tells it; ``source`` of a workbook only."""

    path: str
    measured: dict[str, object]
    source: str = ""


def package(title: str, datasets: Sequence[Dataset], files: Iterable[Listed]) -> File:
    """All datasets as a Frictionless data package, each file with its size and checksum."""
    described = {dataset.name: dataset for dataset in datasets}
    resources = [_resource(one, described[name_of(one.path)]) for one in sorted(files)]
    found = {"profile": "data-package", "name": "gongshi", "title": title, "resources": resources}
    return File(PACKAGE, _pretty(found))


def name_of(path: str) -> str:
    """The dataset that a file of the folder belongs to."""
    stem = path.removeprefix(FOLDER).split(".")[0]
    head, _, year = stem.rpartition("-")
    return head if path.endswith(".xlsx") and len(year) == 4 and year.isdecimal() else stem


def _resource(one: Listed, dataset: Dataset) -> dict[str, object]:
    stem, _, ending = one.path.removeprefix(FOLDER).partition(".")
    found: dict[str, object] = {
        "name": f"{stem}-{ending}".lower(),
        "title": dataset.title,
        "description": dataset.about,
        "path": one.path.removeprefix(FOLDER),
        "format": ending,
        "mediatype": _MEDIA[ending],
        **one.measured,
    }
    if one.source:
        found["source"] = one.source
    if ending == "csv":
        fields = [
            {"name": c.name, "type": c.type, **({"description": c.about} if c.about else {})}
            for c in dataset.columns
        ]
        found |= {"profile": "tabular-data-resource", "encoding": "utf-8-sig"}
        found |= {"schema": {"fields": fields, "missingValues": [""]}}
        if dataset.by_year:
            found["workbooksByYear"] = dataset.by_year
    return found


_MEDIA = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def measured(body: bytes) -> dict[str, object]:
    """A file's size and checksum, as a data package writes them."""
    return {"bytes": len(body), "hash": f"sha256:{_digest(body)}"}


def sums(files: Iterable[Listed]) -> File:
    """The checksums in the form that ``sha256sum --check`` reads in the folder itself."""
    lines = (
        f"{str(one.measured['hash']).removeprefix('sha256:')}  {one.path.removeprefix(FOLDER)}\n"
        for one in sorted(files)
    )
    return File(SUMS, "".join(lines).encode())


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _pretty(found: object) -> bytes:
    return msgspec.json.format(_encode(found), indent=2) + b"\n"
