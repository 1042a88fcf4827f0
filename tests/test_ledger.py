"""The ledger: identity, approvals, first days for ever, a history that cannot be rewritten."""

import sqlite3
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from pipeline.model import Kind, PartyType
from pipeline.restricted.identity import slug
from pipeline.restricted.ledger import Approval, Ledger
from pipeline.restricted.raw import Origin, RawDecision, Secret

TODAY = date(2026, 11, 20)


def raw(number: str = "测罚决〔2026〕1号", facts: str = "堆放杂物", row: int = 2) -> RawDecision:
    return RawDecision(
        agency="shihao",
        kind=Kind.PENALTY,
        number=number,
        decided_on=date(2026, 3, 2),
        party_type=PartyType.ORGANISATION,
        values={"facts": Secret(facts, "facts"), "party": Secret("测试砂石厂", "party")},
        origin=Origin("a.xlsx", "Sheet1", row),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "private" / "ledger.db"


def test_the_same_decision_updates_and_never_duplicates(path: Path) -> None:
    with Ledger(path) as ledger:
        assert ledger.take_over([raw()], TODAY) == (1, 0, 0)
        assert ledger.take_over([raw(row=9)], TODAY) == (0, 0, 1)  # moved, says the same
        assert ledger.take_over([raw(facts="另有事实")], TODAY) == (0, 1, 0)
        (kept,) = ledger.decisions()
    assert kept.raw.text("facts") == "另有事实"
    assert kept.slug == slug("shihao", Kind.PENALTY, "测罚决〔2026〕1号")


def test_an_old_export_beside_a_newer_one_is_no_change_every_night(path: Path) -> None:
    both = [raw(), raw(facts="另有事实")]
    with Ledger(path) as ledger:
        assert ledger.take_over(both, TODAY) == (1, 0, 0)
        assert ledger.take_over(both, TODAY) == (0, 0, 1)
        (kept,) = ledger.decisions()
    assert kept.raw.text("facts") == "另有事实"


def test_an_old_export_before_the_one_that_is_known_leaves_all_as_it_was(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.take_over([raw()], TODAY)
        lines = [*ledger.lines("import", "change")]
        assert ledger.take_over([raw(facts="旧的事实"), raw(row=7)], TODAY) == (0, 0, 1)
        (kept,) = ledger.decisions()
        assert [*ledger.lines("import", "change")] == lines
    assert kept.raw == raw()  # where it stood, too


def test_history_follows_the_order_in_which_decisions_first_came(path: Path) -> None:
    numbers = [f"测罚决〔2026〕{n}号" for n in (3, 1, 2)]
    rows = [*map(raw, numbers), raw(numbers[1], "另有事实")]
    with Ledger(path) as ledger:
        assert ledger.take_over(iter(rows), TODAY) == (3, 0, 0)
        found = [slug for _, _, slug, _ in ledger.lines("import", "change")]
    assert found == [slug("shihao", Kind.PENALTY, number) for number in numbers]


def test_rows_are_written_as_they_come_and_not_held(path: Path) -> None:
    rows = (raw(f"测罚决〔2026〕{n}号", "堆放杂物" * 5000) for n in range(200))
    with Ledger(path) as ledger:
        tracemalloc.start()
        try:
            ledger.take_over(rows, TODAY)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 3_000_000  # all rows together: 8,000,000 characters


def test_a_row_comes_back_as_it_went_in(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.take_over([raw()], TODAY)
        (kept,) = ledger.decisions()
    assert kept.raw == raw()


def test_first_day_is_kept_for_ever(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.take_over([raw()], TODAY)
        (kept,) = ledger.decisions()
        ledger.record_release({kept.slug: TODAY}, TODAY, "m1")
        ledger.record_release({kept.slug: date(2027, 1, 1)}, date(2027, 1, 1), "m2")
        ledger.take_over([raw(facts="改了")], date(2027, 1, 2))
        (kept,) = ledger.decisions()
    assert kept.first_day == TODAY


def test_an_approval_names_reviewer_and_day(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.take_over([raw()], TODAY)
        (kept,) = ledger.decisions()
        word = Approval("d", "approve", "审查员甲", TODAY, "")
        ledger.decide({kept.slug: word})
        assert ledger.approvals() == {kept.slug: word}
        with pytest.raises(sqlite3.IntegrityError):
            ledger.decide({kept.slug: word._replace(reviewer="")})
        with pytest.raises(sqlite3.IntegrityError):
            ledger.decide({"unknown": word})
        assert ledger.approvals() == {kept.slug: word}
        assert ledger.broken_history() is None


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE history SET day = '2020-01-01' WHERE seq = 1",
        "UPDATE history SET detail = 'x' WHERE seq = 2",
        "DELETE FROM history WHERE seq = 1",
    ],
)
def test_a_rewritten_history_is_found(path: Path, tamper: str) -> None:
    with Ledger(path) as ledger:
        ledger.take_over([raw(), raw("测罚决〔2026〕2号"), raw("测罚决〔2026〕3号")], TODAY)
        assert ledger.broken_history() is None
    other = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        other.execute(tamper)
    other.executescript(
        "DROP TRIGGER history_is_append_only_1; DROP TRIGGER history_is_append_only_2;"
    )
    other.execute(tamper)
    other.commit()
    other.close()
    with Ledger(path) as ledger:
        assert ledger.broken_history() is not None


def test_history_holds_no_raw_value(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.take_over([raw(facts="张测试的身份信息")], TODAY)
    lines = sqlite3.connect(path).execute("SELECT day, act, slug, detail FROM history").fetchall()
    assert "张测试" not in repr(lines)


def test_files_are_closed_to_others(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.take_over([raw()], TODAY)
        for file in path.parent.iterdir():
            assert file.stat().st_mode & 0o077 == 0, file.name


def test_a_slug_holds_no_digit_and_depends_on_all_of_the_identity() -> None:
    found = {
        slug(agency, kind, number)
        for agency in ("shihao", "mingshan")
        for kind in Kind
        for number in ("一号", "二号")
    }
    assert len(found) == 2 * len(Kind) * 2
    assert not any(c.isdigit() for name in found for c in name)


@pytest.mark.parametrize(
    "other", ["测罚决〔2026〕第12号", "测罚决〔2026〕012号", "测罚决〔2026〕第0012号"]
)
def test_one_decision_numbered_in_two_ways_has_one_address(other: str) -> None:
    number = "测罚决〔2026〕12号"
    assert slug("x", Kind.PENALTY, other) == slug("x", Kind.PENALTY, number)
    assert slug("x", Kind.PENALTY, "测罚决〔2026〕120号") != slug("x", Kind.PENALTY, number)
