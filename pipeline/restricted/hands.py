"""Who redacts many rows: what they are given, and what they give back.

Every row is redacted by itself, so that it does not matter where: in the cores of this
machine (:mod:`pooled`) or on others (:mod:`cluster`). Rows go out, and come back frozen as
the ledger remembers them, in the order of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from pipeline.agencies import Agency
from pipeline.model import Kind, PartyType
from pipeline.restricted.raw import Origin, RawDecision, Secret
from pipeline.restricted.rulings import Fitted


class Hands(Protocol):
    """Processes that redact."""

    @property
    def least(self) -> int:
        """Fewer rows than this are redacted sooner than they are handed out."""

    def redact(self, agency: Agency, rows: Sequence[Sent]) -> Iterator[bytes]:
        """Every row of an agency redacted, frozen as the ledger remembers it, in order."""

    def close(self) -> None:
        """Let the processes go; asked twice, it does nothing."""


class Desk(Protocol):
    """What redacts inside such a process: :class:`remembered.Remembering`."""

    def frozen(self, rows: Sequence[Sent]) -> list[bytes]:
        """Rows redacted, as the ledger remembers them."""


class Sent(NamedTuple):
    """A row on its way to another process: what a :class:`RawDecision` says, unwrapped."""

    slug: str
    agency: str
    kind: Kind
    number: str
    decided_on: date
    party_type: PartyType
    values: tuple[tuple[str, str, str], ...]
    rulings: Fitted

    def __repr__(self) -> str:
        return f"<Sent {self.slug}, {len(self.values)} values>"

    @classmethod
    def of(cls, slug: str, raw: RawDecision, rulings: Fitted) -> Sent:
        """A row ready to be sent."""
        values = tuple((key, s.kind, s.reveal()) for key, s in raw.values.items())
        facts = (raw.agency, raw.kind, raw.number, raw.decided_on, raw.party_type)
        return cls(slug, *facts, values, rulings)

    @property
    def raw(self) -> RawDecision:
        """The row as it was, but for where it stood."""
        values = {key: Secret(text, kind) for key, kind, text in self.values}
        facts = (self.agency, self.kind, self.number, self.decided_on, self.party_type)
        return RawDecision(*facts, values, Origin("", "", 0))
