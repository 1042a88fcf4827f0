"""The bytes of a file in blocks, whatever it is packed in: memory stays bounded."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

BLOCK = 2 << 20
#: Longer than the longest form of a value: an address of 80 characters, each escaped
#: and in a tag of its own. What lies across two blocks is whole in one of them.
OVERLAP = 64 << 10
#: Blocks of this size hold the whole of any text that is not absurdly long.
WHOLE = 256 << 20

_DEPTH = 5
_OPENERS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\x00", lzma.open))
_ZIP = b"PK\x03\x04"
_MAGIC = 6


class Unreadable(Exception):
    """A packed file that cannot be unpacked to the end; what is in it is not known."""


def blocks(path: Path, size: int = BLOCK) -> Iterator[bytes]:
    """The content of a file, unpacked, in overlapping blocks of ``size``.

    Raises :class:`Unreadable` for a broken or too deeply nested packed file.
    """
    # Most files are small: one read of their size, where each call costs as much as the look.
    with path.open("rb", buffering=0) as file:
        length = os.fstat(file.fileno()).st_size
        data = file.read(length + 1) if length < BLOCK else b""
        if not data:
            yield from _blocks(io.BufferedReader(file), 0, size)
        elif is_packed(data):
            yield from unpacked(data, size)
        else:
            yield data


def is_packed(data: bytes) -> bool:
    """Whether ``data`` begins like a packed file."""
    return data.startswith((*(begin for begin, _ in _OPENERS), _ZIP))


def unpacked(data: bytes, size: int = BLOCK) -> Iterator[bytes]:
    """The same for bytes in memory."""
    yield from _blocks(io.BytesIO(data), 0, size)


def overlapping(data: bytes) -> Iterator[bytes]:
    """A long text in blocks."""
    yield from _plain(io.BytesIO(data), BLOCK)


def _blocks(file: IO[bytes], depth: int, size: int) -> Iterator[bytes]:
    magic = _peeked(file)
    if depth > _DEPTH:
        raise Unreadable
    try:
        for begin, opener in _OPENERS:
            if magic.startswith(begin):
                with opener(file) as inner:
                    yield from _blocks(cast(IO[bytes], inner), depth + 1, size)
                return
        if magic.startswith(_ZIP):
            yield from _members(file, depth, size)
            return
    except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile):
        raise Unreadable from None
    except (RuntimeError, NotImplementedError):  # an encrypted or exotic zip
        raise Unreadable from None
    yield from _plain(file, size)


def _peeked(file: IO[bytes]) -> bytes:
    magic = file.read(_MAGIC)
    file.seek(0)
    return magic


def _members(file: IO[bytes], depth: int, size: int) -> Iterator[bytes]:
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            yield member.filename.encode()
            with archive.open(member) as inner:
                yield from _blocks(inner, depth + 1, size)


def _plain(file: IO[bytes], size: int) -> Iterator[bytes]:
    tail = b""
    while data := file.read(size):
        yield tail + data
        tail = data[-OVERLAP:]
