"""A raw row as the ledger stores it: one JSON object, and the digest of what it says."""

from __future__ import annotations

import hashlib
from datetime import date

import msgspec

from pipeline.model import Kind, PartyType
from pipeline.restricted.raw import Origin, RawDecision, Secret


class _Stored(msgspec.Struct):
    """A RawDecision as it lies in the private database."""

    agency: str
    kind: Kind
    number: str
    decided_on: date
    party_type: PartyType
    values: dict[str, str]
    file: str = ""
    sheet: str = ""
    row: int = 0


class _Stood(msgspec.Struct):
    """The last fields of :class:`_Stored`."""

    file: str = ""
    sheet: str = ""
    row: int = 0


_ENCODER = msgspec.json.Encoder()
#: How a row ends that says nothing of where it stood.
_NOWHERE = _ENCODER.encode(_Stood())[1:]


def stored(raw: RawDecision) -> bytes:
    """A row as the table ``decision`` keeps it; see :func:`freeze`."""
    return freeze(raw)[0]


def freeze(raw: RawDecision) -> tuple[bytes, str]:
    """The row as stored, and the digest of what it says (not of where it stood)."""
    said = _ENCODER.encode(
        _Stored(
            agency=raw.agency,
            kind=raw.kind,
            number=raw.number,
            decided_on=raw.decided_on,
            party_type=raw.party_type,
            values={key: raw.values[key].reveal() for key in sorted(raw.values)},
        )
    )
    origin = _ENCODER.encode(_Stood(raw.origin.file, raw.origin.sheet, raw.origin.row))
    body = said[: -len(_NOWHERE)] + origin[1:]  # the long part is encoded once
    return body, hashlib.sha256(said).hexdigest()


def thaw(body: bytes) -> RawDecision:
    """A row as it came, from how it is stored."""
    stored = msgspec.json.decode(body, type=_Stored)
    return RawDecision(
        agency=stored.agency,
        kind=stored.kind,
        number=stored.number,
        decided_on=stored.decided_on,
        party_type=stored.party_type,
        values={key: Secret(value, key) for key, value in stored.values.items()},
        origin=Origin(stored.file, stored.sheet, stored.row),
    )
