"""What can be found: one document a page, with the fields that are searched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import msgspec

from pipeline.fields import dictionary
from pipeline.model import Entry, Kind, PublicDecision


class Field(NamedTuple):
    """A searched field and how much a hit in it counts (lunr's boost)."""

    name: str
    boost: float


#: The searched fields. Their order is part of the index's format: the browser reads
#: names and boosts from the index, so adding one at the end needs no change there.
FIELDS = (
    Field("number", 8),
    Field("code", 8),
    Field("party", 6),
    Field("title", 4),
    Field("violation", 3),
    Field("basis", 1.5),
    Field("text", 1),
)

#: Keys of ``fields.toml`` for each searched field; ``text`` takes what is left of the
#: texts, names and choices. Dates and amounts are shown and filtered, not searched.
_SOURCES = {
    "title": ("case_name", "document"),
    "violation": ("violation", "levy_item", "inspection_items", "licence_kind", "measure"),
    "basis": ("basis",),
}
_SEARCHED_TYPES = {"text", "person", "choice"}
#: Upper ends (元, exclusive) of the bands that amounts are filtered by.
_BANDS = (
    (1_000, "不满1千元"),
    (10_000, "1千元至1万元"),
    (50_000, "1万元至5万元"),
    (100_000, "5万元至10万元"),
    (1_000_000, "10万元至100万元"),
)
_MOST = "100万元以上"
#: What the heading of a result says beside the party, the first that is filled.
_SUBJECTS = {
    Kind.PENALTY: ("violation", "case_name"),
    Kind.LICENCE: ("case_name", "licence_kind"),
    Kind.COERCION: ("violation", "case_name"),
    Kind.INSPECTION: ("case_name", "inspection_items"),
    Kind.LEVY: ("levy_item", "case_name"),
}
_SUBJECT_LIMIT = 60  # characters


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A page as the index knows it. Every text has passed the wall.

    ``url`` is relative to the site's root. ``agency``, ``kind`` and ``party_type`` are the
    keys that addresses carry, the ``*_name`` beside them what visitors read. ``date`` ("" for
    none) and ``last_day`` (the last day it may be found, "" for no limit) are ISO; ``amount``
    is in 元. ``digest``: of its entry, if it has one (see :mod:`catalogue`).
    """

    url: str
    title: str
    fields: dict[str, str]
    agency: str
    agency_name: str
    kind: str
    kind_name: str
    party_type: str = ""
    party_type_name: str = ""
    date: str = ""
    last_day: str = ""
    amount: str | None = None
    digest: bytes = b""

    @property
    def amount_band(self) -> str:
        """The key of the band the amount is in, "" without an amount."""
        try:
            amount = Decimal(self.amount or "")
        except InvalidOperation:
            return ""
        return str(1 + sum(amount >= end for end, _ in _BANDS))

    @property
    def amount_band_name(self) -> str:
        """The band as visitors read it."""
        names = [name for _, name in _BANDS] + [_MOST]
        return names[int(self.amount_band) - 1] if self.amount_band else ""


def document_of(entry: Entry, agency_name: str, digest: bytes = b"") -> Document:
    """``entry`` as a document; a withdrawn one is found by its number only."""
    decision, gone = entry.decision, entry.withdrawal is not None
    last_day = entry.publication.last_day
    return Document(
        url=f"decisions/{decision.slug}/",
        title=f"{decision.number}（已撤下）" if gone else _title(decision),
        fields={"number": decision.number} if gone else _fields(decision),
        agency=decision.agency,
        agency_name=agency_name,
        kind=decision.kind.value,
        kind_name=decision.kind.label,
        party_type="" if gone else decision.party_type.value,
        party_type_name="" if gone else decision.party_type.label,
        date=decision.decided_on.isoformat(),
        last_day=_iso(last_day),
        amount=None if gone else decision.details.get("fine"),
        digest=digest,
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _title(decision: PublicDecision) -> str:
    texts = (decision.details.get(key, "").strip() for key in _SUBJECTS[decision.kind])
    filled = (text.removeprefix(decision.party) for text in texts)  # 某公司某某案: named once
    subject = next((text for text in filled if text), "").split("\n")[0].rstrip("。；;.，, ")
    if len(subject) > _SUBJECT_LIMIT:
        subject = subject[: _SUBJECT_LIMIT - 1] + "…"
    return f"{decision.party}：{subject}" if subject else decision.party


def _fields(decision: PublicDecision) -> dict[str, str]:
    details = decision.details
    codes = [key for key in details if dictionary()[key].type == "code"]
    taken = {key for keys in _SOURCES.values() for key in keys}
    rest = [key for key in details if _searched(key) and key not in taken]
    named = {name: _joined(details, keys) for name, keys in _SOURCES.items()}
    found = {"number": decision.number, "party": decision.party, **named}
    found |= {"code": _joined(details, codes), "text": _joined(details, rest)}
    return {name: text for name, text in found.items() if text}


def _searched(key: str) -> bool:
    return dictionary()[key].type in _SEARCHED_TYPES


def _joined(details: dict[str, str], keys: Iterable[str]) -> str:
    return "\n".join(details[key] for key in keys if details.get(key))
