"""A single cell as text, before its type is asked for."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal

from pipeline.restricted.read.layouts import layouts
from pipeline.restricted.read.table import Cell

#: Excel keeps 15 digits of a number; what stands behind them is lost.
EXACT_DIGITS = 15

NESTED = "应为文字、数字或日期，不能是列表或对象；请改正后重新导出。"

_BOOKMARK = re.compile(r"[\[［]\s*bookmark\s*[:：]\s*\w*\s*[\]］]", re.IGNORECASE)
_CARRIAGE_RETURN = re.compile(r"\r\n?|_x000D_\n?")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\ud800-\udfff]"
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")
_LONGEST_BLANK = max(map(len, layouts().cells.blank))


class Unfit(ValueError):
    """A cell that is not what its column asks for; its text says what was expected."""


def free_text(cell: Cell) -> str:
    """Text without bookmarks, invisible characters and blanks at the ends of its lines."""
    text = cell if isinstance(cell, str) else _shown(cell)
    if "ookmark" in text or "OOKMARK" in text:
        text = _BOOKMARK.sub("", text)
    if "_x000D_" in text:
        text = _CARRIAGE_RETURN.sub("\n", text)
    if not text.isprintable():
        text = _INVISIBLE.sub("", _CARRIAGE_RETURN.sub("\n", text))
        text = "\n".join(line.strip() for line in text.split("\n"))
    text = text.strip()
    is_blank = len(text) <= _LONGEST_BLANK and text.casefold() in layouts().cells.blank
    return "" if is_blank else text


def value_text(cell: Cell) -> str:
    """Half-width text (NFKC) of a cell that is not free text; "" for 无 and the like."""
    text = unicodedata.normalize("NFKC", free_text(cell)).strip()
    return "" if text.casefold() in layouts().cells.blank_value else text


def is_damaged(cell: Cell) -> bool:
    """Whether a long number was stored as a float, its last digits lost."""
    if isinstance(cell, float):
        return bool(abs(cell) >= 10**EXACT_DIGITS)
    return isinstance(cell, str) and _SCIENTIFIC.fullmatch(cell.strip()) is not None


def plain(number: Decimal) -> str:
    """A decimal without exponent and trailing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown(cell: Cell) -> str:
    """A cell that is no text, as the text a person sees in it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else plain(Decimal(repr(cell)))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, (int, time)):
        return str(cell)
    raise Unfit(NESTED)
