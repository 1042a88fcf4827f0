"""The table of legal cases holds, line by line; its printed form is current."""

from __future__ import annotations

import re
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from pipeline import policy, timetable
from pipeline.commands import frame
from pipeline.restricted.redact import Redacted
from tests import legal_cases
from tests.conftest import ROOT
from tests.legal_cases import CALENDAR, LegalCase, written

CASES = legal_cases.load()
#: An article, a document by its number, or the site's own rule, which says that it is one.
SOURCED = re.compile(r"第[〇零一二三四五六七八九十百千]+条|〔\d{4}〕\d+号|^本站统一")


@pytest.fixture(scope="module")
def redacted() -> list[Redacted]:
    return legal_cases.redact(CASES)


@pytest.mark.parametrize(
    ("number", "case"), list(enumerate(CASES)), ids=[case.title for case in CASES]
)
def test_the_case_holds(number: int, case: LegalCase, redacted: list[Redacted]) -> None:
    assert SOURCED.search(case.source), "a lawyer asks: by which article?"
    assert case.answers or case.due or case.down_by, "a case that asks nothing"
    for day, state in case.expected():
        assert case.state_on(day, redacted[number]) is state, day
    if case.due:
        assert written(timetable.due(case.facts, case.policy, CALENDAR)) == case.due
    if case.down_by:
        assert written(case.last_day_to_take_down()) == case.down_by


def test_the_table_covers_every_regime_and_what_the_law_distinguishes() -> None:
    assert len(CASES) >= 60
    regimes = Counter(legal_cases.REGIMES[case.regime] for case in CASES)
    assert set(regimes) == set(policy.names())
    assert min(regimes.values()) >= 5
    assert {case.kind for case in CASES} == set(legal_cases.KINDS)
    assert {case.party for case in CASES} == set(legal_cases.PARTIES)
    assert {state for case in CASES for _, state in case.expected()} == set(
        legal_cases.STATES.values()
    )
    said = "".join(case.events for case in CASES)
    assert [word for word in (*legal_cases.FALLS, "经同意", "因公共利益") if word not in said] == []
    days = [day for case in CASES for day, _ in legal_cases._pairs(case.events)]
    assert date(2024, 2, 29) in days
    assert [case.title for case in CASES if "（暂定）" in case.due + case.down_by]


def test_the_printed_table_is_current() -> None:
    printed = (ROOT / "docs" / "法律期限案例.md").read_text(encoding="utf-8")
    assert printed == legal_cases.markdown(), "run: inv docs"


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Auckland"])
def test_the_day_turns_at_midnight_in_shanghai_wherever_the_machine_stands(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        before = _in_shanghai()
        assert before <= frame._day(None) <= _in_shanghai()
    finally:
        monkeypatch.undo()
        time.tzset()


def _in_shanghai() -> date:
    return (datetime.now(UTC) + timedelta(hours=8)).date()
