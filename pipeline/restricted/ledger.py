"""The ledger: raw rows, approvals, first publication days, and an append-only history.

SQLite in the private folder. Every act is one transaction that also appends a line
to the history, and each line carries the hash of the one before it, so that a
line changed or lost later is found. History lines hold no raw value.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple

import msgspec

from pipeline.errors import ConfigurationError
from pipeline.model import Kind, PartyType, Withdrawal
from pipeline.restricted.identity import slug
from pipeline.restricted.raw import Origin, RawDecision, Secret

# One script a version of the schema; a ledger of any age is brought up to date in order.
_MIGRATIONS = (
    """
CREATE TABLE decision (
  slug TEXT PRIMARY KEY,
  raw BLOB NOT NULL,
  digest TEXT NOT NULL,
  first_day TEXT
) STRICT;
CREATE TABLE approval (
  slug TEXT PRIMARY KEY REFERENCES decision (slug),
  digest TEXT NOT NULL,
  act TEXT NOT NULL CHECK (act IN ('approve', 'refuse')),
  reviewer TEXT NOT NULL CHECK (reviewer <> ''),
  day TEXT NOT NULL,
  note TEXT NOT NULL
) STRICT;
CREATE TABLE history (
  seq INTEGER PRIMARY KEY,
  day TEXT NOT NULL,
  act TEXT NOT NULL,
  slug TEXT NOT NULL,
  detail TEXT NOT NULL,
  chain TEXT NOT NULL
) STRICT;
CREATE TRIGGER history_is_append_only_1 BEFORE UPDATE ON history
  BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER history_is_append_only_2 BEFORE DELETE ON history
  BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
""",
    """
CREATE TABLE redaction (
  slug TEXT PRIMARY KEY REFERENCES decision (slug),
  depends_on TEXT NOT NULL,
  body BLOB NOT NULL
) STRICT;
""",
    """
CREATE TABLE withdrawal (
  slug TEXT PRIMARY KEY REFERENCES decision (slug),
  day TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  person TEXT NOT NULL CHECK (person <> '')
) STRICT;
""",
)


class _Stored(msgspec.Struct):
    """A RawDecision as it lies in the private database."""

    agency: str
    kind: Kind
    number: str
    decided_on: date
    party_type: PartyType
    values: dict[str, str]
    file: str
    sheet: str
    row: int


class Kept(NamedTuple):
    """A decision of the ledger with the day it was first released, if it was.

    ``digest`` stands for what the row says; ``withdrawal`` is one that a person
    recorded (an export can bring one of its own, in its column 变动情形).
    """

    slug: str
    raw: RawDecision
    digest: str
    first_day: date | None
    withdrawal: Withdrawal | None


class Approval(NamedTuple):
    """A reviewer's word on one exact redacted text (``digest``)."""

    digest: str
    act: Literal["approve", "refuse"]
    reviewer: str
    day: date
    note: str


class Imported(NamedTuple):
    """How many rows were new, changed, or said what the ledger already knew."""

    new: int
    changed: int
    same: int


