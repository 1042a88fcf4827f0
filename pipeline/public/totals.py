"""The totals of internal checks that a policy chose to show, as the public store keeps them.

Numbers and the checks' own words: the table has no column in which anything else could stand.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import msgspec

from pipeline.model import Total

#: A store of any age gets the table when it is next written.
SCHEMA = """
CREATE TABLE IF NOT EXISTS total (
  agency TEXT NOT NULL,
  "check" TEXT NOT NULL,
  title TEXT NOT NULL,
  article TEXT NOT NULL,
  year INTEGER NOT NULL,
  assessed INTEGER,
  fulfilled INTEGER,
  not_assessable INTEGER,
  PRIMARY KEY (agency, "check", year)
) STRICT, WITHOUT ROWID;
"""


def replace(connection: sqlite3.Connection, found: Iterable[Total]) -> None:
    """Make ``found`` all totals of the store, within the caller's transaction."""
    connection.execute("DELETE FROM total")
    connection.executemany(
        "INSERT INTO total VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (msgspec.structs.astuple(one) for one in found),
    )


def read(path: Path) -> list[Total]:
    """All totals by agency, check and year; none in a store older than the table."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'total'").fetchone():
            return []
        rows = connection.execute("SELECT * FROM total ORDER BY 1, 2, 5").fetchall()
    names = Total.__struct_fields__
    return [Total(**dict(zip(names, row, strict=True))) for row in rows]
