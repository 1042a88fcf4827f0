"""Ends Pelican with the run that started it: an orphan would write into the next staging."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1

#: The environment variable in which a run tells Pelican its process id.
PARENT = "GONGSHI_PARENT"


def follow() -> None:
    """From now on, die when the process that is named in :data:`PARENT` does (Linux)."""
    parent = os.environ.get(PARENT)
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):  # it was gone before the leash was on
        raise SystemExit(1)
