"""The door: a raw row in, a PublicDecision and what a person must look at out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.fields import by_label, dictionary, label_key, public_details
from pipeline.model import PartyType, PublicDecision
from pipeline.policy import Policy
from pipeline.restricted import engine, verdict
from pipeline.restricted.engine import Masked, Span
from pipeline.restricted.mask import LABELS, PRIVATE
from pipeline.restricted.raw import RawDecision, Secret
from pipeline.restricted.rulings import NOTHING, Fitted
from pipeline.restricted.verdict import Reason
from pipeline.restricted.visible import left_over

__all__ = [
    "Reason",
    "RecordResult",
    "Redacted",
    "Redactor",
    "Span",
    "redact_record",
    "redact_records",
]

Verdict = Literal["clear", "held", "withheld"]


@dataclass(frozen=True, slots=True)
class Redacted:
    """A row after redaction.

    ``decision``: every text masked, safe even when held. ``spans`` by field key, for
    the review; ``secrets``: every sensitive value of the row, for the audit; ``left``: the
    text of a name, once for each place where it stays because it means another thing there.
    """

    decision: PublicDecision
    verdict: Verdict
    reasons: tuple[Reason, ...]
    spans: Mapping[str, tuple[Span, ...]]
    secrets: tuple[Secret, ...]
    left: tuple[Secret, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordResult:
    """A record of the command line after redaction: labels as they came, values masked."""

    fields: Mapping[str, str]
    text: str
    held: bool
    reasons: tuple[str, ...]
    spans: tuple[Span, ...]


class Redactor:
    """Redacts rows under one policy. ``keep``: the agency's contact strings and names."""

    def __init__(self, policy: Policy, *, keep: Iterable[str] = ()) -> None:
        self._policy = policy
        own = (value for kept in policy.keep.values() for value in kept.values)
        self._keep = tuple(dict.fromkeys((*keep, *own)))

    def redact_all(
        self,
        raws: Sequence[RawDecision],
        slugs: Sequence[str],
        rulings: Mapping[str, Fitted] | None = None,
    ) -> list[Redacted]:
        """Redact ``raws``, named by ``slugs``.

        ``rulings``: what reviewers said on single words, by slug.
        """
        said = rulings or {}
        rows = [self._row(raw, said.get(s, NOTHING)) for raw, s in zip(raws, slugs, strict=True)]
        masked = engine.mask_all(rows, self._policy, self._keep)
        return [
            self._redacted(raw, slug, row, done)
            for raw, slug, row, done in zip(raws, slugs, rows, masked, strict=True)
        ]

    def _row(self, raw: RawDecision, rulings: Fitted) -> engine.Row:
        values = {key: secret.reveal() for key, secret in raw.values.items()}
        return engine.Row(values, raw.party_type, rulings)

    def _redacted(self, raw: RawDecision, slug: str, row: engine.Row, done: Masked) -> Redacted:
        outcome, reasons = verdict.judge(row, done, self._policy, raw.decided_on)
        decision = PublicDecision(
            slug=slug,
            agency=raw.agency,
            kind=raw.kind,
            number=done.texts.get("number", ""),
            party=done.texts.get("party", ""),
            party_type=raw.party_type,
            decided_on=raw.decided_on,
            details={f.key: done.texts[f.key] for f in public_details() if done.texts.get(f.key)},
        )
        secrets = tuple(Secret(text, kind) for kind, text in done.secrets)
        left = tuple(Secret(text, "name") for text in done.left)
        if outcome == "clear":
            seen = left_over(decision, secrets, self._keep, left)
            reasons = tuple(_visible(kind) for kind in seen)
            outcome = "held" if reasons else "clear"
        return Redacted(decision, outcome, reasons, done.spans, secrets, left)


def _visible(kind: str) -> Reason:
    """A decision that would make the audit refuse every page is held by itself."""
    what = "已遮盖词语" if kind == "other" else LABELS.get(kind, "号码").strip("［］")
    return Reason("visible", "", f"遮盖后仍有与本行{what}相同或形似的文字，请人工判断。")


#: The key under which the free text of a record goes through the engine.
_TEXT = engine.FREE_TEXT


def redact_record(
    fields: Mapping[str, str], text: str, policy: Policy, keep: Iterable[str] = ()
) -> RecordResult:
    """One record of the command line; see :func:`redact_records`."""
    return redact_records([(fields, text)], policy, keep)[0]


def redact_records(
    records: Sequence[tuple[Mapping[str, str], str]], policy: Policy, keep: Iterable[str] = ()
) -> list[RecordResult]:
    """Redact records whose columns have the labels of exports.

    A private column and one nobody declared come out as ［不公开］. ``keep`` are
    strings to leave alone beside the policy's own.
    """
    own = (value for kept in policy.keep.values() for value in kept.values)
    rows = [_record_row(fields, text) for fields, text in records]
    masked = engine.mask_all(rows, policy, tuple(dict.fromkeys((*keep, *own))))
    return [
        _result(fields, row, done, policy)
        for (fields, _), row, done in zip(records, rows, masked, strict=True)
    ]


def _record_row(fields: Mapping[str, str], text: str) -> engine.Row:
    values: dict[str, str] = {}
    for label, value in fields.items():
        field = by_label().get(label_key(label))
        if field:
            values[field.key] = "\n".join(filter(None, (values.get(field.key), str(value))))
    spoken = values.get("party_type", "").strip()
    values[_TEXT] = text
    return engine.Row(values, _party_type(spoken, values.get("party", "")))


def _party_type(spoken: str, party: str) -> PartyType:
    for code, names in dictionary()["party_type"].choices.items():
        if spoken == code or spoken in names:
            return PartyType(code)
    return engine.guess_party_type(party)


def _result(
    fields: Mapping[str, str], row: engine.Row, done: Masked, policy: Policy
) -> RecordResult:
    outcome, reasons = verdict.judge(row, done, policy, verdict.decided_on(row))
    shown = {label: _shown(label, done) for label in fields}
    return RecordResult(
        fields=shown,
        text=done.texts.get(_TEXT, ""),
        held=outcome != "clear",
        reasons=tuple(dict.fromkeys(reason.message for reason in reasons)),
        spans=done.spans.get(_TEXT, ()),
    )


def _shown(label: str, done: Masked) -> str:
    field = by_label().get(label_key(label))
    if field is None or field.sensitivity == "private":
        return PRIVATE
    return done.texts.get(field.key, "")
