"""Files of the output folder: written when they differ, never into the bytes of an old one.

A file of the output may share its bytes with the released site (a hard link), so that one
which changes is always made anew.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class Paper:
    """The output folder; nothing stands in it yet when it is ``fresh``."""

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self._root, self._fresh = f"{folder}/", fresh

    def put(self, path: str, body: bytes) -> None:
        """Write a file that is known to differ from what stands there."""
        name = self._root + path
        try:
            file = os.open(name, _NEW, 0o666)
        except FileNotFoundError:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            file = os.open(name, _NEW, 0o666)
        except FileExistsError:
            os.unlink(name)  # noqa: PTH108 - a hundred thousand times a night
            file = os.open(name, _NEW, 0o666)
        try:
            left = memoryview(body)
            while left:
                left = left[os.write(file, left) :]
        finally:
            os.close(file)

    def put_page(self, folder: str, body: bytes) -> None:
        """Write ``index.html`` in a folder of the output that may be missing."""
        if self._fresh:
            with suppress(FileExistsError, FileNotFoundError):
                os.mkdir(self._root + folder)  # noqa: PTH102
        self.put(f"{folder}index.html", body)

    def keep(self, path: str, body: bytes) -> None:
        """Write a file unless it stands there with just these bytes."""
        try:
            if (Path(self._root) / path).read_bytes() == body:
                return
        except OSError:
            pass
        self.put(path, body)

    def drop(self, path: str) -> None:
        """Take a file away, and its folder when nothing else is in it."""
        file = Path(self._root) / path
        file.unlink(missing_ok=True)
        with suppress(OSError):
            file.parent.rmdir()
