"""Working days with 调休: the library's years, and the site's own corrections that win.

A year that neither knows is counted by weekends alone and marked provisional:
a deadline that crosses into it is said to be uncertain, never silently guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import chinese_calendar
import msgspec

from pipeline import by_schema
from pipeline.errors import ConfigurationError
from pipeline.policy import Period


class Corrections(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One year's official arrangement: holidays, make-up working days, and who published it."""

    source: str
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()


class Day(NamedTuple):
    """A counted day; ``provisional`` when a year it crosses has no known arrangement."""

    date: date
    provisional: bool


class Calendar:
    """Answers whether a day is worked, and counts periods the way the law does."""

    def __init__(self, corrections: Mapping[int, Corrections] | None = None) -> None:
        self._corrections = corrections or {}
        #: Decisions are many, the days they were made on few.
        self._counted: dict[tuple[date, int, str], Day] = {}

    def knows(self, year: int) -> bool:
        """Whether the arrangement of ``year`` is known."""
        return year in self._corrections or _library_knows(year)

    def is_workday(self, day: date) -> bool:
        """Whether ``day`` is worked; by weekends alone where the year is not known."""
        own = self._corrections.get(day.year)
        if own and (day in own.workdays or day in own.holidays):
            return day in own.workdays
        if _library_knows(day.year):
            return _library_says(day)
        return day.weekday() < 5

    def after(self, start: date, period: Period) -> Day:
        """The last day of ``period`` after ``start``; ``start`` itself is not counted.

        A period in calendar days that would end on a day of rest ends on the next
        working day (民法典第二百零三条).
        """
        key = start, period.days, period.unit
        counted = self._counted.get(key)
        if counted is None:
            counted = self._counted[key] = self._after(start, period)
        return counted

    def _after(self, start: date, period: Period) -> Day:
        if period.unit == "working_day":
            return self._working_days_after(start, period.days)
        end = start + timedelta(days=period.days)
        while not self.is_workday(end):
            end += timedelta(days=1)
        return Day(end, not self.knows(end.year))

    def _working_days_after(self, start: date, days: int) -> Day:
        end, provisional = start, False
        while days:
            end += timedelta(days=1)
            days -= self.is_workday(end)
            provisional = provisional or not self.knows(end.year)
        return Day(end, provisional)


def load_calendar(content: Path) -> Calendar:
    """The calendar of a site, with ``content/calendar/<year>.toml`` laid over the library."""
    corrections: dict[int, Corrections] = {}
    problems: list[str] = []
    for path in sorted(content.glob("calendar/*.toml")):
        try:
            table = by_schema.read(path, "calendar", f"calendar/{path.name}")
            own = msgspec.convert(table, Corrections)
            corrections[_year(path, own)] = own
        except ConfigurationError as error:
            problems += error.problems
        except ValueError as error:
            problems.append(f"calendar/{path.name}：{error}")
    if problems:
        raise ConfigurationError(problems)
    return Calendar(corrections)


def _year(path: Path, own: Corrections) -> int:
    if not re.fullmatch(r"\d{4}", path.stem):
        raise ValueError("文件名应为四位年份，例如 2027.toml。")
    year = int(path.stem)
    if strange := sorted(d for d in own.holidays | own.workdays if d.year != year):
        raise ValueError(f"{strange[0]} 不属于 {year} 年。")
    if both := sorted(own.holidays & own.workdays):
        raise ValueError(f"{both[0]} 同时写在 holidays 和 workdays 中。")
    return year


@cache
def _library_says(day: date) -> bool:
    """Remembered: the library looks through all its holidays at every call."""
    return bool(chinese_calendar.is_workday(day))


def _library_knows(year: int) -> bool:
    return year in _LIBRARY_YEARS


_LIBRARY_YEARS = frozenset(day.year for day in chinese_calendar.holidays)
