"""The tables of the ledger, one script a version; a ledger of any age is brought up to date."""

from __future__ import annotations

import sqlite3

from pipeline.errors import ConfigurationError
from pipeline.restricted import attached, counted_sums, objections, ruled

_SCRIPTS = (
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
    attached.SCHEMA,
    """
ALTER TABLE decision ADD COLUMN purged_on TEXT;
ALTER TABLE withdrawal ADD COLUMN fell_on TEXT;
ALTER TABLE withdrawal ADD COLUMN successor TEXT NOT NULL DEFAULT '';
CREATE INDEX history_of ON history (slug, act);
CREATE TRIGGER purged_is_purged BEFORE INSERT ON attachment
  WHEN (SELECT purged_on FROM decision WHERE slug = NEW.slug) IS NOT NULL
  BEGIN SELECT RAISE(IGNORE); END;
""",
    ruled.SCHEMA,
    objections.SCHEMA,
    counted_sums.SCHEMA,
)


def apply(ledger: sqlite3.Connection, name: str) -> None:
    """Run what ``ledger`` has not seen, each script as a whole.

    Raises :class:`ConfigurationError` when a later version of the program made it.
    """
    (version,) = ledger.execute("PRAGMA user_version").fetchone()
    if version > len(_SCRIPTS):
        raise ConfigurationError([f"{name} 由更新版本的程序建立，请先升级本程序。"])
    for number, script in enumerate(_SCRIPTS[version:], start=version + 1):
        ledger.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")
