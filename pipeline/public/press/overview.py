"""What front pages and feeds need to know of all decisions, without reading them all."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import msgspec

from pipeline.model import Kind
from pipeline.public.decisions import Line
from pipeline.public.pages import lists

_MEMBERS = """SELECT agency, kind, decided_on, mark, slug FROM line
WHERE shown = 1 ORDER BY decided_on, number, slug"""
_NEWEST = """SELECT line FROM line WHERE agency = ? AND shown = 1
ORDER BY decided_on DESC, number DESC, slug DESC LIMIT ?"""
_LATEST = """SELECT line FROM line WHERE agency = ? AND shown = 1 AND kind = ?
ORDER BY first_day DESC, decided_on DESC, number DESC, slug DESC LIMIT ?"""
_SINCE = """SELECT count(*) FROM line
WHERE agency = ? AND kind = ? AND shown = 1 AND first_day BETWEEN ? AND ?"""
_WITHDRAWN = "SELECT line FROM line WHERE shown = 0 ORDER BY decided_on, number, slug"
_KIND_YEARS = "SELECT DISTINCT kind, substr(decided_on, 1, 4) FROM line WHERE shown = 1"
_line = msgspec.json.Decoder(Line).decode


class Roll:
    """The decisions of a list, oldest first: their marks, and where pages of it may end."""

    def __init__(self) -> None:
        self.marks: array[int] = array("I")
        self.corners: list[int] = []
        self.names: list[str] = []


#: For each list (``Listing.of``) its decisions.
Members = Mapping[tuple[str, str], Roll]


def members(connection: sqlite3.Connection, size: int) -> Members:
    """Which decisions each list holds, for pages of about ``size``."""
    found: dict[tuple[str, str], Roll] = {("", ""): Roll()}
    groups: dict[tuple[str, str, str], list[Roll]] = {}
    one_in = lists.spread(size)
    for agency, kind, day, mark, slug in connection.execute(_MEMBERS):
        year = day[:4]
        rolls = groups.get((agency, kind, year))
        if rolls is None:
            rolls = [found.setdefault(of, Roll()) for of in lists.groups(agency, kind, year)]
            groups[agency, kind, year] = rolls
        for roll in rolls:
            roll.marks.append(mark)
        if lists.is_corner(slug, one_in):
            for roll in rolls:
                roll.corners.append(len(roll.marks))
                roll.names.append(lists.named(slug))
    return found


class Overview(NamedTuple):
    """Counts of the decisions that are shown, and those that pages name.

    ``newest``: the latest decided of each agency, oldest first; ``latest``: the latest
    published of each agency and kind; ``month``: how many each first published this month.
    """

    counts: Mapping[tuple[str, str], int]
    newest: Mapping[str, list[Line]]
    latest: list[Line]
    withdrawn: list[Line]
    month: Mapping[str, Mapping[Kind, int]]

    @property
    def total(self) -> int:
        """All decisions that are shown."""
        return self.counts.get(("", ""), 0)

    @property
    def years(self) -> list[int]:
        """The years that have decisions, newest first."""
        return sorted((int(key) for name, key in self.counts if name == "year"), reverse=True)

    def of(self, kind: Kind) -> int:
        """How many decisions of a kind are shown."""
        return self.counts.get(("kind", kind.value), 0)

    def by(self, agency: str) -> int:
        """How many decisions of an agency are shown."""
        return self.counts.get(("agency", agency), 0)

    def lines(self) -> list[Line]:
        """The latest decided of all agencies, oldest first."""
        found = [line for own in self.newest.values() for line in own]
        return sorted(found, key=lambda line: (line.decided_on, line.number, line.slug))


def overview(
    connection: sqlite3.Connection,
    held: Members,
    agencies: Collection[str],
    *,
    newest: int,
    today: date,
) -> Overview:
    """The overview of an open store, with ``newest`` decisions of each agency."""
    return Overview(
        counts={of: len(roll.marks) for of, roll in held.items()},
        newest={a: [*_lines(connection, _NEWEST, a, newest)][::-1] for a in agencies},
        latest=[
            line
            for a in agencies
            for kind in Kind
            for line in _lines(connection, _LATEST, a, kind.value, newest)
        ],
        withdrawn=[*_lines(connection, _WITHDRAWN)],
        month={a: _published_in(connection, a, today) for a in agencies},
    )


def kind_years(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Of each kind the years that have decisions which are shown."""
    return list(connection.execute(_KIND_YEARS))


def _published_in(connection: sqlite3.Connection, agency: str, month: date) -> dict[Kind, int]:
    first = month.replace(day=1).isoformat()
    span = (first, f"{first[:8]}31")
    counts = (connection.execute(_SINCE, (agency, kind.value, *span)).fetchone() for kind in Kind)
    return {kind: row[0] for kind, row in zip(Kind, counts, strict=True)}


def _lines(connection: sqlite3.Connection, query: str, *given: str | int) -> Iterator[Line]:
    return (_line(row[0]) for row in connection.execute(query, given))
