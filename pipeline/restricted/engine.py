"""The layers put together: rows in, masked texts out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from pipeline.fields import Field, dictionary
from pipeline.model import PartyType
from pipeline.policy import Policy
from pipeline.restricted import names, overlay, settle
from pipeline.restricted.declare import Declaration, declare, looks_like_a_name, personal
from pipeline.restricted.detect import (
    NAMES,
    NUMBERS,
    SHIELDS,
    again,
    broken,
    identity,
    judge,
    listed,
    plain,
    told,
)
from pipeline.restricted.detect.bank import luhn
from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.mask import LABELS, Masks, canonical
from pipeline.restricted.normalise import FIELD_BREAK, Normalised, normalise
from pipeline.restricted.rulings import NOTHING, Fitted

#: The key of a text that belongs to no column.
FREE_TEXT = "text"
#: The key of what a document says beside its text: read with the rest, so that the people in
#: it are known and masked everywhere, and never shown.
UNSEEN = "unseen_text"

_PLAIN = re.compile(r"[\d年月日时分秒.,/:\-\s元万亿长期T+]{0,32}")


@dataclass(frozen=True, slots=True)
class Span:
    """What was masked: offsets in the original text of its field, and what stands there."""

    start: int
    end: int
    kind: str
    by: tuple[str, ...]
    replacement: str


@dataclass(frozen=True)
class Row:
    """A raw row: keys of the dictionary (and :data:`FREE_TEXT`) → text as it came."""

    values: Mapping[str, str] = field(repr=False)
    party_type: PartyType
    rulings: Fitted = NOTHING


@dataclass(frozen=True)
class Doubt:
    """A stretch that a person must look at: where, and the code of the reason."""

    code: str
    key: str
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """``texts``: every public value, masked. ``secrets``: kind and raw text, sorted.

    ``left``: the text of a name, for each place where it stays and means another thing.
    """

    texts: Mapping[str, str]
    spans: Mapping[str, tuple[Span, ...]]
    doubts: tuple[Doubt, ...]
    secrets: tuple[tuple[str, str], ...] = field(repr=False)
    left: tuple[str, ...] = field(repr=False)
    declaration: Declaration = field(repr=False)


_Placed = tuple[int, int, str, tuple[str, ...], str]


@dataclass(frozen=True)
class _Part:
    key: str
    original: str
    normal: Normalised
    offset: int


@dataclass(frozen=True)
class _Draft:
    row: Row
    declaration: Declaration
    parts: tuple[_Part, ...]
    fixed: Mapping[str, str]
    sheet: Sheet
    shields: tuple[Finding, ...]
    places: tuple[overlay.Place, ...]


def guess_party_type(party: str) -> PartyType:
    """The type of a party whose row does not say: a bare name is a person."""
    text = normalise(party).text.strip()
    if not text or personal(text, PartyType.ORGANISATION) or looks_like_a_name(text):
        return PartyType.PERSON
    return PartyType.ORGANISATION


def mask_all(rows: Iterable[Row], policy: Policy, keep: Iterable[str]) -> list[Masked]:
    """Mask every row, each by itself. ``keep``: strings of the agency's own that stay."""
    kept = tuple(normalise(value).text for value in keep)
    return [_mask(_draft(row, policy, kept), policy) for row in rows]


def _marks(draft: _Draft) -> bytearray:
    marks = bytearray(len(draft.sheet.text))
    for shield in draft.shields:
        marks[shield.start : shield.end] = b"\x01" * (shield.end - shield.start)
    return marks


def _draft(row: Row, policy: Policy, keep: tuple[str, ...]) -> _Draft:
    declaration = declare(row.values, row.party_type, policy)
    fixed: dict[str, str] = {}
    parts: list[_Part] = []
    offset = 0
    for key, value in row.values.items():
        column = dictionary().get(key)
        if column is not None and column.sensitivity == "private" and key != UNSEEN:
            continue
        if column is not None and column.type == "code":
            fixed[key] = _code(value)
        elif column is not None and column.sensitivity == "public" and _stands(column, value):
            fixed[key] = value
        else:
            normal = normalise(value)
            parts.append(_Part(key, value, normal, offset))
            offset += len(normal.text) + 1
    sheet = Sheet(
        text=FIELD_BREAK.join(part.normal.text for part in parts),
        people=declaration.people,
        organisations=declaration.organisations,
        keep=keep,
        party_is_person=declaration.party_is_person,
        sole_trader=row.party_type is PartyType.SOLE_TRADER,
        certain=tuple(_certain(parts, declaration)),
        secrets=declaration.secrets,
    )
    shields = tuple(f for detector in SHIELDS for f in detector.find(sheet))
    places = tuple(_places(parts, row.rulings))
    return _Draft(row, declaration, tuple(parts), fixed, sheet, shields, places)


def _places(parts: Iterable[_Part], rulings: Fitted) -> Iterator[overlay.Place]:
    for part in parts:
        for ruling in (*rulings.holding, *rulings.carried):
            start, end = part.normal.forth(ruling.start, ruling.end)
            if ruling.field == part.key and start < end:
                carried, kind = ruling in rulings.carried, ruling.kind if ruling.masks else ""
                yield overlay.Place(part.offset + start, part.offset + end, kind, carried)


def _certain(parts: Iterable[_Part], declaration: Declaration) -> Iterator[tuple[int, int]]:
    for part in parts:
        column = dictionary().get(part.key)
        named = column is not None and column.type == "person"
        if named or (part.key == "party" and declaration.party_is_person):
            yield part.offset, part.offset + len(part.normal.text)


