"""Each check of each regime: its passing example passes, its failing one fails."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pipeline import policy
from pipeline.calendar import Calendar
from pipeline.fields import dictionary
from pipeline.policy import DIRECTORY
from pipeline.restricted.comply import checks, yearly
from pipeline.restricted.comply.checks import Check
from pipeline.restricted.comply.frame import Frame
from pipeline.restricted.comply.labels import label_of
from pipeline.restricted.comply.rules import FAILED, PASSED, UNKNOWN, World, judge
from pipeline.restricted.comply.tables import table_types

TODAY = date(2026, 11, 20)
ALL = [(name, check) for name in policy.names() for check in checks.load(name)]
IDS = [f"{name}-{check.id}" for name, check in ALL]


def outcomes(name: str, check: Check, example: dict[str, Any]) -> list[int]:
    """What the check says of each row of an example."""
    tables = {k: Frame.of(v) for k, v in example.items() if isinstance(v, list) and k != "cases"}
    row = {k: v for k, v in example.items() if isinstance(v, str)}
    base = {"kind": check.kinds[0].value, "party_type": "organisation"}
    rows = [base | one for one in example.get("cases", [row])]
    world = World(policy.load(name), Calendar(), TODAY, tables)
    return list(judge(check, Frame.of(rows), world).outcomes)


@pytest.mark.parametrize(("name", "check"), ALL, ids=IDS)
def test_the_passing_example_passes(name: str, check: Check) -> None:
    found = outcomes(name, check, check.passes)
    assert FAILED not in found
    assert PASSED in found or "cases" in check.passes


@pytest.mark.parametrize(("name", "check"), ALL, ids=IDS)
def test_the_failing_example_fails(name: str, check: Check) -> None:
    assert FAILED in outcomes(name, check, check.fails)


@pytest.mark.parametrize(("name", "check"), ALL, ids=IDS)
def test_a_missing_column_is_not_assessable_and_never_passed(name: str, check: Check) -> None:
    """Whichever column the check needs is taken away from its passing example."""
    needed = check.fields or tuple(c.field for c in check.alternatives)
    row = {k: v for k, v in check.passes.items() if k not in needed}
    found = outcomes(name, check, row if "cases" not in check.passes else {"kind": "penalty"})
    assert set(found) == {UNKNOWN}


@pytest.mark.parametrize(("name", "check"), ALL, ids=IDS)
def test_what_a_check_asks_for_exists(name: str, check: Check) -> None:
    assert check.over == "case" or check.over in {*table_types(), *yearly.COUNTS}
    asked = [*check.fields, *(c.field for c in (*check.when, *check.alternatives) if c.field)]
    for key in asked:
        assert label_of(check.over, key) != key, key
    if check.table:
        assert check.column in table_types()[check.table].columns
    if check.over == "case":
        assert set(asked) <= {*dictionary(), "public_on"}


def test_every_regime_has_its_own_file() -> None:
    assert {path.stem for path in DIRECTORY.glob("checks/*.toml")} == set(policy.names())
