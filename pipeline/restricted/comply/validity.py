"""Whether an officer's certificate stood on the day: listed, in date, not taken away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from pipeline.restricted.comply.checks import Check
from pipeline.restricted.comply.frame import NONE, Bools, Frame, people

_TAKEN = {"suspension": ("暂扣",), "withdrawal": ("收回", "注销", "撤销", "吊销")}


class _Event(NamedTuple):
    what: str
    since: int
    until: int


class _Card(NamedTuple):
    valid_to: int
    events: tuple[_Event, ...]


Standing = tuple[Bools, Bools, Bools, Callable[[int], str]]


def standing(check: Check, frame: Frame, tables: Mapping[str, Frame]) -> Standing:
    """By row: in order, not known, out of scope, and which certificate is meant.

    The last of the check's fields is the day, those before it hold certificate numbers.
    """
    *keys, day_key = check.fields
    days = frame.days(day_key)
    cards = _cards(tables, int(check.limit or 0))
    known: dict[tuple[str, int], bool | None] = {}
    good, unknown = np.ones(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool)
    somebody = np.zeros(len(frame), dtype=bool)
    for key in keys:
        unknown |= ~frame.there(key)
        somebody |= frame.filled(key)
        for row, pair in enumerate(zip(frame.texts(key), days.tolist(), strict=True)):
            if not pair[0] or pair[1] == NONE:
                continue
            if pair not in known:
                known[pair] = _stands(check.about, cards, *pair)
            good[row] &= known[pair] is not False
            unknown[row] |= known[pair] is None
    unknown &= good

    def tell(row: int) -> str:
        day = int(days[row])
        found = sorted(
            number
            for key in keys
            for number in people(frame.cell(key, row))
            if known.get((frame.cell(key, row), day)) is False
            and _stands(check.about, cards, number, day) is False
        )
        return f"证件号：{'、'.join(found)}" if found else ""

    return good, unknown, ~unknown & ~somebody, tell


def _stands(about: str, cards: Mapping[str, _Card] | None, numbers: str, day: int) -> bool | None:
    if cards is None:
        return None
    if about == "listed":
        return people(numbers) <= cards.keys()
    found = [cards.get(number) for number in people(numbers)]
    if about == "expiry":
        if any(card and NONE != card.valid_to < day for card in found):
            return False
        return None if any(card is None or card.valid_to == NONE for card in found) else True
    taken = _TAKEN[about]
    events = [event for card in found if card for event in card.events]
    return not any(e.what in taken and e.since <= day <= e.until for e in events)


def _cards(tables: Mapping[str, Frame], suspended_days: int) -> dict[str, _Card] | None:
    """The roster and what happened to its certificates; None without a roster."""
    roster, told = tables.get("officers"), tables.get("certificates")
    if roster is None or not len(roster):
        return None
    events: defaultdict[str, list[_Event]] = defaultdict(list)
    for table, state in ((roster, "state"), (told, "event")):
        if table is not None:
            _add_events(events, table, state, suspended_days)
    cards = {
        number: _Card(valid_to, tuple(events[number]))
        for number, valid_to in zip(
            roster.texts("certificate"), roster.days("valid_to").tolist(), strict=True
        )
        if number
    }
    for number, found in events.items():
        cards.setdefault(number, _Card(NONE, tuple(found)))
    return cards


def _add_events(
    events: defaultdict[str, list[_Event]], table: Frame, state: str, suspended_days: int
) -> None:
    columns = (
        table.texts("certificate"),
        table.texts(state),
        table.days("since").tolist(),
        table.days("until").tolist(),
    )
    for number, what, since, until in zip(*columns, strict=True):
        if not number or what not in (*_TAKEN["suspension"], *_TAKEN["withdrawal"]):
            continue
        begin = 0 if since == NONE else since
        if until == NONE and what in _TAKEN["suspension"] and suspended_days and since != NONE:
            until = since + suspended_days
        events[number].append(_Event(what, begin, date.max.toordinal() if until == NONE else until))
