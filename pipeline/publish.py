"""One whole run: read, redact, review, judge, build, audit, release.

The only module that knows both sides of the wall. It hands raw data to
``restricted`` alone and gives the site nothing but the public store.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline import build, policy
from pipeline.agencies import Agency
from pipeline.calendar import Calendar, load_calendar
from pipeline.errors import ConfigurationError, ReleaseRefused
from pipeline.model import Entry
from pipeline.public import content, release, store
from pipeline.report import RunReport, TakenDown, write
from pipeline.restricted import review
from pipeline.restricted.assess import Assessment, State, assess
from pipeline.restricted.audit import Watch, audit
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.raw import FileReading
from pipeline.restricted.read import read_inbox
from pipeline.restricted.redact import Redacted
from pipeline.restricted.remembered import redact_ledger
from pipeline.state import StateFolder

Tell = Callable[[str], None]


class Places(NamedTuple):
    """The four folders of a run."""

    inbox: Path
    content: Path
    state: Path
    output: Path

    def check_apart(self) -> None:
        """Refuse what would put private files into a public folder, or a folder into itself.

        Raises :class:`ConfigurationError` with every pair that stands wrongly.
        """
        inbox, content, state, output = (place.resolve() for place in self)
        wrong = (
            ("导入目录", inbox, "输出目录", output),
            ("导入目录", inbox, "内容目录", content),
            ("状态目录", state, "输出目录", output),
            ("状态目录", state, "内容目录", content),
            ("内容目录", content, "输出目录", output),
            ("输出目录", output, "内容目录", content),
        )
        problems = [
            f"{inner_name} {inner} 不能放在{outer_name} {outer} 里面（或与它相同）；请换一个位置。"
            for inner_name, inner, outer_name, outer in wrong
            if inner.is_relative_to(outer)
        ]
        if problems:
            raise ConfigurationError(problems)


class Judged(NamedTuple):
    """What the ledger holds, judged on one day; ``orphans`` belong to no known agency."""

    assessments: tuple[Assessment, ...]
    orphans: int

    @property
    def entries(self) -> list[Entry]:
        """What the public may read on that day."""
        return [entry for one in self.assessments if (entry := one.entry)]


def publish(
    places: Places, *, today: date, approve_as: str = "", tell: Tell = lambda _: None
) -> RunReport:
    """Do one whole run for ``today`` and write its report under the state folder.

    ``approve_as``: the reviewer in whose name every clear decision is approved.
    Raises :class:`ConfigurationError` before anything is touched; a release that is
    refused comes back as a report with ``outcome`` "refused".
    """
    places.check_apart()
    folders = content.load(places.content).folders
    calendar = load_calendar(places.content)
    if not places.inbox.is_dir():
        raise ConfigurationError([f"找不到导入目录 {places.inbox}。"])
    release.check_target(places.output)
    report = RunReport(today=today)
    run = _Run(places, folders, calendar, today, report, tell)
    with StateFolder(places.state) as state, Ledger(state.ledger) as ledger:
        try:
            run.do(state, ledger, approve_as)
        except ReleaseRefused as refusal:
            report.outcome, report.problems = "refused", list(refusal.problems)
        write(report, state.reports)
    return report


def judge(
    ledger: Ledger,
    redacted: Mapping[str, Redacted],
    agencies: Mapping[str, Agency],
    calendar: Calendar,
    today: date,
) -> Judged:
    """The state of every decision of the ledger on ``today``."""
    words = ledger.approvals()
    kept = list(ledger.decisions())
    assessments = tuple(
        assess(
            one,
            redacted[one.slug],
            words.get(one.slug),
            agency=(agency := agencies[one.raw.agency]),
            policy=policy.load(agency.policy),
            calendar=calendar,
            today=today,
        )
        for one in kept
        if one.raw.agency in agencies
    )
    return Judged(assessments, len(kept) - len(assessments))


class _Run(NamedTuple):
    """The stages of a run, in the order they happen."""

    places: Places
    folders: Mapping[str, content.Folder]
    calendar: Calendar
    today: date
    report: RunReport
    tell: Tell

    @property
    def agencies(self) -> dict[str, Agency]:
        """The agencies by slug, in site order."""
        return {slug: folder.agency for slug, folder in self.folders.items()}

    def do(self, state: StateFolder, ledger: Ledger, approve_as: str) -> None:
        with self._stage("读取导出文件"):
            self._take_over(ledger)
        with self._stage("遮盖个人信息"):
            redacted = redact_ledger(ledger, self.agencies)
        if approve_as:
            words = review.approve_clear(
                redacted.values(), ledger.approvals(), approve_as, self.today
            )
            ledger.decide(words)
            self.report.approved_now = len(words)
        with self._stage("判断公开与期限"):
            judged = judge(ledger, redacted, self.agencies, self.calendar, self.today)
            self._count(judged, state)
            store.write(state.next_store, judged.entries, today=self.today)
        staging = release.staging_for(self.places.output)
        try:
            with self._stage("生成网站"):
                build.site(self.places.content, staging, state.next_store)
            with self._stage("检查泄露"):
                self._audit(staging, judged)
            with self._stage("发布"):
                self._release(staging, state, ledger, judged)
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _take_over(self, ledger: Ledger) -> None:
        readings = list(read_inbox(self.places.inbox, self.agencies))
        imported = ledger.take_over((row for r in readings for row in r.rows), self.today)
        report = self.report
        report.files, report.rows = len(readings), sum(len(r.rows) for r in readings)
        report.new, report.changed = imported.new, imported.changed
        report.rejected = [str(one) for r in readings for one in r.rejected]
        report.refused_files = _refusals(readings)
        report.undeclared = [column for r in readings for column in r.undeclared]

    def _count(self, judged: Judged, state: StateFolder) -> None:
        report, all_of = self.report, judged.assessments
        report.states = dict(sorted(Counter(one.state.value for one in all_of).items()))
        report.late = sum(_is_late(one, self.today) for one in all_of)
        report.provisional = sum(one.publication.due_provisional for one in all_of)
        report.backlog = sum(
            one.kept.first_day is None
            and not one.kept.raw.text("published_on")
            and one.publication.first_day == one.publication.due < self.today
            for one in all_of
        )
        report.taken_down = _taken_down(state.store, judged)
        review.write_list(
            state.reports / "review.csv",
            (
                review.Pending(one.redacted, self.agencies[one.kept.raw.agency].name)
                for one in all_of
                if one.state in (State.HELD, State.WAITING)
            ),
        )

    def _audit(self, staging: Path, judged: Judged) -> None:
        leaks = audit(
            staging,
            [_watch(one) for one in judged.assessments],
            judged.entries,
            allowed=self._own_values(),
            written=_texts(self.places.content),
        )
        if leaks:
            raise ReleaseRefused([str(leak) for leak in leaks])

    def _own_values(self) -> list[str]:
        """What the agencies publish of themselves: contacts, officers' certificate numbers."""
        found = [value for folder in self.folders.values() for value in folder.agency.own_values]
        officers = (officer for folder in self.folders.values() for officer in folder.officers)
        return [*found, *(officer.cells["certificate"] for officer in officers)]

    def _release(self, staging: Path, state: StateFolder, ledger: Ledger, judged: Judged) -> None:
        files = release.hash_files(staging)
        output = self.places.output
        before = release.read_manifest(output)
        shown = [one for one in judged.assessments if one.entry]
        first_days = {one.kept.slug: one.publication.first_day for one in shown}
        if before and before.files == files and not release.verify(output):
            if any(one.kept.first_day is None for one in shown):
                # The ledger is new (restored, lost): windows count from today all the same.
                ledger.record_release(first_days, self.today, release.manifest_hash(output))
            self.report.outcome = "unchanged"
            state.next_store.replace(state.store)
            return
        manifest = release.write_manifest(staging, files, output)
        # First days are recorded before the swap: a crash between the two can only
        # shorten a window by the time to the next run, never lengthen it.
        ledger.record_release(first_days, self.today, manifest)
        release.swap(staging, output)
        state.next_store.replace(state.store)
        self.report.outcome = "released"

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        self.tell(name)
        begin = time.perf_counter()
        yield
        self.report.stages[name] = round(time.perf_counter() - begin, 3)


