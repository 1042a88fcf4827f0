"""The kinds of rules: each takes a check and a frame and gives one outcome a row.

A missing column makes a row not assessable, never passed; an empty cell that the rule
starts from makes it out of scope. :func:`judge` is the one entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipeline.calendar import Calendar
from pipeline.policy import Policy
from pipeline.restricted.comply import like, terms, validity
from pipeline.restricted.comply.checks import Check, Condition
from pipeline.restricted.comply.frame import NONE, Bools, Frame, people

Outcomes = npt.NDArray[np.int8]
PASSED, FAILED, UNKNOWN, OUT = np.int8(0), np.int8(1), np.int8(2), np.int8(3)


@dataclass(frozen=True)
class World:
    """What the rules may look at beside the row: the side tables of the same agency, the day."""

    policy: Policy
    calendar: Calendar
    today: date
    tables: Mapping[str, Frame] = field(default_factory=dict)


class Judged(NamedTuple):
    """One outcome a row, and what can be told about a row beside its own values."""

    outcomes: Outcomes
    tell: Callable[[int], str]


def judge(check: Check, frame: Frame, world: World) -> Judged:
    """Apply a check to every row of a frame."""
    outcomes, tell = _RULES[check.rule](check, frame, world)
    applies, unsure = _scope(check, frame)
    outcomes = np.where(applies, outcomes, np.where(unsure, UNKNOWN, OUT))
    return Judged(outcomes, tell)


def _scope(check: Check, frame: Frame) -> tuple[Bools, Bools]:
    """Where a check applies, and where nobody can tell because a column is missing."""
    applies, unsure = np.ones(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool)
    if check.when:
        applies, unsure = _any_holds(check.when, frame)
    if check.unless:
        freed, unclear = _any_holds(check.unless, frame)
        unsure = (unsure & ~freed) | (applies & unclear)
        applies = applies & ~freed & ~unclear
    if check.over == "case":
        kinds = {kind.value for kind in check.kinds}
        within = frame.tests("kind", f"in {sorted(kinds)}", kinds.__contains__)
        applies, unsure = applies & within, unsure & within
    return applies, unsure


def _any_holds(conditions: Iterable[Condition], frame: Frame) -> tuple[Bools, Bools]:
    parts = [holds_for(condition, frame) for condition in conditions]
    holds = _any(one for one, _ in parts)
    return holds, ~holds & _any(unsure for _, unsure in parts)


def holds_for(condition: Condition, frame: Frame) -> tuple[Bools, Bools]:
    """Where a condition holds, and where its column is missing."""
    holds = np.ones(len(frame), dtype=bool)
    if condition.party_types:
        wanted = {kind.value for kind in condition.party_types}
        holds = holds & frame.tests("party_type", f"in {sorted(wanted)}", wanted.__contains__)
    key = condition.field
    if not key:
        return holds, np.zeros(len(frame), dtype=bool)
    unsure = holds & ~frame.there(key)
    if condition.any_of:
        holds = holds & frame.tests(key, f"is {condition.any_of}", condition.any_of.__contains__)
    if condition.contains:
        holds = holds & _contains(frame, key, condition.contains)
    with np.errstate(invalid="ignore"):
        if condition.least is not None:
            holds = holds & (frame.numbers(key) >= condition.least)
        if condition.below is not None:
            holds = holds & (frame.numbers(key) < condition.below)
    if condition.filled is not None:
        holds = holds & (frame.filled(key) == condition.filled)
    return holds & ~unsure, unsure


def _contains(frame: Frame, key: str, words: tuple[str, ...]) -> Bools:
    return frame.tests(key, f"has {words}", lambda text: any(word in text for word in words))


def _nothing(_row: int) -> str:
    return ""


def _settled(good: Bools, unknown: Bools | None = None, out: Bools | None = None) -> Outcomes:
    """Passed or failed; where ``unknown`` or ``out`` holds, that instead (out goes first)."""
    outcomes = np.where(good, PASSED, FAILED)
    if unknown is not None:
        outcomes = np.where(unknown, UNKNOWN, outcomes)
    return outcomes if out is None else np.where(out, OUT, outcomes)


def _any(parts: Iterable[Bools]) -> Bools:
    return reduce(np.logical_or, parts)


def _absent_column(check: Check, frame: Frame) -> Bools:
    return _any(~frame.there(key) for key in check.fields)


def _present(check: Check, frame: Frame, _world: World) -> Judged:
    good = ~_any(~frame.filled(key) for key in check.fields)
    return Judged(_settled(good, _absent_column(check, frame)), _nothing)


def _empty(check: Check, frame: Frame, _world: World) -> Judged:
    good = ~_any(frame.filled(key) for key in check.fields)
    return Judged(_settled(good, _absent_column(check, frame)), _nothing)


def _absent(check: Check, frame: Frame, _world: World) -> Judged:
    """None of the phrases stands in any of the fields; those a row lacks do not matter."""
    bad = _any(_contains(frame, key, check.values) for key in check.fields)
    unknown = ~_any(frame.there(key) for key in check.fields)
    return Judged(_settled(~bad, unknown), _nothing)


def _one_of(check: Check, frame: Frame, _world: World) -> Judged:
    (key,) = check.fields
    good = frame.tests(key, f"is {check.values}", lambda text: text.strip() in check.values)
    return Judged(
        _settled(good, ~frame.there(key), frame.there(key) & ~frame.filled(key)), _nothing
    )


def _lists(check: Check, frame: Frame, _world: World) -> Judged:
    """The field mentions every one of the values."""
    (key,) = check.fields
    good = frame.tests(
        key, f"all {check.values}", lambda text: all(word in text for word in check.values)
    )
    return Judged(_settled(good, ~frame.there(key)), _nothing)


def _count(check: Check, frame: Frame, _world: World) -> Judged:
    """At least ``limit`` different names in the fields together."""
    names = [frame.texts(key) for key in check.fields]
    known: dict[tuple[str, ...], int] = {}
    found = np.empty(len(frame), dtype=np.int64)
    for row, cells in enumerate(zip(*names, strict=True)):
        if cells not in known:
            known[cells] = len(frozenset[str]().union(*map(people, cells)))
        found[row] = known[cells]
    good = found >= (check.limit or 0)
    return Judged(_settled(good, ~good & _absent_column(check, frame)), _nothing)


def _differ(check: Check, frame: Frame, _world: World) -> Judged:
    """Nobody of the first field is named in any of the others."""
    first, *others = (frame.texts(key) for key in check.fields)
    good = np.fromiter(
        (
            not (people(one) & frozenset[str]().union(*map(people, rest)))
            for one, *rest in zip(first, *others, strict=True)
        ),
        dtype=bool,
        count=len(frame),
    )
    key = check.fields[0]
    nobody = ~_any(frame.there(other) for other in check.fields[1:])
    out = frame.there(key) & ~frame.filled(key)
    return Judged(_settled(good, good & (~frame.there(key) | nobody), out), _nothing)


def _equal(check: Check, frame: Frame, _world: World) -> Judged:
    first, second = (frame.numbers(key) for key in check.fields)
    unknown = _absent_column(check, frame)
    return Judged(_settled(first == second, unknown), _nothing)


def _measured(check: Check, frame: Frame) -> tuple[npt.NDArray[np.float64], Bools]:
    """A number, or the share that the first is of the second; and where it cannot be had."""
    value = frame.numbers(check.fields[0])
    if len(check.fields) == 2:
        whole = frame.numbers(check.fields[1])
        value = np.divide(value, whole, out=np.full(len(frame), np.nan), where=whole > 0)
    return value, _absent_column(check, frame) | np.isnan(value)


def _at_least(check: Check, frame: Frame, _world: World) -> Judged:
    value, unknown = _measured(check, frame)
    with np.errstate(invalid="ignore"):
        return Judged(_settled(value >= (check.limit or 0), unknown), _nothing)


def _at_most(check: Check, frame: Frame, _world: World) -> Judged:
    value, unknown = _measured(check, frame)
    with np.errstate(invalid="ignore"):
        return Judged(_settled(value <= (check.limit or 0), unknown), _nothing)


def _order(check: Check, frame: Frame, _world: World) -> Judged:
    """The first day is not after the second."""
    first, second = (frame.days(key) for key in check.fields)
    empty = _any(frame.there(key) & ~frame.filled(key) for key in check.fields)
    unread = (first == NONE) | (second == NONE)
    return Judged(
        _settled(first <= second, unread, empty & ~_absent_column(check, frame)), _nothing
    )


def _meets_any(check: Check, frame: Frame, _world: World) -> Judged:
    """At least one of the alternatives holds."""
    good, unsure = _any_holds(check.alternatives, frame)
    return Judged(_settled(good, unsure), _nothing)


def _found_in(check: Check, frame: Frame, world: World) -> Judged:
    """What the field names stands in a column of a side table."""
    (key,) = check.fields
    table = world.tables.get(check.table)
    out = frame.there(key) & ~frame.filled(key)
    if table is None or not table.there(check.column).any():
        return Judged(_settled(out, ~out, out), _nothing)
    known = frozenset(table.texts(check.column))
    good = frame.tests(key, f"in {check.table}", lambda text: people(text) <= known)
    return Judged(_settled(good, ~frame.there(key), out), _nothing)


def _within(check: Check, frame: Frame, world: World) -> Judged:
    due = terms.due(check, frame, world.policy, world.calendar)
    ended = due.ended
    running = ~ended & (due.until >= due.now(world.today))
    out = due.not_begun | (running & ~due.unknown)
    good = ended & (due.end <= due.until)
    return Judged(_settled(good, due.unknown, out), due.tell)


def _not_before(check: Check, frame: Frame, world: World) -> Judged:
    """What ended did not end before its term was over."""
    due = terms.kept_until(check, frame)
    out = due.not_begun | (~due.ended & ~due.unknown)
    return Judged(_settled(due.end >= due.until, due.unknown, out), due.tell)


def _valid_on(check: Check, frame: Frame, world: World) -> Judged:
    good, unknown, out, tell = validity.standing(check, frame, world.tables)
    return Judged(_settled(good, unknown, out), tell)


def _like(check: Check, frame: Frame, _world: World) -> Judged:
    good, unknown, out, tell = like.compared(check, frame)
    return Judged(_settled(good, unknown, out), tell)


_RULES: dict[str, Callable[[Check, Frame, World], Judged]] = {
    "absent": _absent,
    "any": _meets_any,
    "at_least": _at_least,
    "at_most": _at_most,
    "count": _count,
    "differ": _differ,
    "empty": _empty,
    "equal": _equal,
    "found_in": _found_in,
    "like": _like,
    "lists": _lists,
    "not_before": _not_before,
    "one_of": _one_of,
    "order": _order,
    "present": _present,
    "valid_on": _valid_on,
    "within": _within,
}
