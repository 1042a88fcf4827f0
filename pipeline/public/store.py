"""The public store: the one database that Pelican's process opens.

It holds only what may be read today. The run replaces its content as a whole in
one transaction; an entry that is gone is overwritten on disk (``secure_delete``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec

from pipeline.model import Entry, Gone, Timeliness

T = TypeVar("T")

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


def write(
    path: Path,
    entries: Iterable[Entry],
    *,
    today: date,
    gone: Sequence[Gone] = (),
    timeliness: Sequence[Timeliness] = (),
) -> None:
    """Make ``entries`` the whole content of the store at ``path``, in one transaction.

    ``today`` is the day (Asia/Shanghai) the entries were judged public on; ``gone`` names
    what was public before, ``timeliness`` counts what was published in time.
    """
    notes = {
        "today": today.isoformat(),
        "gone": _encode(gone).decode(),
        "timeliness": _encode(timeliness).decode(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(_connect(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM entry")
        connection.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", (_row(entry) for entry in entries)
        )
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", notes.items())
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
    return date.fromisoformat(_note(path, "today"))


def gone(path: Path) -> list[Gone]:
    """What was public once and is not any more."""
    return _notes(path, "gone", Gone)


def timeliness(path: Path) -> list[Timeliness]:
    """How many decisions were published in time, by agency, kind and month."""
    return _notes(path, "timeliness", Timeliness)


def _notes(path: Path, key: str, of: type[T]) -> list[T]:
    return msgspec.json.decode(_note(path, key) or "[]", type=list[of])  # type: ignore[valid-type]


def _note(path: Path, key: str) -> str:
    """A value beside the entries; "" in a store that is older than the question."""
    with closing(_open_read_only(path)) as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def _open_read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
