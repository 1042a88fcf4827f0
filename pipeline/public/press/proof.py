"""What an output folder holds, kept beside the store from one build to the next.

A build that finds no proof, or one of another store or format, writes everything. The
proof is taken away while a build runs: one that was cut short proves nothing.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec

from pipeline.public.press.runs import Run
from pipeline.public.press.shelf import went_through

_FORMAT = 2


class Proof(msgspec.Struct, frozen=True):
    """What a build wrote.

    ``sheets``: the key of the frames of decision pages; ``runs``: the lists, by address;
    ``files``: all other files of the plugin; ``size``: decisions on a list page.
    """

    mark: int
    chain: bytes
    sheets: bytes
    size: int
    runs: dict[str, Run]
    files: list[str]
    format: int = _FORMAT


def take(path: Path | None, connection: sqlite3.Connection, size: int) -> Proof | None:
    """The proof at ``path``, which is taken away; None when it does not fit the open store.

    It fits a store that went through the changes up to the proof, and lists of ``size``.
    """
    if path is None or not path.is_file():
        return None
    body = path.read_bytes()
    path.unlink()
    try:
        found = msgspec.msgpack.decode(body, type=Proof)
    except msgspec.DecodeError:
        return None
    fits = found.format == _FORMAT and found.size == size
    return found if fits and went_through(connection, found.mark, found.chain) else None


def leave(path: Path | None, proof: Proof) -> None:
    """Keep ``proof`` for the next build."""
    if path is not None:
        path.write_bytes(msgspec.msgpack.encode(proof))
