"""The roster of enforcement officers (执法人员名册): who may enforce here, as of a day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pipeline import policy, schema
from pipeline.policy import Period
from pipeline.public.read.problems import Problems
from pipeline.public.read.tables import Row, Tell, read_rows

#: Column of ``officers.csv`` for each key that a policy's ``roster.fields`` may name.
COLUMNS = {
    column.key: column.label
    for column in schema.load("officers").columns
    if column.key not in ("staff", "state", "since", "until")
}
OFFICER = "执法人员"  # auxiliaries are shown where the policy names "staff" (R006)
_STAFF, _STATE, _FROM, _TO = "人员类别", "状态", "状态起", "状态止"
_CERTIFICATE = COLUMNS["certificate"]


class State(StrEnum):
    """Whether an officer may enforce on a given day."""

    VALID = "有效"
    SUSPENDED = "暂扣证件"
    WITHDRAWN = "证件已收回"
    VOID = "证件已声明作废"
    EXPIRED = "证件已过期"


#: What the column 状态 may say, and what it means while it lasts.
STATES = {
    "在岗": State.VALID,
    "暂扣": State.SUSPENDED,
    "收回": State.WITHDRAWN,
    "注销": State.WITHDRAWN,
    "遗失作废": State.VOID,
}


class Standing(NamedTuple):
    """A state from ``first`` (None: already) to ``last`` (None: for good), both inclusive."""

    state: State
    first: date | None
    last: date | None


class Officer(NamedTuple):
    """A line of the roster; ``cells`` by key of :data:`COLUMNS`."""

    cells: dict[str, str]
    staff: str
    valid_to: date | None
    state: State
    since: date | None
    until: date | None

    @property
    def number(self) -> str:
        """The certificate's number, written alike for looking it up."""
        return plain_number(self.cells["certificate"])

    def standing(self, today: date) -> State:
        """The officer's state on ``today``; a suspension ends after its last day by itself."""
        lasts = (self.since is None or self.since <= today) and (
            self.until is None or today <= self.until
        )
        if self.state is not State.VALID and lasts:
            return self.state
        if self.valid_to is not None and self.valid_to < today:
            return State.EXPIRED
        return State.VALID

    def standings(self, today: date) -> list[Standing]:
        """The state on ``today`` and every later one, each with its first and last day."""
        after = [day + timedelta(days=1) for day in (self.until, self.valid_to) if day]
        changes = sorted(day for day in {self.since, *after} if day and day > today)
        found = [Standing(self.standing(today), None, None)]
        for day in changes:
            state = self.standing(day)
            if state is not found[-1].state:
                found[-1] = found[-1]._replace(last=day - timedelta(days=1))
                found.append(Standing(state, day, None))
        return found


def plain_number(text: str) -> str:
    """A certificate's number without spaces and hyphens, full-width signs made narrow."""
    return re.sub(r"[\s\-－—]", "", unicodedata.normalize("NFKC", text)).upper()


def read_officers(path: Path, suspension: Period | None = None) -> tuple[Officer, ...]:
    """The officers at ``path``; raises :class:`ConfigurationError` with every problem.

    ``suspension``: how long a suspension lasts whose end the file leaves out.
    """
    lasting = timedelta(days=(suspension or policy.load("base").suspension).days)
    table = read_rows(path, schema.load("officers"), also=_check)
    return tuple(_officer(row, lasting) for row in table.rows)


def _check(row: Row, tell: Tell) -> None:
    state, since, until = (row.cells[label] for label in (_STATE, _FROM, _TO))
    if state == "暂扣" and not since:
        tell(_FROM, "暂扣的应写明从哪一天起。")
    if since and until and until < since:
        tell(_TO, "早于状态起，请核对。")


def _officer(row: Row, lasting: timedelta) -> Officer:
    cells = row.cells
    state, since, until = STATES[cells[_STATE]], _day(cells[_FROM]), _day(cells[_TO])
    if state is State.SUSPENDED and since and not until:
        until = since + lasting
    return Officer(
        cells={key: cells[column] for key, column in COLUMNS.items()},
        staff=cells[_STAFF],
        valid_to=_day(cells[COLUMNS["valid_to"]]),
        state=state,
        since=since,
        until=until,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def repeated(rosters: Mapping[str, Sequence[Officer]], problems: Problems) -> None:
    """Tell of every certificate number that stands in the rosters of two agencies."""
    seen: dict[str, str] = {}
    for slug, officers in sorted(rosters.items()):
        for number in sorted({officer.number for officer in officers}):
            first = seen.setdefault(number, slug)
            if first != slug:
                said = f"有一个编号也在 {first}/officers.csv 中，一个证件只能属于一个机关。"
                problems.add(f"{slug}/officers.csv", said, column=_CERTIFICATE)


def shown(officers: Sequence[Officer], fields: Sequence[str]) -> tuple[Officer, ...]:
    """The officers whom a policy with these roster fields shows: auxiliaries only with staff."""
    return tuple(one for one in officers if "staff" in fields or one.staff == OFFICER)