class Ledger:
    """An open ledger; use as a context manager."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            path.chmod(0o600)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.execute("PRAGMA secure_delete = ON")
            self._migrate(path)
        except (sqlite3.DatabaseError, OSError):
            raise ConfigurationError(
                [f"台账 {path} 打不开：没有写入权限，或文件已损坏；请检查权限，或恢复备份。"]
            ) from None

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def take_over(self, raws: Iterable[RawDecision], today: date) -> Imported:
        """Merge rows by identity: a later row replaces an earlier one, never duplicates it.

        Of the rows of one run only the last of each decision counts: an old export that
        is left in the inbox beside a newer one is no change every night.
        """
        counts = {"new": 0, "changed": 0, "same": 0}
        latest = {slug(raw.agency, raw.kind, raw.number): raw for raw in raws}
        with self._transaction():
            for found, raw in latest.items():
                counts[self._take_over_one(found, raw, today)] += 1
        return Imported(**counts)

    def decisions(self) -> Iterator[Kept]:
        """All decisions, by slug."""
        query = """SELECT slug, raw, digest, first_day, withdrawal.day, reason
                   FROM decision LEFT JOIN withdrawal USING (slug) ORDER BY slug"""
        for found, body, digest, first, day, reason in self._db.execute(query):
            first_day = date.fromisoformat(first) if first else None
            gone = Withdrawal(on=date.fromisoformat(day), reason=reason) if day else None
            yield Kept(found, _thaw(body), digest, first_day, gone)

    def withdraw(self, found: str, withdrawal: Withdrawal, person: str) -> None:
        """Record that a decision is withdrawn (R053): its page becomes a notice.

        ``withdrawal.reason`` is public; the history keeps who recorded it.
        """
        day = withdrawal.on.isoformat()
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO withdrawal VALUES (?, ?, ?, ?)",
                (found, day, withdrawal.reason, person),
            )
            self._append(withdrawal.on, "withdraw", found, f"{person} {withdrawal.reason}")

    def redactions(self) -> Iterator[tuple[str, str, bytes]]:
        """Remembered redactions: slug, what the result depended on, the result."""
        yield from self._db.execute("SELECT slug, depends_on, body FROM redaction")

    def remember(self, redactions: Iterable[tuple[str, str, bytes]]) -> None:
        """Keep results of redaction (see :mod:`pipeline.restricted.remembered`)."""
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO redaction VALUES (?, ?, ?)", redactions)

    def approvals(self) -> Mapping[str, Approval]:
        """The latest word on each decision that has one, by slug."""
        rows = self._db.execute("SELECT slug, digest, act, reviewer, day, note FROM approval")
        return {
            found: Approval(digest, act, reviewer, date.fromisoformat(day), note)
            for found, digest, act, reviewer, day, note in rows
        }

    def decide(self, verdicts: Mapping[str, Approval]) -> None:
        """Record reviewers' words (R070: who and when), all or none."""
        with self._transaction():
            for found, word in sorted(verdicts.items()):
                self._db.execute(
                    "INSERT OR REPLACE INTO approval VALUES (?, ?, ?, ?, ?, ?)",
                    (found, word.digest, word.act, word.reviewer, word.day.isoformat(), word.note),
                )
                self._append(word.day, word.act, found, f"{word.reviewer} {word.digest}")

    def record_release(self, first_days: Mapping[str, date], today: date, manifest: str) -> None:
        """Record the first publication of entries that had none, and the release itself."""
        with self._transaction():
            for found, first in sorted(first_days.items()):
                changed = self._db.execute(
                    "UPDATE decision SET first_day = ? WHERE slug = ? AND first_day IS NULL",
                    (first.isoformat(), found),
                )
                if changed.rowcount:
                    self._append(today, "publish", found, first.isoformat())
            self._append(today, "release", "", manifest)

    def broken_history(self) -> int | None:
        """The first history line whose hash does not follow from the one before, or None."""
        chain = ""
        rows = self._db.execute("SELECT seq, day, act, slug, detail, chain FROM history ORDER BY 1")
        for expected, (seq, day, act, found, detail, stored) in enumerate(rows, start=1):
            chain = _link(chain, day, act, found, detail)
            if seq != expected or chain != stored:
                return int(seq)
        return None

    def _take_over_one(
        self, found: str, raw: RawDecision, today: date
    ) -> Literal["new", "changed", "same"]:
        body, digest = _freeze(raw)
        known = self._db.execute("SELECT digest FROM decision WHERE slug = ?", (found,)).fetchone()
        if known is None:
            self._db.execute(
                "INSERT INTO decision (slug, raw, digest) VALUES (?, ?, ?)", (found, body, digest)
            )
            self._append(today, "import", found, digest)
            return "new"
        if known[0] == digest:
            return "same"
        self._db.execute(
            "UPDATE decision SET raw = ?, digest = ? WHERE slug = ?", (body, digest, found)
        )
        self._append(today, "change", found, digest)
        return "changed"

    def _append(self, day: date, act: str, found: str, detail: str) -> None:
        last = self._db.execute("SELECT chain FROM history ORDER BY seq DESC LIMIT 1").fetchone()
        chain = _link(last[0] if last else "", day.isoformat(), act, found, detail)
        self._db.execute(
            "INSERT INTO history (day, act, slug, detail, chain) VALUES (?, ?, ?, ?, ?)",
            (day.isoformat(), act, found, detail, chain),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _migrate(self, path: Path) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > len(_MIGRATIONS):
            raise ConfigurationError([f"{path.name} 由更新版本的程序建立，请先升级本程序。"])
        for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
            self._db.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")


def _freeze(raw: RawDecision) -> tuple[bytes, str]:
    """The row as stored, and the digest of what it says (not of where it stood)."""
    stored = _Stored(
        agency=raw.agency,
        kind=raw.kind,
        number=raw.number,
        decided_on=raw.decided_on,
        party_type=raw.party_type,
        values={key: raw.values[key].reveal() for key in sorted(raw.values)},
        file=raw.origin.file,
        sheet=raw.origin.sheet,
        row=raw.origin.row,
    )
    said = msgspec.structs.replace(stored, file="", sheet="", row=0)
    return msgspec.json.encode(stored), hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def _thaw(body: bytes) -> RawDecision:
    stored = msgspec.json.decode(body, type=_Stored)
    return RawDecision(
        agency=stored.agency,
        kind=stored.kind,
        number=stored.number,
        decided_on=stored.decided_on,
        party_type=stored.party_type,
        values={key: Secret(value, key) for key, value in stored.values.items()},
        origin=Origin(stored.file, stored.sheet, stored.row),
    )


def _link(before: str, day: str, act: str, found: str, detail: str) -> str:
    return hashlib.sha256("\n".join((before, day, act, found, detail)).encode()).hexdigest()
