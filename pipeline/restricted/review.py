"""Nothing is published unreviewed (未经审查不得发布): who approved which exact text.

An approval holds for the digest of one redacted text and its verdict. A changed
export, policy or engine that changes what would be shown is looked at again.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from pipeline.errors import ConfigurationError
from pipeline.restricted.ledger import Approval
from pipeline.restricted.redact import Redacted

Word = Literal["approved", "refused", "waiting"]
_LIST_COLUMNS = ("编号", "机关", "类别", "文号", "结论", "原因", "遮盖后的摘要")
_CONCLUSIONS = {"clear": "可发布，待审查", "held": "暂缓，待人工判断", "withheld": "不予公开"}


class Pending(NamedTuple):
    """A decision that waits for a person, in words that may be printed."""

    redacted: Redacted
    agency_name: str


def digest(redacted: Redacted) -> str:
    """What an approval is given on: the text that would be shown, and the verdict."""
    shown = msgspec.json.encode((redacted.decision, redacted.verdict))
    return hashlib.sha256(shown).hexdigest()


def word_on(redacted: Redacted, approval: Approval | None) -> Word:
    """What the reviewer's word, if any, means for this text. Stale words do not count."""
    if approval is None or approval.digest != digest(redacted):
        return "waiting"
    return "approved" if approval.act == "approve" else "refused"


def approve_clear(
    redacted: Iterable[Redacted], words: Mapping[str, Approval], reviewer: str, today: date
) -> dict[str, Approval]:
    """Approvals in one act for every clear decision that has no valid word yet."""
    return {
        one.decision.slug: Approval(digest(one), "approve", reviewer, today, "批量通过")
        for one in redacted
        if one.verdict == "clear" and word_on(one, words.get(one.decision.slug)) == "waiting"
    }


def decide_one(
    redacted: Redacted,
    act: Literal["approve", "refuse"],
    reviewer: str,
    today: date,
    note: str,
) -> Approval:
    """A reviewer's word on one decision; withheld ones cannot be approved here."""
    if act == "approve" and redacted.verdict == "withheld":
        raise ConfigurationError([f"{redacted.decision.slug} 依法不予公开，不能批准发布。"])
    return Approval(digest(redacted), act, reviewer, today, note)


def write_list(path: Path, pending: Iterable[Pending]) -> None:
    """The list a reviewer works from, as CSV for Excel; it shows masked text only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_LIST_COLUMNS)
        writer.writerows(_row(one) for one in pending)


def _row(pending: Pending) -> tuple[str, ...]:
    decision, redacted = pending.redacted.decision, pending.redacted
    excerpt = next((v for v in (decision.details.get(k, "") for k in _TELLING) if v), "")
    return tuple(
        _inert(cell)
        for cell in (
            decision.slug,
            pending.agency_name,
            decision.kind.label,
            decision.number,
            _CONCLUSIONS[redacted.verdict],
            "；".join(dict.fromkeys(reason.message for reason in redacted.reasons)),
            excerpt[:120],
        )
    )


_TELLING = ("facts", "case_name", "full_text", "licence", "inspection_result", "levy_item")


def _inert(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
