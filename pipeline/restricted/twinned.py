"""Whether compressed twins hold what their files hold: then looking at the file is enough.

Nothing else is taken for granted of them. A twin that differs could show what its file does
not: it is looked at like any other file, and named whatever is in it.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.public.released import twins

_BLOCK = 1 << 20
#: zlib's number for "with the header and the end of gzip".
_GZIP = 31
#: A header without name, comment or extra field.
_PLAIN = b"\x1f\x8b\x08\x00"


class Pairs(NamedTuple):
    """Twins by their files: of the same content, and those that differ (sorted)."""

    same: dict[str, str]
    unlike: list[str]


def compared(folder: Path, files: Mapping[str, str], among: Collection[str]) -> Pairs:
    """Compare the twins of ``files`` (path → SHA-256) that stand, or whose file stands, ``among``.

    Pairs of which neither does were compared before. A twin without its file differs.
    """
    pairs = Pairs({}, [])
    for name in files:
        file = twins.file_of(name)
        if not file or not (name in among or file in among or file not in files):
            continue
        if _unpacked(folder / name) == files.get(file, "no such file"):
            if name in among:
                pairs.same[name] = file
        else:
            pairs.unlike.append(name)
    return pairs


def _unpacked(path: Path) -> str:
    """SHA-256 of what a twin holds; "" where it holds anything else, or breaks off.

    A plain header, one stream and its end: a name in the header, or what stands behind the
    stream, would reach visitors too.
    """
    digest, unpacker = hashlib.sha256(), zlib.decompressobj(_GZIP)
    try:
        with path.open("rb") as file:
            if file.read(len(_PLAIN)) != _PLAIN:
                return ""
            file.seek(0)
            while block := file.read(_BLOCK):
                if unpacker.eof:
                    return ""
                while block:
                    digest.update(unpacker.decompress(block, _BLOCK))
                    block = unpacker.unconsumed_tail
    except (OSError, zlib.error):
        return ""
    return digest.hexdigest() if unpacker.eof and not unpacker.unused_data else ""
