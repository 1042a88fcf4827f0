"""All documents of a site by their digests: one that is as it was need not be read.

A digest tells a document from every other state of itself, and from all others. That of a
decision comes from its entry in the store, which has a digest of its own there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pipeline.public.search.document import FIELDS, Document
from pipeline.public.search.files import VERSION

DIGEST = 8  # bytes
_HERE = Path(__file__).parent
#: What a document is made of an entry with.
_PROGRAM = (
    _HERE / "document.py",
    *(_HERE.parents[1] / name for name in ("model.py", "fields.py", "fields.toml")),
)
_KEY = repr((VERSION, FIELDS)).encode()[:64]


class Catalogue(NamedTuple):
    """The digests of all documents; ``read`` gives those with one of some digests, or all."""

    digests: Sequence[bytes]
    read: Callable[[Collection[bytes] | None], Iterable[Document]]

    def __add__(self, other: object) -> Catalogue:
        """The documents of both."""
        if not isinstance(other, Catalogue):
            return NotImplemented

        def read(wanted: Collection[bytes] | None) -> Iterator[Document]:
            yield from self.read(wanted)
            yield from other.read(wanted)

        return Catalogue([*self.digests, *other.digests], read)


def catalogue_of(documents: Iterable[Document]) -> Catalogue:
    """The catalogue of documents at hand."""
    known = {digest(document): document for document in documents}

    def read(wanted: Collection[bytes] | None) -> list[Document]:
        chosen = known if wanted is None else known.keys() & wanted
        return [known[one] for one in chosen]

    return Catalogue(list(known), read)


def digest(document: Document) -> bytes:
    """The digest of a document, from that of its entry or from all its fields."""
    return document.digest or _hashed(_encode(document))


def digest_of(entry: bytes, agency_name: str) -> bytes:
    """The digest of the document of an entry with this digest, should it be made now."""
    return _hashed(_program() + entry + agency_name.encode())


_encode: Any = msgspec.msgpack.Encoder().encode


def _hashed(told: bytes) -> bytes:
    return hashlib.blake2b(told, digest_size=DIGEST, key=_KEY).digest()


@cache
def _program() -> bytes:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in _PROGRAM)).digest()
