"""Redaction in as many processes as there are cores: the stage that grows with the text.

Rows and results go through pipes and stand in no file; the processes share nothing, and
end with the agency they redact for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.agencies import Agency
from pipeline.processes import processes
from pipeline.restricted.hands import Desk, Sent

#: Below, starting processes (each loads the models) costs more than it saves.
MANY = 400
_TASK = 50  # rows sent at once


class Pool:
    """The cores of this machine."""

    @property
    def least(self) -> int:
        """See :class:`hands.Hands`."""
        return MANY

    def redact(self, agency: Agency, rows: Sequence[Sent]) -> Iterator[bytes]:
        """See :class:`hands.Hands`."""
        tasks = [rows[at : at + _TASK] for at in range(0, len(rows), _TASK)]
        with processes(len(tasks), _start, agency) as pool:
            for done in pool.map(_redacted, tasks):
                yield from done

    def close(self) -> None:
        """Nothing outlives :meth:`redact`."""


POOL = Pool()

_desks: list[Desk] = []


def _start(agency: Agency) -> None:
    from pipeline.restricted.remembered import Remembering  # which imports this module

    _desks.append(Remembering(agency))


def _redacted(rows: Sequence[Sent]) -> list[bytes]:
    return _desks[0].frozen(rows)
