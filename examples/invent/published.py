"""When a decision had first been published, as an office's other channel says: 公示日期.

Decided on by the number alone, so that asking draws nothing from the common dice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from invent.decisions import TODAY, Row

#: Since then the site stands; what is older came as a backlog, most of it without the day.
_SITE_START = date(2026, 1, 1)
_LATE, _NEVER = 0.09, 0.04
#: Days after the decision, in time and late. Of coercions, inspections and levies there are
#: twenty working days; 明山 has seven for all but clean spot checks.
_SOON, _TOO_LATE = (1, 7), (14, 32)
_MONTH, _FAR_TOO_LATE = (2, 21), (36, 60)
_SLOW = ("measure", "inspection_result", "levy_item")


def publish(rows: Iterable[Row]) -> None:
    """Fill 公示日期: most in time, some late, a few not published before today."""
    for row in rows:
        if row["decided_on"] >= _SITE_START and not row.get("published_on"):
            row["published_on"] = _day(row)


def _day(row: Row) -> date | None:
    dice = Random(f"published {row['authority']} {row['number']} {row['party']}")
    lot = dice.random()
    if lot < _NEVER:
        return None
    slow = any(key in row for key in _SLOW) and "明山" not in row["authority"]
    in_time, late = (_MONTH, _FAR_TOO_LATE) if slow else (_SOON, _TOO_LATE)
    after = dice.randint(*(late if lot < _NEVER + _LATE else in_time))
    day = row["decided_on"] + timedelta(days=after)
    day += timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])
    return day if day < TODAY else None
