"""Cells to normalised text, by the type of their field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import partial

from pipeline.fields import Field, label_key
from pipeline.restricted.read.codes import is_credit_code, is_register_code
from pipeline.restricted.read.dates import iso_date
from pipeline.restricted.read.layouts import layouts
from pipeline.restricted.read.number import MAX_LENGTH, normalise_number
from pipeline.restricted.read.table import Cell

#: 1,000 亿元; no single decision is larger.
MAX_AMOUNT = Decimal(10**11)
#: Excel keeps 15 digits of a number; what stands behind them is lost.
EXACT_DIGITS = 15
#: Decisions outside are typing errors (the 行政处罚法 is of 1996).
DECIDED_YEARS = range(1990, 2090)

Convert = Callable[[Cell], str]

_BOOKMARK = re.compile(r"[\[［]\s*bookmark\s*[:：]\s*\w*\s*[\]］]", re.IGNORECASE)
_INVISIBLE = re.compile(
    r"_x000D_|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]"
)
_HAN_SPACE = re.compile(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])")
_SPACES = re.compile(r"\s+")
_AMOUNT = re.compile(r"(?:人民币|¥|RMB)?(-?\d+(?:\.\d+)?|-?\.\d+)(亿元|万元|元|亿|万)?整?", re.IGNORECASE)
_UNITS = {"元": 1, "万": 10**4, "万元": 10**4, "亿": 10**8, "亿元": 10**8}
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")


class Unfit(ValueError):
    """A cell that is not what its column asks for; its text says what was expected."""


def convert_column(cells: Iterable[Cell], convert: Convert) -> tuple[list[str], dict[int, str]]:
    """All cells of a column, and by position what was expected where one did not fit.

    Equal cells are converted once: dates, amounts and codes repeat a great deal.
    """
    known: dict[tuple[type, Cell], str] = {}
    texts: list[str] = []
    faults: dict[int, str] = {}
    for position, cell in enumerate(cells):
        try:
            key = (type(cell), cell)
            text = known.get(key)
            if text is None:
                text = known[key] = convert(cell)
        except (Unfit, TypeError) as error:
            text = ""
            faults[position] = str(error) if isinstance(error, Unfit) else _NESTED
        texts.append(text)
    return texts, faults


def converter(field: Field, heading: str) -> Convert:
    """The function for a column: cell in, normalised text out, :class:`Unfit` raised.

    ``heading`` is the label as the export writes it: it may carry the unit of amounts.
    """
    if field.key == "number":
        return _number
    if field.key == "decided_on":
        return _decided_on
    by_type: dict[str, Convert] = {
        "text": free_text,
        "party": _name,
        "person": _name,
        "id": _identifier,
        "code": partial(_code, field),
        "date": _date,
        "amount": partial(_amount, _unit(field, heading)),
        "choice": partial(_choice, field),
        "flag": _flag,
    }
    return by_type[field.type]


_NESTED = "应为文字、数字或日期，不能是列表或对象；请改正后重新导出。"


def free_text(cell: Cell) -> str:
    """Text without bookmarks, invisible characters and blanks at the ends of its lines."""
    text = cell if isinstance(cell, str) else _written(cell)
    if "ookmark" in text or "OOKMARK" in text:
        text = _BOOKMARK.sub("", text)
    if not text.isprintable() or "_x000D_" in text:
        text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        text = "\n".join(line.strip() for line in text.split("\n"))
    text = text.strip()
    return "" if len(text) < 12 and text.casefold() in layouts().cells.blank else text


def _written(cell: Cell) -> str:
    """A cell that is no text, as the text a person sees in it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else _plain(Decimal(repr(cell)))
    if isinstance(cell, (datetime, date)):
        return iso_day(cell)
    if isinstance(cell, (int, time)):
        return str(cell)
    raise Unfit(_NESTED)


def iso_day(cell: date) -> str:
    """The day of a date or datetime cell."""
    return cell.date().isoformat() if isinstance(cell, datetime) else cell.isoformat()


def _value(cell: Cell) -> str:
    """Half-width text of a cell that is not free text; "" for 无 and the like."""
    text = unicodedata.normalize("NFKC", free_text(cell)).strip()
    return "" if text.casefold() in layouts().cells.blank_value else text


