"""The reviewer's desk: what waits, and each word said on it, checked and recorded.

The page, the spreadsheet and the command line all go through here. An act on what has
changed since the reviewer saw it is not accepted; nor is one that the audit would refuse.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.calendar import Calendar
from pipeline.errors import NotAccepted
from pipeline.model import PartyType
from pipeline.restricted import lifting, review, rulings
from pipeline.restricted.assess import Assessment, State, assess
from pipeline.restricted.crossing import Crossing
from pipeline.restricted.ledger import Approval, Kept, Ledger
from pipeline.restricted.redact import Reason, Redacted, Verdict
from pipeline.restricted.remembered import (
    Remembering,
    fit_to,
    freeze,
    own_strings,
    redact_ledger,
)
from pipeline.restricted.review.marks import Column, Mark, Place, columns, marks, same_words
from pipeline.restricted.rulings import Act, Fitted, Ruling

_OPEN = frozenset({State.WAITING, State.HELD})


class Asked(NamedTuple):
    """What a reviewer asks for one place. ``kind``: see ``rulings.KINDS`` (empty: show)."""

    place: Place
    act: Act
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One decision on the desk.

    ``approval``: the word on its text of today, if any; ``two``: an approval needs two
    signatures; ``grounds``: what its redaction depends on beside the rulings.
    """

    assessment: Assessment
    agency: Agency
    rulings: Fitted
    approval: Approval | None
    two: bool
    grounds: str

    @property
    def slug(self) -> str:
        """The number under which people speak of it."""
        return self.assessment.kept.slug

    @property
    def redacted(self) -> Redacted:
        """The decision as it would be published."""
        return self.assessment.redacted

    @property
    def open(self) -> bool:
        """Whether it waits for a reviewer."""
        return self.assessment.state in _OPEN

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its texts, raw and masked."""
        return columns(self.assessment.kept, self.redacted)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The places to look at."""
        return marks(self.assessment.kept, self.redacted, self.rulings)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is held, each reason once."""
        return tuple(dict.fromkeys(reason.message for reason in self.redacted.reasons))

    @property
    def version(self) -> str:
        """Changes whenever anything changes that a reviewer sees of it."""
        shown = (review.digest(self.redacted), self.assessment.state.value, self.reasons)
        return _short(self.ground, self.rulings.fingerprint, shown)

    @property
    def ground(self) -> str:
        """Changes as ``version`` does, but not by what reviewers say on its words."""
        word = (self.approval.act, self.approval.reviewer) if self.approval else ()
        checks = [r.code for r in self.redacted.reasons if r.code.startswith(review.CHECKED)]
        return _short(self.grounds, word, checks)


def _short(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


class Desk:
    """The decisions of the ledger as a reviewer finds them on ``today``.

    ``redacted``: all of them, with what the checks of the handling of a case hold.
    """

    def __init__(
        self,
        ledger: Ledger,
        agencies: Mapping[str, Agency],
        calendar: Calendar,
        today: date,
        redacted: Mapping[str, Redacted] | None = None,
    ) -> None:
        self._ledger, self._agencies = ledger, agencies
        self._calendar, self._today = calendar, today
        self._redacted = dict(redacted or redact_ledger(ledger, agencies))
        self._remembering = {slug: Remembering(agency) for slug, agency in agencies.items()}
        self._crossing = Crossing(self._redacted, own_strings(agencies))
        self._words = dict(ledger.approvals())
        self._said = {slug: list(known) for slug, known in ledger.rulings().items()}
        self._kept = {one.slug: one for one in ledger.decisions() if one.slug in self._redacted}

    def cases(self) -> list[Case]:
        """Everything that waits: held first, then by the last lawful day."""
        found = [case for slug in self._kept if (case := self.case(slug)).open]
        found.sort(
            key=lambda c: (
                c.assessment.state is not State.HELD,
                c.assessment.publication.due,
                c.slug,
            )
        )
        return found

    def case(self, slug: str) -> Case:
        """One decision, whatever its state. Raises :class:`NotAccepted` for an unknown one."""
        if slug not in self._kept:
            raise NotAccepted(f"没有编号为 {slug} 的决定；用 review list 查看编号。")
        kept, redacted = self._kept[slug], self._redacted[slug]
        agency = self._agencies[kept.raw.agency]
        rules, word = policy.load(agency.policy), self._words.get(slug)
        found = assess(
            kept,
            redacted,
            word,
            agency=agency,
            policy=rules,
            calendar=self._calendar,
            today=self._today,
        )
        valid = word if word and word.digest == review.digest(redacted) else None
        fitted = fit_to(kept, self._said.get(slug, ()))
        grounds = self._remembering[agency.slug].grounds(kept, rulings.NOTHING)
        return Case(found, agency, fitted, valid, review.needs_two(redacted, rules), grounds)

    def rule(self, slug: str, asked: Sequence[Asked], reviewer: str) -> Case:
        """Record what a reviewer says on words of one decision: all of it, or nothing.

        Raises :class:`NotAccepted` when a place does not exist, when a name that the
        export itself declares would be shown, or a number that is secret in some row.
        """
        self._check_open(slug)
        kept, known = self._kept[slug], self._said.get(slug, [])
        new = [self._ruling(kept, one, reviewer) for one in asked]
        after, gone = rulings.settle(known, new)
        bare, held = self._redact(kept, after)
        self._check_shown(kept, held, [r for r in new if not r.masks])
        self._ledger.rule(slug, new, gone, self._today)
        return self._changed(kept, after, bare, held)

    def take_back(self, slug: str, places: Sequence[Place]) -> Case:
        """Take back what was said on these places of one decision."""
        self._check_open(slug)
        kept, known = self._kept[slug], self._said.get(slug, [])
        holding = set(self.case(slug).rulings.holding)
        gone = [r for r in known if r in holding and Place(r.field, r.start, r.end) in places]
        after = [r for r in known if r not in gone]
        bare, held = self._redact(kept, after)
        if gone:
            self._ledger.rule(slug, (), gone, self._today)
        return self._changed(kept, after, bare, held)

    def sign(self, slug: str, act: Literal["approve", "refuse"], reviewer: str, note: str) -> Case:
        """Record a reviewer's word on one whole decision, as its first or second signature."""
        if slug not in self._redacted:
            raise NotAccepted(f"没有编号为“{slug}”的决定；编号见 review list。")
        given = review.decide_one(self._redacted[slug], act, reviewer, self._today, note)
        before = self._words.get(slug)
        word = review.sign(before, given) if self.case(slug).two else given
        if word is before and self.case(slug).open:
            raise NotAccepted(f"{slug} 须由另一名审查员再签字；同一人不能签两次。")
        self._ledger.decide({slug: word})
        self._words[slug] = word
        return self.case(slug)

    def approve_clear(self, reviewer: str, note: str = "") -> int:
        """Approve every clear decision in one act; how many there were."""
        found = review.approve_clear(self._redacted.values(), self._words, reviewer, self._today)
        if note:
            found = {slug: word._replace(note=note) for slug, word in found.items()}
        self._ledger.decide(found)
        self._words |= found
        return len(found)

    def same_words(self, slug: str, place: Place) -> list[Place]:
        """Every place of a decision where the word at ``place`` stands, itself first."""
        case = self.case(slug)
        raw = next((c.raw for c in case.columns if c.key == place.field), "")
        text = raw[place.start : place.end]
        others = same_words(case.columns, text) if len(text) > 1 else ()
        return list(dict.fromkeys((place, *others)))

    def _check_open(self, slug: str) -> None:
        if self.case(slug).assessment.state is State.WITHHELD:
            raise NotAccepted(f"{slug} 依法不予公开，无须逐字处理。")

    def _ruling(self, kept: Kept, asked: Asked, reviewer: str) -> Ruling:
        place, raw = asked.place, kept.raw.text(asked.place.field)
        known = {column.key for column in columns(kept, self._redacted[kept.slug])}
        if place.field not in known or not 0 <= place.start < place.end <= len(raw):
            raise NotAccepted("所选文字不在这件决定的可遮盖文字中；请重新打开后再选。")
        word = raw[place.start : place.end]
        if not word.strip():
            raise NotAccepted("所选文字是空白；请重新选择。")
        if asked.act != "show" and asked.kind not in _MASKABLE:
            raise NotAccepted("没有写明遮盖的是什么（姓名、电话等）；请选择一项。")
        bound = rulings.bind(kept.slug, place.field, raw)
        kind = "" if asked.act == "show" else asked.kind
        return Ruling(
            place.field, place.start, place.end, asked.act, kind, bound, reviewer, self._today, word
        )

    def _check_shown(self, kept: Kept, redacted: Redacted, shows: Iterable[Ruling]) -> None:
        for ruling in shows:
            if ruling.field in _DECLARED and not _may_be_a_body(kept, ruling):
                raise NotAccepted(
                    "这是导出表自己写明的自然人姓名，不能显示；表有误的，请改正后重新导出。"
                )
            spans = redacted.spans.get(ruling.field, ())
            if any(s.start < ruling.end and ruling.start < s.end for s in spans):
                raise NotAccepted("只选中了遮盖处的一部分，不能显示；请选中整处遮盖。")
        if lifting.lifts_a_number(redacted):
            others = {**self._redacted, kept.slug: redacted}
            if kept.slug in lifting.to_mask_again(others, self._own_values()):
                raise NotAccepted(
                    "这串号码形似身份证号，或在台账中另被记为个人号码，显示后整站将不能发布，因此不能显示。"
                )

    def _own_values(self) -> list[str]:
        return [value for agency in self._agencies.values() for value in agency.own_values]

    def _redact(self, kept: Kept, said: Iterable[Ruling]) -> tuple[Redacted, Redacted]:
        """The decision under these rulings: by itself, and as the ledger as a whole holds it."""
        remembering = self._remembering[kept.raw.agency]
        bare = remembering.redact([kept], {kept.slug: fit_to(kept, said)})[kept.slug]
        known = self._redacted[kept.slug].reasons
        checks = [reason for reason in known if reason.code.startswith(review.CHECKED)]
        return bare, held_by(self._crossing.hold(bare), checks)

    def _changed(self, kept: Kept, said: list[Ruling], bare: Redacted, held: Redacted) -> Case:
        fitted = fit_to(kept, said)
        grounds = self._remembering[kept.raw.agency].grounds(kept, fitted)
        self._ledger.remember([(kept.slug, grounds, freeze(bare))])
        self._said[kept.slug], self._redacted[kept.slug] = said, held
        return self.case(kept.slug)


def held_by(one: Redacted, checks: Sequence[Reason]) -> Redacted:
    """The decision, held for what the checks of its handling said of it before."""
    if not checks:
        return one
    verdict: Verdict = "withheld" if one.verdict == "withheld" else "held"
    return replace(one, verdict=verdict, reasons=(*one.reasons, *checks))


_MASKABLE = frozenset(rulings.KINDS) | {
    *("email", "im", "plate", "property", "passport", "wealth"),
}
#: Columns that hold names and nothing else.
_DECLARED = frozenset({"party", "legal_representative"})


def _may_be_a_body(kept: Kept, ruling: Ruling) -> bool:
    """The export says that the party is an organisation, and its name looks like a person's."""
    return ruling.field == "party" and kept.raw.party_type is PartyType.ORGANISATION
