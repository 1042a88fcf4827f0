"""What a reviewer sees of one decision: its texts, and in them every place to look at."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.fields import dictionary, public_details
from pipeline.restricted.ledger import Kept
from pipeline.restricted.mask import canonical
from pipeline.restricted.redact import Redacted, Span
from pipeline.restricted.rulings import Fitted, Ruling
from pipeline.restricted.verdict import Reason
from pipeline.restricted.visible import WORDS, compact

#: ``masked``: hidden in what the public reads; ``open``: visible, and a person must decide;
#: ``shown``: visible, because a reviewer said so.
Standing = Literal["masked", "open", "shown"]
STANDINGS: Mapping[Standing, str] = {"masked": "已遮盖", "open": "未遮盖", "shown": "已同意显示"}
_OF_RULINGS = frozenset({"lifted", "lifted_number"})


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the original text of a field, in code points."""

    field: str
    start: int
    end: int

    def touches(self, other: Place) -> bool:
        """Whether two places have a character in common."""
        return self.field == other.field and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Mark:
    """The same word, standing the same way, at one or several places of a decision.

    ``id`` is stable while nothing about it changes; ``why`` says why a person must look
    (empty: nobody must); ``said`` is the act of a ruling on it, ``by`` who and when.
    """

    id: str
    places: tuple[Place, ...]
    standing: Standing
    kind: str
    replacement: str
    why: str
    suggestion: str
    said: str
    by: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Column:
    """One text of the decision: raw on the left, as the public would read it on the right."""

    key: str
    label: str
    masked: str
    raw: str = field(repr=False)


def columns(kept: Kept, redacted: Redacted) -> tuple[Column, ...]:
    """The texts that are masked and then published, in the order of the page."""
    decision = redacted.decision
    shown = {"number": decision.number, "party": decision.party, **decision.details}
    keys = ("number", "party", *(f.key for f in public_details() if f.sensitivity == "masked"))
    table = dictionary()
    return tuple(
        Column(key, table[key].heading, shown.get(key, ""), kept.raw.text(key))
        for key in keys
        if kept.raw.text(key)
    )


def marks(kept: Kept, redacted: Redacted, rulings: Fitted) -> tuple[Mark, ...]:
    """Every place of a decision to look at, same words together, in reading order."""
    order = {column.key: at for at, column in enumerate(columns(kept, redacted))}
    texts = {key: kept.raw.text(key) for key in order}
    single = [one for one in _single(redacted, rulings) if one.places[0].field in order]
    single.sort(key=lambda m: (order[m.places[0].field], m.places[0].start))
    groups: dict[tuple[str, ...], list[Mark]] = {}
    for mark in single:
        (place,) = mark.places
        mark = replace(mark, text=texts[place.field][place.start : place.end])
        same = canonical(mark.text) if mark.kind in WORDS | {""} else compact(mark.text)
        facts = (mark.standing, mark.kind, mark.replacement, mark.why, mark.said, mark.by)
        groups.setdefault((same, *facts), []).append(mark)
    return tuple(_together(kept, group) for group in groups.values())


def _together(kept: Kept, group: list[Mark]) -> Mark:
    places = tuple(mark.places[0] for mark in group)
    facts = (kept.slug, kept.digest, places, group[0].standing, group[0].kind, group[0].said)
    number = hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
    return replace(group[0], id=number, places=places)


def _single(redacted: Redacted, rulings: Fitted) -> Iterator[Mark]:
    shows = [_place(r) for r in rulings.holding if not r.masks]
    doubts = [(p, r) for r in redacted.reasons if (p := _of_reason(r)) and _counts(r)]
    masked: list[Place] = []
    for key, spans in redacted.spans.items():
        for span in spans:
            place = Place(key, span.start, span.end)
            masked.append(place)
            why = "；".join(r.message for p, r in doubts if p.touches(place))
            yield _masked(place, span, why, _ruling_on(place, rulings.holding))
    for place, reason in doubts:
        if not any(place.touches(m) for m in (*masked, *shows)):
            yield _open(place, reason)
    for ruling in rulings.holding:
        place = _place(ruling)
        if not ruling.masks and not any(place.touches(m) for m in masked):
            yield _shown(place, ruling)


def _counts(reason: Reason) -> bool:
    return reason.code not in _OF_RULINGS


def _of_reason(reason: Reason) -> Place | None:
    return Place(reason.field, reason.start, reason.end) if reason.end > reason.start else None


def _place(ruling: Ruling) -> Place:
    return Place(ruling.field, ruling.start, ruling.end)


def _ruling_on(place: Place, rulings: Iterable[Ruling]) -> Ruling | None:
    return next((r for r in rulings if r.masks and _place(r).touches(place)), None)


def _masked(place: Place, span: Span, why: str, ruling: Ruling | None) -> Mark:
    said, by = (ruling.act, _who(ruling)) if ruling else ("", "")
    suggestion = "核对起止；无误则“确认遮盖”" if why else ""
    return Mark("", (place,), "masked", span.kind, span.replacement, why, suggestion, said, by, "")


_SUGGESTIONS = {
    "number": "是个人号码则“遮盖”，否则“显示”",
    "again": "核对范围后“遮盖”或“显示”",
}


def _open(place: Place, reason: Reason) -> Mark:
    suggestion = _SUGGESTIONS.get(reason.code, "是自然人姓名则“遮盖”，否则“显示”")
    return Mark("", (place,), "open", "", "", reason.message, suggestion, "", "", "")


def _shown(place: Place, ruling: Ruling) -> Mark:
    return Mark("", (place,), "shown", "", "", "", "", "show", _who(ruling), "")


def _who(ruling: Ruling) -> str:
    return f"{ruling.reviewer} {ruling.day.isoformat()}"


_WORDLIKE = re.compile(r"[0-9A-Za-z]")


def same_words(columns: Iterable[Column], text: str) -> Iterator[Place]:
    """Every place where a word stands in a decision; a number not inside a longer one."""
    for column in columns:
        at = column.raw.find(text)
        while at >= 0:
            after = at + len(text)
            around = (column.raw[max(at - 1, 0) : at] + text[0], text[-1] + column.raw[after:][:1])
            if not any(len(pair) == 2 and all(map(_WORDLIKE.match, pair)) for pair in around):
                yield Place(column.key, at, after)
            at = column.raw.find(text, after)
