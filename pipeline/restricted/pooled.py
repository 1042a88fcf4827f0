"""Redaction in as many processes as there are cores: the stage that grows with the text.

Every row is redacted by itself, so that it does not matter where; results come back in the
order of the rows, as they are remembered. Rows and results go through pipes and stand in no
file; the processes share nothing, and end with the run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from typing import NamedTuple, Protocol

from pipeline.agencies import Agency
from pipeline.model import Kind, PartyType
from pipeline.restricted.raw import Origin, RawDecision, Secret
from pipeline.restricted.rulings import Fitted

#: Below, starting processes (each loads the models) costs more than it saves.
MANY = 400
_TASK = 50  # rows sent at once


class Desk(Protocol):
    """What redacts in a process of the pool: :class:`remembered.Remembering`."""

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


def redact(agency: Agency, rows: Sequence[Sent]) -> Iterator[bytes]:
    """Every row of an agency redacted, frozen as the ledger remembers it, in order."""
    tasks = [rows[at : at + _TASK] for at in range(0, len(rows), _TASK)]
    # Started anew rather than forked: the parent may run threads.
    with ProcessPoolExecutor(
        min(os.cpu_count() or 1, len(tasks)),
        mp_context=get_context("spawn"),
        initializer=_start,
        initargs=(agency,),
    ) as pool:
        for done in pool.map(_redacted, tasks):
            yield from done


_desks: list[Desk] = []


def _start(agency: Agency) -> None:
    from pipeline.restricted.remembered import Remembering  # which imports this module

    _desks.append(Remembering(agency))


def _redacted(rows: Sequence[Sent]) -> list[bytes]:
    return _desks[0].frozen(rows)
