"""Objections to what is published (R057, R058): recorded, answered with reasons, kept private.

Who objected and what they wrote never leave the private folder. A policy may let the
page say that an objection is under examination; it never says whose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.calendar import Calendar, Day
from pipeline.errors import ConfigurationError
from pipeline.policy import Period
from pipeline.restricted.raw import Secret

if TYPE_CHECKING:  # the ledger makes this module's table
    from pipeline.restricted.ledger import Ledger

#: The table beside the decisions; the texts are emptied when their decision is purged.
SCHEMA = """
CREATE TABLE objection (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  slug TEXT NOT NULL REFERENCES decision (slug),
  received TEXT NOT NULL,
  objector TEXT NOT NULL,
  about TEXT NOT NULL CHECK (about <> ''),
  person TEXT NOT NULL CHECK (person <> ''),
  answered TEXT,
  outcome TEXT,
  answer TEXT,
  answered_by TEXT,
  CHECK ((answered IS NULL) = (outcome IS NULL)),
  CHECK ((answered IS NULL) = (answer IS NULL)),
  CHECK ((answered IS NULL) = (answered_by IS NULL))
) STRICT;
CREATE INDEX objection_of ON objection (slug);
"""

OUTCOMES = {
    "corrected": "属实，已更正",
    "taken_down": "属实，已撤下",
    "unfounded": "不属实，不予更正",
    "elsewhere": "不属本机关职责，已告知向谁提出",
}


class Objection(NamedTuple):
    """One objection. ``objector``, ``about`` and ``answer`` are private."""

    id: int
    slug: str
    received: date
    objector: Secret
    about: Secret
    answered: date | None
    outcome: str
    answer: Secret


def record(
    ledger: Ledger, slug: str, *, objector: str, about: str, person: str, received: date
) -> int:
    """Take an objection in; its number."""
    if not about or not person:
        raise ConfigurationError(["异议内容和经办人姓名不能为空。"])
    with ledger.recording() as db:
        row = (slug, received.isoformat(), objector, about, person)
        insert = "INSERT INTO objection (slug, received, objector, about, person)"
        done = db.execute(f"{insert} VALUES (?, ?, ?, ?, ?)", row)
        number = int(done.lastrowid or 0)
        ledger.append(received, "objection", slug, f"{number} {person}")
    return number


def answer(
    ledger: Ledger, number: int, *, outcome: str, told: str, person: str, day: date
) -> Objection:
    """Record the answer; an unfounded objection is answered with reasons too (R058)."""
    known = {one.id: one for one in read(ledger)}
    if number not in known:
        raise ConfigurationError([f"没有编号为 {number} 的异议；用 objection list 查看编号。"])
    one = known[number]
    if one.answered:
        raise ConfigurationError([f"{number} 号异议已于 {one.answered} 答复，不能改写。"])
    if day < one.received:
        raise ConfigurationError([f"答复日不能早于收到日 {one.received}。"])
    if not told or not person:
        raise ConfigurationError(["答复内容（理由）和经办人姓名不能为空。"])
    with ledger.recording() as db:
        db.execute(
            """UPDATE objection SET answered = ?, outcome = ?, answer = ?, answered_by = ?
               WHERE id = ?""",
            (day.isoformat(), outcome, told, person, number),
        )
        ledger.append(day, "answer", one.slug, f"{number} {outcome} {person}")
    return one


def read(ledger: Ledger) -> list[Objection]:
    """All objections, in the order in which they were recorded."""
    rows = ledger.ask(
        """SELECT id, slug, received, objector, about, answered, outcome, answer
           FROM objection ORDER BY id"""
    )
    return [
        Objection(
            number,
            slug,
            date.fromisoformat(received),
            Secret(objector, "objector"),
            Secret(about, "objection"),
            date.fromisoformat(answered) if answered else None,
            outcome or "",
            Secret(told or "", "objection"),
        )
        for number, slug, received, objector, about, answered, outcome, told in rows
    ]


def due(one: Objection, rules: policy.Objection, calendar: Calendar) -> Day | None:
    """The last day of the answer, or None where the rules say only 及时."""
    if rules.days is None:
        return None
    period = Period(days=rules.days, unit=rules.unit, source=rules.source)
    return calendar.after(one.received, period)


def contested(found: Iterable[Objection], agencies: Mapping[str, Agency]) -> frozenset[str]:
    """The decisions whose page says that an objection is open, where the policy wants it."""
    told = {slug for slug, a in agencies.items() if policy.load(a.policy).objection.noted}
    return frozenset(
        one.slug for one in found if not one.answered and one.slug.rsplit("-", 2)[0] in told
    )
