"""Redaction in as many processes as there are cores: the stage that grows with the text.

Rows and results go through pipes and stand in no file; the processes share nothing, and
end when the rows of all agencies are done.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain

from pipeline.agencies import Agency
from pipeline.processes import processes
from pipeline.restricted.detect import judge, lexicon
from pipeline.restricted.hands import Desk, Sent

#: Below, starting processes (each loads the models) costs more than it saves.
MANY = 400
_TASK = 50  # rows sent at once


class Pool:
    """The cores of this machine."""

    def __init__(self) -> None:
        self._processes: ProcessPoolExecutor | None = None

    @property
    def least(self) -> int:
        """See :class:`hands.Hands`."""
        return MANY

    def redact(self, agency: Agency, rows: Sequence[Sent]) -> Iterator[bytes]:
        """See :class:`hands.Hands`. The rows are under way when this returns."""
        if self._processes is None:
            self._processes = processes(os.cpu_count() or 1, _start)
        tasks = [(agency, rows[at : at + _TASK]) for at in range(0, len(rows), _TASK)]
        return chain.from_iterable(self._processes.map(_redacted, tasks))

    def close(self) -> None:
        """See :class:`hands.Hands`."""
        if self._processes is not None:
            self._processes.shutdown(cancel_futures=True)
            self._processes = None


POOL = Pool()

_desks: dict[str, Desk] = {}


def _start() -> None:
    """Load what every row needs, while the rows are on their way."""
    lexicon.tag("")
    judge.model()


def _redacted(task: tuple[Agency, Sequence[Sent]]) -> list[bytes]:
    from pipeline.restricted.remembered import Remembering  # which imports this module

    agency, rows = task
    if agency.slug not in _desks:
        _desks[agency.slug] = Remembering(agency)
    return _desks[agency.slug].frozen(rows)
