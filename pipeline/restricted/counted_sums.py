"""What forgotten decisions added to the yearly figures: sums by month, no decision named."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

#: ``what``: an amount (in 分) or a kind of penalty (a number of times).
SCHEMA = """
CREATE TABLE counted (
  agency TEXT NOT NULL,
  kind TEXT NOT NULL,
  month TEXT NOT NULL,
  what TEXT NOT NULL,
  sum INTEGER NOT NULL,
  PRIMARY KEY (agency, kind, month, what)
) STRICT, WITHOUT ROWID;
"""

Place = tuple[str, str, str]


def add(db: sqlite3.Connection, place: Place, sums: Mapping[str, int]) -> None:
    """Add ``sums`` to what is kept for an agency, a kind and a month."""
    db.executemany(
        """INSERT INTO counted VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET sum = sum + excluded.sum""",
        ((*place, what, number) for what, number in sorted(sums.items())),
    )


def read(rows: Iterable[tuple[str, str, str, str, int]]) -> dict[Place, dict[str, int]]:
    """The rows of the table by agency, kind and month."""
    found: dict[Place, dict[str, int]] = {}
    for agency, kind, month, what, number in rows:
        found.setdefault((agency, kind, month), {})[what] = number
    return found
