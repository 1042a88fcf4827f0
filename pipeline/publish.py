"""One whole run: read, redact, review, judge, build, audit, release.

The only module that knows both sides of the wall. It hands raw data to
``restricted`` alone and gives the site nothing but the public store.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline import build, policy
from pipeline.agencies import Agency
from pipeline.calendar import Calendar, load_calendar
from pipeline.carried import Carried
from pipeline.errors import ConfigurationError, ReleaseRefused
from pipeline.model import Entry
from pipeline.progress import SILENT, Clock, Steps, Watcher, unwatched
from pipeline.public import content, store, theme
from pipeline.public.press import shelf
from pipeline.public.press.parts import Setter
from pipeline.public.read.word import read_word
from pipeline.public.released import release, signature, twins
from pipeline.public.released.alone import alone
from pipeline.report import RunReport, write
from pipeline.restricted import counted, objections, review, timeliness
from pipeline.restricted.agenda import channels
from pipeline.restricted.assess import Assessment, State, assess
from pipeline.restricted.attach import match
from pipeline.restricted.audit import Watch, audit_again
from pipeline.restricted.audited import Audits
from pipeline.restricted.comply.hold import hold
from pipeline.restricted.comply.run import side_tables
from pipeline.restricted.comply.totals import chosen, totals
from pipeline.restricted.hands import Hands
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.pooled import POOL
from pipeline.restricted.raw import FileReading, RawDecision
from pipeline.restricted.read import exports
from pipeline.restricted.read.attachments import read_attachments
from pipeline.restricted.redact import Redacted
from pipeline.restricted.remembered import redact_ledger
from pipeline.restricted.takedown import removals, restored
from pipeline.restricted.takedown.clocks import clocks
from pipeline.restricted.takedown.purge import purge
from pipeline.restricted.takedown.successors import linked
from pipeline.state import StateFolder
from pipeline.taken_down import taken_down, traced

Digests = Mapping[int, str]
_NONE: Digests = {}


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
    """What the ledger holds, judged on one day; ``orphans`` belong to no known agency.

    ``contested``: slugs of entries that say that an objection is under examination.
    """

    assessments: tuple[Assessment, ...]
    orphans: int
    contested: frozenset[str] = frozenset()

    @property
    def entries(self) -> list[Entry]:
        """What the public may read on that day."""
        found = [entry for one in self.assessments if (entry := one.entry)]
        return linked(found, self.contested)


def publish(
    places: Places,
    *,
    today: date,
    approve_as: str = "",
    key: Path | None = None,
    hands: Hands = POOL,
    watch: Watcher = unwatched,
) -> RunReport:
    """Do one whole run for ``today`` and write its report under the state folder.

    ``approve_as``: the reviewer in whose name every clear decision is approved.
    ``key``: the private key that signs the release. ``hands``: who redacts; they are let go.
    ``watch`` is told of every stage when it begins.
    Raises :class:`ConfigurationError` before anything is touched; a release that is
    refused comes back as a report with ``outcome`` "refused".
    """
    places.check_apart()
    office = content.load(places.content)
    folders = office.folders
    calendar = load_calendar(places.content)
    if not places.inbox.is_dir():
        raise ConfigurationError([f"找不到导入目录 {places.inbox}。"])
    for folder in folders.values():
        chosen(folder.agency.policy)
    release.check_target(places.output)
    signer = signature.private_key(key, (places.output, places.content)) if key else None
    release.make_room(places.output)
    report = RunReport(today=today)
    clock = Clock(watch)
    facts = (places, folders, calendar, today, report, clock, signer, hands)
    run = _Run(*facts, compressed=office.site.compressed)
    with StateFolder(places.state) as state, Ledger(state.ledger) as ledger, alone(places.output):
        try:
            run.do(state, ledger, approve_as)
        except ReleaseRefused as refusal:
            report.outcome, report.problems = "refused", list(refusal.problems)
        report.profile = clock.profile()
        report.stages = {one.name: one.seconds for one in report.profile}
        write(report, state.reports)
    return report


def judge(
    ledger: Ledger,
    redacted: Mapping[str, Redacted],
    agencies: Mapping[str, Agency],
    calendar: Calendar,
    today: date,
    steps: Steps = SILENT,
) -> Judged:
    """The state of every decision of the ledger on ``today``."""
    words = ledger.approvals()
    kept = list(ledger.decisions())
    steps.expect(len(kept), "件")
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
        for one in steps.through(kept)
        if one.raw.agency in agencies
    )
    open_ones = objections.contested(objections.read(ledger), agencies)
    return Judged(assessments, len(kept) - len(assessments), open_ones)


class _Run(NamedTuple):
    """The stages of a run, in the order they happen."""

    places: Places
    folders: Mapping[str, content.Folder]
    calendar: Calendar
    today: date
    report: RunReport
    clock: Clock
    signer: Ed25519PrivateKey | None
    hands: Hands = POOL
    compressed: bool = False

    @property
    def agencies(self) -> dict[str, Agency]:
        """The agencies by slug, in site order."""
        return {slug: folder.agency for slug, folder in self.folders.items()}

    def do(self, state: StateFolder, ledger: Ledger, approve_as: str) -> None:
        carried = Carried(state, self.places.output)
        with self._stage("读取导出文件") as steps:
            self._take_over(ledger, steps)
        with self._stage("遮盖个人信息") as steps:
            redacted = redact_ledger(ledger, self.agencies, self.hands, steps)
            self.hands.close()
        with self._stage("内部检查"):
            tables = side_tables(state.root, self.places.content, self.agencies)
            redacted = hold(redacted, ledger, tables, self.agencies, self.calendar, self.today)
        if approve_as:
            words = review.approve_clear(
                redacted.values(), ledger.approvals(), approve_as, self.today
            )
            ledger.decide(words)
            self.report.approved_now = len(words)
        with self._stage("判断公开与期限") as steps:
            judged = judge(ledger, redacted, self.agencies, self.calendar, self.today, steps)
            again = restored.reconcile(ledger, judged.assessments, state.store, self.today)
            if again:
                self.report.restored = again
                judged = judge(ledger, redacted, self.agencies, self.calendar, self.today)
            self._count(judged, state)
            self._follow_up(judged, ledger)
            gone = removals.gone(ledger, judged.assessments, self.today)
            counts = timeliness.tally(judged.assessments, self.agencies, self.today)
            shown = totals(judged.assessments, tables, self.agencies, self.calendar, self.today)
        with self._stage("写入公开库") as steps:
            carried.begin()
            store.write(
                state.next_store,
                judged.entries,
                today=self.today,
                gone=gone,
                timeliness=counts,
                totals=shown,
                tallies=counted.tally(ledger, judged.assessments, self.agencies, self.today),
            )
            setter = Setter(theme.environment(build.THEME), self.folders)
            shelf.refresh(state.next_store, setter, steps)
        if self._is_current(carried) and self._is_still_clean(state, judged, carried):
            self._unchanged(carried, ledger, judged)
        else:
            self._build_and_release(state, ledger, judged, carried)
        with self._stage("清除到期的原始数据"):
            self.report.purged = purge(ledger, judged.assessments, self.agencies, self.today)

    def _is_current(self, carried: Carried) -> bool:
        """Whether nothing changed and nothing is due: then Pelican is not even started."""
        signed = not self.signer or signature.is_signed(
            self.places.output, self.signer.public_key()
        )
        return signed and carried.is_current(self.places.content)

    def _is_still_clean(self, state: StateFolder, judged: Judged, carried: Carried) -> bool:
        """Whether the released site holds nothing of what is known since; else it is built."""
        with self._stage("检查泄露") as steps:
            try:
                self._audit(self.places.output, state, judged, carried.files, steps)
            except ReleaseRefused:
                return False
        return True

    def _build_and_release(
        self, state: StateFolder, ledger: Ledger, judged: Judged, carried: Carried
    ) -> None:
        staging = release.staging_for(self.places.output)
        try:
            with self._stage("生成网站"):
                carried.link(staging)
                places = (self.places.content, staging, state.next_store, self.places.output)
                build.site(*places, carried.proof)
                twins.renew(staging, carried.digests, wanted=self.compressed)
            with self._stage("检查泄露") as steps:
                files = self._audit_or_rebuild(staging, state, judged, carried.digests, steps)
            with self._stage("发布"):
                self._release(staging, files, ledger, judged, carried)
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _take_over(self, ledger: Ledger, steps: Steps) -> None:
        readings: list[FileReading] = []
        imported = ledger.take_over(steps.through(self._rows(readings, steps)), self.today)
        report = self.report
        report.files = len(readings)
        report.new, report.changed = imported.new, imported.changed
        report.rejected = [str(one) for r in readings for one in r.rejected]
        report.refused_files = _refusals(readings)
        report.undeclared = [column for r in readings for column in r.undeclared]
        self._attach(ledger)

    def _rows(self, readings: list[FileReading], steps: Steps) -> Iterator[RawDecision]:
        """The rows of all exports, one by one; what else a file gave is added to ``readings``."""
        for export in exports(self.places.inbox, self.agencies, steps):
            for row in export:
                self.report.rows += 1
                yield row
            readings.append(export.reading)

    def _attach(self, ledger: Ledger) -> None:
        """Give the Word documents of the inbox to their decisions."""
        documents = list(read_attachments(self.places.inbox))
        if not documents:
            return
        matching = match(documents, ledger.decisions(), self.agencies)
        texts = {slug: (text.shown, text.unseen) for slug, text in matching.found.items()}
        report = self.report
        report.attached, report.attached_now = len(texts), ledger.attach(texts, self.today)
        report.unattached = list(matching.refused)
        report.refused_files += [f"{d.shown_as}：{d.refused}" for d in documents if d.refused]
        report.revised = list(matching.revised)

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
        states = {one.kept.slug: one.state.label for one in all_of}
        report.other_channels = channels(self.agencies)
        report.taken_down = taken_down(state.store, judged.entries, states)
        review.write_list(
            state.reports / "review.csv",
            (
                review.Pending(one.redacted, self.agencies[one.kept.raw.agency].name)
                for one in all_of
                if one.state in (State.HELD, State.WAITING)
            ),
        )

    def _follow_up(self, judged: Judged, ledger: Ledger) -> None:
        """What the law asks beside publishing: take-downs in time, objections answered."""
        running = clocks(ledger, judged.assessments, self.agencies, self.calendar, self.today)
        self.report.late_take_downs = [
            f"{one.number}（应于 {one.due} 前撤下）" for one in running if one.late_on(self.today)
        ]
        open_ones = (one for one in objections.read(ledger) if not one.answered)
        self.report.objections = sum(1 for _ in open_ones)

    def _audit_or_rebuild(
        self,
        staging: Path,
        state: StateFolder,
        judged: Judged,
        digests: Digests = _NONE,
        steps: Steps = SILENT,
    ) -> dict[str, str]:
        """Audit; what only the kept base of the search index still holds, a new one has not.

        ``digests``: SHA-256 by inode of files hashed before. Returns that of all files.
        """
        files = release.hash_files(staging, digests)
        try:
            self._audit(staging, state, judged, files, steps)
        except ReleaseRefused as refused:
            if not all("search/index/" in sentence for sentence in refused.problems):
                raise
            build.site(self.places.content, staging, state.next_store)
            twins.renew(staging, digests, wanted=self.compressed)
            files = release.hash_files(staging, digests)
            self._audit(staging, state, judged, files, steps)
        return files

    def _audit(
        self,
        staging: Path,
        state: StateFolder,
        judged: Judged,
        files: Mapping[str, str],
        steps: Steps = SILENT,
    ) -> None:
        """Refuse the release for any leak; remember what was found clean, should there be none."""
        leaks = audit_again(
            staging,
            [_watch(one) for one in judged.assessments],
            judged.entries,
            allowed=self._own_values(),
            written=_texts(self.places.content),
            files=files,
            audits=Audits(state.audited),
            steps=steps,
        )
        if leaks:
            raise ReleaseRefused([str(leak) for leak in leaks])

    def _own_values(self) -> dict[str, list[str]]:
        """What each agency publishes of itself: contacts, officers' certificate numbers."""
        return {
            slug: [*folder.agency.own_values, *(o.cells["certificate"] for o in folder.officers)]
            for slug, folder in self.folders.items()
        }

    def _release(
        self,
        staging: Path,
        files: Mapping[str, str],
        ledger: Ledger,
        judged: Judged,
        carried: Carried,
    ) -> None:
        output = self.places.output
        before = release.read_manifest(output)
        signed = not self.signer or signature.is_signed(output, self.signer.public_key())
        if before and before.files == files and signed and not release.verify(output):
            self._unchanged(carried, ledger, judged)
            return
        known = before.files if before else {}
        same = {name for name, digest in files.items() if known.get(name) == digest}
        self.report.taken_down = traced(self.report.taken_down, output, staging, same)
        removals.record(ledger, store.gone(carried.store), self.today)
        manifest = release.write_manifest(staging, files, output)
        if self.signer:
            signature.sign(staging, self.signer)
        # First days are recorded before the swap: a crash between the two can only
        # shorten a window by the time to the next run, never lengthen it.
        ledger.record_release(_first_days(judged), self.today, manifest)
        release.swap(staging, output)
        carried.keep()
        self.report.outcome = "released"

    def _unchanged(self, carried: Carried, ledger: Ledger, judged: Judged) -> None:
        """The released site is what this run would release."""
        if any(one.entry and one.kept.first_day is None for one in judged.assessments):
            # The ledger is new (restored, lost): windows count from today all the same.
            hashed = release.manifest_hash(self.places.output)
            ledger.record_release(_first_days(judged), self.today, hashed)
        self.report.outcome = "unchanged"
        carried.keep()

    def _stage(self, name: str) -> AbstractContextManager[Steps]:
        return self.clock.stage(name)


