"""The desk behind the page: kept between requests, renewed when the ledger went on without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from pipeline.restricted.ledger import Ledger
from pipeline.restricted.review.desk import Desk
from pipeline.state import StateFolder

#: Makes the desk of a day from an open ledger.
Opening = Callable[[Ledger, date], Desk]


class Keeper:
    """Holds the state folder only while it writes, so that a nightly run is not shut out.

    ``days`` tells which day it is. Raises :class:`pipeline.errors.Busy` while another run
    holds the folder.
    """

    def __init__(self, state: StateFolder, opening: Opening, days: Callable[[], date]) -> None:
        self._state, self._opening, self._days = state, opening, days
        self._ledger = Ledger(state.ledger)
        self._desk: Desk | None = None
        self._known: tuple[int, date] | None = None

    @contextmanager
    def writing(self) -> Iterator[Desk]:
        """The desk as the ledger stands now, the state folder locked."""
        with self._state:
            desk = self._current()
            try:
                yield desk
            finally:
                self._known = (self._ledger.length(), self._days())

    def reading(self) -> Desk:
        """The desk as the ledger stands now."""
        if self._desk is None or self._known != (self._ledger.length(), self._days()):
            with self._state:
                return self._current()
        return self._desk

    def close(self) -> None:
        """Let go of the ledger."""
        self._ledger.close()

    @property
    def today(self) -> date:
        """The day for which people decide."""
        return self._days()

    def _current(self) -> Desk:
        now = (self._ledger.length(), self._days())
        if self._desk is None or self._known != now:
            self._desk, self._known = self._opening(self._ledger, now[1]), now
        return self._desk
