"""How far a run has come: stages, what they count, and what that makes in the end.

Who works counts on a :class:`Steps`, which only adds up; who watches (a terminal, or nobody)
looks at it when it likes. Names of stages and units are fixed words, never anything read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec

T = TypeVar("T")

#: The unit of which people read a million at a time.
BYTES = "字节"


class Steps:
    """One stage: ``done`` of ``total`` items (0: not known) of a ``unit``; ``over`` at its end."""

    def __init__(self, name: str = "") -> None:
        self.name, self.unit = name, ""
        self.done = self.total = 0
        self.seconds = 0.0
        self.over = False

    def expect(self, count: int, unit: str) -> None:
        """So many more items are to come."""
        self.total += count
        self.unit = unit

    def tick(self, count: int = 1) -> None:
        """So many items are done."""
        self.done += count

    def through(self, items: Iterable[T]) -> Iterator[T]:
        """``items``, each counted when it has been dealt with."""
        for item in items:
            yield item
            self.tick()


class _Silent(Steps):
    """Where nobody counts: it keeps nothing, so that all may share it."""

    def expect(self, count: int, unit: str) -> None:
        """Nothing."""

    def tick(self, count: int = 1) -> None:
        """Nothing."""


SILENT: Steps = _Silent()

#: Told of every stage when it begins.
Watcher = Callable[[Steps], None]


def unwatched(_: Steps) -> None:
    """Nobody looks."""


class Stage(msgspec.Struct, frozen=True):
    """What a stage took: ``share`` of the whole run's seconds, ``rate`` items a second.

    ``items`` is 0 where a stage counts nothing.
    """

    name: str
    seconds: float
    share: float
    items: int = 0
    unit: str = ""
    rate: float = 0.0


class Clock:
    """The stages of one run, as they follow each other; one that comes again goes on."""

    def __init__(self, watch: Watcher = unwatched) -> None:
        self._watch = watch
        self._stages: dict[str, Steps] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Steps]:
        """Time what is done inside; it counts on what it is given."""
        steps = Steps(name)
        self._watch(steps)
        begin = time.perf_counter()
        try:
            yield steps
        finally:
            steps.over = True
            steps.seconds = time.perf_counter() - begin
            whole = self._stages.setdefault(name, Steps(name))
            whole.seconds += steps.seconds
            whole.done, whole.unit = whole.done + steps.done, steps.unit or whole.unit

    def profile(self) -> list[Stage]:
        """All stages so far, in the order in which they began."""
        together = sum(one.seconds for one in self._stages.values()) or 1.0
        return [
            Stage(
                name=one.name,
                seconds=round(one.seconds, 3),
                share=round(one.seconds / together, 4),
                items=one.done,
                unit=one.unit,
                rate=round(one.done / one.seconds, 1) if one.done and one.seconds else 0.0,
            )
            for one in self._stages.values()
        ]


def amount(count: float, unit: str) -> str:
    """A number of items as people read it: 12,000 行, 3.4 MB."""
    if unit == BYTES:
        return f"{count / 1e6:,.1f} MB"
    return f"{count:,.0f} {unit}" if count >= 10 or count == int(count) else f"{count:.1f} {unit}"
