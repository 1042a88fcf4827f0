"""In one process or in several: the same results, bit for bit, in the same order."""

from __future__ import annotations

import pickle

import pytest

from pipeline.restricted import pooled
from pipeline.restricted.hands import Sent
from pipeline.restricted.ledger import Kept
from pipeline.restricted.remembered import Remembering, freeze
from pipeline.restricted.rulings import NOTHING
from tests.office import AGENCIES, IDENTITY, row


def kept(number: int) -> Kept:
    raw = row(number, person=bool(number % 2))
    return Kept(f"shihao-penalty-{number:03d}", raw, f"{number}", None, None)


def test_several_processes_give_what_one_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, rows = Remembering(AGENCIES["shihao"]), [kept(number) for number in range(1, 8)]
    alone = desk.redact(rows, {})
    monkeypatch.setattr(pooled, "MANY", 2)
    monkeypatch.setattr(pooled, "_TASK", 2)
    together = desk.redact(rows, {})
    assert list(together) == list(alone)
    assert [freeze(one) for one in together.values()] == [freeze(one) for one in alone.values()]


def test_a_row_on_its_way_says_nothing_of_itself_and_arrives_whole() -> None:
    raw = row(1, person=True)
    sent = Sent.of("shihao-penalty-001", raw, NOTHING)
    assert IDENTITY not in repr(sent)
    arrived = pickle.loads(pickle.dumps(sent)).raw  # noqa: S301
    assert list(arrived.values.items()) == list(raw.values.items())
    assert [s.kind for s in arrived.values.values()] == [s.kind for s in raw.values.values()]
