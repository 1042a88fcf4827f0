"""A second process beside the build's own: pages are independent of each other.

The process is forked, so that it begins with all that was read and compiled, and ends with
its part done. It shares nothing with the first but the store, which both only read, and the
output folder, in which each writes files of its own.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path

from pipeline import leash
from pipeline.public import store

#: Pages below which a process costs more than it saves.
MANY = 300

Work = Callable[[sqlite3.Connection], None]


@contextmanager
def aside(work: Work, connection: sqlite3.Connection, pages: int) -> Iterator[None]:
    """Do ``work``, which writes about so many ``pages``, while the block does something else.

    Where no process can be forked or it would not pay, the work is done before the block.
    Raises :class:`ChildProcessError` when the process failed; it has said why by then.
    """
    if pages < MANY or not _can_fork():
        work(connection)
        yield
        return
    place = Path(connection.execute("PRAGMA database_list").fetchone()[2])
    process = get_context("fork").Process(target=_do, args=(work, place, os.getpid()), daemon=True)
    sys.stdout.flush()
    process.start()
    try:
        yield
        process.join()
    finally:
        process.kill()  # nothing to end, unless the block failed
    if process.exitcode:
        raise ChildProcessError("a part of the pages could not be written")


def _can_fork() -> bool:
    """Whether there is a second core and a system that forks (only Linux does it safely)."""
    return sys.platform.startswith("linux") and len(os.sched_getaffinity(0)) > 1


def _do(work: Work, place: Path, parent: int) -> None:
    leash.tie(parent)
    # A connection must not be taken through a fork: the process opens the store itself.
    with closing(store.open_read_only(place)) as connection:
        work(connection)
