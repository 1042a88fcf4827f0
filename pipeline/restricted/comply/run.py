"""All checks of all agencies, put to the ledger and the side tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import msgspec
import numpy as np

from pipeline.agencies import Agency
from pipeline.restricted.comply import checks
from pipeline.restricted.comply.bench import Bench, Inputs, side_tables
from pipeline.restricted.comply.checks import Check
from pipeline.restricted.comply.findings import Finding, finding_id, with_word
from pipeline.restricted.comply.frame import NONE, Bools, Frame, people
from pipeline.restricted.comply.labels import day_key, is_told, label_of, subject_keys, title_of
from pipeline.restricted.comply.rules import FAILED, OUT, PASSED, UNKNOWN, Outcomes
from pipeline.restricted.comply.silence import Silence
from pipeline.restricted.ledger import Kept

__all__ = ["EVER", "Inputs", "Result", "Span", "Tally", "run", "side_tables"]

_MONTH = slice(0, 7)
#: A moment, the longest of what is told.
_LONGEST = len("2026-11-20 10:00")


class Span(NamedTuple):
    """First and last day of the report, both inclusive; None: no limit."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether ``day`` is in it."""
        return (self.first or day) <= day <= (self.last or day)


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
    """What the checks gave: tallies and findings in order, and what could not be read.

    ``cases``: those decided in the span; ``purged``: others of the span of which the ledger
    has forgotten what they said, so that no check can ask. ``names``: what the agencies are
    called, by their slugs.
    """

    today: date
    first: date | None = None
    last: date | None = None
    cases: int = 0
    purged: int = 0
    names: dict[str, str] = {}
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


def run(
    inputs: Inputs, *, today: date, span: Span = EVER, only: checks.Severity | None = None
) -> Result:
    """Run the checks; ``only``: those of one severity."""
    result = Result(today=today, first=span.first, last=span.last)
    result.problems = list(inputs.tables.problems)
    result.names = {slug: agency.short_name for slug, agency in inputs.agencies.items()}
    by_agency: defaultdict[str, list[Kept]] = defaultdict(list)
    names = set(inputs.tables.hidden)
    for one in inputs.kept:
        names.update(people(one.raw.text("complainant")))
        if one.raw.agency not in inputs.agencies:
            continue
        if one.purged_on:
            result.purged += span.holds(one.raw.decided_on)
        else:
            by_agency[one.raw.agency].append(one)
    silence = Silence(names)
    for slug, agency in inputs.agencies.items():
        asked = [c for c in checks.load(agency.policy) if only in (None, c.severity)]
        bench = Bench(agency, by_agency[slug], inputs, today, asked)
        result.cases += sum(span.holds(one.raw.decided_on) for one in by_agency[slug])
        _Round(agency, bench, inputs, span, silence).work(asked, result)
    return result


class _Round(NamedTuple):
    """The checks of one agency, put one after the other."""

    agency: Agency
    bench: Bench
    inputs: Inputs
    span: Span
    silence: Silence

    def work(self, asked: list[Check], result: Result) -> None:
        """Add this agency's tallies and findings."""
        for check in asked:
            frame = self.bench.frame(check)
            tally = Tally(
                agency=self.agency.slug,
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
        judged = self.bench.judge(check, frame)
        outcomes = np.where(self._in_span(check, frame), judged.outcomes, OUT)
        _count(check, frame, outcomes, tally)
        known: Counter[str] = Counter()
        for row in np.flatnonzero(outcomes == FAILED).tolist():
            finding = self._finding(check, frame, row, judged.tell(row), known)
            result.findings.append(with_word(finding, self.inputs.words.get(finding.id)))

    def _in_span(self, check: Check, frame: Frame) -> Bools:
        """By the day of the decision, or of the line; what has no day always counts."""
        days = frame.days(day_key(check.over))
        inside: Bools = np.ones(len(frame), dtype=bool)
        if self.span.first:
            inside &= days >= self.span.first.toordinal()
        if self.span.last:
            inside &= days <= self.span.last.toordinal()
        undated: Bools = days == NONE
        return inside | undated

    def _finding(
        self, check: Check, frame: Frame, row: int, told: str, known: Counter[str]
    ) -> Finding:
        """``known``: how often this check has found the same line; each has a number of its own."""
        subject = "·".join(filter(None, (frame.cell(key, row) for key in subject_keys(check.over))))
        day = frame.cell(day_key(check.over), row)
        known_by = frame.cell("slug", row) or f"{check.over}\n{subject}\n{day}"
        known[known_by] += 1
        if known[known_by] > 1:
            known_by += f"\n{known[known_by]}"
        dates = [*_dates(check, frame, row), told]
        return Finding(
            id=finding_id(self.agency.slug, check.id, known_by),
            check=check.id,
            title=check.title,
            article=check.article,
            rows=check.rows,
            severity=check.severity,
            agency=self.agency.slug,
            unit=self.silence(frame.cell("unit", row) or self.agency.short_name),
            month=day[_MONTH] or frame.cell("year", row),
            subject=self.silence(subject or f"第{row + 1}行"),
            dates=self.silence("；".join(filter(None, dates))),
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
