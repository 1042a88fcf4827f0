"""Ends a process with the run that started it.

An orphaned Pelican would write into the next staging folder; an orphan that redacts or audits
would keep raw values in memory.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1

#: The environment variable in which a run tells Pelican its process id.
PARENT = "GONGSHI_PARENT"


def follow() -> None:
    """From now on, die when the process that is named in :data:`PARENT` does."""
    parent = os.environ.get(PARENT)
    if parent:
        tie(int(parent))


def tie(parent: int) -> None:
    """From now on, die when ``parent``, which started this process, does (Linux)."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before the leash was on
        raise SystemExit(1)
