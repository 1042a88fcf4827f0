"""The public store: the one database that Pelican's process opens.

It holds only what may be read today. The run replaces its content as a whole in
one transaction; an entry that is gone is overwritten on disk (``secure_delete``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec

from pipeline.model import Entry

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
  slug TEXT PRIMARY KEY,
  agency TEXT NOT NULL,
  kind TEXT NOT NULL,
  decided_on TEXT NOT NULL,
  number TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entry_order ON entry (decided_on, number, slug);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Entry).decode


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA secure_delete = ON")
    connection.executescript(_SCHEMA)
    return connection


def write(path: Path, entries: Iterable[Entry], *, today: date) -> None:
    """Make ``entries`` the whole content of the store at ``path``, in one transaction.

    ``today`` is the day (Asia/Shanghai) the entries were judged public on.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(_connect(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM entry")
        connection.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", (_row(entry) for entry in entries)
        )
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('today', ?)", (today.isoformat(),))
        connection.execute("COMMIT")


def _row(entry: Entry) -> tuple[str, str, str, str, str, bytes]:
    decision = entry.decision
    return (
        decision.slug,
        decision.agency,
        decision.kind.value,
        decision.decided_on.isoformat(),
        decision.number,
        _encode(entry),
    )


def read(path: Path) -> Iterator[Entry]:
    """All entries, oldest decision first (then number, slug): the order lists count from."""
    with closing(_open_read_only(path)) as connection:
        rows = connection.execute("SELECT body FROM entry ORDER BY decided_on, number, slug")
        for (body,) in rows:
            yield _decode(body)


def day(path: Path) -> date:
    """The day the store's entries were judged public on."""
    with closing(_open_read_only(path)) as connection:
        (value,) = connection.execute("SELECT value FROM meta WHERE key = 'today'").fetchone()
    return date.fromisoformat(value)


def _open_read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
