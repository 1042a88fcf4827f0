"""Workbooks (.xlsx, .xls), read by calamine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from pipeline.errors import UnreadableFile
from pipeline.restricted.read.table import Region, Row, Table, split

_LOCKED = "工作簿设了打开密码，无法读取；请在 Excel 中取消密码后另存再放入。"
_BROKEN = "工作簿不完整或已损坏，无法读取；请重新导出或重新拷贝后再放入。"


def read_workbook(path: Path) -> Iterator[Table]:
    """Every worksheet in workbook order; raises :class:`UnreadableFile` before the first.

    The cells stay with the engine, which packs them closely, and come out row by row: as
    Python objects a large sheet would need five times the memory. A first look at all of
    them makes sure that nothing breaks halfway through.
    """
    with _refusing(), CalamineWorkbook.from_path(path) as book:
        sheets = [
            (book.get_sheet_by_index(number), sheet.visible != SheetVisibleEnum.Visible)
            for number, sheet in enumerate(book.sheets_metadata)
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]
        for sheet, _ in sheets:
            deque(sheet.iter_rows(), maxlen=0)
    while sheets:
        yield _table(*sheets.pop(0))


def _table(sheet: CalamineSheet, hidden: bool) -> Table:
    head, rest = split(_rows(sheet))
    merged = tuple(
        Region(top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return Table(sheet.name, head, rest, sheet.height, merged=merged, hidden=hidden)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    """All rows from the first; the engine leaves out empty columns before the first cell."""
    left = sheet.start[1] if sheet.start else 0
    if not left:
        return sheet.iter_rows()
    margin = [""] * left
    return ([*margin, *row] for row in sheet.iter_rows())


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except PasswordError:
        raise UnreadableFile(_LOCKED) from None
    except (CalamineError, OSError, ValueError):
        raise UnreadableFile(_BROKEN) from None
    except BaseException as error:  # a panic of the engine is no Exception
        _refuse_panic(error)


def _refuse_panic(error: BaseException) -> NoReturn:
    if type(error).__name__ == "PanicException":
        raise UnreadableFile(_BROKEN) from None
    raise error
