"""The parts of all decisions, in the public store beside them, and what changed when.

Each change gets the next number of a sequence. ``line.mark`` is the change that last
touched what lists show of a decision, ``line.page`` the one that last touched its page,
which names its neighbours too. What left is in ``departed``, by address alone. The chain
is a hash over all changes: two stores with the same chain went through the same ones.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from pathlib import Path

import msgspec

from pipeline.model import Entry
from pipeline.progress import SILENT, Steps
from pipeline.public import decisions, store
from pipeline.public.decisions import Line
from pipeline.public.downloads import double
from pipeline.public.downloads.lines import Bodies
from pipeline.public.press.parts import Setter

SCHEMA = """
CREATE TABLE IF NOT EXISTS line (
  decided_on TEXT NOT NULL,
  number TEXT NOT NULL,
  slug TEXT NOT NULL UNIQUE,
  agency TEXT NOT NULL,
  kind TEXT NOT NULL,
  first_day TEXT NOT NULL,
  shown INTEGER NOT NULL,
  indexable INTEGER NOT NULL,
  mark INTEGER NOT NULL,
  page INTEGER NOT NULL,
  digest BLOB NOT NULL,
  line BLOB NOT NULL,
  item BLOB NOT NULL,
  PRIMARY KEY (decided_on, number, slug)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS line_order
  ON line (shown, decided_on, number, slug, agency, kind, mark);
CREATE INDEX IF NOT EXISTS line_agency ON line (agency, shown, decided_on, number, slug, mark);
CREATE INDEX IF NOT EXISTS line_first
  ON line (agency, kind, shown, first_day, decided_on, number, slug);
CREATE INDEX IF NOT EXISTS line_page ON line (page);
CREATE TABLE IF NOT EXISTS sheet (
  mark INTEGER PRIMARY KEY,
  title BLOB NOT NULL,
  meta BLOB NOT NULL,
  earlier BLOB NOT NULL,
  later BLOB NOT NULL,
  body BLOB NOT NULL
) STRICT;
DROP TABLE IF EXISTS download;
CREATE TABLE IF NOT EXISTS offered (
  mark INTEGER PRIMARY KEY,
  csv BLOB NOT NULL,
  json BLOB NOT NULL,
  layout_csv BLOB NOT NULL,
  layout_json BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS passed (
  mark INTEGER PRIMARY KEY,
  chain BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS departed (
  slug TEXT PRIMARY KEY,
  mark INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
_NOTHING = b""
_entry = msgspec.json.Decoder(Entry).decode


def refresh(path: Path, setter: Setter, steps: Steps = SILENT) -> int:
    """Render the parts of what changed in the store at ``path``; how many decisions that were.

    ``steps`` counts them.
    """
    with closing(store.connect(path)) as connection:
        connection.execute("PRAGMA cache_size = -16000")
        connection.executescript(SCHEMA)
        connection.execute("BEGIN IMMEDIATE")
        changes = _Changes(connection, setter)
        changes.make(steps)
        connection.execute(
            "UPDATE press SET grounds = ?, mark = ?, chain = ?",
            (setter.grounds, changes.mark, changes.chain),
        )
        connection.execute(
            "INSERT OR REPLACE INTO passed VALUES (?, ?)", (changes.mark, changes.chain)
        )
        connection.execute("COMMIT")
        return changes.count


def went_through(connection: sqlite3.Connection, mark: int, chain: bytes) -> bool:
    """Whether the store once stood at this change, by these very changes."""
    query = "SELECT 1 FROM passed WHERE mark = ? AND chain = ?"
    return connection.execute(query, (mark, chain)).fetchone() is not None


@contextmanager
def ready(path: Path | None, setter: Setter, today: date) -> Iterator[sqlite3.Connection]:
    """The store at ``path``, open for reading, with the parts that ``setter`` would render.

    A store whose parts are missing or older is left alone: a copy of it is brought up to
    date for the time being. Without a store, one that is empty on ``today`` is shown.
    """
    with ExitStack() as until_read:
        if path is None or not _is_current(path, setter):
            # Made only when needed: a nightly run that is killed here leaves nothing behind.
            folder = until_read.enter_context(tempfile.TemporaryDirectory(prefix="gongshi-store-"))
            copy = Path(folder) / "store.db"
            if path is None:
                store.write(copy, (), today=today)
            else:
                shutil.copyfile(path, copy)
            refresh(copy, setter)
            path = copy
        yield until_read.enter_context(closing(store.open_read_only(path)))


def _is_current(path: Path, setter: Setter) -> bool:
    with closing(store.open_read_only(path)) as connection:
        return store.press(connection).grounds == setter.grounds


class _Changes:
    """One refresh: what left goes, what is new or different is rendered."""

    def __init__(self, connection: sqlite3.Connection, setter: Setter) -> None:
        self._db, self._setter = connection, setter
        before = store.press(connection)
        self.mark, self.chain = before.mark, before.chain
        self.count = 0
        self._first = not before.mark
        self._touched: set[str] = set()

    def make(self, steps: Steps) -> None:
        self._setter.check(row[0] for row in self._db.execute("SELECT DISTINCT agency FROM entry"))
        known = dict(self._db.execute("SELECT slug, digest FROM line"))
        wanted = dict(self._wanted())
        for slug in sorted(known.keys() - wanted.keys()):
            self._take_out(slug)
            self._db.execute("INSERT INTO departed VALUES (?, ?)", (slug, self._next(slug)))
        changed = {slug: digest for slug, digest in wanted.items() if known.get(slug) != digest}
        steps.expect(len(changed), "件")
        for slug, digest in steps.through(changed.items()):
            self._renew(slug, digest, is_new=slug not in known)
        self.count = len(changed)
        self._touch()

    def _wanted(self) -> Iterator[tuple[str, bytes]]:
        """What the parts of each decision depend on, in the order of lists."""
        rows = self._db.execute(
            "SELECT slug, agency, digest, names FROM entry ORDER BY decided_on, number, slug"
        )
        for slug, agency, digest, names in rows:
            others = self._digests(names.split()) if names else ()
            parts = (digest, self._setter.grounds_of(agency), *others)
            yield slug, hashlib.blake2b(b"".join(parts), digest_size=16).digest()

    def _digests(self, slugs: Iterable[str]) -> list[bytes]:
        query = "SELECT digest FROM entry WHERE slug = ?"
        return [row[0] for slug in slugs for row in self._db.execute(query, (slug,))]

    def _renew(self, slug: str, digest: bytes, *, is_new: bool) -> None:
        (body,) = self._db.execute("SELECT body FROM entry WHERE slug = ?", (slug,)).fetchone()
        entry = _entry(body)
        here = decisions.line(entry)
        parts = self._setter.set(entry, here, self._lines(decisions.names(entry)))
        links = (parts.earlier, parts.later)
        row = (here.agency, here.kind.value, here.first_day.isoformat(), not here.withdrawn_on)
        place = (here.decided_on.isoformat(), here.number, slug)
        stays = not is_new and self._place_of(slug) == (*place, row[0], row[3], *links)
        if not is_new:
            self._take_out(slug, known_as_before=stays)
        mark = self._next(slug, digest)
        indexable = decisions.is_indexable(entry)
        self._db.execute(
            "INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*place, *row, indexable, mark, mark, digest, msgspec.json.encode(here), parts.item),
        )
        sheet = (parts.title, parts.meta, parts.earlier, parts.later, parts.body)
        self._db.execute("INSERT INTO sheet VALUES (?, ?, ?, ?, ?, ?)", (mark, *sheet))
        self._db.execute("INSERT INTO offered VALUES (?, ?, ?, ?, ?)", (mark, *parts.lines))
        if not self._first and not stays:
            self._db.execute("DELETE FROM departed WHERE slug = ?", (slug,))
            self._note_neighbours(slug)

    def _place_of(self, slug: str) -> tuple[object, ...]:
        """Where a decision stands among its neighbours, and as what they know it."""
        found: tuple[object, ...] = self._db.execute(
            """SELECT decided_on, number, slug, agency, shown, earlier, later
               FROM line JOIN sheet USING (mark) WHERE slug = ?""",
            (slug,),
        ).fetchone()
        return found

    def _lines(self, slugs: Iterable[str]) -> Mapping[str, Line]:
        query = "SELECT body FROM entry WHERE slug = ?"
        bodies = (row[0] for slug in slugs for row in self._db.execute(query, (slug,)))
        return {line.slug: line for line in map(decisions.line, map(_entry, bodies))}

    def _take_out(self, slug: str, *, known_as_before: bool = False) -> None:
        if not known_as_before:
            self._note_neighbours(slug)
        (mark,) = self._db.execute("SELECT mark FROM line WHERE slug = ?", (slug,)).fetchone()
        for table in ("sheet", "offered"):
            self._db.execute(f"DELETE FROM {table} WHERE mark = ?", (mark,))  # noqa: S608
        self._db.execute("DELETE FROM line WHERE slug = ?", (slug,))

    def _note_neighbours(self, slug: str) -> None:
        """The pages that name ``slug`` as the one before or after them will change."""
        self._touched |= {found for found, _ in neighbours(self._db, slug) if found}

    def _touch(self) -> None:
        if not self._touched:
            return
        mark = self._next("")
        rows = ((mark, slug) for slug in self._touched)
        self._db.executemany("UPDATE line SET page = ? WHERE slug = ?", rows)

    def _next(self, slug: str, digest: bytes = _NOTHING) -> int:
        self.mark += 1
        link = self.chain + slug.encode() + b"\0" + digest
        self.chain = hashlib.blake2b(link, digest_size=16).digest()
        return self.mark


def bodies(connection: sqlite3.Connection) -> Bodies:
    """The lines of the downloads, of all decisions that are shown, oldest first."""

    def told(name: str) -> tuple[bytes, bytes]:
        kind = double.kind_of(name)
        columns = "csv, json" if kind is None else "layout_csv, layout_json"
        rows = connection.execute(
            f"""SELECT {columns} FROM line JOIN offered USING (mark)
            WHERE shown = 1 AND kind = coalesce(?, kind) ORDER BY decided_on, number, slug""",  # noqa: S608
            (kind,),
        ).fetchall()
        return b"".join(csv for csv, _ in rows), b"".join(json for _, json in rows)

    return told


_BESIDE = """
SELECT slug, mark FROM line
WHERE agency = ? AND shown = 1 AND (decided_on, number, slug) {} (?, ?, ?)
ORDER BY decided_on {}, number {}, slug {} LIMIT 1
"""
_EARLIER = _BESIDE.format("<", *["DESC"] * 3)
_LATER = _BESIDE.format(">", *["ASC"] * 3)


def neighbours(
    connection: sqlite3.Connection, slug: str
) -> tuple[tuple[str, int], tuple[str, int]]:
    """Slug and mark of the decisions before and after ``slug`` in its agency's list.

    ("", 0) where there is none; a withdrawn decision has none.
    """
    place = connection.execute(
        "SELECT agency, decided_on, number, slug FROM line WHERE slug = ? AND shown = 1", (slug,)
    ).fetchone()
    if not place:
        return ("", 0), ("", 0)
    found = [connection.execute(query, place).fetchone() for query in (_EARLIER, _LATER)]
    return found[0] or ("", 0), found[1] or ("", 0)
