"""A remembered redaction is the same as a fresh one, and is forgotten when its grounds change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from pipeline import policy
from pipeline.agencies import load_agencies
from pipeline.model import Kind, PartyType
from pipeline.restricted import remembered
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.raw import Origin, RawDecision, Secret
from pipeline.restricted.redact import Redactor

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 20)
AGENCIES = load_agencies(ROOT / "content")
FACTS = "当事人覃测乐（身份证号500000199003079906）在公路旁焚烧秸秆。"


def raw(facts: str = FACTS) -> RawDecision:
    return RawDecision(
        agency="shihao",
        kind=Kind.PENALTY,
        number="石壕罚决〔2026〕1号",
        decided_on=date(2026, 3, 2),
        party_type=PartyType.PERSON,
        values={
            key: Secret(value, key)
            for key, value in {
                "number": "石壕罚决〔2026〕1号",
                "party": "覃测乐",
                "facts": facts,
            }.items()
        },
        origin=Origin("a.xlsx", "表", 3),
    )


@pytest.fixture
def ledger(tmp_path: Path):  # type: ignore[no-untyped-def]
    with Ledger(tmp_path / "ledger.db") as opened:
        opened.take_over([raw()], TODAY)
        yield opened


def test_the_second_time_nothing_is_redacted(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = remembered.redact_ledger(ledger, AGENCIES)
    asked: list[int] = []
    real = Redactor.redact_all

    def counted(self, raws, slugs, rulings):  # type: ignore[no-untyped-def]
        asked.append(len(raws))
        return real(self, raws, slugs, rulings)

    monkeypatch.setattr(Redactor, "redact_all", counted)
    assert remembered.redact_ledger(ledger, AGENCIES) == fresh
    assert sum(asked) == 0
    ledger.take_over([raw(FACTS + "已改正。")], TODAY)
    (again,) = remembered.redact_ledger(ledger, AGENCIES).values()
    assert sum(asked) == 1
    assert "已改正" in again.decision.details["facts"]


def test_policy_and_own_strings_are_grounds() -> None:
    rules = policy.load("shihao")
    other = msgspec.structs.replace(
        rules,
        mask=msgspec.structs.replace(
            rules.mask, name=msgspec.structs.replace(rules.mask.name, value="×")
        ),
    )
    prints = {
        remembered.fingerprint(rules, ()),
        remembered.fingerprint(other, ()),
        remembered.fingerprint(rules, ("023-48740007",)),
    }
    assert len(prints) == 3
    assert remembered.fingerprint(rules, ()) in prints


def test_what_is_remembered_shows_no_value(ledger: Ledger) -> None:
    (done,) = remembered.redact_ledger(ledger, AGENCIES).values()
    assert "覃测乐" not in repr(done)
    assert remembered.thaw(remembered.freeze(done)) == done
