"""All checks of all agencies, put to the ledger and the side tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.calendar import Calendar
from pipeline.restricted.comply import cases, checks, yearly
from pipeline.restricted.comply.checks import Check
from pipeline.restricted.comply.findings import Finding, Word, finding_id, with_word
from pipeline.restricted.comply.frame import NONE, Bools, Frame, people
from pipeline.restricted.comply.labels import day_key, is_told, label_of, subject_keys, title_of
from pipeline.restricted.comply.rules import FAILED, OUT, PASSED, UNKNOWN, Outcomes, World, judge
from pipeline.restricted.comply.silence import Silence
from pipeline.restricted.comply.tables import SideTables, read_side_tables
from pipeline.restricted.ledger import Kept

#: The folder of the side tables, in the state folder.
FOLDER = "comply"
_MONTH = slice(0, 7)
#: A moment, the longest of what is told.
_LONGEST = len("2026-11-20 10:00")


class Span(NamedTuple):
    """First and last day of the report, both inclusive; None: no limit."""

    first: date | None = None
    last: date | None = None


EVER = Span()


class Tally(msgspec.Struct, kw_only=True):
    """How one check went at one agency; ``not_assessable`` counts as neither."""

    agency: str
    check: str
    title: str
    article: str
    rows: tuple[str, ...]
    severity: checks.Severity
    passed: int = 0
    failed: int = 0
    not_assessable: int = 0
    missing: tuple[str, ...] = ()


class Result(msgspec.Struct, kw_only=True):
    """What the checks gave: tallies and findings in order, and what could not be read."""

    today: date
    first: date | None = None
    last: date | None = None
    cases: int = 0
    tallies: list[Tally] = []
    findings: list[Finding] = []
    problems: list[str] = []

    @property
    def open(self) -> list[Finding]:
        """Findings that nobody has spoken on, hints set aside."""
        return [f for f in self.findings if f.state == "open" and f.severity != "hint"]

    @property
    def exit_code(self) -> int:
        """0 nothing open; 4 a table could not be read; 5 open findings; 6 some hold a decision."""
        if any(finding.severity == "hold" for finding in self.open):
            return 6
        return 5 if self.open else 4 if self.problems else 0


class Inputs(NamedTuple):
    """What a run looks at. ``exempt``: decisions that lawfully stay unpublished."""

    kept: Iterable[Kept]
    tables: SideTables
    agencies: Mapping[str, Agency]
    calendar: Calendar
    exempt: frozenset[str] = frozenset()
    words: Mapping[str, Word] = {}


def side_tables(state: Path, content: Path, agencies: Mapping[str, Agency]) -> SideTables:
    """The side tables of a state folder, and the rosters."""
    return read_side_tables(state / FOLDER, content, agencies)


def run(
    inputs: Inputs, *, today: date, span: Span = EVER, only: checks.Severity | None = None
) -> Result:
    """Run the checks; ``only``: those of one severity."""
    result = Result(today=today, first=span.first, last=span.last)
    result.problems = list(inputs.tables.problems)
    by_agency: defaultdict[str, list[Kept]] = defaultdict(list)
    names = set(inputs.tables.hidden)
    for one in inputs.kept:
        if one.raw.agency in inputs.agencies and one.purged_on is None:
            by_agency[one.raw.agency].append(one)
            names.update(people(one.raw.text("complainant")))
    silence = Silence(names)
    for slug, agency in inputs.agencies.items():
        bench = _Bench(agency, by_agency[slug], inputs, today, span, only, silence)
        bench.work(result)
    return result


class _Bench:
    """The checks of one agency at work."""

    def __init__(
        self,
        agency: Agency,
        kept: list[Kept],
        inputs: Inputs,
        today: date,
        span: Span,
        only: checks.Severity | None,
        silence: Silence,
    ) -> None:
        rules = policy.load(agency.policy)
        self._agency, self._span, self._silence = agency, span, silence
        self._words = inputs.words
        self._checks = [c for c in checks.load(agency.policy) if only in (None, c.severity)]
        tables = dict(inputs.tables.frames.get(agency.slug, {}))
        tables |= yearly.count(tables, today)
        self._world = World(rules, inputs.calendar, today, tables)
        keys = cases.keys_of(self._checks)
        self._frames = {
            **tables,
            "case": cases.frame_of(kept, keys, inputs.exempt, agency),
        }
        self._cases = len(kept)

    def work(self, result: Result) -> None:
        """Add this agency's tallies and findings."""
        result.cases += self._cases
        for check in self._checks:
            frame = self._frames.get(check.over)
            tally = Tally(
                agency=self._agency.slug,
                check=check.id,
                title=check.title,
                article=check.article,
                rows=check.rows,
                severity=check.severity,
            )
            result.tallies.append(tally)
            if frame is None:
                tally.not_assessable, tally.missing = 1, (title_of(check.over),)
            elif len(frame):
                self._apply(check, frame, tally, result)

    def _apply(self, check: Check, frame: Frame, tally: Tally, result: Result) -> None:
        judged = judge(check, frame, self._world)
        outcomes = np.where(self._in_span(check, frame), judged.outcomes, OUT)
        _count(check, frame, outcomes, tally)
        for row in np.flatnonzero(outcomes == FAILED).tolist():
            finding = self._finding(check, frame, row, judged.tell(row))
            result.findings.append(with_word(finding, self._words.get(finding.id)))

    def _in_span(self, check: Check, frame: Frame) -> Bools:
        """By the day of the decision, or of the line; what has no day always counts."""
        days = frame.days(day_key(check.over))
        inside: Bools = np.ones(len(frame), dtype=bool)
        if self._span.first:
            inside &= days >= self._span.first.toordinal()
        if self._span.last:
            inside &= days <= self._span.last.toordinal()
        undated: Bools = days == NONE
        return inside | undated

    def _finding(self, check: Check, frame: Frame, row: int, told: str) -> Finding:
        subject = "·".join(filter(None, (frame.cell(key, row) for key in subject_keys(check.over))))
        day = frame.cell(day_key(check.over), row)
        known_by = frame.cell("slug", row) or f"{check.over}\n{subject}\n{day}"
        dates = [*_dates(check, frame, row), told]
        return Finding(
            id=finding_id(self._agency.slug, check.id, known_by),
            check=check.id,
            title=check.title,
            article=check.article,
            rows=check.rows,
            severity=check.severity,
            agency=self._agency.slug,
            unit=self._silence(frame.cell("unit", row) or self._agency.short_name),
            month=day[_MONTH],
            subject=self._silence(subject or f"第{row + 1}行"),
            dates=self._silence("；".join(filter(None, dates))),
            todo=check.todo,
            slug=frame.cell("slug", row),
        )


def _count(check: Check, frame: Frame, outcomes: Outcomes, tally: Tally) -> None:
    counts = Counter(outcomes.tolist())
    tally.passed, tally.failed = counts[int(PASSED)], counts[int(FAILED)]
    tally.not_assessable = counts[int(UNKNOWN)]
    if tally.not_assessable:
        asked = (*check.fields, *(c.field for c in check.when if c.field))
        unknown = outcomes == UNKNOWN
        absent = (key for key in dict.fromkeys(asked) if (~frame.there(key) & unknown).any())
        tally.missing = tuple(label_of(check.over, key) for key in absent)


def _dates(check: Check, frame: Frame, row: int) -> Iterator[str]:
    """The days and numbers that the check looked at; never a name or a free text."""
    keys = (*check.fields, check.extension_field, *(c.field for c in check.when))
    for key in dict.fromkeys(filter(None, keys)):
        if is_told(check.over, key):
            yield f"{label_of(check.over, key)}：{_told(frame.cell(key, row))}"


def _told(text: str) -> str:
    """A day or a number; what is neither is not repeated."""
    if not text:
        return "空"
    return text if text[0].isdigit() and len(text) <= _LONGEST else "写法无法识别"
