"""What a result shows, and what results are filtered by.

The text that snippets are cut from is that of the pages found: nothing of it stands here.
The address of a decision follows from what it is (``pipeline.slug``) and is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from pipeline.model import Kind
from pipeline.public.search.document import Document
from pipeline.public.search.encode import days, packed_json, steps
from pipeline.public.search.files import Files, summed
from pipeline.slug import slug

#: Up to so many documents, the root holds what their results show.
SMALL = 1_200
RESULTS_A_FILE = 48
#: So many documents, the first whose last day comes, are named in the root.
LEAVING = 300
_NEVER = 99_999  # a day no site lives to see
_FILTERS = ("agency", "kind", "party_type", "amount_band")
_DECISIONS = {kind.value: kind for kind in Kind}


def write(documents: Sequence[Document], files: Files, name: str, *, small: bool) -> dict[str, Any]:
    """Write the chunks of the part ``name``; what the root must say about them."""
    tables = _tables(documents)
    told: dict[str, Any] = {"tables": tables}
    if small:
        return {**told, "all": {**_columns(documents, tables), **_shown(documents)}}
    told["leaving"] = leaving([_last_day(document) for document in documents])
    for chunk, found in _chunks(documents, RESULTS_A_FILE):
        part = {**_columns(found, tables), **_shown(found)}
        files.write(f"{name}/r/{chunk}.bin", packed_json(part))
    files.write(f"{name}/columns.bin", packed_json(_columns(documents, tables)))
    return told


def leaving(last_days: Sequence[int], dead: Collection[int] = ()) -> dict[str, Any]:
    """Who leaves next, so that an expired result goes without loading the columns.

    ``until`` is the day up to which (inclusive) nobody else leaves.
    """
    order = sorted((day, at) for at, day in enumerate(last_days) if at not in dead)
    named = [one for one in order[:LEAVING] if one[0] < _NEVER]
    until = order[LEAVING][0] if len(order) > LEAVING else _NEVER
    return {
        "until": until,
        "days": steps([day for day, _ in named]),
        "documents": [at for _, at in named],
    }


def number_of(letter: str) -> int:
    """Undo :func:`_letter`."""
    return ord(letter) - (ord("a") if letter < "\u4e00" else 0x4E00)


def _letter(at: int) -> str:
    return chr(ord("a") + at) if at < 26 else chr(0x4E00 + at)


def _chunks(documents: Sequence[Document], size: int) -> list[tuple[int, Sequence[Document]]]:
    starts = range(0, len(documents), size)
    return [(at // size, documents[at : at + size]) for at in starts]


def _tables(documents: Sequence[Document]) -> dict[str, list[list[str]]]:
    """For each filter its keys with the name visitors read."""
    pairs = {
        name: {(getattr(d, name), getattr(d, f"{name}_name")) for d in documents}
        for name in _FILTERS
    }
    return {name: [list(pair) for pair in sorted(found)] for name, found in pairs.items()}


def _columns(documents: Sequence[Document], tables: dict[str, list[list[str]]]) -> dict[str, Any]:
    """A letter a document for each filter; days as steps, the last day as days to come."""
    found: dict[str, Any] = {}
    for name, table in tables.items():
        letters = {key: _letter(at) for at, (key, _) in enumerate(table)}
        found[name] = "".join(letters[getattr(document, name)] for document in documents)
    dates = [_day(document.date, 0) for document in documents]
    found["date"] = steps(dates)
    found["last_day"] = [
        _last_day(document) - day for document, day in zip(documents, dates, strict=True)
    ]
    return found


def last_days(columns: dict[str, Any]) -> list[int]:
    """The last day of every document of such columns, in days since 1970."""
    return [
        day + more for day, more in zip(summed(columns["date"]), columns["last_day"], strict=True)
    ]


def _last_day(document: Document) -> int:
    return _day(document.last_day, _NEVER)


def _day(iso: str, none: int) -> int:
    return days(iso) if iso else none


#: Between two values of a list: none of them holds a line break.
APART = "\n"
#: What is shown of a document, beside its columns.
SHOWN = ("url", "title", "number")


def address(url: str, agency: str, kind: str, number: str) -> str:
    """The address of a document as :func:`card` has it; "" for one that was blanked."""
    if url or not number or kind not in _DECISIONS:
        return url
    return f"decisions/{slug(agency, _DECISIONS[kind], number)}/"


def card(document: Document) -> tuple[str, str, str]:
    """Address ("" where :func:`address` knows it), title and number of a document."""
    number = _line(document.fields.get("number", ""))
    known = address("", document.agency, document.kind, number) == document.url
    return "" if known else document.url, _line(document.title), number


def _line(value: str) -> str:
    return " ".join(value.split())


def _shown(documents: Sequence[Document]) -> dict[str, str]:
    cards = [card(document) for document in documents]
    columns = zip(*cards, strict=True) if cards else ((), (), ())
    return {name: APART.join(values) for name, values in zip(SHOWN, columns, strict=True)}
