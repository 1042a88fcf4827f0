"""Documents leave an index that stands, without the store and without a new build.

``drop(site, today=...)`` removes every document past its last day, ``drop(site, urls=...)``
those at the addresses given (``decisions/<slug>/``), from the released site in ``site``.
It returns the files it has rewritten, relative to ``site``, for the caller's manifest.

A document that leaves is marked dead in ``root.bin``, which is what browsers obey, and its
address, title and number are blanked. What was taken down before its time (``urls``) leaves
the postings too, at once. That rewrites the many buckets its terms stand in, so what merely
expired stays in them until the next new base (``write``): as numbers that say which pairs
of characters some nameless document had.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.public.search import edits, results
from pipeline.public.search.cut import Leaving
from pipeline.public.search.encode import days, repacked, steps, unpacked
from pipeline.public.search.files import read_json, read_root, summed, write_json
from pipeline.public.search.part import read_documents
from pipeline.public.search.postings import Says

Part = dict[str, Any]


def drop(
    site: Path, *, today: date | None = None, urls: Collection[str] = frozenset()
) -> list[str]:
    """Drop what is past its last day on ``today``, and the documents at ``urls``.

    Returns the changed files, sorted, relative to ``site``; empty when nothing had to
    leave or the site has no index of this version.
    """
    index = site / "search" / "index"
    root = read_root(index)
    if root is None:
        return []
    changed: set[str] = set()
    gone = set(urls)
    for part in root["parts"]:
        down = _at(index, part, urls) - dead(part)
        leaving = (down | set(expired(index, part, today))) - dead(part)
        if not leaving:
            continue
        gone |= set(addresses(index, part, leaving).values())
        bury(index, part, leaving)
        changed |= {"root.bin"} | blank(index, part, leaving) | _strip(index, part, down)
    for part in root["parts"]:
        changed |= _drop_waiting(index, part, gone)
    if changed:
        write_json(index / "root.bin", root)
    return sorted(f"search/index/{name}" for name in changed)


def _drop_waiting(index: Path, part: Part, gone: Collection[str]) -> set[str]:
    """What stood in the base of documents that were edited, then left, leaves entirely."""
    waiting = edits.read_waiting(index, part)
    digests = {edits.mark(url) for url in gone}
    leaving = {number for number, digest in waiting.items() if digest in digests}
    if not leaving:
        return set()
    staying = {number: waiting[number] for number in waiting.keys() - leaving}
    changed = edits.write_waiting(index, part, staying)
    return changed | blank(index, part, leaving) | _strip(index, part, leaving)


def bury(index: Path, part: Part, numbers: Collection[int]) -> None:
    """Mark documents of ``part`` dead; ``part`` itself is changed and is the caller's to write."""
    lengths = read_documents(index, part).lengths
    less = lengths[sorted(numbers)].sum(axis=0).tolist()
    part["totals"] = [total - gone for total, gone in zip(part["totals"], less, strict=True)]
    part["dead"] = steps(sorted({*dead(part), *numbers}))
    if "leaving" in part:
        last_days = results.last_days(_columns(index, part))
        part["leaving"] = results.leaving(last_days, dead(part))


def _strip(index: Path, part: Part, numbers: Collection[int]) -> set[str]:
    """Take documents out of all buckets; the changed files. Terms only they had go too."""
    found = stripped(index, part, {number: {} for number in numbers})
    for name, data in found.items():
        (index / name).write_bytes(data)
    return set(found)


def stripped(index: Path, part: Part, remaining: Mapping[int, Says]) -> dict[str, bytes]:
    """The buckets, by file, that hold more of these documents than they still say, without that."""
    found: dict[str, bytes] = {}
    leaving = Leaving(remaining, part["count"])
    for bucket in range(len(part["sizes"]) if remaining else 0):
        name = f"{part['base']}/b/{bucket}.bin"
        data = leaving.without(unpacked((index / name).read_bytes()))
        if data is not None:
            found[name] = repacked(data)
    return found


def dead(part: Part) -> set[int]:
    """The documents of a part that are marked dead."""
    return set(summed(part["dead"]))


def _columns(index: Path, part: Part) -> dict[str, Any]:
    found: dict[str, Any] = part.get("all") or read_json(index / part["base"] / "columns.bin")
    return found


def expired(index: Path, part: Part, today: date | None) -> Iterator[int]:
    """The documents of a part whose last day is before ``today``."""
    if today is not None:
        now = days(today.isoformat())
        last = results.last_days(_columns(index, part))
        yield from (at for at, day in enumerate(last) if day < now)


def addresses(index: Path, part: Part, numbers: Collection[int]) -> dict[int, str]:
    """The addresses of these documents; none for those that are blanked."""
    agencies, kinds = ([key for key, _ in part["tables"][name]] for name in ("agency", "kind"))
    found = {}
    for first, _, chunk in _chunks(index, part, numbers):
        for number, (url, _, named) in _cards(first, chunk):
            if number in numbers:
                at = number - first
                agency, kind = (
                    table[results.number_of(chunk[name][at])]
                    for name, table in (("agency", agencies), ("kind", kinds))
                )
                if address := results.address(url, agency, kind, named):
                    found[number] = address
    return found


def cards(index: Path, part: Part, numbers: Collection[int]) -> dict[int, tuple[str, str, str]]:
    """What results show of these documents (see :func:`results.card`)."""
    return {
        number: shown
        for first, _, chunk in _chunks(index, part, numbers)
        for number, shown in _cards(first, chunk)
        if number in numbers
    }


def _at(index: Path, part: Part, wanted: Collection[str]) -> set[int]:
    if not wanted:
        return set()
    shown = addresses(index, part, range(part["count"]))
    return {number for number, url in shown.items() if url in wanted}


def _chunks(
    index: Path, part: Part, numbers: Collection[int]
) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """First document, file ("" for the root) and content of the chunks that show these."""
    if "all" in part:
        yield 0, "", part["all"]
        return
    for chunk in sorted({number // results.RESULTS_A_FILE for number in numbers}):
        name = f"{part['base']}/r/{chunk}.bin"
        yield chunk * results.RESULTS_A_FILE, name, read_json(index / name)


def _cards(first: int, chunk: Mapping[str, str]) -> Iterator[tuple[int, tuple[str, str, str]]]:
    columns = (chunk[name].split(results.APART) for name in results.SHOWN)
    for at, (url, title, number) in enumerate(zip(*columns, strict=True)):
        yield first + at, (url, title, number)


def blank(index: Path, part: Part, numbers: Collection[int]) -> set[str]:
    """Blank what results show of these documents; the changed files (not the root)."""
    changed = set()
    for first, name, chunk in _chunks(index, part, numbers):
        for key in results.SHOWN:
            values = chunk[key].split(results.APART)
            kept = ("" if first + at in numbers else value for at, value in enumerate(values))
            chunk[key] = results.APART.join(kept)
        if name:
            write_json(index / name, chunk)
            changed.add(name)
    return changed
