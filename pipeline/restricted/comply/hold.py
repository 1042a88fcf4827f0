"""Decisions that a check says must wait: held in the reviewers' queue, the finding as reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from pipeline.agencies import Agency
from pipeline.calendar import Calendar
from pipeline.restricted.comply import findings as said
from pipeline.restricted.comply.findings import Finding
from pipeline.restricted.comply.run import Inputs, run
from pipeline.restricted.comply.tables import SideTables
from pipeline.restricted.ledger import Kept, Ledger
from pipeline.restricted.redact import Reason, Redacted, Verdict
from pipeline.restricted.review import CHECKED


def hold(
    redacted: Mapping[str, Redacted],
    ledger: Ledger,
    tables: SideTables,
    agencies: Mapping[str, Agency],
    calendar: Calendar,
    today: date,
    kept: Iterable[Kept] | None = None,
) -> dict[str, Redacted]:
    """``redacted``, with every decision held that a check of severity "hold" found short.

    A finding that somebody resolved no longer holds; one that is only known still does. The
    reviewer may let the decision pass all the same, as with any other reason. ``kept``: the
    decisions of the ledger, where they are read already.
    """
    rows = ledger.decisions() if kept is None else kept
    inputs = Inputs(rows, tables, agencies, calendar, words=said.words(ledger))
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in run(inputs, today=today, only="hold").findings:
        if finding.slug and finding.state != "resolved":
            found[finding.slug].append(finding)
    return {
        slug: _held(one, found[slug]) if slug in found else one for slug, one in redacted.items()
    }


def _held(one: Redacted, findings: list[Finding]) -> Redacted:
    reasons = tuple(
        Reason(
            f"{CHECKED}{finding.check}",
            "",
            f"内部检查：{finding.title}，不符合{finding.article}（问题编号 {finding.id}）。",
        )
        for finding in findings
    )
    verdict: Verdict = "withheld" if one.verdict == "withheld" else "held"
    return replace(one, verdict=verdict, reasons=(*one.reasons, *reasons))
