"""Personal values are kept no longer than they are needed, and what was forgotten stays down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from pipeline.events import State
from pipeline.model import Kind, Withdrawal
from pipeline.policy import load
from pipeline.restricted import objections
from pipeline.restricted.raw import RawDecision, Secret
from tests.office import IDENTITY, Office, row, states

DAY = date(2026, 11, 20)
OVER = date(2028, 11, 21)  # two years after DAY, and a day
RETENTION = timedelta(days=load("shihao").retention.days)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    one = Office(tmp_path)
    yield one
    one.ledger.__exit__(None, None, None)


def traces(office: Office, *values: str) -> list[str]:
    """Which of ``values`` stand anywhere in the private folder, the write-ahead log too."""
    files = [path.read_bytes() for path in office.private.rglob("*") if path.is_file()]
    return [value for value in values if any(value.encode() in body for body in files)]


def people(count: int) -> list[RawDecision]:
    """Rows of very different lengths: short and long ones lie differently in the file."""
    texts = [f"记录{n}甲" + "堆放杂物。" * (n * 97 % 900) for n in range(count)]
    return [row(n, person=True, facts=texts[n]) for n in range(1, count)]


def test_ninety_days_after_the_end_no_byte_of_a_row_is_left(office: Office) -> None:
    rows = people(40)
    assert timedelta(days=90) == RETENTION
    office.night(DAY, [*rows, row(99)])
    assert set(states(office.night(OVER)).values()) == {State.EXPIRED, State.PUBLIC}
    office.night(OVER + RETENTION - timedelta(1))
    assert office.purged == 0
    assert traces(office, IDENTITY) == [IDENTITY]
    office.night(OVER + RETENTION)
    assert office.purged == len(rows)
    texts = [text for n in range(1, 40) for text in (f"记录{n}甲", f"测试村{n}组")]
    assert traces(office, IDENTITY, "覃测乐", *texts) == []  # a name in a file's name, too
    assert traces(office, "村道旁的第99块")  # what is still public is untouched


def test_its_hash_its_days_and_its_history_stay(office: Office) -> None:
    office.night(DAY, [row(1, person=True)])
    (before,) = office.ledger.decisions()
    office.night(OVER)
    office.night(OVER + RETENTION)
    (after,) = office.ledger.decisions()
    assert after.purged_on == OVER + RETENTION
    assert (after.slug, after.digest, after.first_day) == (before.slug, before.digest, DAY)
    acts = [act for _, act, _, _ in office.ledger.lines("import", "approve", "publish", "purge")]
    assert acts == ["import", "approve", "publish", "purge"]
    assert office.ledger.broken_history() is None
    assert office.night(OVER + RETENTION * 2).assessments[0].state is State.EXPIRED
    assert office.purged == 0


@pytest.mark.parametrize("changed", [{}, {"facts": "另有事实。"}], ids=["same", "changed"])
def test_the_same_row_again_is_known_and_not_published_anew(
    office: Office, changed: dict[str, str]
) -> None:
    office.night(DAY, [row(1, person=True)])
    office.night(OVER)
    office.night(OVER + RETENTION)
    for today in (OVER + RETENTION, OVER + RETENTION * 2, DAY):  # also with a clock gone wrong
        again = office.night(today, [row(1, person=True, **changed)])
        assert list(states(again).values()) == [State.EXPIRED]
        assert again.entries == []
    (kept,) = office.ledger.decisions()
    office.ledger.attach({kept.slug: (Secret("另有事实"), Secret(IDENTITY))}, OVER)
    assert traces(office, "另有事实", IDENTITY) == []


def test_a_notice_outlives_its_row(office: Office) -> None:
    office.night(DAY, [row(1), row(2, event="revoked", event_on="2026-11-18")])
    slugs = {one.raw.number: one.slug for one in office.ledger.decisions()}
    reason = Withdrawal(on=DAY, reason="行政复议撤销")
    office.ledger.withdraw(slugs["石壕罚决〔2026〕1号"], reason, "甲")
    before = office.night(DAY).entries
    office.night(DAY + RETENTION)
    assert office.purged == 2
    after = office.night(DAY + RETENTION * 2, [row(1), row(2)])
    assert set(states(after).values()) == {State.WITHDRAWN}
    assert after.entries == before
    assert traces(office, "村道旁") == []
    assert after.assessments[0].publication.first_day == DAY


def test_a_forgotten_spot_check_keeps_its_own_deadline(office: Office) -> None:
    clean = {"case_name": "2026年度双随机抽查（覃测友）", "inspection_result": "未发现问题"}
    spot = replace(row(1, formed_on="2026-09-18", **clean), agency="mingshan", kind=Kind.INSPECTION)
    (before,) = office.night(DAY, [spot]).assessments
    office.ledger.withdraw(before.kept.slug, Withdrawal(on=DAY, reason="登记有误"), "甲")
    office.night(DAY)
    office.night(DAY + RETENTION)
    assert office.purged == 1
    (after,) = office.night(DAY + RETENTION).assessments
    assert after.publication.due == before.publication.due > date(2026, 10, 1)
    assert "20个工作日" in after.publication.due_rule
    assert traces(office, "覃测友") == []


def test_one_run_with_a_mistyped_day_forgets_nothing(office: Office) -> None:
    office.night(DAY, [row(1, person=True)])
    assert list(states(office.night(date(2099, 1, 1))).values()) == [State.EXPIRED]
    assert office.purged == 0
    assert list(states(office.night(DAY)).values()) == [State.PUBLIC]
    # The clock starts anew when the end really comes.
    office.night(OVER)
    office.night(OVER + RETENTION - timedelta(1))
    assert office.purged == 0


def test_what_may_still_be_decided_is_kept(office: Office) -> None:
    office.night(DAY, [row(1, facts="该案另案处理。"), row(2, minor="是")])
    found = office.night(DAY + RETENTION * 40)
    assert set(states(found).values()) == {State.HELD, State.WITHHELD}
    assert office.purged == 0


def test_notes_objections_and_tables_of_tomorrow_are_forgotten_too(office: Office) -> None:
    office.night(DAY, [row(1, person=True)])
    (kept,) = office.ledger.decisions()
    objections.record(
        office.ledger, kept.slug, objector="覃测友", about="住址写错", person="甲", received=DAY
    )
    with office.ledger.recording() as db:
        db.execute("UPDATE approval SET note = '问过覃测友'")
        db.execute("CREATE TABLE tomorrow (slug TEXT, words TEXT) STRICT")
        db.execute("INSERT INTO tomorrow VALUES (?, '覃测友说')", (kept.slug,))
    office.night(OVER)
    office.night(OVER + RETENTION)
    assert office.purged == 0  # an open objection needs the row
    objections.answer(
        office.ledger, 1, outcome="unfounded", told="覃测友：住址无误", person="甲", day=OVER
    )
    office.night(OVER + RETENTION)
    assert office.purged == 1
    assert traces(office, "覃测友", "住址写错") == []
    assert [one.id for one in objections.read(office.ledger)] == [1]


@pytest.mark.parametrize("seed", [0, 11])
def test_what_sqlite_moved_from_page_to_page_is_gone_too(office: Office, seed: int) -> None:
    """With these two, ``secure_delete`` alone leaves a deleted value in the file."""
    rng, ledger = Random(seed), office.ledger  # noqa: S311
    ledger.take_over([row(n) for n in range(1, 201)], DAY)
    slugs = [kept.slug for kept in ledger.decisions()]
    words = [(f"SECRET{n:04d}0E", f"SECRET{n:04d}1E") for n in range(200)]

    def remember(n: int, length: int) -> None:
        first, last = (word.encode() for word in words[n])
        ledger.remember([(slugs[n], "x" * 64, first + b"x" * length + last)])

    for n in range(200):
        remember(n, rng.choice([10, 200, 900, 4000, 9000]))
        if rng.random() < 0.3:
            again = rng.randrange(n + 1)
            remember(again, rng.choice([5, 300, 5000]))
    gone = rng.sample(range(200), 100)
    with ledger.recording() as db:
        for n in gone:
            db.execute("DELETE FROM redaction WHERE slug = ?", (slugs[n],))
    ledger.scrub()
    assert traces(office, *(word for n in gone for word in words[n])) == []
