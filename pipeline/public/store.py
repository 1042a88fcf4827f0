"""The public store: the one database that Pelican's process opens.

It holds only what may be read today. The run replaces its content as a whole in
one transaction; an entry that is gone is overwritten on disk (``secure_delete``). Beside
each entry stand the parts of pages that were rendered from it (``press/shelf.py``), and a
sequence of all changes, so that a build follows what changed since the one before.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from pipeline.model import Entry, Gone, Tally, Timeliness, Total
from pipeline.public import totals as _totals

T = TypeVar("T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
  slug TEXT PRIMARY KEY,
  agency TEXT NOT NULL,
  kind TEXT NOT NULL,
  decided_on TEXT NOT NULL,
  number TEXT NOT NULL,
  body BLOB NOT NULL,
  digest BLOB NOT NULL,
  names TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entry_order ON entry (decided_on, number, slug, agency, digest, names);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS press (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  grounds BLOB NOT NULL,
  mark INTEGER NOT NULL,
  chain BLOB NOT NULL
) STRICT;
INSERT OR IGNORE INTO press VALUES (1, x'', 0, x'');
"""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Entry).decode


class Press(NamedTuple):
    """How far a store's parts go: what they depend on, the last change, the chain to it.

    ``grounds`` is empty while entries stand in the store whose parts were not rendered. The
    chain is a hash over all changes: stores with the same one went through the same changes.
    """

    grounds: bytes
    mark: int
    chain: bytes


def press(connection: sqlite3.Connection) -> Press:
    """Where the change sequence of an open store stands; at its start for an old store."""
    try:
        return Press(*connection.execute("SELECT grounds, mark, chain FROM press").fetchone())
    except sqlite3.OperationalError:
        return Press(b"", 0, b"")


def connect(path: Path) -> sqlite3.Connection:
    """Open a store for writing, brought up to this version."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA page_size = 16384")  # the parts of a page are larger than 4096
    connection.execute("PRAGMA secure_delete = ON")
    columns = {name for _, name, *_ in connection.execute("PRAGMA table_info (entry)")}
    outgrown: list[bytes] = []
    if columns and "digest" not in columns:
        outgrown = [body for (body,) in connection.execute("SELECT body FROM entry")]
        connection.execute("DROP TABLE entry")
    connection.executescript(_SCHEMA + _totals.SCHEMA)
    if outgrown:
        _replace(connection, map(_decode, outgrown))
    return connection


def write(
    path: Path,
    entries: Iterable[Entry],
    *,
    today: date,
    gone: Sequence[Gone] = (),
    timeliness: Sequence[Timeliness] = (),
    totals: Sequence[Total] = (),
    tallies: Sequence[Tally] = (),
) -> None:
    """Make ``entries`` the whole content of the store at ``path``, in one transaction.

    ``today`` is the day (Asia/Shanghai) the entries were judged public on; ``gone`` names
    what was public before, ``timeliness`` counts what was published in time,
    ``totals`` how the internal checks went that a policy chose to show; ``tallies`` count
    all that was ever public.
    """
    notes = {
        "today": today.isoformat(),
        "gone": _encode(gone).decode(),
        "timeliness": _encode(timeliness).decode(),
        "tallies": _encode(tallies).decode(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(connect(path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        if _replace(connection, entries):
            connection.execute("UPDATE press SET grounds = x''")
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", notes.items())
        _totals.replace(connection, totals)
        connection.execute("COMMIT")


def _replace(connection: sqlite3.Connection, entries: Iterable[Entry]) -> int:
    """Make these the store's entries; only what differs is written. How many rows that were."""
    known = dict(connection.execute("SELECT slug, digest FROM entry"))
    before = connection.total_changes
    for entry in entries:
        row = _row(entry)
        if known.pop(row[0], None) != row[-2]:
            connection.execute("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    connection.executemany("DELETE FROM entry WHERE slug = ?", ((slug,) for slug in known))
    return connection.total_changes - before


def _row(entry: Entry) -> tuple[str, str, str, str, str, bytes, bytes, str]:
    decision = entry.decision
    body = _encode(entry)
    if _NUL in body:  # means nothing in a text, and slots of templates are marked with it
        entry = msgspec.convert(_without_nul(msgspec.to_builtins(entry)), Entry)
        decision, body = entry.decision, _encode(entry)
    successor = entry.withdrawal.successor if entry.withdrawal else ""
    return (
        decision.slug,
        decision.agency,
        decision.kind.value,
        decision.decided_on.isoformat(),
        decision.number,
        body,
        hashlib.blake2b(body, digest_size=16).digest(),
        " ".join((successor,) if entry.withdrawal else entry.replaces),
    )


_NUL = b"\\u0000"


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {key: _without_nul(one) for key, one in value.items()}
    return value


def read(path: Path) -> Iterator[Entry]:
    """All entries, oldest decision first (then number, slug): the order lists count from."""
    with closing(open_read_only(path)) as connection:
        rows = connection.execute("SELECT body FROM entry ORDER BY decided_on, number, slug")
        for (body,) in rows:
            yield _decode(body)


def numbers(path: Path) -> dict[str, str]:
    """The document number of every entry, by slug, in the order of :func:`read`."""
    asked = "SELECT slug, number FROM entry ORDER BY decided_on, number, slug"
    with closing(open_read_only(path)) as connection:
        return dict(connection.execute(asked))


def digests(connection: sqlite3.Connection) -> Iterator[tuple[str, str, bytes]]:
    """Slug and agency of every entry of an open store, and the digest of all it says of it."""
    return connection.execute("SELECT slug, agency, digest FROM entry")


def only(path: Path, slugs: Iterable[str]) -> Iterator[Entry]:
    """These entries, in the order asked for."""
    with closing(open_read_only(path)) as connection:
        yield from entries(connection, slugs)


def entries(connection: sqlite3.Connection, slugs: Iterable[str]) -> Iterator[Entry]:
    """The same of an open store."""
    for slug in slugs:
        row = connection.execute("SELECT body FROM entry WHERE slug = ?", (slug,)).fetchone()
        yield _decode(row[0])


def day(path: Path) -> date:
    """The day the store's entries were judged public on."""
    return date.fromisoformat(_note(path, "today"))


def gone(path: Path) -> list[Gone]:
    """What was public once and is not any more."""
    return _notes(path, "gone", Gone)


def timeliness(path: Path) -> list[Timeliness]:
    """How many decisions were published in time, by agency, kind and month."""
    return _notes(path, "timeliness", Timeliness)


def totals(path: Path) -> list[Total]:
    """How the internal checks went that a policy chose to show, by agency, check and year."""
    return _totals.read(path)


def tallies(path: Path) -> list[Tally]:
    """What was ever public, counted by agency, kind and month."""
    return _notes(path, "tallies", Tally)


def _notes(path: Path, key: str, of: type[T]) -> list[T]:
    return msgspec.json.decode(_note(path, key) or "[]", type=list[of])  # type: ignore[valid-type]


def _note(path: Path, key: str) -> str:
    """A value beside the entries; "" in a store that is older than the question."""
    with closing(open_read_only(path)) as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return row[0] if row else ""


def open_read_only(path: Path) -> sqlite3.Connection:
    """Open a store for reading."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