def _first_days(judged: Judged) -> dict[str, date]:
    """The first day of everything that is shown."""
    shown = (one for one in judged.assessments if one.entry)
    return {one.kept.slug: one.publication.first_day for one in shown}


def _watch(one: Assessment) -> Watch:
    accepted = one.redacted.verdict == "held" and one.state is State.PUBLIC
    secrets, left = one.redacted.secrets, one.redacted.left
    return Watch(one.kept.slug, one.kept.raw.origin, secrets, accepted, left)


def _refusals(readings: Sequence[FileReading]) -> list[str]:
    return [f"{reading.file}：{reading.refused}" for reading in readings if reading.refused]


def _is_late(one: Assessment, today: date) -> bool:
    """Published after its last lawful day, or past that day and still waiting."""
    if one.state in (State.PUBLIC, State.WITHDRAWN):
        return one.publication.first_day > one.publication.due
    return one.state in (State.WAITING, State.HELD) and today > one.publication.due


_TEXTS = {".md", ".toml", ".csv", ".txt"}


def _texts(content: Path) -> Iterator[str]:
    """Everything the office wrote itself; public by nature."""
    for path in sorted(content.rglob("*")):
        if path.suffix in _TEXTS:
            yield path.read_text(encoding="utf-8", errors="replace")
        elif path.suffix == ".docx":
            yield read_word(path)
