"""What a document that was edited or has left may keep of itself in the base's postings.

The base is kept for many days, and an edited document lives on in the delta. What the base
still says of it is public as long as the edit only added or reworded. An edit that shows
less (more masks in some field, or a field that lost words) may hide a name that had been
overlooked: of that document every posting leaves that is not word for word one of the new
version's, the characters that follow included. A document taken down leaves entirely. What
merely expired is a nameless number until the next base.

``<base>/waiting.bin`` lists the edited documents with postings in the base, each with a
digest of its address, so that they leave with the document when it goes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pipeline.public.search import results, text
from pipeline.public.search.document import FIELDS, Document
from pipeline.public.search.files import read_json, write_json
from pipeline.public.search.masks import masks
from pipeline.public.search.postings import Integers, Says, says

_NOTHING: Says = {}


class Extent(NamedTuple):
    """How much a version of a document shows, by field: its terms, and how much is masked."""

    lengths: Integers
    masks: Integers


class Outcome(NamedTuple):
    """What becomes of documents of the base: whose result goes, whose postings but for what
    it still says, and who waits for the next base (with the digests of their addresses).
    """

    blank: set[int]
    remaining: dict[int, Says]
    waiting: dict[int, str]


def settle(
    marks: Mapping[int, str],
    expired: Collection[int],
    before: Mapping[int, Extent],
    cards: Mapping[int, tuple[str, str, str]],
    fresh: Iterable[Document],
) -> Outcome:
    """What becomes of the documents ``marks`` (digests of their addresses).

    ``expired`` are those that may stay until the next base; ``before`` is how much the last
    release showed of each, ``cards`` what its results show, ``fresh`` all documents of this
    release that are not as the base has them.
    """
    now = {mark(document.url): document for document in fresh if not _withdrawn(document)}
    outcome = Outcome(set(), {}, {})
    for number, digest in marks.items():
        document = now.get(digest)
        if document is None or cards.get(number) != results.card(document):
            outcome.blank.add(number)
        if document is None:
            if number not in expired:
                outcome.remaining[number] = _NOTHING
            continue
        outcome.waiting[number] = digest
        if number not in before or shows_less(extent(document), before[number]):
            outcome.remaining[number] = says(document.fields)
    return outcome


def _withdrawn(document: Document) -> bool:
    """Of a withdrawn decision the public reads the number only."""
    return document.fields.keys() == {"number"}


def extent(document: Document) -> Extent:
    """The extent of a document as it is now."""
    lengths = [len(text.terms(document.fields.get(field.name, ""))) for field in FIELDS]
    return Extent(np.array(lengths), np.array(masks(document.fields)))


def shows_less(now: Extent, before: Extent) -> bool:
    """Whether some field lost words or gained masks."""
    return bool((now.lengths < before.lengths).any() or (now.masks > before.masks).any())


def mark(url: str) -> str:
    """A digest of an address; letters only, so that it never reads as a number."""
    short = hashlib.blake2b(url.encode(), digest_size=8).hexdigest()
    return short.translate(str.maketrans("0123456789", "ghijklmnop"))


def read_waiting(index: Path, part: Mapping[str, Any]) -> dict[int, str]:
    """Who waits in the base ``part`` of the index in ``index``."""
    path = _path(index, part)
    return dict(read_json(path)) if path.is_file() else {}


def write_waiting(index: Path, part: Mapping[str, Any], waiting: Mapping[int, str]) -> set[str]:
    """Note who waits; the changed file, relative to ``index``."""
    path = _path(index, part)
    if waiting == read_waiting(index, part):
        return set()
    write_json(path, sorted(waiting.items()))
    return {path.relative_to(index).as_posix()}


def _path(index: Path, part: Mapping[str, Any]) -> Path:
    return index / str(part["base"]) / "waiting.bin"
