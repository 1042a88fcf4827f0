"""What a result shows, what results are filtered by, and the text snippets are cut from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pipeline.public.search.document import FIELDS, Document
from pipeline.public.search.encode import days, packed_json, steps

#: Up to so many documents, one file holds everything but postings and text.
SMALL = 1_200
RESULTS_A_FILE = 32
TEXTS_A_FILE = 8
#: So many documents, the first whose last day comes, are named in the root.
LEAVING = 300
_NEVER = 99_999  # a day no site lives to see

Write = Callable[[str, bytes], None]


def write(documents: Sequence[Document], write_file: Write) -> dict[str, Any]:
    """Write the chunks; what the root must say about them."""
    for chunk, found in _chunks(documents, TEXTS_A_FILE):
        write_file(f"t/{chunk}.bin", packed_json([_text(document) for document in found]))
    tables = _tables(documents)
    root: dict[str, Any] = {"tables": tables, "results": RESULTS_A_FILE, "texts": TEXTS_A_FILE}
    if len(documents) <= SMALL:
        return {**root, "all": {**_columns(documents, tables), **_shown(documents)}}
    for chunk, found in _chunks(documents, RESULTS_A_FILE):
        part = {**_columns(found, tables), **_shown(found)}
        write_file(f"r/{chunk}.bin", packed_json(part))
    write_file("columns.bin", packed_json(_columns(documents, tables)))
    return {**root, "leaving": _leaving(documents)}


def _chunks(documents: Sequence[Document], size: int) -> list[tuple[int, Sequence[Document]]]:
    starts = range(0, len(documents), size)
    return [(at // size, documents[at : at + size]) for at in starts]


def _tables(documents: Sequence[Document]) -> dict[str, list[list[str]]]:
    """For each filter its keys with the name visitors read."""
    pairs = {
        "agency": {(d.agency, d.agency_name) for d in documents},
        "kind": {(d.kind, d.kind_name) for d in documents},
        "party_type": {(d.party_type, d.party_type_name) for d in documents},
        "folder": {(d.folder, "") for d in documents},
    }
    return {name: [list(pair) for pair in sorted(found)] for name, found in pairs.items()}


def _columns(documents: Sequence[Document], tables: dict[str, list[list[str]]]) -> dict[str, Any]:
    """A letter a document for each filter, days as steps."""
    found: dict[str, Any] = {}
    for name, table in tables.items():
        letters = {key: _letter(at) for at, (key, _) in enumerate(table)}
        found[name] = "".join(letters[getattr(document, name)] for document in documents)
    found["date"] = steps([days(document.date) for document in documents])
    found["last_day"] = steps([_last_day(document) for document in documents])
    return found


def _letter(at: int) -> str:
    return chr(ord("a") + at) if at < 26 else chr(0x4E00 + at)


def _last_day(document: Document) -> int:
    return days(document.last_day) if document.last_day else _NEVER


def _shown(documents: Sequence[Document]) -> dict[str, list[str]]:
    return {
        "url": [document.url.removeprefix(document.folder) for document in documents],
        "title": [document.title for document in documents],
        "number": [document.fields.get("number", "") for document in documents],
    }


def _text(document: Document) -> list[str]:
    return [document.fields.get(field.name, "") for field in FIELDS]


def _leaving(documents: Sequence[Document]) -> dict[str, Any]:
    """Who leaves next, so that an expired result goes without loading the columns.

    ``until`` is the day up to which (inclusive) nobody else leaves.
    """
    order = sorted((_last_day(document), at) for at, document in enumerate(documents))
    named = order[:LEAVING]
    until = order[LEAVING][0] if len(order) > LEAVING else _NEVER
    return {
        "until": until,
        "days": steps([day for day, _ in named]),
        "documents": [at for _, at in named],
    }
