"""A part of the index: all files of one set of documents, which are numbered from 0.

They stand newest first; where results come in chunks, those that are found together stand
together (see :func:`ordered`). Layout (all packed, see ``encode``)::

    b/<n>.bin      postings
    r/<n>.bin      what a result shows (a small site: in the root, as "all")
    columns.bin    what results are filtered by
    documents.bin  for the next build: which documents these are, how long their fields are
                   and how much is masked in them
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pipeline.model import PartyType
from pipeline.public.search import results
from pipeline.public.search.buckets import buckets, target
from pipeline.public.search.catalogue import DIGEST, digest
from pipeline.public.search.directory import boundary, directory
from pipeline.public.search.document import FIELDS, Document
from pipeline.public.search.encode import integers, packed, read_integers
from pipeline.public.search.files import Files, read_packed
from pipeline.public.search.masks import masks
from pipeline.public.search.postings import BLOCK, Collector, Counts, Integers

_SLICE = 4_000_000  # occurrences in memory at a time


class Told(NamedTuple):
    """What ``documents.bin`` tells: digests, and by [document, field] terms and masks."""

    digests: Sequence[bytes]
    lengths: Integers
    masks: Integers


def ordered(documents: Iterable[Document], *, small: bool) -> list[Document]:
    """The newest first; on large sites so that what is found together stands together.

    There all decisions on one organisation stand in a row, newest first: who looks for a
    company or its code loads one chunk of results. The organisations (and persons, whose
    masked names say nothing) stand beside those whose newest decision is about the same:
    half of them by the violation, the others by the legal basis, so that who looks for
    either finds ten results in few chunks.
    """
    newest_first = sorted(documents, key=lambda found: (found.date, found.url), reverse=True)
    if small:
        return newest_first
    parties: dict[str, list[Document]] = {}
    for document in newest_first:
        person = document.party_type == PartyType.PERSON.value
        party = "" if person else document.fields.get("party", "")
        parties.setdefault(party or document.url, []).append(document)
    rows = sorted(parties.items(), key=lambda row: (*_about(row[0], row[1][0]), row[0]))
    return [document for _, row in rows for document in row]


def _about(party: str, document: Document) -> tuple[int, str, str]:
    violation, basis = (document.fields.get(name, "") for name in ("violation", "basis"))
    half = zlib.crc32(party.encode()) & 1
    return (half, basis, violation) if half else (half, violation, basis)


def write(documents: Sequence[Document], files: Files, *, small: bool) -> dict[str, Any]:
    """Write the part of ``documents`` (as :func:`ordered` gives them); its entry in the root.

    ``small``: the root itself holds what results show.
    """
    told = b"".join(map(digest, documents))
    name = _name(told)
    lengths, entry = _buckets(documents, files, name)
    hidden = [masks(document.fields) for document in documents]
    sizes = integers(lengths.T.ravel()) + integers(np.array(hidden, np.int64).ravel())
    files.write(f"{name}/documents.bin", packed(told + sizes))
    shown = results.write(documents, files, name, small=small)
    return {"base": name, "count": len(documents), "dead": [], **entry, **shown}


def read_documents(index: Path, entry: dict[str, Any]) -> Told:
    """What the last build told about a part's documents, in their order."""
    told, count = read_packed(index / entry["base"] / "documents.bin"), entry["count"]
    size = count * len(FIELDS)
    lengths, rest = read_integers(told[count * DIGEST :], size)
    hidden, _ = read_integers(rest, size)
    shape = (count, len(FIELDS))
    found = [told[at : at + DIGEST] for at in range(0, count * DIGEST, DIGEST)]
    return Told(found, lengths.reshape(shape), hidden.reshape(shape))


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
