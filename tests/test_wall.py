"""The wall: folder, type, imports, repr. (The fifth proof, the audit, has its own tests.)"""

from __future__ import annotations

import copy
import logging
import pickle
import subprocess
import sys
from dataclasses import fields
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import policy
from pipeline.fields import CORE, dictionary, public_details
from pipeline.model import Kind, PartyType, PublicDecision
from pipeline.restricted.raw import Origin, RawDecision, Secret
from pipeline.restricted.redact import Redactor

ROOT = Path(__file__).resolve().parents[1]
TEXT = "覃测乐的住址"


def test_import_contracts_hold() -> None:
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_contracts_would_notice() -> None:
    """The public side does not reach the other by a late or hidden import either."""
    for path in (*ROOT.glob("pipeline/public/**/*.py"), *ROOT.glob("*conf.py")):
        assert "restricted" not in path.read_text(encoding="utf-8").replace(
            "The public side of the wall", ""
        ), path.name
    for path in ROOT.glob("theme/**/*.*"):
        assert b"restricted" not in path.read_bytes(), path.name


@pytest.mark.parametrize(
    "show",
    [repr, str, "{}".format, "{:>40}".format, lambda s: f"{s!r:.99}", lambda s: repr([s, {1: s}])],
)
def test_a_secret_never_shows_its_text(show) -> None:  # type: ignore[no-untyped-def]
    assert TEXT not in show(Secret(TEXT, "address"))
    assert "address" in show(Secret(TEXT, "address"))


def test_a_secret_is_not_serialised() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret(TEXT))
    with pytest.raises(TypeError):
        copy.deepcopy(Secret(TEXT))
    with pytest.raises(TypeError):
        msgspec.json.encode(Secret(TEXT))


def raw(**values: str) -> RawDecision:
    return RawDecision(
        agency="shihao",
        kind=Kind.PENALTY,
        number="石壕罚决〔2026〕1号",
        decided_on=date(2026, 3, 2),
        party_type=PartyType.ORGANISATION,
        values={key: Secret(value, key) for key, value in values.items()},
        origin=Origin("a.xlsx", "表", 3),
    )


def test_a_row_shows_no_value(caplog: pytest.LogCaptureFixture) -> None:
    row = raw(party="测试砂石厂", facts=TEXT)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("x").warning("row %s %r", row, row)
    assert TEXT not in caplog.text
    assert "测试砂石厂" not in caplog.text
    assert {field.name for field in fields(row)} >= {"values", "origin"}


PUBLIC_KEYS = {field.key for field in public_details()}
PRIVATE_KEYS = sorted(dictionary().keys() - PUBLIC_KEYS - CORE)
MARK = "独一无二的内部文字"


@settings(deadline=None)  # the first call loads the dictionaries
@given(st.sets(st.sampled_from(PRIVATE_KEYS), min_size=1))
def test_only_allow_listed_fields_cross(keys: set[str]) -> None:
    """Whatever private columns a row carries, no text of theirs is in what crosses."""
    row = raw(party="綦江测试砂石有限公司", facts="倾倒垃圾", **dict.fromkeys(keys, MARK))
    try:
        (done,) = Redactor(policy.load("base")).redact_all([row], ["s"])
    except ValueError:  # a date column does not take this text; readers never let it through
        return
    assert done.decision.details.keys() <= PUBLIC_KEYS
    assert MARK not in msgspec.json.encode(done.decision).decode()


def test_the_public_type_is_frozen() -> None:
    decision = PublicDecision(
        slug="s",
        agency="a",
        kind=Kind.PENALTY,
        number="1",
        party="p",
        party_type=PartyType.PERSON,
        decided_on=date(2026, 1, 1),
        details={},
    )
    with pytest.raises(AttributeError):
        decision.party = "x"  # type: ignore[misc]
