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
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple

from pipeline.errors import ConfigurationError
from pipeline.model import Withdrawal
from pipeline.restricted import attached, migrations, ruled
from pipeline.restricted.frozen import freeze, thaw
from pipeline.restricted.identity import slug
from pipeline.restricted.raw import Origin, RawDecision, Secret
from pipeline.restricted.rulings import Ruling


class Kept(NamedTuple):
    """A decision of the ledger with the day it was first released, if it was.

    ``digest`` stands for what the row says; ``withdrawal`` is one that a person
    recorded (an export can bring one of its own, in its column 变动情形), ``fell_on`` the
    day on which the decision fell, as that person told. ``learned_on`` is when the row
    last said something new; ``purged_on`` when what it said was forgotten.
    """

    slug: str
    raw: RawDecision
    digest: str
    first_day: date | None
    withdrawal: Withdrawal | None
    fell_on: date | None = None
    learned_on: date | None = None
    purged_on: date | None = None


class Approval(NamedTuple):
    """A reviewer's word on one exact redacted text (``digest``).

    ``second``: who signed an approval after the first reviewer, and on which day (ISO);
    empty when nobody did.
    """

    digest: str
    act: Literal["approve", "refuse"]
    reviewer: str
    day: date
    note: str
    second: str = ""
    second_day: str = ""


class Imported(NamedTuple):
    """How many rows were new, changed, or said what the ledger already knew."""

    new: int
    changed: int
    same: int


class _Now(NamedTuple):
    """What the ledger says of a decision, and whether it was purged."""

    digest: str
    purged: bool


