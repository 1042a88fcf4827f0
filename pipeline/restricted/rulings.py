"""What a reviewer said about single words of a decision: mask it, let it stand.

A ruling names a place in the text of one column and is bound to that text: when the
text changes, nothing a reviewer let stand stands by that word any more, what was masked
stays masked wherever the same word is found, and the decision is looked at again.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

#: ``confirm`` and ``mask`` both mask the place, ``show`` lets it stand.
Act = Literal["confirm", "mask", "show"]
#: What a reviewer may call a word, with what people call it. Keys of ``mask.LABELS``, or name.
KINDS: Mapping[str, str] = {
    "name": "姓名",
    "id": "身份证号",
    "phone": "电话",
    "bank": "银行账号",
    "address": "住址",
    "number": "其他号码",
    "other": "其他",
}
ACTS: Mapping[Act, str] = {"confirm": "确认遮盖", "mask": "遮盖", "show": "显示"}


@dataclass(frozen=True, slots=True)
class Ruling:
    """One word: ``start`` and ``end`` are code points of the original text of ``field``.

    ``kind``: what it is (empty for ``show``); ``bound``: the digest of the whole text of
    the field (:func:`bind`); ``text``: the word itself, raw.
    """

    field: str
    start: int
    end: int
    act: Act
    kind: str
    bound: str
    reviewer: str
    day: date
    text: str = dataclasses.field(repr=False)

    @property
    def masks(self) -> bool:
        """Whether the place is to be masked."""
        return self.act != "show"

    def within(self, other: Ruling) -> bool:
        """Whether ``other`` covers this place."""
        return self.field == other.field and other.start <= self.start and self.end <= other.end

    def touches(self, other: Ruling) -> bool:
        """Whether the two places have a character in common."""
        return self.field == other.field and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Fitted:
    """The rulings that hold for a row as it reads now.

    ``carried``: places masked because a word masked in an earlier text is found again;
    ``stale``: the fields whose text changed after a reviewer had ruled on it.
    """

    holding: tuple[Ruling, ...] = ()
    carried: tuple[Ruling, ...] = ()
    stale: tuple[str, ...] = ()

    def without(self, shown: Iterable[Ruling]) -> Fitted:
        """The same without these rulings."""
        gone = set(shown)
        return replace(self, holding=tuple(r for r in self.holding if r not in gone))

    @property
    def fingerprint(self) -> str:
        """What of the rulings a redaction depends on; empty when there are none."""
        said = [(r.field, r.start, r.end, r.act, r.kind) for r in (*self.holding, *self.carried)]
        if not said and not self.stale:
            return ""
        return hashlib.sha256(repr((said, self.stale)).encode()).hexdigest()


NOTHING = Fitted()


def guess_kind(text: str) -> str:
    """What a word that a reviewer marks most likely is: the choice offered first."""
    digits = sum(char.isdigit() for char in text)
    if digits >= 5:
        return "number"
    return "name" if 2 <= len(text.strip()) <= 4 and not digits else "other"


def bind(slug: str, field_key: str, text: str) -> str:
    """The digest that binds a ruling to a decision and to one text of one field."""
    return hashlib.sha256("\0".join((slug, field_key, text)).encode()).hexdigest()


def fit(slug: str, texts: Mapping[str, str], rulings: Iterable[Ruling]) -> Fitted:
    """Sort ``rulings`` on a decision by whether they still hold for its ``texts``."""
    known = tuple(rulings)
    if not known:  # as nearly always
        return NOTHING
    digests = {key: bind(slug, key, text) for key, text in texts.items()}
    holding = tuple(r for r in known if digests.get(r.field) == r.bound)
    fresh = {r.field for r in holding}
    old = [r for r in known if digests.get(r.field) != r.bound and r.field in texts]
    carried = tuple(
        moved
        for ruling in old
        if ruling.masks and len(ruling.text) > 1
        for moved in _again(ruling, texts[ruling.field])
    )
    stale = tuple(sorted({r.field for r in old} - fresh))
    return Fitted(holding, tuple(dict.fromkeys(carried)), stale)


def _again(ruling: Ruling, text: str) -> Iterator[Ruling]:
    at = text.find(ruling.text)
    while at >= 0:
        yield replace(ruling, start=at, end=at + len(ruling.text))
        at = text.find(ruling.text, at + len(ruling.text))


def settle(known: Iterable[Ruling], new: Iterable[Ruling]) -> tuple[list[Ruling], list[Ruling]]:
    """``known`` with ``new`` laid over it, and what of ``known`` falls away.

    To show a place takes back every mask that touches it; to mask one takes back what
    lies inside it. A mask over a part of what is shown stands beside it, and wins.
    """
    kept = list(known)
    for ruling in new:
        kept = [old for old in kept if not _replaces(ruling, old)] + [ruling]
    gone = [old for old in known if old not in kept]
    return kept, gone


def _replaces(new: Ruling, old: Ruling) -> bool:
    if new.bound != old.bound:
        return False
    return old.within(new) or (new.act == "show" and old.masks and old.touches(new))
