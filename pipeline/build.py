"""Starts Pelican in a process of its own, which can reach the public store only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pipeline import fresh, leash
from pipeline.errors import ReleaseRefused

_ROOT = Path(__file__).resolve().parents[1]
THEME = _ROOT / "theme"
SETTINGS = _ROOT / "publishconf.py"
_KEPT_LINES = 20


def site(
    content: Path,
    staging: Path,
    store: Path,
    previous: Path | None = None,
    proof: Path | None = None,
) -> bool:
    """Build the whole site from ``content`` and ``store`` into ``staging``.

    ``previous`` is the site last released: the base of its search index may be kept.
    ``proof`` tells what ``staging`` holds already, and is renewed: only what changed since is
    written, and when nothing did, Pelican is not even started. Returns whether it was.
    Raises :class:`ReleaseRefused` with Pelican's last lines: everything that process
    can say is public by nature.
    """
    stamp = fresh.stamp(content, store, THEME, SETTINGS) if proof else ""
    if proof and staging.is_dir() and fresh.is_current(proof, stamp):
        return False
    if proof:
        fresh.forget(proof)
    command = [sys.executable, "-m", "pelican", str(content), "-o", str(staging)]
    environment = {
        **os.environ,
        "GONGSHI_STORE": str(store.resolve()),
        "GONGSHI_PREVIOUS": str(previous.resolve()) if previous else "",
        "GONGSHI_PROOF": str(proof.resolve()) if proof else "",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")])),
        "PYTHONUTF8": "1",
        leash.PARENT: str(os.getpid()),
    }
    done = subprocess.run(
        [*command, "-s", str(SETTINGS)], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        lines = [line.rstrip() for line in (done.stdout + done.stderr).splitlines()]
        raise ReleaseRefused(["生成网站失败：", *(line for line in lines[-_KEPT_LINES:] if line)])
    if proof:
        fresh.remember(proof, stamp)
    return True
