"""One whole run: read, redact, review, judge, build, audit, release.

The only module that knows both sides of the wall. It hands raw data to
``restricted`` alone and gives the site nothing but the public store.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline import build
from pipeline.agencies import Agency
from pipeline.calendar import Calendar, load_calendar
from pipeline.carried import Carried
from pipeline.errors import ConfigurationError, ReleaseRefused
from pipeline.places import Places
from pipeline.progress import SILENT, Clock, Steps, Watcher, unwatched
from pipeline.public import content, own, store, theme
from pipeline.public.press import shelf
from pipeline.public.press.parts import Setter
from pipeline.public.released import release, signature, twins
from pipeline.public.released.alone import alone
from pipeline.public.released.reading import Reading
from pipeline.report import RunReport, write
from pipeline.restricted import counted, review, timeliness
from pipeline.restricted.asked import Watch
from pipeline.restricted.assess import Assessment, State
from pipeline.restricted.audit import audit_again
from pipeline.restricted.audited import Audits
from pipeline.restricted.comply.hold import hold
from pipeline.restricted.comply.run import side_tables
from pipeline.restricted.comply.totals import chosen, totals
from pipeline.restricted.hands import Hands
from pipeline.restricted.judge import Judged, judge
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.pooled import POOL
from pipeline.restricted.remembered import redact_ledger
from pipeline.restricted.take_in import take_in
from pipeline.restricted.takedown import removals, restored
from pipeline.restricted.takedown.purge import purge
from pipeline.restricted.tell import tell
from pipeline.state import StateFolder
from pipeline.taken_down import looked_through, names, taken_down, traced

Digests = Mapping[int, str]
_NONE: Digests = {}


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
            inbox = self.places.inbox
            take_in(inbox, ledger, self.agencies, self.today, self.report, steps)
        facts = (self.agencies, self.calendar, self.today)
        with self._stage("遮盖个人信息") as steps:
            kept = tuple(ledger.decisions())  # one reading for three stages
            redacted = redact_ledger(ledger, self.agencies, self.hands, steps, kept)
        with self._stage("内部检查"):
            tables = side_tables(state.root, self.places.content, self.agencies)
            redacted = hold(redacted, ledger, tables, *facts, kept)
        if approve_as:
            words = review.approve_clear(
                redacted.values(), ledger.approvals(), approve_as, self.today
            )
            ledger.decide(words)
            self.report.approved_now = len(words)
        with self._stage("判断公开与期限") as steps:
            judged = judge(ledger, redacted, *facts, steps, kept)
            again = restored.reconcile(ledger, judged.assessments, state.store, self.today)
            if again:
                self.report.restored = again
                judged = judge(ledger, redacted, *facts)
            tell(self.report, judged, ledger, self.agencies, self.calendar, self.today)
            self._list(judged, state)
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
                carried.link(staging, names(self.report.taken_down))
                places = (self.places.content, staging, state.next_store, self.places.output)
                build.site(*places, carried.proof)
                twins.renew(staging, carried.digests, wanted=self.compressed)
            with self._stage("检查泄露") as steps:
                after = self._audit_or_rebuild(staging, state, judged, carried.digests, steps)
            with self._stage("发布"):
                self._release(staging, after, ledger, judged, carried)
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _list(self, judged: Judged, state: StateFolder) -> None:
        """What this run takes down, and for the reviewers what waits for them."""
        all_of = judged.assessments
        states = {one.kept.slug: one.state.label for one in all_of}
        self.report.taken_down = taken_down(state.store, judged.entries, states)
        review.write_list(
            state.reports / "review.csv",
            (
                review.Pending(one.redacted, self.agencies[one.kept.raw.agency].name)
                for one in all_of
                if one.state in (State.HELD, State.WAITING)
            ),
        )

    def _audit_or_rebuild(
        self,
        staging: Path,
        state: StateFolder,
        judged: Judged,
        digests: Digests = _NONE,
        steps: Steps = SILENT,
    ) -> Reading:
        """Audit; what only the kept base of the search index still holds, a new one has not.

        ``digests``: SHA-256 by inode of files read before. Returns the reading of the others.
        """
        after = looked_through(staging, self.report.taken_down, digests)
        try:
            self._audit(staging, state, judged, after.digests, steps)
        except ReleaseRefused as refused:
            if not all("search/index/" in sentence for sentence in refused.problems):
                raise
            build.site(self.places.content, staging, state.next_store)
            twins.renew(staging, digests, wanted=self.compressed)
            after = looked_through(staging, self.report.taken_down, digests)
            self._audit(staging, state, judged, after.digests, steps)
        return after

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
            allowed=own.values(self.folders),
            written=own.texts(self.places.content),
            files=files,
            audits=Audits(state.audited),
            steps=steps,
        )
        if leaks:
            raise ReleaseRefused([str(leak) for leak in leaks])

    def _release(
        self, staging: Path, after: Reading, ledger: Ledger, judged: Judged, carried: Carried
    ) -> None:
        output, files = self.places.output, after.digests
        before = release.read_manifest(output)
        signed = not self.signer or signature.is_signed(output, self.signer.public_key())
        if before and before.files == files and signed and not release.verify(output):
            self._unchanged(carried, ledger, judged)
            return
        known = before.files if before else {}
        same = {name for name, digest in files.items() if known.get(name) == digest}
        self.report.taken_down = traced(self.report.taken_down, carried.reading, after, same)
        removals.record(ledger, store.gone(carried.store), self.today)
        manifest = release.write_manifest(staging, files, output)
        if self.signer:
            signature.sign(staging, self.signer)
        # First days are recorded before the swap: a crash between the two can only
        # shorten a window by the time to the next run, never lengthen it.
        ledger.record_release(judged.first_days, self.today, manifest)
        release.swap(staging, output)
        carried.keep()
        self.report.outcome = "released"

    def _unchanged(self, carried: Carried, ledger: Ledger, judged: Judged) -> None:
        """The released site is what this run would release."""
        if any(one.entry and one.kept.first_day is None for one in judged.assessments):
            # The ledger is new (restored, lost): windows count from today all the same.
            hashed = release.manifest_hash(self.places.output)
            ledger.record_release(judged.first_days, self.today, hashed)
        self.report.outcome = "unchanged"
        carried.keep()

    def _stage(self, name: str) -> AbstractContextManager[Steps]:
        return self.clock.stage(name)


def _watch(one: Assessment) -> Watch:
    accepted = one.redacted.verdict == "held" and one.state is State.PUBLIC
    secrets, left = one.redacted.secrets, one.redacted.left
    return Watch(one.kept.slug, one.kept.raw.origin, secrets, accepted, left)
