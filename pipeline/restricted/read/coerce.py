"""Columns of cells to normalised text, by the type of their field."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, time
from functools import partial

from pipeline.fields import Field, label_key
from pipeline.restricted.read.amounts import label_unit, yuan
from pipeline.restricted.read.cells import NESTED, Unfit, free_text, is_damaged, value_text
from pipeline.restricted.read.codes import is_ambiguous, is_credit_code, is_register_code
from pipeline.restricted.read.dates import iso_date, iso_moment
from pipeline.restricted.read.layouts import layouts
from pipeline.restricted.read.number import is_number, is_plain, normalise_number
from pipeline.restricted.read.table import Cell

#: Decisions outside are typing errors (the 行政处罚法 is of 1996).
DECIDED_YEARS = range(1990, 2090)

DAMAGED = "被存成了数字，末几位已经丢失；请把该列设为文本格式后重新导出。"
NOT_A_NUMBER = "应为一个文号，如 石壕罚决〔2024〕12号；请核对是否串列。"
NOT_A_DATE = "应为真实存在的日期，如 2024-03-05 或 2024年3月5日；请改正后重新导出。"
NOT_A_DECISION_DATE = "应为作出决定的日期，如 2024-03-05；年份不合理，请核对。"
NOT_AN_AMOUNT = "应为数字金额，如 0.2（万元）或 2000元；请改正后重新导出。"
ABSURD_AMOUNT = "应为不小于0、不超过1000亿元的金额；请核对数值和单位。"
NOT_A_CREDIT_CODE = "应为18位且校验正确的统一社会信用代码（个人证件号码请填“证件号码”列）；请核对。"
NOT_A_CODE = "应为登记机关编发的代码，这里的写法像个人号码或不成代码；请核对。"
NOT_A_FLAG = "应为“是”或“否”；请改正后重新导出。"

Convert = Callable[[Cell], str]

#: Longer than any word for "nothing" but the zeros, which are asked for.
_PLAIN_CODE = re.compile(r"[0-9A-Za-z]{15,40}")
_HAN_SPACE = re.compile(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])")


#: Cells of one of these types are equal only to their own.
_PLAIN_TYPES = {str}
_NESTED = object()


def convert_column(cells: Sequence[Cell], convert: Convert) -> tuple[list[str], dict[int, str]]:
    """All cells of a column, and by position what was expected where one did not fit.

    Equal cells are converted once: dates, amounts and codes repeat a great deal.
    """
    if cells and cells[0] == "" and cells.count("") == len(cells):
        return _all_empty(convert, len(cells))
    if set(map(type, cells)) <= _PLAIN_TYPES:
        keys: Sequence[Cell] = cells
    else:  # 1, 1.0 and True are equal, but not the same cell
        keys = [cell if cell.__class__ is str else _key(cell) for cell in cells]
    known: dict[Cell, str] = {}
    wrong: dict[Cell, str] = {}
    for key, cell in dict(zip(keys, cells, strict=True)).items():
        try:
            known[key] = convert(cell) if key is not _NESTED else _refuse()
        except Unfit as error:
            known[key] = ""
            wrong[key] = str(error)
    texts = list(map(known.__getitem__, keys))
    faults = {at: wrong[key] for at, key in enumerate(keys) if key in wrong} if wrong else {}
    return texts, faults


def _all_empty(convert: Convert, count: int) -> tuple[list[str], dict[int, str]]:
    """A column that an export has and its office never fills: every third one."""
    return [convert("")] * count, {}


def _key(cell: Cell) -> Cell:
    """What stands for a cell that is no text; lists and objects of JSON are all alike."""
    return _NESTED if isinstance(cell, (list, dict)) else (cell.__class__, cell)


def _refuse() -> str:
    raise Unfit(NESTED)


def converter(field: Field, heading: str) -> Convert:
    """The function for a column: cell in, normalised text out, :class:`Unfit` raised.

    ``heading`` is the label as the export writes it: it may carry the unit of amounts.
    Identity, telephone and account numbers are private and never needed: whatever
    stands there is kept, damaged or not, so that the output can be searched for it.
    """
    if field.key in _BY_KEY:
        return _BY_KEY[field.key]
    if field.process and field.type in _LENIENT:
        return partial(_lenient, _LENIENT[field.type])
    if field.type == "code" and field.sensitivity == "private":
        return _private_code
    if field.type == "amount":
        return partial(_amount, label_unit(field, heading))
    if field.type == "choice":
        return partial(_choice, field)
    return _BY_TYPE[field.type]


def _name(cell: Cell) -> str:
    """A name; the space that fills 李　明 up to three characters goes."""
    text = _HAN_SPACE.sub("", free_text(cell))
    return "" if text in layouts().cells.blank_value else text


def _number(cell: Cell) -> str:
    if isinstance(cell, str) and is_plain(cell):
        return cell
    text = normalise_number(value_text(cell))
    if text and is_damaged(cell):
        raise Unfit(DAMAGED)
    if text and not is_number(text):
        raise Unfit(NOT_A_NUMBER)
    return text


def _private_code(cell: Cell) -> str:
    if isinstance(cell, str) and _PLAIN_CODE.fullmatch(cell):
        text = cell.upper()  # what follows would change nothing
    else:
        text = "".join(value_text(cell).split()).upper()
    return "" if text.casefold() in layouts().cells.blank_value else text


def _code(cell: Cell) -> str:
    text = _private_code(cell)
    if text and is_damaged(cell):
        raise Unfit(DAMAGED)
    if is_ambiguous(text):
        return ""
    if text and not is_register_code(text):
        raise Unfit(NOT_A_CODE)
    return text


def _credit_code(cell: Cell) -> str:
    text = _private_code(cell).replace("-", "")
    if text and is_damaged(cell):
        raise Unfit(DAMAGED)
    if text and not is_credit_code(text):
        raise Unfit(NOT_A_CREDIT_CODE)
    return text


def _date(cell: Cell) -> str:
    if (cell is None or isinstance(cell, str)) and not value_text(cell):
        return ""
    try:
        return iso_date(cell)
    except (ValueError, OverflowError):
        raise Unfit(NOT_A_DATE) from None


def _lenient(read: Callable[[Cell], str], cell: Cell) -> str:
    """A date that no publication waits for: what cannot be read is kept as it is written."""
    text = value_text(cell)
    try:
        return read(cell) if text else ""
    except (ValueError, OverflowError):
        return text


_LENIENT: dict[str, Callable[[Cell], str]] = {"date": iso_date, "moment": iso_moment}


def _decided_on(cell: Cell) -> str:
    day = _date(cell)
    if day and int(day[:4]) not in DECIDED_YEARS:
        raise Unfit(NOT_A_DECISION_DATE)
    return day


def _amount(unit: int, cell: Cell) -> str:
    text = value_text(cell)
    if not text:
        return ""
    if isinstance(cell, (bool, date, time)):
        raise Unfit(NOT_AN_AMOUNT)
    try:
        return yuan(text, unit)
    except LookupError:
        raise Unfit(ABSURD_AMOUNT) from None
    except ValueError:
        raise Unfit(NOT_AN_AMOUNT) from None


def _choice(field: Field, cell: Cell) -> str:
    text = label_key(value_text(cell))
    if not text:
        return ""
    for key, labels in field.choices.items():
        if text == key or text in map(label_key, labels):
            return key
    known = "、".join(labels[0] for labels in field.choices.values())
    raise Unfit(f"应为以下之一：{known}；请改正后重新导出。")


def _flag(cell: Cell) -> str:
    """是, or "": a flag that says no is as good as absent."""
    text = label_key(free_text(cell))
    if text in layouts().cells.yes:
        return "是"
    if not text or text in layouts().cells.no:
        return ""
    raise Unfit(NOT_A_FLAG)


_BY_KEY: dict[str, Convert] = {
    "number": _number,
    "decided_on": _decided_on,
    "credit_code": _credit_code,
}
_BY_TYPE: dict[str, Convert] = {
    "text": free_text,
    "party": _name,
    "person": _name,
    "id": value_text,
    "code": _code,
    "date": _date,
    "moment": partial(_lenient, iso_moment),
    "flag": _flag,
}
