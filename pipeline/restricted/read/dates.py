"""Dates as exports write them, to ISO."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.restricted.read.layouts import layouts
from pipeline.restricted.read.table import Cell

#: How the 2018 layout writes "for ever".
LONG_TERM = date(2099, 12, 31)
EARLIEST = date(1900, 1, 1)

_SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Day 0 of Excel's serials (counting its 29 February 1900, which never was).
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(10_000, 73_051)  # 1927-05-18 to 2099-12-31

_NUMERALS = "〇一二三四五六七八九"
_DIGITS = str.maketrans("○零元" + _NUMERALS, "001" + "0123456789")
_TIME = r"(?:[T\s]*\d{1,2}(?::\d{1,2}){1,2}(?:\.\d+)?|\s*\d{1,2}时(?:\d{1,2}分)?(?:\d{1,2}秒)?)?"
_WRITTEN = re.compile(rf"(\d{{4}})\s*([-/.])\s*(\d{{1,2}})\s*\2\s*(\d{{1,2}}){_TIME}")
_CHINESE = re.compile(rf"(\d{{4}})\s*年\s*(\d{{1,2}})\s*月\s*(\d{{1,2}})\s*日?{_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?")
_SPELT = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([元一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日?"
)
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})(?::|时)(\d{1,2})?")
_ZONED = re.compile(r".*\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)")


def iso_date(cell: Cell) -> str:
    """The day a cell names, as ISO text; raises ValueError when it names none.

    Understands date cells, Excel serials, 2024-3-5, 2024/3/5, 2024.3.5, 20240305,
    2024年3月5日, 二〇二四年三月五日, times of day behind them (a stated UTC offset is
    turned to Asia/Shanghai), and 长期 as 2099-12-31.
    """
    day = _day(cell)
    if not EARLIEST <= day <= LONG_TERM:
        raise ValueError
    return day.isoformat()


def iso_moment(cell: Cell) -> str:
    """The day a cell names, with the time of day (HH:MM) where it says one; see iso_date.

    Midnight counts as no time: spreadsheets give it to every bare date.
    """
    day = iso_date(cell)
    if isinstance(cell, datetime):
        clock = f"{cell:%H:%M}"
    else:
        clock = _clock(unicodedata.normalize("NFKC", str(cell)).strip())
    return day if clock == "00:00" else f"{day} {clock}"


def _clock(text: str) -> str:
    """The time of day in Shanghai; 00:00 when none is said."""
    if _ZONED.fullmatch(text):
        return f"{datetime.fromisoformat(text).astimezone(_SHANGHAI):%H:%M}"
    found = _CLOCK.search(text)
    return f"{int(found[1]):02}:{int(found[2] or 0):02}" if found else "00:00"


def _day(cell: Cell) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, bool):
        raise ValueError
    if isinstance(cell, (int, float)):
        return _numbered(int(cell))
    return _written(unicodedata.normalize("NFKC", str(cell)).strip())


def _numbered(number: int) -> date:
    if number in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=number)
    return _written(str(number))


def _written(text: str) -> date:
    if text.casefold() in layouts().cells.long_term:
        return LONG_TERM
    if _ZONED.fullmatch(text):
        return datetime.fromisoformat(text).astimezone(_SHANGHAI).date()
    if match := _WRITTEN.fullmatch(text):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := _CHINESE.fullmatch(text) or _COMPACT.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _SPELT.fullmatch("".join(text.split())):
        return date(int(match[1].translate(_DIGITS)), _spelt(match[2]), _spelt(match[3]))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(float(text)) in _SERIALS:
        return _SERIAL_ZERO + timedelta(days=int(float(text)))
    raise ValueError


def _spelt(text: str) -> int:
    """元, 五, 十, 十二, 二十, 三十一 as a number up to 99."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int(text.translate(_DIGITS))
    return (int(tens.translate(_DIGITS)) if tens else 1) * 10 + (
        int(ones.translate(_DIGITS)) if ones else 0
    )
