"""The internal report as a workbook for the office: totals, matrix, findings, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from pipeline.inert import inert
from pipeline.restricted.comply.findings import SEVERITIES, STATES
from pipeline.restricted.comply.matrix import matrix
from pipeline.restricted.comply.run import Result

#: A worksheet ends at 1,048,576 rows; the rest is named in the sheet's last line.
MAX_ROWS = 1_000_000

_FINDING = (
    "编号", "机关", "承办机构", "月份", "对象", "检查项目", "程度", "依据", "日期和数值",
    "怎么办", "状态", "说明", "经办人", "要求",
)  # fmt: skip
_WIDTHS = (15, 10, 14, 9, 24, 36, 9, 36, 48, 40, 8, 24, 10, 12)

Cell = str | int


def write(path: Path, result: Result) -> None:
    """Write the workbook; the file is readable by its owner alone (0600)."""
    book = Workbook(write_only=True)
    _sheet(book, "总览", _SUMMARY_HEAD, _totals(result), (10, 40, 9, 36, 8, 8, 10, 44))
    table = matrix(result.findings)
    months = [month or "无日期" for month in table.months]
    lines: Iterable[Sequence[Cell]] = (
        (line.title, line.unit, *line.months, line.total) for line in table.lines
    )
    _sheet(book, "项目×机构×月份", ("检查项目", "承办机构", *months, "合计"), lines, (40, 16))
    _sheet(book, "问题清单", _FINDING, _findings(result), _WIDTHS)
    _sheet(book, "未能读取", ("说明",), ([told] for told in _untold(result)), (90,))
    path.touch(mode=0o600)
    path.chmod(0o600)
    book.save(path)


_SUMMARY_HEAD = ("机关", "检查项目", "程度", "依据", "合格", "问题", "未能检查", "缺少的列或者台账")


def _totals(result: Result) -> Iterable[Sequence[Cell]]:
    for one in result.tallies:
        counts = (one.passed, one.failed, one.not_assessable)
        missing = "、".join(one.missing)
        agency = result.names[one.agency]
        yield (agency, one.title, SEVERITIES[one.severity], one.article, *counts, missing)


def _untold(result: Result) -> Iterable[str]:
    yield from result.problems
    if result.purged:
        yield f"{result.purged} 件的原始数据已按期清除，不再检查。"


def _findings(result: Result) -> Iterable[Sequence[Cell]]:
    for one in result.findings[:MAX_ROWS]:
        yield (
            one.id, result.names[one.agency], one.unit, one.month, one.subject, one.title,
            SEVERITIES[one.severity], one.article, one.dates, one.todo, STATES[one.state],
            one.note, one.by, "、".join(one.rows),
        )  # fmt: skip
    if len(result.findings) > MAX_ROWS:
        yield (f"另有 {len(result.findings) - MAX_ROWS} 项没有列出，请缩短 --from、--to 的范围。",)


def _sheet(
    book: Workbook,
    title: str,
    head: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[int],
) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    bold = []
    for label in head:
        cell = WriteOnlyCell(sheet, label)
        cell.font = Font(bold=True)
        bold.append(cell)
    sheet.append(bold)
    for row in rows:
        sheet.append([inert(cell) if isinstance(cell, str) else cell for cell in row])
