"""Laws that were changed or repealed (``laws.csv``), and by when what rests on them must follow.

Whatever an agency publishes beforehand is brought up to date within 20 working days of
the change (明山区民政局行政执法公示办法第二十六条, R048): the policy holds the number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline import schema
from pipeline.calendar import Calendar, Day
from pipeline.policy import Period
from pipeline.public.read.tables import read_rows

_IN_FORCE, _REPEALED = "现行有效", "已废止"


class Law(NamedTuple):
    """A law that was changed (已修改) or repealed (已废止) on ``day``, and by what."""

    title: str
    state: str
    day: date
    by: str

    @property
    def repealed(self) -> bool:
        """Whether it is no longer in force at all."""
        return self.state == _REPEALED


class Flag(NamedTuple):
    """A row that must follow a change of the law, and its last day for that."""

    law: Law
    due: Day

    def late(self, today: date) -> bool:
        """Whether that day is past."""
        return self.due.date < today


def read_laws(path: Path) -> tuple[Law, ...]:
    """The changed laws at ``path``; raises :class:`ConfigurationError` with every problem."""
    table = read_rows(path, schema.load("laws"))
    rows = (row.cells for row in table.rows)
    return tuple(
        Law(bare(c["名称"]), c["状态"], date.fromisoformat(c["生效或废止日期"]), c["变动文件"])
        for c in rows
        if c["状态"] != _IN_FORCE
    )


#: Tells the changes of law since a day, for a text that rests on these laws.
Changed = Callable[[Sequence[str], date], list[Flag]]


def bare(title: str) -> str:
    """A law's title without the marks around it, inner marks made alike."""
    return title.strip().strip("《》").translate(str.maketrans("〈〉", "《》"))


def flags(
    basis: str, updated: str, laws: Sequence[Law], period: Period, calendar: Calendar
) -> list[Flag]:
    """The changes that a row resting on ``basis`` has not followed yet.

    ``updated``: the day of its last change, ISO or empty. A repealed law is flagged as
    long as it is named; a changed one until the row has been looked at since.
    """
    text = basis.translate(str.maketrans("〈〉", "《》"))
    return [
        Flag(law, calendar.after(law.day, period))
        for law in laws
        if f"《{law.title}》" in text and (law.repealed or updated < law.day.isoformat())
    ]
