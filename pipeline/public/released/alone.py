"""One at a time: a release and a sweep of the same site wait for each other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if os.name != "nt":
    import fcntl


@contextmanager
def alone(site: Path) -> Iterator[None]:
    """Hold the folder in which ``site`` stands until the work is done; wait for whoever has it.

    The lock is the folder itself: nothing is left behind, and it goes with the process.
    """
    if os.name == "nt":  # pragma: no cover - folders cannot be held there
        yield
        return
    site.parent.mkdir(parents=True, exist_ok=True)
    held = os.open(site.parent, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
