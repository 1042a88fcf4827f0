"""The reviewer's spreadsheet, written: it holds raw text, so it is a private file."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.errors import ConfigurationError
from pipeline.restricted.assess import State
from pipeline.restricted.review import columns as form
from pipeline.restricted.review.desk import Case
from pipeline.restricted.review.marks import STANDINGS, Mark

_AROUND = 24
_EXCERPT = 300
_BLANK_ROWS = 200
_HEAD = PatternFill("solid", fgColor="1F4E78")
_FILL_IN = PatternFill("solid", fgColor="FFF7DA")


def private_target(path: Path, public: Iterable[Path]) -> None:
    """Raises :class:`ConfigurationError` when ``path`` is no place for a private file.

    Not inside a folder of ``public``, nor inside any web site, nor over a file there is.
    """
    place = path.resolve()
    if any(place.is_relative_to(folder.resolve()) for folder in public):
        raise ConfigurationError([f"{path} 在公开的文件夹里；审查表含个人信息，请换到内部文件夹。"])
    if any((folder / "index.html").exists() for folder in place.parents):
        raise ConfigurationError([f"{path} 在一个网站的文件夹里；审查表含个人信息，请换个位置。"])
    if place.suffix.casefold() != ".xlsx":
        raise ConfigurationError([f"{path} 的扩展名应为 .xlsx。"])
    if not place.parent.is_dir():
        raise ConfigurationError([f"没有文件夹 {path.parent}；请先建立，或换个位置。"])
    if place.exists() or path.is_symlink():
        raise ConfigurationError([f"{path} 已经存在，可能已有人填写；请换个文件名，或先移走它。"])


def write(path: Path, cases: Iterable[Case]) -> int:
    """Write the spreadsheet of ``cases``, readable by its owner alone; how many words it asks."""
    waiting = list(cases)
    book = Workbook()
    book.remove(book.active)
    words = [row for case in waiting for row in word_rows(case)]
    _sheet(book, form.WORDS_SHEET, words)
    _sheet(book, form.MORE_SHEET, [{} for _ in range(_BLANK_ROWS)])
    _sheet(book, form.WHOLE_SHEET, [whole_row(case) for case in waiting])
    _help(book)
    body = io.BytesIO()
    book.save(body)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body.getvalue())
    return len(words)


def word_rows(case: Case) -> Iterator[dict[str, str]]:
    """The rows of sheet 词语 of one decision: none when it is clear."""
    if case.assessment.state is not State.HELD:
        return
    labels = {column.key: column.label for column in case.columns}
    for mark in case.marks:
        row = {
            form.SLUG: case.slug,
            "文号": case.assessment.kept.raw.number,
            "所在栏目": labels[mark.places[0].field],
            "原文摘录": _excerpt(case, mark),
            form.WORD: mark.text,
            "现状": _standing(mark),
            "处数": str(len(mark.places)),
            "为何要看": mark.why,
            "建议": mark.suggestion,
        }
        yield _coded(form.WORDS_SHEET, row, mark.id)


def whole_row(case: Case) -> dict[str, str]:
    """The row of sheet 整件 of one decision."""
    decision = case.redacted.decision
    second = f"（{case.approval.reviewer}已签，须另一人再签）" if case.two and case.approval else ""
    row = {
        form.SLUG: case.slug,
        "机关": case.agency.name,
        "类别": decision.kind.label,
        "文号": decision.number,
        "最迟公开日": case.assessment.publication.due.isoformat(),
        "状态": case.assessment.state.label + second,
        "原因": "；".join(case.reasons),
        "遮盖后的文字": _flat("；".join(c.masked for c in case.columns if c.masked))[:_EXCERPT],
    }
    return _coded(form.WHOLE_SHEET, row, f"{case.version}-{case.ground}")


def _coded(sheet: str, row: Mapping[str, str], reference: str) -> dict[str, str]:
    clean = {heading: _flat(text) for heading, text in row.items()}
    return {**clean, form.CODE: form.code(sheet, clean, reference)}


def _standing(mark: Mark) -> str:
    to = f"为“{mark.replacement}”" if mark.replacement else ""
    return f"{STANDINGS[mark.standing]}{to}" + (f"（{mark.by}）" if mark.by else "")


def _excerpt(case: Case, mark: Mark) -> str:
    place = mark.places[0]
    raw = case.assessment.kept.raw.text(place.field)
    before, after = raw[max(place.start - _AROUND, 0) : place.start], raw[place.end :]
    head = "…" if place.start > _AROUND else ""
    tail = "…" if len(after) > _AROUND else ""
    return f"{head}{before}【{raw[place.start : place.end]}】{after[:_AROUND]}{tail}"


def _flat(text: str) -> str:
    """``text`` on one line, without characters that a workbook cannot hold."""
    return re.sub(r"\s+", " ", ILLEGAL_CHARACTERS_RE.sub("", text)).strip()


def _sheet(book: Workbook, name: str, rows: list[dict[str, str]]) -> None:
    sheet = book.create_sheet(name)
    columns = form.SHEETS[name]
    for at, column in enumerate(columns, start=1):
        _head(sheet.cell(1, at), column)
        sheet.column_dimensions[get_column_letter(at)].width = column.width
        sheet.column_dimensions[get_column_letter(at)].hidden = column.heading == form.CODE
    for number, row in enumerate(rows, start=1):
        given = {"序号": str(number), **row}
        for at, column in enumerate(columns, start=1):
            _body(sheet.cell(number + 1, at), given.get(column.heading, ""), column)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    _choices(sheet, name, len(rows) + 1)
    sheet.protection.sheet = True
    for allowed in ("autoFilter", "sort", "formatColumns", "formatRows", "deleteRows"):
        setattr(sheet.protection, allowed, False)  # False: not forbidden
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _head(cell: Cell, column: form.Column) -> None:
    cell.value = column.heading
    cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
    cell.alignment = Alignment(vertical="center", wrap_text=True)


def _body(cell: Cell, text: str, column: form.Column) -> None:
    """A cell that is text whatever it begins with, also after somebody has edited it."""
    cell.value = text or None
    if text:
        cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    cell.number_format = "@"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if column.fill_in:
        cell.fill, cell.protection = _FILL_IN, Protection(locked=False)


def _choices(sheet: Worksheet, name: str, last: int) -> None:
    acts = form.WHOLE if name == form.WHOLE_SHEET else form.CHOICES
    lists = {form.ACT: list(acts), form.KIND: list(form.KIND_KEYS)}
    for at, column in enumerate(form.SHEETS[name], start=1):
        if column.heading in lists:
            letter = get_column_letter(at)
            choices = ",".join(lists[column.heading])
            rule = DataValidation("list", formula1=f'"{choices}"', allow_blank=True)
            rule.showErrorMessage = True
            rule.errorTitle, rule.error = "请从列表中选择", f"只能是：{choices}。"
            rule.add(f"{letter}2:{letter}{max(last, 2)}")
            sheet.add_data_validation(rule)


def _help(book: Workbook) -> None:
    sheet = book.create_sheet(form.HELP_SHEET, 0)
    sheet.column_dimensions["A"].width = 110
    for at, line in enumerate(form.HELP, start=1):
        sheet.cell(at, 1, line).alignment = Alignment(wrap_text=True, vertical="top")
    sheet["A1"].font = Font(bold=True, color="C00000")
    book.active = 1
