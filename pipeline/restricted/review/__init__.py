"""Nothing is published unreviewed (未经审查不得发布): who approved which exact text.

An approval holds for the digest of one redacted text and its verdict. A changed
export, policy or engine that changes what would be shown is looked at again.
"""

from __future__ import annotations

import csv
import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from pipeline.errors import ConfigurationError
from pipeline.inert import inert
from pipeline.policy import Policy
from pipeline.restricted.ledger import Approval
from pipeline.restricted.redact import Redacted
from pipeline.restricted.verdict import delicate_codes

#: How the code of a reason begins that an internal check gives (pipeline.restricted.comply).
CHECKED = "check:"
Word = Literal["approved", "refused", "waiting"]
_LIST_COLUMNS = ("编号", "机关", "类别", "文号", "结论", "原因", "遮盖后的摘要")
_CONCLUSIONS = {"clear": "可发布，待审查", "held": "暂缓，待人工判断", "withheld": "不予公开"}


class Pending(NamedTuple):
    """A decision that waits for a person, in words that may be printed."""

    redacted: Redacted
    agency_name: str


def digest(redacted: Redacted) -> str:
    """What an approval is given on: the text that would be shown, the verdict, and what the
    internal checks found."""
    found = sorted({r.code for r in redacted.reasons if r.code.startswith(CHECKED)})
    shown = msgspec.json.encode((redacted.decision, redacted.verdict, *found))
    return hashlib.sha256(shown).hexdigest()


def word_on(redacted: Redacted, approval: Approval | None, *, two: bool = False) -> Word:
    """What the reviewer's word, if any, means for this text. Stale words do not count.

    ``two``: an approval needs a second signature (see :func:`needs_two`).
    """
    if approval is None or approval.digest != digest(redacted):
        return "waiting"
    if approval.act == "refuse":
        return "refused"
    return "waiting" if two and not approval.second else "approved"


def needs_two(redacted: Redacted, policy: Policy) -> bool:
    """Whether the policy asks two different reviewers to sign this decision's approval."""
    codes = {reason.code for reason in redacted.reasons}
    asked = policy.second_signature
    grounds = codes & {*policy.withheld, *delicate_codes()}
    return (asked.numbers and "lifted_number" in codes) or (asked.grounds and bool(grounds))


def sign(first: Approval | None, word: Approval) -> Approval:
    """``word``, or the first reviewer's approval of the same text with ``word`` as second."""
    same = first and first.digest == word.digest and first.act == word.act == "approve"
    if not first or not same:
        return word
    if _person(first.reviewer) == _person(word.reviewer) or first.second:
        return first
    return first._replace(second=word.reviewer, second_day=word.day.isoformat())


def _person(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


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
        inert(cell)
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
