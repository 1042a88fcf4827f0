"""Exports to rows: one verb a file, one a folder. One module a format beside this one."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.agencies import Agency
from pipeline.errors import ConfigurationError, UnreadableFile
from pipeline.progress import SILENT, Steps
from pipeline.restricted.raw import FileReading, RawDecision
from pipeline.restricted.read.attachments import is_document
from pipeline.restricted.read.authority import Authorities
from pipeline.restricted.read.delimited import read_delimited
from pipeline.restricted.read.excel import read_workbook
from pipeline.restricted.read.json_lines import read_json
from pipeline.restricted.read.presentable import presentable
from pipeline.restricted.read.reading import Reading
from pipeline.restricted.read.sniff import Format, sniff
from pipeline.restricted.read.table import Table

NO_ACCESS = "文件打不开（没有读取权限，或正被占用）；请检查权限后重新放入。"
NOT_A_FILE = "不是普通文件（是文件夹、管道或失效的链接），没有读取；请放入导出的文件本身。"

_IGNORED_NAMES = ("thumbs.db", "desktop.ini")
_IGNORED_STEMS = ("readme", "说明", "使用说明")
_EXPORTS = (".xlsx", ".xls", ".csv", ".json", ".jsonl")


def read_inbox(inbox: Path, agencies: Mapping[str, Agency]) -> Iterator[FileReading]:
    """Every export file of :func:`exports`, each with all its rows."""
    for export in exports(inbox, agencies):
        rows = tuple(export)
        yield replace(export.reading, rows=rows)


def exports(inbox: Path, agencies: Mapping[str, Agency], steps: Steps = SILENT) -> Iterator[Export]:
    """Every export file that stands directly in ``inbox``, in the order of their names.

    Not looked at: subfolders (unless called like an export), hidden files (``.…``),
    Office's lock files (``~$…``), what desktops leave behind, a note named README or 说明,
    and documents (:mod:`pipeline.restricted.read.attachments` reads them). Anything else is
    read or refused by name. Raises :class:`ConfigurationError` when there is no such folder.
    """
    if not inbox.is_dir():
        raise ConfigurationError([f"没有收件文件夹 {inbox}。"])
    for path in sorted(inbox.iterdir(), key=lambda path: path.name):
        if _is_ignored(path) or (is_document(path) and path.is_file()):
            continue
        if path.is_file():
            yield Export(path, agencies, steps=steps)
        elif not path.is_dir() or path.suffix.casefold() in _EXPORTS:
            yield Export(path, agencies, refused=NOT_A_FILE)


def read_file(path: Path, agencies: Mapping[str, Agency]) -> FileReading:
    """One export with all its rows; see :class:`Export`."""
    export = Export(path, agencies)
    with _collector_paused():
        rows = tuple(export)
    return replace(export.reading, rows=rows)


class Export:
    """One export: its decisions pass by once, in order; then ``reading`` says what else it gave.

    Never raises for what stands in the file: a file that cannot be read gives no rows, and
    its reading is ``refused``. Sheets without a header are skipped; one that looks like
    data is named among the rejections (row 0), as are hidden sheets and sheets of an
    unknown kind (with the row of their header).
    """

    def __init__(
        self,
        path: Path,
        agencies: Mapping[str, Agency],
        refused: str = "",
        steps: Steps = SILENT,
    ) -> None:
        self._path, self._agencies, self._steps = path, agencies, steps
        #: What the file gave, but for its rows: rejections, columns nobody declared.
        self.reading = FileReading(presentable(path.name), refused=refused)

    def __iter__(self) -> Iterator[RawDecision]:
        if self.reading.refused:
            return
        found = Reading(self._path, Authorities(self._agencies))
        try:
            with _collector_paused():
                for table in tables_in(self._path):
                    self._steps.expect(table.length, "行")
                    yield from found.rows(table)
        except UnreadableFile as error:
            self.reading = replace(self.reading, refused=str(error))
        except OSError:
            self.reading = replace(self.reading, refused=NO_ACCESS)
        else:
            self.reading = found.result()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Reading makes millions of objects and no cycles: looking for some took half the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _is_ignored(path: Path) -> bool:
    name = path.name.casefold()
    return (
        name.startswith((".", "~$"))
        or name in _IGNORED_NAMES
        or path.stem.casefold() in _IGNORED_STEMS
    )


def tables_in(path: Path) -> Iterator[Table]:
    """The sheets or lists of a file of any accepted format; raises :class:`UnreadableFile`."""
    format_, encoding = sniff(path)
    if format_ is Format.EXCEL:
        yield from read_workbook(path)
    elif format_ is Format.JSON:
        with path.open(encoding=encoding, newline="") as file:
            text = file.read()
        yield from read_json(text)
    else:
        yield read_delimited(path, encoding)
