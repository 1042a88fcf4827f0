"""The index as a whole: a root, a base of most documents, and a small delta.

Layout under the folder::

    index/root.bin        version, fields, and for each part where its buckets start
    index/<base>/…        the base (see ``part``)
    index/<delta>/…       what is new or changed since the base was made, if anything
    index/variants.bin    traditional characters

The name of a part changes with its content, so that a page opened before a release never
mixes two indexes. A build that is shown the last release keeps its base: documents that
are no longer as the base has them are marked dead there (see ``tombstones``) and stand,
where they live on, in the delta; so a day's change uploads about its share of the index.
When both have grown to a tenth, a new base is made: a cycle of ten days with 1% changed
each then uploads about 1.5 indexes, and visitors load little of the delta.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.public.search import edits, part, results, text, tombstones, weights
from pipeline.public.search.catalogue import Catalogue, catalogue_of, digest
from pipeline.public.search.document import FIELDS, Document
from pipeline.public.search.encode import packed_json
from pipeline.public.search.files import VERSION, Files, Root, read_root
from pipeline.public.search.previous import untouched

#: Fewer documents are always written anew.
_LEAST = 500
#: A new base is made when delta and dead together are more than this share of it.
_SHARE = 10
#: So many documents are compared with lunr.
_SAMPLE = 16


class IndexReport(NamedTuple):
    """What was written; ``checked`` weights were compared with lunr.

    ``files`` and ``bytes`` are those of new files; a base that was kept adds nothing.
    """

    documents: int
    buckets: int
    files: int
    bytes: int
    checked: int


def write_index(
    documents: Iterable[Document] | Catalogue,
    folder: Path,
    previous: Path | None = None,
    today: date | None = None,
) -> IndexReport:
    """Write the index of ``documents`` to ``folder/index``, replacing one that is there.

    ``previous`` is the site last released, whose base is kept while little has changed.
    What was taken down before it expired (by ``today``) leaves its postings too, and so does
    what an edit no longer shows (see ``edits``). The postings of the expired stay until the
    next base: numbers of a document that has no address, title or text.
    Without it the same documents, in any order, give the same bytes. Raises
    :class:`ReleaseRefused` when a sample scores differently in lunr.
    """
    found = documents if isinstance(documents, Catalogue) else catalogue_of(documents)
    index = folder / "index"
    if index.exists():
        shutil.rmtree(index)
    files = Files(index)
    parts = _kept(found, files, previous, today)
    if parts is None:
        small = len(found.digests) <= results.SMALL
        parts = [part.write(part.ordered(found.read(None), small=small), files, small=small)]
    root = {
        "version": VERSION,
        "fields": [[field.name, field.boost] for field in FIELDS],
        "k1": weights.K1,
        "b": weights.B,
        "results": results.RESULTS_A_FILE,
        "parts": parts,
    }
    files.write("root.bin", packed_json(root))
    files.write("variants.bin", packed_json("".join(f"{a}{b}" for a, b in text.variants().items())))
    checked = weights.check([document.fields for document in _sample(found)])
    buckets = sum(len(entry["sizes"]) for entry in parts)
    return IndexReport(len(found.digests), buckets, files.count, files.bytes, checked)


def _sample(found: Catalogue) -> list[Document]:
    """Some documents, the same of the same."""
    chosen = sorted(found.digests)[:: max(1, len(found.digests) // _SAMPLE)]
    return part.ordered(found.read(set(chosen[:_SAMPLE])), small=True)


def _kept(
    catalogue: Catalogue, files: Files, previous: Path | None, today: date | None
) -> list[dict[str, Any]] | None:
    """The base of the release before, copied, and a new delta; None when a new base is due."""
    before = previous / "search" / "index" if previous else None
    root = read_root(before) if before else None
    if before is None or previous is None or root is None or len(catalogue.digests) < _LEAST:
        return None
    base: dict[str, Any] = root["parts"][0]
    if not _fits(root) or not untouched(previous, f"search/index/{base['base']}/"):
        return None
    told = part.read_documents(before, base)
    dead = tombstones.dead(base)
    now = set(catalogue.digests)
    living = {digest: at for at, digest in enumerate(told.digests) if at not in dead}
    new = now - living.keys()
    leaving = {at for digest, at in living.items() if digest not in now}
    if (len(new) + len(dead) + len(leaving)) * _SHARE > len(told.digests):
        return None
    fresh = list(catalogue.read(new))
    outcome = _settled(before, root, told, leaving, fresh, today)
    # However many buckets that is: to make a new base takes several times as long.
    rewritten = tombstones.stripped(before, base, outcome.remaining)
    _copy(before, files.folder, base["base"], rewritten)
    if leaving:
        tombstones.bury(files.folder, base, leaving)
    tombstones.blank(files.folder, base, outcome.blank)
    for name, data in rewritten.items():
        (files.folder / name).write_bytes(data)
    edits.write_waiting(files.folder, base, outcome.waiting)
    if not fresh:
        return [base]
    small = "all" in base
    return [base, part.write(part.ordered(fresh, small=small), files, small=small)]


def _copy(before: Path, folder: Path, base: str, but: Collection[str]) -> None:
    """The files of the base, without those that are to be written anew."""

    def left_out(here: str, names: list[str]) -> list[str]:
        begin = Path(here).relative_to(before).as_posix()
        return [name for name in names if f"{begin}/{name}" in but]

    shutil.copytree(before / base, folder / base, ignore=left_out)


def _settled(
    index: Path,
    root: Root,
    told: part.Told,
    leaving: set[int],
    fresh: Sequence[Document],
    today: date | None,
) -> edits.Outcome:
    """What becomes of the base's documents that leave or left it while they live on.

    One that is in the delta just as it was stays as it was settled then.
    """
    base, *delta = root["parts"]
    waiting = edits.read_waiting(index, base)
    shown = tombstones.addresses(index, base, leaving)
    before = {at: edits.Extent(told.lengths[at], told.masks[at]) for at in leaving}
    now = {edits.mark(document.url): digest(document) for document in fresh}
    settled: dict[int, str] = {}
    for entry in delta:
        newer = part.read_documents(index, entry)
        urls = tombstones.addresses(index, entry, range(entry["count"]))
        places = {edits.mark(url): at for at, url in urls.items()}
        for number, mark in waiting.items():
            if (at := places.get(mark)) is not None:
                before[number] = edits.Extent(newer.lengths[at], newer.masks[at])
                if now.get(mark) == newer.digests[at]:
                    settled[number] = mark
    changed = {number: mark for number, mark in waiting.items() if number not in settled}
    outcome = edits.settle(
        {**changed, **{at: edits.mark(url) for at, url in shown.items()}},
        leaving.intersection(tombstones.expired(index, base, today)),
        before,
        tombstones.cards(index, base, {*leaving, *changed}),
        fresh,
    )
    return outcome._replace(waiting=outcome.waiting | settled)


def _fits(root: Root) -> bool:
    """Whether the release before was made with the same fields and sizes."""
    same: bool = (
        root["fields"] == [[field.name, field.boost] for field in FIELDS]
        and root["results"] == results.RESULTS_A_FILE
    )
    return same
