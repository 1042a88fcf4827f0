"""Other processes of this machine, which may see raw values: however a run ends, they do.

A run that is killed cannot tell its processes; left alone they would wait for ever, with what
they were given in memory. Values reach them through pipes and stand in no file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from pipeline import leash


def processes(most: int, start: Callable[..., None], *given: Any) -> ProcessPoolExecutor:
    """As many processes as there are cores, ``most`` at most; each begins with ``start(*given)``.

    They are started anew rather than forked: the run may have threads.
    """
    return ProcessPoolExecutor(
        min(os.cpu_count() or 1, most),
        mp_context=get_context("spawn"),
        initializer=_begin,
        initargs=(os.getpid(), start, given),
    )


def _begin(parent: int, start: Callable[..., None], given: tuple[Any, ...]) -> None:
    leash.tie(parent)
    start(*given)
