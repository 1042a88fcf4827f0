"""A part of the index: all files of one set of documents, which are numbered from 0.

They stand newest first; where results come in chunks, those of one party stand together:
who looks for a company or its code then loads one chunk. Layout (all packed, see ``encode``)::

    b/<n>.bin      postings
    r/<n>.bin      what a result shows (a small site: in the root, as "all")
    columns.bin    what results are filtered by
    documents.bin  for the next build: which documents these are, and the lengths of their fields
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from pipeline.public.search import results
from pipeline.public.search.buckets import buckets, target
from pipeline.public.search.directory import boundary, directory
from pipeline.public.search.document import FIELDS, Document
from pipeline.public.search.encode import integers, packed, read_integers
from pipeline.public.search.files import VERSION, Files, read_packed
from pipeline.public.search.postings import BLOCK, Collector, Counts, Integers

DIGEST = 8  # bytes
_SLICE = 4_000_000  # occurrences in memory at a time


def ordered(documents: Iterable[Document], *, small: bool) -> list[Document]:
    """The newest first, but on large sites by party (else title) before that."""
    newest_first = sorted(documents, key=lambda found: (found.date, found.url), reverse=True)
    if small:
        return newest_first
    return sorted(newest_first, key=lambda found: found.fields.get("party", found.title))


def digests(documents: Iterable[Document]) -> list[bytes]:
    """What tells a document from every other state of itself and from all others."""
    encode: Any = msgspec.msgpack.Encoder().encode
    key = repr((VERSION, FIELDS)).encode()[:64]
    return [
        hashlib.blake2b(encode(document), digest_size=DIGEST, key=key).digest()
        for document in documents
    ]


def write(documents: Sequence[Document], files: Files, *, small: bool) -> dict[str, Any]:
    """Write the part of ``documents`` (as :func:`ordered` gives them); its entry in the root.

    ``small``: the root itself holds what results show.
    """
    told = b"".join(digests(documents))
    name = _name(told)
    lengths, entry = _buckets(documents, files, name)
    files.write(f"{name}/documents.bin", packed(told + integers(lengths.T.ravel())))
    shown = results.write(documents, files, name, small=small)
    return {"base": name, "count": len(documents), "dead": [], **entry, **shown}


def read_documents(index: Path, entry: dict[str, Any]) -> tuple[list[bytes], Integers]:
    """The digests of a part's documents, in their order, and lengths by [document, field]."""
    told, count = read_packed(index / entry["base"] / "documents.bin"), entry["count"]
    lengths, _ = read_integers(told[count * DIGEST :], count * len(FIELDS))
    found = [told[at : at + DIGEST] for at in range(0, count * DIGEST, DIGEST)]
    return found, lengths.reshape(count, len(FIELDS))


def _name(told: bytes) -> str:
    """Changes with the content; letters only, so that it never reads as a number."""
    short = hashlib.blake2b(told, digest_size=6).hexdigest()
    return short.translate(str.maketrans("0123456789", "ghijklmnop"))


def _buckets(
    documents: Sequence[Document], files: Files, name: str
) -> tuple[Counts, dict[str, Any]]:
    """Write the buckets; field lengths; where each starts, sizes, common terms."""
    collector = Collector()
    for block in _blocks(documents):
        collector.add([document.fields for document in block])
    starts: list[str] = []
    sizes: list[int] = []
    common: list[str] = []
    lengths, before = np.zeros((len(FIELDS), len(documents)), np.int32), ""
    for postings in collector.slices(_SLICE):
        lengths = postings.lengths
        for bucket in buckets(postings, target(len(documents))):
            files.write(f"{name}/b/{len(starts)}.bin", bucket.data)
            starts.append(boundary(before, bucket.first))
            sizes.append(len(bucket.data))
            common += [bucket.first] if bucket.common else []
            before = bucket.last
    unit = target(len(documents)) // 4
    return lengths, {
        "totals": lengths.sum(axis=1).tolist(),
        **directory(starts),
        "common": "|".join(common),
        "sizes": [-(-size // unit) for size in sizes],
        "size": unit,
    }


def _blocks(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    for at in range(0, max(1, len(documents)), BLOCK):
        yield documents[at : at + BLOCK]
