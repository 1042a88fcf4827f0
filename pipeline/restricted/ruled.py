"""Reviewers' rulings as the ledger keeps them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date

from pipeline.restricted.rulings import Ruling

#: The rulings, and who signed an approval as the second.
SCHEMA = """
CREATE TABLE ruling (
  slug TEXT NOT NULL REFERENCES decision (slug) ON DELETE CASCADE,
  field TEXT NOT NULL,
  first INTEGER NOT NULL,
  after INTEGER NOT NULL CHECK (after > first),
  act TEXT NOT NULL CHECK (act IN ('confirm', 'mask', 'show')),
  kind TEXT NOT NULL,
  bound TEXT NOT NULL,
  reviewer TEXT NOT NULL CHECK (reviewer <> ''),
  day TEXT NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (slug, field, first, after, bound)
) STRICT;
ALTER TABLE approval ADD COLUMN second TEXT NOT NULL DEFAULT '';
ALTER TABLE approval ADD COLUMN second_day TEXT NOT NULL DEFAULT '';
"""


def read(db: sqlite3.Connection) -> dict[str, list[Ruling]]:
    """All rulings by slug, in the order of their places."""
    found: dict[str, list[Ruling]] = {}
    rows = db.execute(
        """SELECT slug, field, first, after, act, kind, bound, reviewer, day, word
           FROM ruling ORDER BY slug, field, first, after, bound"""
    )
    for slug, field, first, after, act, kind, bound, reviewer, day, word in rows:
        found.setdefault(slug, []).append(
            Ruling(
                field, first, after, act, kind, bound, reviewer, date.fromisoformat(day), text=word
            )
        )
    return found


def write(
    db: sqlite3.Connection, slug: str, new: Iterable[Ruling], gone: Iterable[Ruling]
) -> list[tuple[date, str]]:
    """Record ``new`` and take back ``gone``; the days and details of the history lines.

    The lines name places, never words.
    """
    for old in gone:
        db.execute(
            "DELETE FROM ruling WHERE slug = ? AND field = ? AND first = ? AND after = ?"
            " AND bound = ?",
            (slug, old.field, old.start, old.end, old.bound),
        )
    lines = []
    for r in new:
        db.execute(
            "INSERT OR REPLACE INTO ruling VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(slug, r.field, r.start, r.end, r.act, r.kind),
                *(r.bound, r.reviewer, r.day.isoformat(), r.text),
            ),
        )
        lines.append((r.day, f"{r.reviewer} {r.act} {r.kind} {r.field}:{r.start}-{r.end}"))
    return lines
