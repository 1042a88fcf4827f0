"""Working days, make-up days, corrections that win, and years nobody knows."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.calendar import Calendar, Corrections, load_calendar
from pipeline.errors import ConfigurationError
from pipeline.policy import Period

LIBRARY = Calendar()


def period(days: int, unit: str = "working_day") -> Period:
    return Period(days=days, unit=unit, source="测试")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-02-14", True),  # a Saturday made up for the Spring Festival
        ("2026-02-16", False),  # the Monday of the festival
        ("2026-10-01", False),
        ("2026-10-10", True),  # a Saturday made up for the National Day
        ("2026-11-21", False),  # an ordinary Saturday
        ("2026-11-23", True),
        ("2027-11-19", True),  # a year nobody knows: by weekends alone, a Friday
        ("2027-11-20", False),
        ("2027-11-21", False),
        ("2027-11-22", True),
    ],
)
def test_is_workday_knows_holidays_and_make_up_days(day: str, worked: bool) -> None:
    assert LIBRARY.is_workday(date.fromisoformat(day)) is worked


@pytest.mark.parametrize(
    ("start", "days", "unit", "end", "provisional"),
    [
        ("2026-03-02", 7, "working_day", "2026-03-11", False),
        ("2026-09-29", 7, "working_day", "2026-10-14", False),  # over the National Day
        ("2026-12-04", 19, "working_day", "2026-12-31", False),
        ("2026-12-04", 20, "working_day", "2027-01-01", True),  # 2027 is not arranged yet
        ("2026-12-23", 7, "working_day", "2027-01-01", True),
        ("2026-12-23", 8, "working_day", "2027-01-04", True),  # over its weekend
        ("2026-12-03", 30, "calendar_day", "2027-01-04", True),  # ends on a Saturday of it
        ("2026-03-02", 30, "calendar_day", "2026-04-01", False),
        ("2026-09-01", 30, "calendar_day", "2026-10-08", False),  # ends in a holiday, moves on
    ],
)
def test_periods(start: str, days: int, unit: str, end: str, provisional: bool) -> None:
    found = LIBRARY.after(date.fromisoformat(start), period(days, unit))
    assert found == (date.fromisoformat(end), provisional)


def test_corrections_win_over_the_library() -> None:
    """A day the office corrects is as the office says, in a known and an unknown year."""
    own = Calendar(
        {
            2026: Corrections("国办发明电", holidays=frozenset({date(2026, 3, 3)})),
            2027: Corrections("国办发明电", workdays=frozenset({date(2027, 1, 2)})),
        }
    )
    assert not own.is_workday(date(2026, 3, 3))
    assert own.is_workday(date(2027, 1, 2))
    assert own.after(date(2026, 12, 23), period(7)).provisional is False


def test_what_the_office_wrote_of_a_year_counts(tmp_path: Path) -> None:
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "2027.toml").write_text(
        'source = "国办发明电"\nholidays = [2027-01-01]\nworkdays = [2027-01-03]', encoding="utf-8"
    )
    own = load_calendar(tmp_path)
    assert (own.knows(2027), own.knows(2028)) == (True, False)
    assert own.after(date(2026, 12, 31), period(2)) == (date(2027, 1, 4), False)


@given(st.dates(date(2020, 1, 1), date(2026, 6, 1)), st.integers(1, 40))
def test_a_period_ends_on_a_working_day_and_holds_exactly_its_days(start: date, days: int) -> None:
    end = LIBRARY.after(start, period(days)).date
    between = [start + timedelta(n) for n in range(1, (end - start).days + 1)]
    assert sum(map(LIBRARY.is_workday, between)) == days
    assert LIBRARY.is_workday(end)


@pytest.mark.parametrize(
    ("name", "body", "told"),
    [
        ("2027.toml", 'source = "x"\nholidays = [2026-01-01]', "不属于 2027 年"),
        ("next.toml", 'source = "x"', "四位年份"),
        ("2027.toml", "holidays = [2027-01-01]", "source"),
        ("2027.toml", 'source="x"\nholidays=[2027-01-02]\nworkdays=[2027-01-02]', "同时写在"),
    ],
)
def test_wrong_correction_files_are_named(tmp_path: Path, name: str, body: str, told: str) -> None:
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / name).write_text(body, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=told):
        load_calendar(tmp_path)
