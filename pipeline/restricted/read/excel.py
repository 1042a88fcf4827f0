"""Workbooks (.xlsx, .xls), read by calamine into pandas."""

from __future__ import annotations

from collections.abc import Iterator
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
from pipeline.restricted.read.table import Region, Table, grid_of

_LOCKED = "工作簿设了打开密码，无法读取；请在 Excel 中取消密码后另存再放入。"
_BROKEN = "工作簿不完整或已损坏，无法读取；请重新导出或重新拷贝后再放入。"


def read_workbook(path: Path) -> Iterator[Table]:
    """Every worksheet in workbook order; raises :class:`UnreadableFile`.

    ``to_python`` goes straight into a frame: ``pandas.read_excel`` calls the same
    engine but converts each cell in Python once more, at half the speed.
    """
    try:
        with CalamineWorkbook.from_path(path) as book:
            for number, sheet in enumerate(book.sheets_metadata):
                if sheet.typ == SheetTypeEnum.WorkSheet:
                    hidden = sheet.visible != SheetVisibleEnum.Visible
                    yield _table(book.get_sheet_by_index(number), hidden)
    except PasswordError:
        raise UnreadableFile(_LOCKED) from None
    except (CalamineError, OSError, ValueError):
        raise UnreadableFile(_BROKEN) from None
    except BaseException as error:  # a panic of the engine is no Exception
        _refuse_panic(error)


def _table(sheet: CalamineSheet, hidden: bool) -> Table:
    rows = sheet.to_python(skip_empty_area=False)
    merged = tuple(
        Region(top, left, bottom, right)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )
    return Table(sheet.name, grid_of(rows), merged=merged, hidden=hidden)


def _refuse_panic(error: BaseException) -> NoReturn:
    if type(error).__name__ == "PanicException":
        raise UnreadableFile(_BROKEN) from None
    raise error
