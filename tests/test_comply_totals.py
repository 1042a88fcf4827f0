"""What of the internal report the public statistics may tell: numbers, and only large ones."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from pipeline import policy
from pipeline.errors import ConfigurationError
from pipeline.model import Kind, Total
from pipeline.public import store
from pipeline.restricted.comply import checks
from pipeline.restricted.comply.frame import Frame
from pipeline.restricted.comply.run import Inputs, Span, run
from pipeline.restricted.comply.tables import SideTables
from pipeline.restricted.comply.totals import chosen, concerns_persons, totals
from pipeline.restricted.judge import Judged
from pipeline.restricted.raw import RawDecision
from tests.office import AGENCIES, CALENDAR, Office, row

DAY = date(2026, 11, 20)
LEAST = policy.load("shihao").statistics.least


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    one = Office(tmp_path)
    yield one
    one.ledger.close()


def choose(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let the policy of 石壕 show other totals."""
    own = policy.load("shihao")
    shown = msgspec.structs.replace(own.statistics, comply_totals=names)
    changed = msgspec.structs.replace(own, statistics=shown)
    load = policy.load
    monkeypatch.setattr(policy, "load", lambda name: changed if name == "shihao" else load(name))


def told(judged: Judged, *, today: date = DAY, **tables: Frame) -> dict[tuple[str, int], Total]:
    side = SideTables({"shihao": dict(tables)})
    found = totals(judged.assessments, side, AGENCIES, CALENDAR, today)
    assert found == sorted(found, key=lambda one: (one.agency, one.check, one.year))
    return {(one.check, one.year): one for one in found}


def counts(total: Total) -> tuple[int | None, int | None, int | None]:
    return total.assessed, total.fulfilled, total.not_assessable


def cases(passed: int, failed: int, unknown: int, **values: str) -> list[RawDecision]:
    two = {"officer_1": "甲测", "officer_2": "乙测"}
    kinds = [two] * passed + [two | {"officer_2": ""}] * failed + [{}] * unknown
    return [row(n, **values, **kind) for n, kind in enumerate(kinds, 1)]


@pytest.mark.parametrize("name", policy.names())
def test_what_a_policy_shows_are_checks_of_its_own(name: str) -> None:
    assert all(check in checks.load(name) for check in chosen(name))
    assert bool(chosen(name)) == bool(policy.load(name).statistics.comply_totals)


def test_by_default_nothing_is_shown() -> None:
    assert chosen("base") == ()
    assert [name for name in policy.names() if chosen(name)] == ["shihao", "zhejiang"]


def test_a_row_of_the_requirements_names_all_its_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, "R100", "two-officers")
    assert [one.id for one in chosen("shihao")] == ["two-officers", "officer-status", "officer-education"]  # fmt: skip


def test_a_name_that_is_neither_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, "two-officers", "two-oficers", "R999")
    with pytest.raises(ConfigurationError, match=r"shihao\.toml.*“R999”“two-oficers”"):
        chosen("shihao")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((LEAST, 0, 0), (LEAST, LEAST, 0)),
        ((LEAST, LEAST, LEAST), (2 * LEAST, LEAST, LEAST)),
        ((0, LEAST, 0), (LEAST, 0, 0)),  # of cases, that says nothing of a person
        ((0, 0, LEAST), (0, 0, LEAST)),
        ((LEAST - 1, 0, 0), (None, None, None)),
        ((LEAST, 1, 0), (None, None, None)),  # who is the one?
        ((LEAST, LEAST - 1, 0), (None, None, None)),
        ((LEAST, LEAST, 1), (None, None, None)),
    ],
)
def test_no_small_count_is_told(
    office: Office,
    given: tuple[int, int, int],
    expected: tuple[int | None, int | None, int | None],
) -> None:
    judged = office.night(DAY, cases(*given))
    assert counts(told(judged)["two-officers", 2026]) == expected


def test_this_year_and_the_last_are_told_each_for_itself(office: Office) -> None:
    years = (2024, 2025, 2026)
    rows = [
        row(100 * year + n, officer_1="甲测", officer_2="乙测", decided_on=f"{year}-09-18")
        for year in years
        for n in range(LEAST + year - 2024)
    ]
    found = told(office.night(DAY, rows))
    two = {year: one.assessed for (check, year), one in found.items() if check == "two-officers"}
    assert two == {2025: LEAST + 1, 2026: LEAST + 2}


@pytest.mark.parametrize(
    ("over", "persons"),
    [
        *(("case", True), ("complaints", True), ("officers", True), ("certificates", True)),
        *(("eligibility", True), ("training", True), ("reviewers", True), ("loans", True)),
        *(("recordings", True), ("officer_years", True), ("reviewer_years", True)),
        *(("agency_years", False), ("plan", False), ("repairs", False), ("supervision", False)),
    ],
)
def test_what_concerns_persons(over: str, persons: bool) -> None:
    assert concerns_persons(over) is persons


def test_what_concerns_nobody_is_told_however_small(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, "device-repaired", "R108")
    repairs = Frame.of([{"device": "1", "damaged_at": "2026-03-02", "repaired_at": "2026-03-02"}])
    found = told(office.night(DAY), repairs=repairs)
    assert {key: counts(one) for key, one in found.items()} == {("device-repaired", 2026): (1, 1, 0)}  # fmt: skip


