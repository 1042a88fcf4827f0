"""Personal values are kept no longer than they are needed (个人信息保护法第十九条、第四十七条).

Some time after a decision came down for good – expired, or a notice – what its row said is
forgotten: the row, its redaction, its document, its rulings, the notes about it. Its
identity, its days, its hash and its history stay, so that the same row exported again is
known and is not published anew. An objection that is not answered yet keeps its decision.

The time runs from the day on which a run noted the end (``ended``), not from the date
the law computes: one run with a mistyped day forgets nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.events import State
from pipeline.policy import Policy
from pipeline.restricted import counted, objections
from pipeline.restricted.assess import Assessment, facts, withdrawal
from pipeline.restricted.frozen import stored
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.raw import Origin, RawDecision, Secret

_ENDED, _RESUMED = "ended", "resumed"
_FINAL = frozenset({State.EXPIRED, State.WITHDRAWN})

#: Dates without which the days of what is left could not be told.
_DATES = ("decided_on", "formed_on", "published_on")

#: Tables that keep their lines. From any other that has a column ``slug`` they are deleted:
#: a table that is added tomorrow is forgotten with the row until someone decides otherwise.
KEPT = frozenset({"decision", "approval", "withdrawal", "history", "objection"})


def purge(
    ledger: Ledger, assessments: Iterable[Assessment], agencies: Mapping[str, Agency], today: date
) -> int:
    """Note what has ended, and forget what ended long enough ago; how many were forgotten."""
    judged = [one for one in assessments if not one.kept.purged_on]
    _note(ledger, judged, today)
    ended = _ended(ledger)
    needed = {one.slug for one in objections.read(ledger) if not one.answered}
    due = [
        one
        for one in judged
        if one.state in _FINAL
        and one.kept.slug not in needed
        and today >= ended[one.kept.slug] + _retention(agencies[one.kept.raw.agency])
    ]
    if due:
        with ledger.recording() as db:
            for one in due:
                counted.remember(db, one)
                _forget(ledger, db, one, agencies[one.kept.raw.agency], today)
        ledger.scrub()
    return len(due)


def _retention(agency: Agency) -> timedelta:
    return timedelta(days=policy.load(agency.policy).retention.days)


def _ended(ledger: Ledger) -> dict[str, date]:
    """Since when each decision that came down for good has been down."""
    last = {found: (act, day) for day, act, found, _ in ledger.lines(_ENDED, _RESUMED)}
    return {found: day for found, (act, day) in last.items() if act == _ENDED}


def _note(ledger: Ledger, judged: Iterable[Assessment], today: date) -> None:
    known = _ended(ledger)
    final = {one.kept.slug: one.state in _FINAL for one in judged}
    ledger.note(_ENDED, {s: "" for s, over in final.items() if over and s not in known}, today)
    ledger.note(_RESUMED, {s: "" for s, over in final.items() if not over and s in known}, today)


def _forget(
    ledger: Ledger, db: sqlite3.Connection, one: Assessment, agency: Agency, today: date
) -> None:
    found, notice = one.kept.slug, withdrawal(one.kept)
    if notice and not one.kept.withdrawal:
        # What the export told of the end is kept as if a person had recorded it.
        row = (found, notice.on.isoformat(), notice.reason, "导出数据", notice.on.isoformat())
        db.execute("INSERT INTO withdrawal VALUES (?, ?, ?, ?, ?, ?)", (*row, notice.successor))
    bare = stored(_bare(one, policy.load(agency.policy)))
    db.execute(
        "UPDATE decision SET raw = ?, purged_on = ? WHERE slug = ?",
        (bare, today.isoformat(), found),
    )
    db.execute("UPDATE approval SET note = '' WHERE slug = ?", (found,))
    db.execute(
        "UPDATE objection SET objector = '', about = '（已清除）', answer = '' WHERE slug = ?",
        (found,),
    )
    for table in tables_of_a_decision(db):
        db.execute(f"DELETE FROM {table} WHERE slug = ?", (found,))  # noqa: S608
    ledger.append(today, "purge", found, one.kept.digest)


def tables_of_a_decision(db: sqlite3.Connection) -> list[str]:
    """The tables whose lines about a decision are forgotten with it."""
    query = """SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c
               WHERE m.type = 'table' AND c.name = 'slug' ORDER BY 1"""
    return [name for (name,) in db.execute(query) if name not in KEPT]


def _bare(one: Assessment, rules: Policy) -> RawDecision:
    """What is left of a row: who decided when, and its number as it was shown."""
    raw, number = one.kept.raw, one.redacted.decision.number
    values = {key: raw.values[key] for key in _DATES if raw.text(key)}
    if facts(one.kept, rules).clean_spot_check:  # its deadline is another one
        spot = rules.spot_check
        values["case_name"] = Secret(spot.named[0], "case_name")
        values["inspection_result"] = Secret(spot.clean[0], "inspection_result")
    values["number"] = Secret(number, "number")
    return replace(raw, number=number, values=values, origin=Origin("", "", 0))
