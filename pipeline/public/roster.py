"""The roster of enforcement officers (执法人员名册): who may enforce here, as of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import ConfigurationError
from pipeline.public.page import Page, under
from pipeline.public.tables import Row, place_of, read_table

if TYPE_CHECKING:
    from pipeline.public.content import Folder

#: Column of ``officers.csv`` for each key that a policy's ``roster.fields`` may name.
COLUMNS = {
    "name": "姓名",
    "unit": "单位",
    "duty": "职务",
    "certificate": "执法证件编号",
    "category": "执法类别",
    "area": "执法区域",
    "valid_to": "有效期至",
}
_OFFICER = "执法人员"  # auxiliaries are shown where the policy names "staff" (R006)
_STAFF, _STATE, _FROM, _TO = "人员类别", "状态", "状态起", "状态止"
_REQUIRED = ("姓名", "执法证件编号", _STAFF, _STATE)


class State(StrEnum):
    """Whether an officer may enforce on a given day."""

    VALID = "有效"
    SUSPENDED = "暂扣证件"
    WITHDRAWN = "证件已收回"
    EXPIRED = "证件已过期"


#: What the column 状态 may say, and what it means while it lasts.
STATES = {
    "在岗": State.VALID,
    "暂扣": State.SUSPENDED,
    "收回": State.WITHDRAWN,
    "注销": State.WITHDRAWN,
}


class Officer(NamedTuple):
    """A line of the roster; ``cells`` by key of :data:`COLUMNS`."""

    cells: dict[str, str]
    staff: str
    valid_to: date | None
    state: State
    since: date | None
    until: date | None

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


def read_officers(path: Path) -> tuple[Officer, ...]:
    """The officers at ``path``; raises :class:`ConfigurationError` with every problem."""
    table, place = read_table(path), place_of(path)
    wanted = (*COLUMNS.values(), _STAFF, _STATE, _FROM, _TO)
    missing = [column for column in wanted if column not in table.columns]
    if missing:
        raise ConfigurationError([f"{place}：缺少列“{'”“'.join(missing)}”。"])
    problems: list[str] = []
    seen: dict[str, int] = {}
    officers = [_officer(row, place, problems) for row in table.rows]
    for row in table.rows:
        first = seen.setdefault(row.cells["执法证件编号"], row.number)
        if first != row.number:
            problems.append(f"{place}：第{row.number}行“执法证件编号”与第{first}行重复。")
    if problems:
        raise ConfigurationError(problems)
    return tuple(officers)


def _officer(row: Row, place: str, problems: list[str]) -> Officer:
    cells = row.cells
    problems += [
        f"{place}：第{row.number}行“{column}”不能为空。"
        for column in _REQUIRED
        if not cells[column]
    ]
    if cells[_STATE] and cells[_STATE] not in STATES:
        problems.append(f"{place}：第{row.number}行“{_STATE}”应为{'、'.join(STATES)}之一。")

    def day(column: str) -> date | None:
        try:
            return _date(cells[column])
        except ValueError:
            problems.append(f"{place}：第{row.number}行“{column}”应为日期，例如 2028-12-31。")
            return None

    return Officer(
        cells={key: cells[column] for key, column in COLUMNS.items()},
        staff=cells[_STAFF],
        valid_to=day("有效期至"),
        state=STATES.get(cells[_STATE], State.VALID),
        since=day(_FROM),
        until=day(_TO),
    )


def _date(text: str) -> date | None:
    """ISO, or as Excel shows it: 2028/12/31, 2028.12.31, 2028年12月31日."""
    if not text:
        return None
    for sign in "/.年月":
        text = text.replace(sign, "-")
    year, month, day = text.rstrip("日").split("-")
    return date(int(year), int(month), int(day))


def pages(folder: Folder, today: date) -> Iterator[Page]:
    """The roster page of one agency, with the columns its policy publishes."""
    agency, roster = folder.agency, folder.policy.roster
    keys = [key for key in roster.fields if key in COLUMNS]
    auxiliaries = "staff" in roster.fields
    shown = tuple(one for one in folder.officers if auxiliaries or one.staff == _OFFICER)
    yield Page(
        url=f"agencies/{agency.slug}/officers/",
        template="roster",
        title="执法人员名册",
        values={
            "agency": agency,
            "columns": [(key, COLUMNS[key]) for key in keys],
            "groups": _groups(shown, today),
            "source": roster.source,
            "today": today,
        },
        crumbs=under(agency),
        section="agencies/",
    )


def _groups(officers: tuple[Officer, ...], today: date) -> dict[str, list[tuple[Officer, State]]]:
    """Officers by 人员类别, in the file's order, each with the state of the day."""
    groups: dict[str, list[tuple[Officer, State]]] = {}
    for officer in officers:
        groups.setdefault(officer.staff, []).append((officer, officer.standing(today)))
    return groups