@pytest.mark.parametrize(
    ("exams", "expected"),
    [
        (["合格"] * LEAST, (LEAST, LEAST, 0)),
        (["不合格"] * LEAST, (None, None, None)),  # it would tell of each of them
        (["合格"] * LEAST + ["不合格"], (None, None, None)),
        (["合格"] * LEAST + ["不合格"] * LEAST, (2 * LEAST, LEAST, 0)),
    ],
)
def test_a_list_of_persons_tells_of_none_of_them(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    exams: list[str],
    expected: tuple[int | None, int | None, int | None],
) -> None:
    choose(monkeypatch, "officer-examined")
    listed = [{"certificate": f"演{n}", "exam": exam} for n, exam in enumerate(exams)]
    found = told(office.night(DAY), eligibility=Frame.of(listed))
    assert counts(found["officer-examined", 2026]) == expected  # a list of today's officers


def test_complaints_are_told_by_the_year_they_came_in(office: Office) -> None:
    lines = [{"complaint_no": f"{n}", "received_on": f"{year}-03-02", "accepted_on": f"{year}-03-03"}
             for year in (2024, 2025) for n in range(LEAST)]  # fmt: skip
    lines.append({"complaint_no": "无日期", "received_on": "去年", "accepted_on": ""})
    found = told(office.night(DAY), complaints=Frame.of(lines))
    years = {year for check, year in found if check == "complaint-accepted"}
    assert (years, counts(found["complaint-accepted", 2025])) == ({2025}, (LEAST, LEAST, 0))


def test_what_this_run_publishes_counts_and_the_same_day_again_gives_the_same(
    office: Office,
) -> None:
    rows = [row(n, decided_on="2026-11-18") for n in range(LEAST)]
    first = told(office.night(DAY, rows))
    assert counts(first["published-in-time", 2026]) == (LEAST, LEAST, 0)
    assert told(office.night(DAY)) == first


def test_what_must_stay_unpublished_is_late_for_nobody(office: Office) -> None:
    rows = [row(n, minor="是", decided_on="2026-03-02") for n in range(LEAST)]
    (total,) = [one for key, one in told(office.night(DAY, rows)).items() if key[0] == "published-in-time"]  # fmt: skip
    assert counts(total) == (0, 0, LEAST)


def test_a_forgotten_row_is_no_case_and_is_counted_as_forgotten(office: Office) -> None:
    person = row(1, person=True, decided_on="2024-03-04", published_on="2024-03-06")
    two = {"officer_1": "甲测", "officer_2": ""}
    office.night(date(2026, 3, 7), [person, row(2, **two)])
    office.night(date(2026, 6, 10))
    assert office.purged == 1
    found = run(Inputs(office.ledger.decisions(), SideTables(), AGENCIES, CALENDAR), today=DAY)
    assert (found.cases, found.purged) == (1, 1)
    assert {one.subject for one in found.findings} == {"石壕罚决〔2026〕2号"}
    since = Span(date(2025, 1, 1))
    inputs = Inputs(office.ledger.decisions(), SideTables(), AGENCIES, CALENDAR)
    assert run(inputs, today=DAY, span=since).purged == 0
    told(office.night(DAY))  # and no total trips over it


@pytest.mark.parametrize(("name", "late"), [("2026年度双随机抽查", False), ("投诉线索检查", True)])
def test_a_clean_spot_check_is_known_from_the_ledger(office: Office, name: str, late: bool) -> None:
    said = {"case_name": name, "inspection_result": "未发现问题", "formed_on": "2026-03-04"}
    one = row(1, decided_on="2026-03-02", published_on="2026-04-01", **said)
    office.night(DAY, [replace(one, agency="mingshan", kind=Kind.INSPECTION)])
    inputs = Inputs(office.ledger.decisions(), SideTables(), AGENCIES, CALENDAR)
    found = {one.check for one in run(inputs, today=DAY).findings}
    assert ("published-in-time" in found) is late


TOTAL = Total(
    agency="shihao",
    check="two-officers",
    title="执法人员不少于两人",
    article="行政处罚法第四十二条",
    year=2026,
    assessed=12,
    fulfilled=None,
    not_assessable=0,
)


def test_the_store_keeps_them_and_forgets_the_last_ones(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store.write(path, [], today=DAY, totals=[TOTAL])
    assert store.totals(path) == [TOTAL]
    store.write(path, [], today=DAY)
    assert store.totals(path) == []


def test_a_store_that_is_older_has_none(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store.write(path, [], today=DAY)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE total")
    assert store.totals(path) == []
    store.write(path, [], today=DAY, totals=[TOTAL])
    assert store.totals(path) == [TOTAL]


def test_only_numbers_and_the_checks_own_words_cross_the_wall(office: Office) -> None:
    marked = {"officer_1": "内部标记一", "officer_2": "内部标记二", "handling_unit": "内部标记三"}
    judged = office.night(DAY, [row(n, **marked) for n in range(LEAST)])
    found = list(told(judged).values())
    assert found
    words = {text for one in checks.load("shihao") for text in (one.id, one.title, one.article)}
    for total in found:
        for value in msgspec.structs.astuple(total):
            assert value is None or isinstance(value, int) or value in words | {"shihao"}
    path = office.private / "next.db"
    store.write(path, [], today=DAY, totals=found)
    assert "内部标记".encode() not in path.read_bytes()
