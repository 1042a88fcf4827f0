"""What lies in the inbox, taken into the ledger: the rows of the exports, their documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pipeline.agencies import Agency
from pipeline.progress import Steps
from pipeline.report import RunReport
from pipeline.restricted.attach import match
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.raw import FileReading, RawDecision
from pipeline.restricted.read import exports
from pipeline.restricted.read.attachments import read_attachments


def take_in(
    inbox: Path,
    ledger: Ledger,
    agencies: Mapping[str, Agency],
    today: date,
    report: RunReport,
    steps: Steps,
) -> None:
    """Take in every export of ``inbox`` and every document; ``report`` is told what came of it."""
    readings: list[FileReading] = []
    rows = _rows(inbox, agencies, readings, report, steps)
    imported = ledger.take_over(steps.through(rows), today)
    report.files = len(readings)
    report.new, report.changed = imported.new, imported.changed
    report.rejected = [str(one) for r in readings for one in r.rejected]
    report.refused_files = [f"{r.file}：{r.refused}" for r in readings if r.refused]
    report.undeclared = [column for r in readings for column in r.undeclared]
    _attach(inbox, ledger, agencies, today, report)


def _rows(
    inbox: Path,
    agencies: Mapping[str, Agency],
    readings: list[FileReading],
    report: RunReport,
    steps: Steps,
) -> Iterator[RawDecision]:
    """The rows of all exports, one by one; what else a file gave is added to ``readings``."""
    for export in exports(inbox, agencies, steps):
        for row in export:
            report.rows += 1
            yield row
        readings.append(export.reading)


def _attach(
    inbox: Path, ledger: Ledger, agencies: Mapping[str, Agency], today: date, report: RunReport
) -> None:
    """Give the Word documents of the inbox to their decisions."""
    documents = list(read_attachments(inbox))
    if not documents:
        return
    matching = match(documents, ledger.decisions(), agencies)
    texts = {slug: (text.shown, text.unseen) for slug, text in matching.found.items()}
    report.attached, report.attached_now = len(texts), ledger.attach(texts, today)
    report.unattached = list(matching.refused)
    report.refused_files += [f"{d.shown_as}：{d.refused}" for d in documents if d.refused]
    report.revised = list(matching.revised)
