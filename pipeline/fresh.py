"""Whether a build would give the site that stands there: asked in a few milliseconds.

A site follows from the store (the last change of its sequence, and what stands beside
the entries), from ``content/``, the theme, the program and its settings. Of files, name, size
and time of change are asked, as ``make`` does.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pipeline.public import store as public_store

_HERE = Path(__file__).resolve().parent
_PROGRAM = {".py", ".toml", ".txt"}


def stamp(content: Path, store: Path, theme: Path, settings: Path) -> str:
    """A hash over all that a site follows from."""
    digest = hashlib.sha256()
    for part in _store(store):
        digest.update(part)
    for name, size, changed in (
        *_tree(str(content)),
        *_tree(str(theme)),
        *(one for one in _tree(str(_HERE)) if Path(one[0]).suffix in _PROGRAM),
        *(_file(str(path)) for path in (settings, settings.with_name("pelicanconf.py"))),
    ):
        digest.update(f"{name}\0{size}\0{changed}\0".encode())
    for name, value in sorted(os.environ.items()):
        if name.startswith("GONGSHI_") and name != "GONGSHI_PARENT":
            digest.update(f"{name}={value}\0".encode())
    return digest.hexdigest()


def is_current(proof: Path, now: str) -> bool:
    """Whether the site that ``proof`` tells of was built from just the same."""
    try:
        return proof.is_file() and _beside(proof).read_text() == now
    except OSError:
        return False


def remember(proof: Path, now: str) -> None:
    """The site was built, and stands as ``proof`` tells."""
    _beside(proof).write_text(now)


def forget(proof: Path) -> None:
    """The site is about to be built."""
    _beside(proof).unlink(missing_ok=True)


def move(proof: Path, to: Path) -> None:
    """The proof got another name."""
    _beside(proof).replace(_beside(to))


def _beside(proof: Path) -> Path:
    return proof.with_name(f"{proof.name}.stamp")


def _store(path: Path) -> Iterator[bytes]:
    with closing(public_store.open_read_only(path)) as connection:
        press = public_store.press(connection)
        yield press.grounds + press.chain + str(press.mark).encode()
        for table in ("meta", "total"):
            try:
                rows = connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()  # noqa: S608
            except sqlite3.OperationalError:  # an old store has no such table
                rows = []
            yield repr(rows).encode()


def _tree(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as found:
        for one in sorted(found, key=lambda entry: entry.name):
            if one.is_dir():
                if one.name != "__pycache__":
                    yield from _tree(one.path)
            else:
                state = one.stat()
                yield one.path, state.st_size, state.st_mtime_ns


def _file(path: str) -> tuple[str, int, int]:
    state = Path(path).stat()
    return path, state.st_size, state.st_mtime_ns
