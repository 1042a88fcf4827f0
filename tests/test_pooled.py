"""In one process or in several: the same results, bit for bit, in the same order."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.restricted import pooled, remembered
from pipeline.restricted.hands import Sent
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.rulings import NOTHING
from tests.office import AGENCIES, IDENTITY, row


def test_several_processes_give_what_one_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(number, person=bool(number % 2)) for number in range(1, 8)]
    rows += [replace(one, agency="mingshan") for one in rows[:4]]
    results = []
    for name, many in (("alone", 100), ("together", 2)):
        monkeypatch.setattr(pooled, "MANY", many)
        monkeypatch.setattr(pooled, "_TASK", 2)
        monkeypatch.setattr(remembered, "_AT_ONCE", 5)
        with Ledger(tmp_path / name) as ledger:
            ledger.take_over(rows, row(1).decided_on)
            remembered.redact_ledger(ledger, AGENCIES)
            results.append(sorted(ledger.redactions()))
        assert pooled.POOL._processes is None
    assert len(results[0]) == len(rows)
    assert results[0] == results[1]


def test_a_row_on_its_way_says_nothing_of_itself_and_arrives_whole() -> None:
    raw = row(1, person=True)
    sent = Sent.of("shihao-penalty-001", raw, NOTHING)
    assert IDENTITY not in repr(sent)
    arrived = pickle.loads(pickle.dumps(sent)).raw  # noqa: S301
    assert list(arrived.values.items()) == list(raw.values.items())
    assert [s.kind for s in arrived.values.values()] == [s.kind for s in raw.values.values()]