def _watch(one: Assessment) -> Watch:
    accepted = one.redacted.verdict == "held" and one.state is State.PUBLIC
    return Watch(one.kept.slug, one.kept.raw.origin, one.redacted.secrets, accepted)


def _refusals(readings: Sequence[FileReading]) -> list[str]:
    return [f"{reading.file}：{reading.refused}" for reading in readings if reading.refused]


def _is_late(one: Assessment, today: date) -> bool:
    """Published after its last lawful day, or past that day and still waiting."""
    if one.state in (State.PUBLIC, State.WITHDRAWN):
        return one.publication.first_day > one.publication.due
    return one.state in (State.WAITING, State.HELD) and today > one.publication.due


def _taken_down(previous: Path, judged: Judged) -> list[TakenDown]:
    if not previous.is_file():
        return []
    now = {one.kept.slug: one for one in judged.assessments}
    shown = {entry.decision.slug for entry in judged.entries}
    return [
        TakenDown(slug, entry.decision.number, now[slug].state.label if slug in now else "已移除")
        for entry in store.read(previous)
        if (slug := entry.decision.slug) not in shown
    ]


_TEXTS = {".md", ".toml", ".csv", ".txt"}


def _texts(content: Path) -> Iterator[str]:
    """Everything the office wrote itself; public by nature."""
    for path in sorted(content.rglob("*")):
        if path.suffix in _TEXTS:
            yield path.read_text(encoding="utf-8", errors="replace")
