"""``python -m pipeline`` for tests, without importing it a hundred times.

A server imports the command line and loads the models once; each call is a fork of it, with
its own folder, environment, output and exit code, and sees nothing of the calls before. Where
the environment matters when Python starts (``env``), the process is a wholly new one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_SERVER = get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.warm"])


def run(
    words: Sequence[str], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command line with ``words``: exit code, output and messages."""
    environment = {**os.environ, "COLUMNS": "200", "PYTHONUTF8": "1", **(env or {})}
    command = [sys.executable, "-m", "pipeline", *words]
    if env or not sys.platform.startswith("linux"):
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = _SERVER.Process(target=_call, args=(words, cwd, environment, out, err))
        process.start()
        process.join()
        code = process.exitcode if process.exitcode is not None else 1
        return subprocess.CompletedProcess(command, code, _said(out), _said(err))


def _call(
    words: Sequence[str], cwd: Path, environment: Mapping[str, str], out: Path, err: Path
) -> None:
    for stream, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, stream)
        os.close(file)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["pipeline", *words]
    from pipeline.__main__ import main  # already imported by the server

    main()


def _said(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