def _stands(column: Field, value: str) -> bool:
    """Whether a public value has the shape of its type and cannot hide anything."""
    if column.type == "choice":
        return value in chain(column.choices, *column.choices.values())
    digits = sum(char.isdigit() for char in value)
    return bool(_PLAIN.fullmatch(value)) and digits < 11


def _code(value: str) -> str:
    """A body's code as it stands, or "" when it could be a citizen's number."""
    bare = re.sub(r"[\s\-]", "", normalise(value).text).upper()
    if identity.looks(bare) or re.fullmatch(r"1[3-9]\d{9}", bare):
        return ""
    if re.fullmatch(r"\d{16,19}", bare) and luhn(bare) and bare[0] in "3456":
        return ""
    return value if re.fullmatch(r"[0-9A-Z]{0,32}", bare) else ""


def _mask(draft: _Draft, policy: Policy) -> Masked:
    sheet = draft.sheet
    shields = draft.shields
    numbers = [f for detector in NUMBERS for f in detector.find(sheet)]
    settled, standing = settle.numbers(numbers, shields)
    found = [f for detector in NAMES for f in detector.find(sheet)]
    found += listed.beside(sheet.text, found)
    people = _people(draft, found, [*settled, *standing])
    shown = {canonical(p.name) for p in sheet.people if p.shown}
    hidden = [n for n in people.names if canonical(n.text) not in shown]
    said = overlay.overlay(sheet.text, draft.places, settled, hidden)
    settled, hidden = said.numbers, said.names
    order = [p.name for p in sheet.people if not p.shown] + [n.text for n in hidden]
    taken = {sheet.text[f.start : f.end] for f in shields if f.by == "masked"}
    masks = Masks(order, policy.mask.name.value, taken)
    spans: list[_Placed] = [(f.start, f.end, f.kind, (f.by,), LABELS[f.kind]) for f in settled]
    spans += [(n.start, n.end, "name", n.by, masks[n.text]) for n in hidden]
    texts, placed = _write(draft, sorted(spans))
    found_doubts = _doubts(people, sheet, settled, standing)
    open_ = (*overlay.undecided(found_doubts, draft.places), *said.doubts)
    doubts = tuple(d for o in open_ if (d := _doubt(draft, o.code, o.start, o.end)).key != UNSEEN)
    return Masked(
        texts={**draft.fixed, **texts},
        spans=placed,
        doubts=doubts,
        secrets=tuple(sorted(set(_secrets(draft, settled, hidden)))),
        left=tuple(sorted((*people.left, *said.shown))),
        declaration=draft.declaration,
    )


def _people(draft: _Draft, found: Sequence[Finding], closed: Sequence[Finding]) -> names.Settled:
    """The names of a sheet. Where a name is a word too, its other places are looked at again."""
    sheet, marks = draft.sheet, _marks(draft)
    rules = told.proposed(len(sheet.text), found)
    where = plain.unclear(sheet.text, marks, told.pointed_at(found))
    chances = judge.names(sheet.text, where, rules)
    across = broken.names(sheet.text, marks, rules)
    people = names.settle(sheet, found, closed, broken.over(chances, across))
    known = [*(n.text for n in people.names), *(p.name for p in sheet.people)]
    there = list(again.find(sheet.text, known))
    if not there:
        return people
    where = plain.unclear(sheet.text, marks, told.pointed_at([*found, *there]))
    rules = told.proposed(len(sheet.text), [*found, *there])
    chances = judge.names(sheet.text, where, rules)
    return names.settle(sheet, found, closed, broken.over(chances, across), there)


def _write(
    draft: _Draft, spans: Sequence[_Placed]
) -> tuple[dict[str, str], dict[str, tuple[Span, ...]]]:
    texts: dict[str, str] = {}
    placed: dict[str, tuple[Span, ...]] = {}
    for part in draft.parts:
        if part.key == UNSEEN:
            continue
        until = part.offset + len(part.normal.text)
        own = [
            Span(*part.normal.back(s - part.offset, e - part.offset), kind, by, replacement)
            for s, e, kind, by, replacement in spans
            if part.offset <= s and e <= until
        ]
        texts[part.key] = _replaced(part.original, own)
        if own:
            placed[part.key] = tuple(own)
    return texts, placed


def _replaced(text: str, spans: Iterable[Span]) -> str:
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces += (text[at : span.start], span.replacement)
        at = span.end
    return "".join((*pieces, text[at:]))


def _doubts(
    people: names.Settled, sheet: Sheet, settled: Sequence[Finding], standing: Sequence[Finding]
) -> Iterator[names.Doubt]:
    yield from people.doubts
    for start, end in settle.unexplained(sheet, settled, standing):
        yield names.Doubt("number", start, end)


def _doubt(draft: _Draft, code: str, start: int, end: int) -> Doubt:
    part = max((p for p in draft.parts if p.offset <= start), key=lambda p: p.offset)
    last = min(end - part.offset, len(part.normal.text))
    return Doubt(code, part.key, *part.normal.back(start - part.offset, last))


def _secrets(
    draft: _Draft, settled: Sequence[Finding], hidden: Sequence[names.Name]
) -> Iterator[tuple[str, str]]:
    yield from draft.declaration.secrets
    shown = {p.name for p in draft.declaration.people if p.shown}
    yield from (("name", p.name) for p in draft.declaration.people if not p.shown)
    text = draft.sheet.text
    for f in settled:
        yield overlay.watched(f.kind, word := text[f.start : f.end], (f.by,)), word
    for n in hidden:
        if n.text not in shown:
            yield overlay.watched("name", n.text, n.by), n.text
