"""The index's files: one root, buckets of postings, chunks of results and of their text.

Layout under the folder (all packed, see ``encode``)::

    index/root.bin              version, fields, where each bucket starts, small sites: all results
    index/<base>/b/<n>.bin      postings
    index/<base>/r/<n>.bin      what a result shows
    index/<base>/t/<n>.bin      the searched text, for snippets
    index/<base>/columns.bin    what results are filtered by
    index/variants.bin          traditional characters

``<base>`` changes with the content, so that a page opened before a release never mixes
two indexes. Documents are numbered from the newest: of equal scores the newer comes first.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pipeline.public.search import results, text, weights
from pipeline.public.search.buckets import buckets, target
from pipeline.public.search.document import FIELDS, Document
from pipeline.public.search.encode import packed_json
from pipeline.public.search.postings import BLOCK, Collector

VERSION = 1
_SLICE = 4_000_000  # occurrences in memory at a time


class IndexReport(NamedTuple):
    """What was written; ``checked`` weights were compared with lunr."""

    documents: int
    buckets: int
    files: int
    bytes: int
    checked: int


class _Files:
    """Writes files and counts them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count, self.bytes = folder, 0, 0

    def write(self, path: str, data: bytes) -> None:
        target_path = self.folder / path
        try:
            target_path.write_bytes(data)
        except FileNotFoundError:
            target_path.parent.mkdir(parents=True, exist_ok=True)
            target_path.write_bytes(data)
        self.count += 1
        self.bytes += len(data)


def write_index(documents: Iterable[Document], folder: Path) -> IndexReport:
    """Write the index of ``documents`` to ``folder/index``, replacing one that is there.

    The same documents, in any order, give the same bytes. Raises :class:`ReleaseRefused`
    when a sample scores differently in lunr.
    """
    newest_first = sorted(documents, key=lambda found: (found.date, found.url), reverse=True)
    place = folder / "index"
    if place.exists():
        shutil.rmtree(place)
    base = _digest(newest_first)
    files = _Files(place)
    directory = _write_buckets(newest_first, files, f"{base}/b")
    root = {
        "version": VERSION,
        "base": base,
        "count": len(newest_first),
        "fields": [[field.name, field.boost] for field in FIELDS],
        "k1": weights.K1,
        "b": weights.B,
        **directory,
        **results.write(newest_first, lambda path, data: files.write(f"{base}/{path}", data)),
    }
    files.write("root.bin", packed_json(root))
    files.write("variants.bin", packed_json("".join(f"{a}{b}" for a, b in text.variants().items())))
    checked = weights.check([document.fields for document in newest_first])
    count = len(newest_first)
    return IndexReport(count, len(directory["sizes"]), files.count, files.bytes, checked)


def _digest(documents: Sequence[Document]) -> str:
    digest = hashlib.blake2b(repr((VERSION, FIELDS)).encode(), digest_size=6)
    encode: Any = msgspec.msgpack.Encoder().encode
    for document in documents:
        digest.update(encode(document))
    return digest.hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))


def _write_buckets(documents: Sequence[Document], files: _Files, place: str) -> dict[str, Any]:
    """Write the buckets; where each starts, sizes, common terms, field lengths."""
    collector = Collector()
    for block in _blocks(documents):
        collector.add([document.fields for document in block])
    starts: list[str] = []
    sizes: list[int] = []
    common: list[str] = []
    totals, before = [0] * len(FIELDS), ""
    for postings in collector.slices(_SLICE):
        totals = postings.lengths.sum(axis=1).tolist()
        for bucket in buckets(postings, target(len(documents))):
            files.write(f"{place}/{len(starts)}.bin", bucket.data)
            starts.append(_boundary(before, bucket.first))
            sizes.append(len(bucket.data))
            common += [bucket.first] if bucket.common else []
            before = bucket.last
    unit = target(len(documents)) // 4
    return {
        "totals": totals,
        **_starts(starts),
        "common": "|".join(common),
        "sizes": [-(-size // unit) for size in sizes],
        "size": unit,
    }


def _starts(starts: Sequence[str]) -> dict[str, str]:
    """The boundaries: words; then each first ideograph with the second ones, ``.`` for none."""
    words = [start for start in starts if not text.is_ideograph(start[0])]
    pairs: dict[str, str] = {}
    for start in starts[len(words) :]:
        pairs[start[0]] = pairs.get(start[0], "") + (start[1:] or ".")
    return {"words": "|".join(words), "pairs": "|".join(a + b for a, b in pairs.items())}


def _blocks(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    for at in range(0, max(1, len(documents)), BLOCK):
        yield documents[at : at + BLOCK]


def _boundary(before: str, first: str) -> str:
    """The shortest start of ``first`` that is greater than ``before``."""
    return next(first[:n] for n in range(1, len(first) + 1) if first[:n] > before)