class _Before(NamedTuple):
    """What the ledger said of a decision when a run began, and whence; "" and None: nothing."""

    digest: str
    origin: Origin | None


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
            self._db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            migrations.apply(self._db, path.name)
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
        is left in the inbox beside a newer one is no change every night. Rows are written
        as they come, not held; what became of each decision is told when all have come.
        """
        before: dict[str, _Before | None] = {}
        with self._transaction():
            rows = self._db.execute("SELECT slug, digest, purged_on FROM decision")
            known = {found: _Now(digest, bool(purged)) for found, digest, purged in rows}
            for raw in raws:
                found = slug(raw.agency, raw.kind, raw.number)
                before[found] = self._take_over_one(found, raw, before.get(found), known)
            return self._tell(before, today)

    def decisions(self) -> Iterator[Kept]:
        """All decisions, by slug, each with the text of its document if it has one."""
        for row in self._db.execute(_DECISIONS):
            yield _kept(*row)

    def attach(self, documents: Mapping[str, tuple[Secret, Secret]], today: date) -> int:
        """Keep each decision's document: the text shown, and what else it says.

        Returns how many are new or changed; a later document replaces an earlier one.
        """
        changed = 0
        with self._transaction():
            for found, texts in sorted(documents.items()):
                body, digest = attached.freeze(*texts)
                done = self._db.execute(
                    """INSERT INTO attachment VALUES (?, ?, ?) ON CONFLICT (slug) DO UPDATE
                       SET body = excluded.body, digest = excluded.digest
                       WHERE digest <> excluded.digest""",
                    (found, body, digest),
                )
                if done.rowcount:
                    changed += 1
                    self._append(today, "attach", found, digest)
        return changed

    def withdraw(
        self, found: str, withdrawal: Withdrawal, person: str, *, fell_on: date | None = None
    ) -> None:
        """Record that a decision is withdrawn (R053): its page becomes a notice.

        ``withdrawal.reason`` is public; the history keeps who recorded it. ``fell_on``:
        when the decision was changed or revoked, if that was not the day of recording.
        """
        day, fell = withdrawal.on.isoformat(), (fell_on or withdrawal.on).isoformat()
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO withdrawal VALUES (?, ?, ?, ?, ?, ?)",
                (found, day, withdrawal.reason, person, fell, withdrawal.successor),
            )
            told = " ".join(filter(None, (person, withdrawal.reason, withdrawal.successor)))
            self._append(withdrawal.on, "withdraw", found, told)

    def redactions(self) -> Iterator[tuple[str, str, bytes]]:
        """Remembered redactions: slug, what the result depended on, the result."""
        yield from self._db.execute("SELECT slug, depends_on, body FROM redaction")

    def remember(self, redactions: Iterable[tuple[str, str, bytes]]) -> None:
        """Keep results of redaction (see :mod:`pipeline.restricted.remembered`)."""
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO redaction VALUES (?, ?, ?)", redactions)

    def approvals(self) -> Mapping[str, Approval]:
        """The latest word on each decision that has one, by slug."""
        rows = self._db.execute(
            "SELECT slug, digest, act, reviewer, day, note, second, second_day FROM approval"
        )
        return {
            found: Approval(digest, act, reviewer, date.fromisoformat(day), note, *second)
            for found, digest, act, reviewer, day, note, *second in rows
        }

    def decide(self, verdicts: Mapping[str, Approval]) -> None:
        """Record reviewers' words (R070: who and when), all or none."""
        with self._transaction():
            for found, word in sorted(verdicts.items()):
                self._db.execute(
                    "INSERT OR REPLACE INTO approval VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (found, *word[:3], word.day.isoformat(), *word[4:]),
                )
                if word.second:
                    day = date.fromisoformat(word.second_day)
                    self._append(day, "second", found, f"{word.second} {word.digest}")
                else:
                    self._append(word.day, word.act, found, f"{word.reviewer} {word.digest}")

    def rulings(self) -> Mapping[str, list[Ruling]]:
        """What reviewers said on single words, by slug."""
        return ruled.read(self._db)

    def rule(self, found: str, new: Iterable[Ruling], gone: Iterable[Ruling], today: date) -> None:
        """Record rulings on words of a decision, and take others back."""
        taken = tuple(gone)
        with self._transaction():
            for day, detail in ruled.write(self._db, found, new, taken):
                self._append(day, "rule", found, detail)
            if taken:
                self._append(today, "unrule", found, f"{len(taken)}")

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

    def lines(self, *acts: str) -> Iterator[tuple[date, str, str, str]]:
        """The history lines of these acts, oldest first: day, act, slug, detail."""
        marks = ",".join("?" * len(acts))
        query = f"SELECT day, act, slug, detail FROM history WHERE act IN ({marks}) ORDER BY seq"  # noqa: S608
        for day, act, found, detail in self._db.execute(query, acts):
            yield date.fromisoformat(day), act, found, detail

    def note(self, act: str, details: Mapping[str, str], today: date) -> None:
        """Append a history line for each slug of ``details``; no detail may hold a raw value."""
        with self._transaction():
            for found, detail in sorted(details.items()):
                self._append(today, act, found, detail)

    @contextmanager
    def recording(self) -> Iterator[sqlite3.Connection]:
        """One transaction for a module that keeps a table of its own, all or nothing."""
        with self._transaction():
            yield self._db

    def append(self, day: date, act: str, found: str, detail: str) -> None:
        """Add a history line to what is being recorded; no detail may hold a raw value."""
        self._append(day, act, found, detail)

    def ask(self, query: str, values: Iterable[str | int] = ()) -> sqlite3.Cursor:
        """The answer to a question about a table that another module keeps."""
        return self._db.execute(query, tuple(values))

    def scrub(self) -> None:
        """Leave no byte of what was deleted in the file or beside it.

        ``secure_delete`` misses what SQLite moved from page to page: the file is written
        anew, without a copy in a temporary folder.
        """
        self._db.execute("PRAGMA temp_store = MEMORY")
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def length(self) -> int:
        """How many lines the history has: it grows with every act."""
        (last,) = self._db.execute("SELECT max(seq) FROM history").fetchone()
        return int(last or 0)

    def close(self) -> None:
        """Close the file; leaving the ``with`` does it too."""
        self._db.close()

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
        self, found: str, raw: RawDecision, before: _Before | None, known: dict[str, _Now]
    ) -> _Before | None:
        """Write a row if it says something else than the ledger; what the ledger said before.

        ``before`` is that of an earlier row of this run; None: this run wrote none yet.
        """
        body, digest = freeze(raw)
        now = known.get(found)
        if now is None:
            self._db.execute(
                "INSERT INTO decision (slug, raw, digest) VALUES (?, ?, ?)", (found, body, digest)
            )
            known[found] = _Now(digest, purged=False)
            return _Before("", None)
        if (before is None and now.digest == digest) or now.purged:
            return before  # what was purged is not taken in again
        if before is None:
            before = _Before(now.digest, self._origin(found))
        elif before.digest == digest and before.origin:
            body = freeze(replace(raw, origin=before.origin))[0]  # as it was
        self._db.execute(
            "UPDATE decision SET raw = ?, digest = ? WHERE slug = ?", (body, digest, found)
        )
        known[found] = now._replace(digest=digest)
        return before

    def _origin(self, found: str) -> Origin:
        query = "SELECT raw FROM decision WHERE slug = ?"
        return thaw(self._db.execute(query, (found,)).fetchone()[0]).origin

    def _tell(self, before: Mapping[str, _Before | None], today: date) -> Imported:
        """Write the history of a run's rows, in the order in which decisions first came."""
        counts = {"import": 0, "change": 0}
        query = "SELECT digest FROM decision WHERE slug = ?"
        for found, was in before.items():
            if was is None:
                continue
            (digest,) = self._db.execute(query, (found,)).fetchone()
            if digest != was.digest:
                act = "change" if was.digest else "import"
                counts[act] += 1
                self._append(today, act, found, digest)
        new, changed = counts.values()
        return Imported(new, changed, len(before) - new - changed)

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


#: Slugs come in no order: with the index of 200,000 in memory they cost half.
_CACHE_KB = 32_768

_DECISIONS = """
SELECT slug, raw, decision.digest, first_day, purged_on,
       withdrawal.day, reason, successor, fell_on, attachment.body, attachment.digest,
       (SELECT max(h.day) FROM history h
        WHERE h.slug = decision.slug AND h.act IN ('import', 'change'))
FROM decision LEFT JOIN withdrawal USING (slug) LEFT JOIN attachment USING (slug) ORDER BY slug
"""


def _kept(
    found: str,
    body: bytes,
    digest: str,
    first: str | None,
    purged: str | None,
    day: str | None,
    reason: str,
    successor: str,
    fell: str | None,
    text: bytes | None,
    of_text: str | None,
    learned: str | None,
) -> Kept:
    raw = attached.join(thaw(body), text) if text else thaw(body)
    gone = None
    if day:
        gone = Withdrawal(on=date.fromisoformat(day), reason=reason, successor=successor)
    days = (date.fromisoformat(one) if one else None for one in (first, fell, learned, purged))
    first_day, fell_on, learned_on, purged_on = days
    digest += of_text or ""
    return Kept(found, raw, digest, first_day, gone, fell_on, learned_on, purged_on)


def _link(before: str, day: str, act: str, found: str, detail: str) -> str:
    return hashlib.sha256("\n".join((before, day, act, found, detail)).encode()).hexdigest()