def _name(cell: Cell) -> str:
    text = _HAN_SPACE.sub("", free_text(cell))
    return "" if text in layouts().cells.blank_value else text


def _identifier(cell: Cell) -> str:
    """Private and never needed: whatever stands there is kept, to be hunted for."""
    return _value(cell)


def _code(field: Field, cell: Cell) -> str:
    text = _SPACES.sub("", _value(cell)).upper()
    if not text or field.sensitivity == "private" or text.casefold() in layouts().cells.blank_value:
        return "" if text.casefold() in layouts().cells.blank_value else text
    if _is_damaged(cell):
        raise Unfit("被存成了数字，末几位已经丢失；请把该列设为文本格式后重新导出。")
    if field.key == "credit_code":
        text = text.replace("-", "")
        if not is_credit_code(text):
            raise Unfit("应为18位且校验正确的统一社会信用代码（个人证件号码请填“证件号码”列）；请核对。")
    elif not is_register_code(text):
        raise Unfit("应为登记机关编发的代码，这里的写法像个人号码或不成代码；请核对。")
    return text


def _is_damaged(cell: Cell) -> bool:
    if isinstance(cell, float):
        return abs(cell) >= 10**EXACT_DIGITS
    return isinstance(cell, str) and _SCIENTIFIC.fullmatch(cell.strip()) is not None


def _number(cell: Cell) -> str:
    text = normalise_number(_value(cell))
    if not text:
        return ""
    if _is_damaged(cell):
        raise Unfit("被存成了数字，末几位已经丢失；请把该列设为文本格式后重新导出。")
    if len(text) > MAX_LENGTH or not any(c.isdigit() or c in "〇一二三四五六七八九十" for c in text):
        raise Unfit("应为一个文号，如 石壕罚决〔2024〕12号；请核对是否串列。")
    return text


def _date(cell: Cell) -> str:
    if isinstance(cell, (str, type(None))) and not _value(cell):
        return ""
    try:
        return iso_date(cell)
    except (ValueError, OverflowError):
        raise Unfit("应为真实存在的日期，如 2024-03-05 或 2024年3月5日；请改正后重新导出。") from None


def _decided_on(cell: Cell) -> str:
    day = _date(cell)
    if day and int(day[:4]) not in DECIDED_YEARS:
        raise Unfit("应为作出决定的日期，如 2024-03-05；年份不合理，请核对。")
    return day


def _unit(field: Field, heading: str) -> int:
    """What a bare number in this column means, in 元: the label's unit, else the field's."""
    key = label_key(heading)
    if "万元" in key:
        return 10**4
    if "(元)" in key or "单位:元" in key or key.endswith("人民币元"):
        return 1
    return _UNITS[field.unit or "元"]


def _amount(unit: int, cell: Cell) -> str:
    """Decimal 元 without trailing zeros; a unit written behind the number wins."""
    text = _SPACES.sub("", _value(cell)).replace(",", "")
    if not text:
        return ""
    match = _AMOUNT.fullmatch(text)
    if match is None or isinstance(cell, (bool, date, time)):
        raise Unfit("应为数字金额，如 0.2（万元）或 2000元；请改正后重新导出。")
    try:
        factor = _UNITS[match[2]] if match[2] else unit
        amount = (Decimal(match[1]) * factor).quantize(Decimal("0.01"))
    except InvalidOperation:
        amount = MAX_AMOUNT + 1
    if not 0 <= amount <= MAX_AMOUNT:
        raise Unfit("应为不小于0的合理金额（不超过1000亿元）；请核对数值和单位。")
    return _plain(amount)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _choice(field: Field, cell: Cell) -> str:
    text = label_key(_value(cell))
    if not text:
        return ""
    for key, labels in field.choices.items():
        if text == key or text in map(label_key, labels):
            return key
    known = "、".join(labels[0] for labels in field.choices.values())
    raise Unfit(f"应为以下之一：{known}；请改正后重新导出。")


def _flag(cell: Cell) -> str:
    """是 or "": a flag that says no is as good as absent."""
    text = label_key(free_text(cell))
    if text in layouts().cells.yes:
        return "是"
    if not text or text in layouts().cells.no:
        return ""
    raise Unfit("应为“是”或“否”；请改正后重新导出。")
