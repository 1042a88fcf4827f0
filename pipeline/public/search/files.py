"""The index's files on disk: written, counted, read back."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from pipeline.public.search.encode import packed_json

Root = dict[str, Any]
"""What ``root.bin`` holds; ``parts`` is a list of what :func:`part.write` returned."""

VERSION = 3


class Files:
    """A folder that is written to; counts files and bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count, self.bytes = folder, 0, 0

    def write(self, path: str, data: bytes) -> None:
        """Write a new file, with the folders it stands in."""
        target = self.folder / path
        try:
            target.write_bytes(data)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        self.count += 1
        self.bytes += len(data)


def read_packed(path: Path) -> bytes:
    """What a file of the index holds."""
    return gzip.decompress(path.read_bytes())


def read_json(path: Path) -> Any:
    """What a packed JSON file of the index holds."""
    return msgspec.json.decode(read_packed(path))


def read_root(index: Path) -> Root | None:
    """The root of the index in ``index``, None when there is none of this version."""
    try:
        root: Root = read_json(index / "root.bin")
    except (OSError, EOFError, msgspec.DecodeError):
        return None
    return root if isinstance(root, dict) and root.get("version") == VERSION else None


def write_json(path: Path, value: Any) -> None:
    """Replace a packed JSON file."""
    path.write_bytes(packed_json(value))


def summed(steps: Sequence[int]) -> list[int]:
    """Undo :func:`encode.steps`."""
    found, value = [], 0
    for step in steps:
        value += step
        found.append(value)
    return found
