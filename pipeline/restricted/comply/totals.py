"""The totals of chosen checks that the public statistics may tell: numbers, and nothing else.

A policy names the checks (``[statistics] comply_totals``). This year and the last are told:
of older ones the ledger has begun to forget rows, and a part would pass for the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import numpy as np

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.calendar import Calendar
from pipeline.errors import ConfigurationError
from pipeline.model import Total
from pipeline.restricted.assess import Assessment, State
from pipeline.restricted.comply import checks, yearly
from pipeline.restricted.comply.bench import Bench, Inputs
from pipeline.restricted.comply.checks import Check
from pipeline.restricted.comply.frame import NONE, Frame, Ints
from pipeline.restricted.comply.labels import day_key
from pipeline.restricted.comply.rules import FAILED, PASSED, UNKNOWN
from pipeline.restricted.comply.tables import SideTables, table_types
from pipeline.restricted.ledger import Kept

#: Years before the running one that are told.
_BACK = 1
_OF_PERSONS = frozenset({"officer_years", "reviewer_years"})


def chosen(name: str) -> tuple[Check, ...]:
    """The checks whose totals the policy ``name`` shows.

    Raises :class:`ConfigurationError` when it names what is no check and no row.
    """
    wanted = set(policy.load(name).statistics.comply_totals)
    known = checks.load(name)
    names = {name for check in known for name in (check.id, *check.rows)}
    if strange := sorted(wanted - names):
        listed = "”“".join(strange)
        raise ConfigurationError(
            [f"政策 {name}.toml 的 statistics.comply_totals：没有名为“{listed}”的检查或者要求。"]
        )
    return tuple(check for check in known if not wanted.isdisjoint({check.id, *check.rows}))


def totals(
    assessments: Iterable[Assessment],
    tables: SideTables,
    agencies: Mapping[str, Agency],
    calendar: Calendar,
    today: date,
) -> list[Total]:
    """The totals that the agencies' policies show, by agency, check and year.

    What this run publishes counts as published today.
    """
    if not any(chosen(agency.policy) for agency in agencies.values()):
        return []
    judged = [one for one in assessments if not one.kept.purged_on]
    exempt = frozenset(one.kept.slug for one in judged if one.state is State.WITHHELD)
    inputs = Inputs(map(_as_published, judged), tables, agencies, calendar, exempt)
    by_agency: dict[str, list[Kept]] = {slug: [] for slug in agencies}
    for kept in inputs.kept:
        by_agency[kept.raw.agency].append(kept)
    return [
        total
        for slug, agency in sorted(agencies.items())
        for total in _of_agency(agency, by_agency[slug], inputs, today)
    ]


def _as_published(one: Assessment) -> Kept:
    return one.kept._replace(first_day=one.publication.first_day) if one.entry else one.kept


def _of_agency(agency: Agency, kept: list[Kept], inputs: Inputs, today: date) -> Iterator[Total]:
    asked = chosen(agency.policy)
    if not asked:
        return
    least = policy.load(agency.policy).statistics.least
    bench = Bench(agency, kept, inputs, today, asked)
    for check in sorted(asked, key=lambda one: one.id):
        frame = bench.frame(check)
        if frame is None or not len(frame):
            continue
        outcomes, years = bench.judge(check, frame).outcomes, _years(check, frame, today)
        for year in range(today.year - _BACK, today.year + 1):
            of_year = outcomes[years == year]
            counts = tuple(int((of_year == one).sum()) for one in (PASSED, FAILED, UNKNOWN))
            if any(counts):
                yield _total(agency.slug, check, year, counts, least)


def _total(slug: str, check: Check, year: int, counts: tuple[int, ...], least: int) -> Total:
    passed, failed, unknown = counts
    told = not concerns_persons(check.over) or not _too_telling(check, counts, least)
    return Total(
        agency=slug,
        check=check.id,
        title=check.title,
        article=check.article,
        year=year,
        assessed=passed + failed if told else None,
        fulfilled=passed if told else None,
        not_assessable=unknown if told else None,
    )


def concerns_persons(over: str) -> bool:
    """Whether what is counted are persons, or has persons to it: parties, officers, complainants.

    What an agency did so often a year, its plans and its devices have none.
    """
    kind = table_types().get(over)
    if kind is None:
        return over == "case" or over in _OF_PERSONS
    persons = any(column.type == "person" for column in kind.columns.values())
    return persons or bool(kind.hidden) or kind.key == "certificate"


def _too_telling(check: Check, counts: tuple[int, ...], least: int) -> bool:
    """Few enough to be picked out; or all of a list of persons, which tells of each of them."""
    passed, failed, _ = counts
    few = any(0 < count < least for count in counts)
    return few or (check.over != "case" and failed > 0 and not passed)


def _years(check: Check, frame: Frame, today: date) -> Ints:
    """The year in which each row counts; 0 where its day cannot be read.

    A list without days (who reviews, who is eligible) tells of today.
    """
    if check.over in yearly.COUNTS:
        return frame.numbers("year").astype(np.int64)
    key = day_key(check.over)
    if key == "—":
        return np.full(len(frame), today.year)
    unique, where = np.unique(frame.days(key), return_inverse=True)
    years = [0 if day == NONE else date.fromordinal(int(day)).year for day in unique]
    return np.array(years, dtype=np.int64)[where]
