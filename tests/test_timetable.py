"""The legal cases: every policy's worked examples, and the rules as properties."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import policy, timetable
from pipeline.calendar import Calendar
from pipeline.model import Kind, PartyType, Publication
from pipeline.policy import Example, Policy
from pipeline.timetable import Facts, Standing

CALENDAR = Calendar()
BASE = policy.load("base")
SITE_START = date(2026, 1, 1)
EXAMPLES = [
    pytest.param(policy.load(name), example, id=f"{name}-{number}")
    for name in policy.names()
    for number, example in enumerate(policy.load(name).examples)
]


def facts(example: Example) -> Facts:
    return Facts(
        kind=example.kind,
        party_type=example.party_type,
        decided_on=date.fromisoformat(example.decided_on),
        recorded_first_day=date.fromisoformat(example.first_day) if example.first_day else None,
    )


def shown(given: Facts, rules: Policy, today: date) -> tuple[Publication, Standing]:
    found = timetable.publication(given, rules, CALENDAR, site_start=SITE_START, today=today)
    return found, timetable.standing(found, given.decided_on, today)


@pytest.mark.parametrize(("rules", "example"), EXAMPLES)
def test_every_policy_example_holds(rules: Policy, example: Example) -> None:
    assert example.due or example.public is not None, "an example that asks nothing"
    if example.due:
        day = timetable.due(facts(example), rules, CALENDAR)
        assert day.date == date.fromisoformat(example.due)
    if example.public is not None:
        _, standing = shown(facts(example), rules, date.fromisoformat(example.on))
        assert (standing is Standing.PUBLIC) is example.public


PENALTY = Facts(Kind.PENALTY, PartyType.ORGANISATION, date(2026, 3, 2))
OLD = Facts(Kind.PENALTY, PartyType.ORGANISATION, date(2019, 3, 4))


@pytest.mark.parametrize(
    ("given", "today", "first"),
    [
        (PENALTY, date(2026, 3, 5), date(2026, 3, 5)),  # released today
        (PENALTY._replace(published_on=date(2026, 3, 4)), date(2026, 9, 1), date(2026, 3, 4)),
        (OLD, date(2026, 9, 1), date(2019, 3, 13)),  # backlog: its last lawful day
        (OLD._replace(published_on=date(2019, 3, 8)), date(2026, 9, 1), date(2019, 3, 8)),
        # the ledger remembers for ever, whatever an export says later
        (
            PENALTY._replace(recorded_first_day=date(2026, 3, 6), published_on=date(2026, 8, 1)),
            date(2026, 9, 1),
            date(2026, 3, 6),
        ),
        # decided before the site's start, but still in time when it started: today
        (OLD._replace(decided_on=date(2025, 12, 30)), date(2026, 1, 5), date(2026, 1, 5)),
    ],
)
def test_first_publication(given: Facts, today: date, first: date) -> None:
    assert shown(given, BASE, today)[0].first_day == first


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        ("2024-02-29", 2, "2026-02-28"),
        ("2024-02-29", 4, "2028-02-29"),
        ("2021-03-05", 5, "2026-03-05"),
        ("2020-12-31", 5, "2025-12-31"),
    ],
)
def test_corresponding_day(first: str, years: int, last: str) -> None:
    assert timetable.years_after(date.fromisoformat(first), years) == date.fromisoformat(last)


@given(
    st.dates(date(2010, 1, 1), date(2026, 1, 1)),
    st.sampled_from(list(PartyType)),
    st.integers(-2000, 4000),
)
def test_public_exactly_inside_the_window(first: date, party: PartyType, offset: int) -> None:
    """Public from the first day through the corresponding day, on no day before or after."""
    given = Facts(Kind.PENALTY, party, first, recorded_first_day=first)
    today = first + timedelta(offset)
    found, standing = shown(given, BASE, today)
    years = BASE.windows[party].years
    assert years is not None
    assert found.last_day == timetable.years_after(first, years)
    assert (standing is Standing.PUBLIC) is (first <= today <= found.last_day)


def test_a_decision_from_the_future_is_not_public() -> None:
    tomorrow = PENALTY._replace(decided_on=date(2026, 3, 3))
    assert shown(tomorrow, BASE, date(2026, 3, 2))[1] is Standing.NOT_YET
    assert shown(tomorrow, BASE, date(2026, 3, 3))[1] is Standing.PUBLIC


def test_a_page_says_rule_and_source() -> None:
    found, _ = shown(PENALTY, policy.load("shihao"), date(2026, 3, 5))
    assert "7个工作日" in found.due_rule
    assert found.due_source == "石壕镇行政执法公示制度第十二条"
    assert found.window_rule
    assert found.window_source


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2008-11-20", "2026-11-19", 17),
        ("2008-11-20", "2026-11-20", 18),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
    ],
)
def test_age(birth: str, day: str, age: int) -> None:
    assert timetable.age_on(date.fromisoformat(birth), date.fromisoformat(day)) == age


def test_the_day_a_deadline_counts_from_is_the_policy_s() -> None:
    """From the forming of the information where the rule says so, and only there."""
    decided, formed = date(2026, 3, 2), date(2026, 3, 9)
    for name, kind in product(policy.names(), Kind):
        rules = policy.load(name)
        what = Facts(kind, PartyType.ORGANISATION, decided, formed_on=formed)
        rule = rules.deadlines[kind]
        start = formed if rule.counted_from == "formed_on" else decided
        assert timetable.due(what, rules, CALENDAR) == CALENDAR.after(start, rule), (name, kind)
        found = timetable.publication(what, rules, CALENDAR, site_start=decided, today=formed)
        said = "信息形成" if rule.counted_from == "formed_on" else "决定作出"
        assert found.due_rule.startswith(f"自{said}之日起{rule.days}"), (name, kind)
    # Where nobody said when it was formed, it was when it was decided.
    rules = policy.load("mingshan")
    what = Facts(Kind.INSPECTION, PartyType.ORGANISATION, decided)
    assert timetable.due(what, rules, CALENDAR).date == date(2026, 3, 11)


def test_a_clean_spot_check_has_a_deadline_of_its_own_and_no_other_decision_has() -> None:
    for name, kind in product(policy.names(), Kind):
        rules = policy.load(name)
        for clean in (True, False):
            what = Facts(kind, PartyType.ORGANISATION, SITE_START, clean_spot_check=clean)
            own = clean and kind is Kind.INSPECTION
            wanted = rules.clean_spot_check if own else rules.deadlines[kind]
            assert timetable.deadline(what, rules) is wanted, (name, kind, clean)


@pytest.mark.parametrize(("start", "backlog"), [(0, False), (1, True)])
def test_backlog_is_what_was_due_before_the_site_began(start: int, backlog: bool) -> None:
    """The last lawful day is the site's first day: not yet late, so no backlog."""
    rules = policy.load("base")
    what = Facts(Kind.PENALTY, PartyType.ORGANISATION, date(2026, 3, 2))
    last = timetable.due(what, rules, CALENDAR).date
    today = date(2026, 6, 1)
    begin = last + timedelta(days=start)
    first = timetable.first_day(what, rules, CALENDAR, site_start=begin, today=today)
    assert first == (last if backlog else today)
