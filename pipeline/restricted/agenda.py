"""What an office must do by when: late, due, and what comes next.

Late is a decision past its last lawful day and not public; one that the released site
still shows after its last day; a withdrawal not carried out within its working days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.model import Entry, Kind
from pipeline.restricted.assess import Assessment, State
from pipeline.restricted.takedown.clocks import Clock

_NEXT = 10
_OPEN = frozenset({State.WAITING, State.HELD})


class Task(msgspec.Struct, kw_only=True, order=True):
    """Something to be done with one decision; ``due`` is the last lawful day, inclusive."""

    due: date
    slug: str
    number: str
    act: Literal["publish", "take_down", "withdraw"]
    state: str
    provisional: bool
    rule: str


class Ending(msgspec.Struct, kw_only=True):
    """A public decision with its last day, and how long other channels may show it."""

    slug: str
    number: str
    state: str
    last_day: date
    other_channels: list[str]


class Yearly(msgspec.Struct, kw_only=True):
    """The annual figures of an agency and the day they are next due.

    ``told``: the years whose figures the office has written down (``figures.csv``).
    """

    agency: str
    due: date
    told: list[int] = []
    act: Literal["publish", "hand_in"]
    source: str


class Agenda(msgspec.Struct, kw_only=True):
    """All of it on one day; the lists in the order of their days."""

    today: date
    states: dict[str, int]
    late: list[Task]
    due: list[Task]
    next_take_downs: list[Ending]
    annual: list[Yearly]
    other_channels: list[str]


def agenda(
    assessments: Sequence[Assessment],
    released: Iterable[Entry],
    clocks: Iterable[Clock],
    agencies: Mapping[str, Agency],
    today: date,
    told: Mapping[str, Sequence[int]] = MappingProxyType({}),
) -> Agenda:
    """What is late, due and next on ``today``; ``released``: what the site shows now,
    ``told``: for each agency the years of its annual figures."""
    shown = {entry.decision.slug: entry for entry in released}
    tasks = sorted(
        [
            *(_publish(one) for one in assessments if _is_open(one, shown)),
            *(_take_down(entry) for entry in shown.values() if _is_past(entry, today)),
            *(_withdraw(clock) for clock in clocks if clock.done is None),
        ]
    )
    states = Counter(one.state for one in assessments)
    return Agenda(
        today=today,
        states={state.value: states[state] for state in State if states[state]},
        late=[task for task in tasks if task.due < today],
        due=[task for task in tasks if task.due >= today],
        next_take_downs=_endings(assessments, agencies),
        annual=[_yearly(one, today, told.get(slug, ())) for slug, one in agencies.items()],
        other_channels=channels(agencies),
    )


def channels(agencies: Mapping[str, Agency]) -> list[str]:
    """What the agencies' policies say of other channels, a sentence each, none twice."""
    rules = (policy.load(agency.policy) for agency in agencies.values())
    return list(dict.fromkeys(str(one) for r in rules for one in r.other_channels.values()))


def _is_open(one: Assessment, shown: Mapping[str, Entry]) -> bool:
    """Not decided on yet, or approved and waiting for the next run."""
    return one.state in _OPEN or (one.state is State.PUBLIC and one.kept.slug not in shown)


def _publish(one: Assessment) -> Task:
    publication = one.publication
    return Task(
        act="publish",
        slug=one.kept.slug,
        number=one.redacted.decision.number,
        state=one.state.value,
        due=publication.due,
        provisional=publication.due_provisional,
        rule=f"{publication.due_rule}（{publication.due_source}）",
    )


def _is_past(entry: Entry, today: date) -> bool:
    last = entry.publication.last_day
    return last is not None and last < today


def _take_down(entry: Entry) -> Task:
    publication = entry.publication
    last = publication.last_day
    assert last is not None  # noqa: S101  (only called for what is past it)
    return Task(
        act="take_down",
        slug=entry.decision.slug,
        number=entry.decision.number,
        state=State.EXPIRED.value,
        due=last,
        provisional=False,
        rule=f"{publication.window_rule}（{publication.window_source}）",
    )


def _withdraw(clock: Clock) -> Task:
    return Task(
        act="withdraw",
        slug=clock.slug,
        number=clock.number,
        state=State.WITHDRAWN.value,
        due=clock.due,
        provisional=clock.provisional,
        rule=clock.source,
    )


def _endings(assessments: Iterable[Assessment], agencies: Mapping[str, Agency]) -> list[Ending]:
    ending = [(one.publication.last_day, one.kept.slug, one) for one in assessments if one.entry]
    dated = sorted((last, slug, one) for last, slug, one in ending if last is not None)
    return [
        Ending(
            slug=slug,
            number=one.redacted.decision.number,
            state=one.state.value,
            last_day=last,
            other_channels=_elsewhere(one, agencies[one.kept.raw.agency]),
        )
        for last, slug, one in dated[:_NEXT]
    ]


def _elsewhere(one: Assessment, agency: Agency) -> list[str]:
    """For each channel and gravity until when the channel shows it, from the document's date."""
    raw = one.kept.raw
    if raw.kind is not Kind.PENALTY:
        return []
    return [
        f"{channel.name}（{term.gravity}）：{term.until(raw.decided_on)}"
        for channel in policy.load(agency.policy).other_channels.values()
        for term in channel.terms
    ]


def _yearly(agency: Agency, today: date, told: Sequence[int]) -> Yearly:
    rule = policy.load(agency.policy).annual_report
    month, day = map(int, rule.day.split("-"))
    due = date(today.year, month, day)
    if due < today:
        due = date(today.year + 1, month, day)
    years = sorted(told)
    return Yearly(agency=agency.slug, due=due, told=years, act=rule.act, source=rule.source)
