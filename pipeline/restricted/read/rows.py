"""The rows of a table: each a decision, or the reason why it is not taken over."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import repeat

from pipeline.fields import dictionary, label_key
from pipeline.model import Kind, PartyType
from pipeline.restricted.raw import Origin, RawDecision, Rejection, Secret
from pipeline.restricted.read.authority import Authorities, UnknownAuthority
from pipeline.restricted.read.cells import Unfit, free_text
from pipeline.restricted.read.columns import Columns
from pipeline.restricted.read.header import is_heading
from pipeline.restricted.read.layouts import layouts
from pipeline.restricted.read.number import is_number, normalise_number
from pipeline.restricted.read.party import party_type_of

MISSING = "必须填写而没有填；请补填后重新导出。"

#: Fields every decision needs; the authority may also be named by its code.
_NEEDED = ("number", "party", "decided_on")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands (file, sheet) and which kind of decision it holds."""

    file: str
    sheet: str
    kind: Kind


def missing_columns(keys: Collection[str], kind: Kind) -> tuple[str, ...]:
    """Labels of the needed columns a table does not have: then none of its rows can be used.

    ``keys``: the fields that it has.
    """
    fields = dictionary()
    absent = [key for key in _NEEDED if key not in keys]
    if kind is Kind.LICENCE and "licence_no" in keys and "number" in absent:
        absent.remove("number")
    if "authority" not in keys and "authority_code" not in keys:
        absent.append("authority")
    return tuple(fields[key].heading for key in absent)


def read_rows(
    place: Place, columns: Columns, authorities: Authorities
) -> Iterator[RawDecision | Rejection]:
    """Each row of a piece in order. Blank rows, repeated headers, totals and footers give nothing.

    Those can only stand among the rows that lack something, so only such are looked at.
    """
    if place.kind is Kind.LICENCE:
        _number_licences(columns)
    slugs = _agencies(columns, authorities)
    _fault_missing(columns)
    types = _party_types(columns)
    number, day = columns.of("number"), columns.of("decided_on")
    for n, values in enumerate(_values(columns)):
        origin = Origin(place.file, place.sheet, columns.first_row + n)
        if n in columns.faults:
            if _is_meant(columns, n):
                yield _rejection(origin, columns.faults[n])
            continue
        yield RawDecision(
            agency=slugs[n],
            kind=place.kind,
            number=number[n],
            decided_on=date.fromisoformat(day[n]),
            party_type=types[n],
            values=values,
            origin=origin,
        )


def _values(columns: Columns) -> Iterator[dict[str, Secret]]:
    """The secrets of each row by field key.

    An empty cell is no secret, but for what a case's handling asks: there it says something.
    """
    process = {key for key in columns.values if dictionary()[key].process}
    filled = {key: texts for key, texts in columns.values.items() if key in process or any(texts)}
    gaps = [key for key, texts in filled.items() if key not in process and "" in texts]
    secrets = [_secrets(key, texts) for key, texts in filled.items()]
    for row in zip(*secrets, strict=True) if secrets else repeat((), len(columns)):
        values = dict(zip(filled, row, strict=True))
        for key in gaps:
            if not values[key]:
                del values[key]
        yield values


def _secrets(key: str, texts: list[str]) -> list[Secret]:
    """A column as secrets; rows that say the same share one, which is half the time."""
    known = {text: Secret(text, key) for text in set(texts)}
    return list(map(known.__getitem__, texts))


def _number_licences(columns: Columns) -> None:
    """A licence without 文号 goes by its 许可编号 (2018 layout)."""
    numbers, own = columns.of("number"), columns.of("licence_no")
    columns.values["number"] = [
        number or (spare if is_number(spare := normalise_number(other)) else "")
        for number, other in zip(numbers, own, strict=True)
    ]


def _agencies(columns: Columns, authorities: Authorities) -> list[str]:
    """The agency's slug of each row, "" beside a fault."""
    known: dict[tuple[str, str], str | UnknownAuthority] = {}
    slugs: list[str] = []
    pairs = zip(columns.of("authority"), columns.of("authority_code"), strict=True)
    for n, pair in enumerate(pairs):
        if pair not in known:
            known[pair] = _agency(authorities, *pair)
        found = known[pair]
        if isinstance(found, UnknownAuthority):
            by_code = pair[1] or "authority" not in columns.headings
            heading = _heading(
                columns, "authority_code" if by_code and not pair[0] else "authority"
            )
            columns.faults[n].setdefault(heading, str(found))
            found = ""
        slugs.append(found)
    return slugs


def _agency(authorities: Authorities, name: str, code: str) -> str | UnknownAuthority:
    if not name and not code:
        return UnknownAuthority(MISSING)
    try:
        return authorities.slug_of(name, code)
    except UnknownAuthority as error:
        return error


def _fault_missing(columns: Columns) -> None:
    for key in _NEEDED:
        heading = _heading(columns, key)
        texts = columns.of(key)
        for n, text in enumerate(texts) if "" in texts else ():
            if not text:
                columns.faults[n].setdefault(heading, MISSING)


def _heading(columns: Columns, key: str) -> str:
    return columns.headings.get(key) or dictionary()[key].heading


def _party_types(columns: Columns) -> list[PartyType]:
    keys = ("party_type", "credit_code", "id_number", "party")
    return [party_type_of(*texts) for texts in zip(*map(columns.of, keys), strict=True)]


def _is_meant(columns: Columns, position: int) -> bool:
    """Whether a faulty row was meant as a decision at all."""
    texts: list[str] = []
    for column, cell in columns.cells(position):
        if column.field and column.field.key in _NEEDED and is_heading(cell, column.field):
            return False
        try:
            texts.append(free_text(cell))
        except Unfit:
            return True
    row = columns.body[position]
    first = next((text for cell in row if (text := label_key(_text(cell)))), "")
    words = layouts().rows
    closing = first in words.totals or first.startswith(words.footers)
    return any(texts) and not closing


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _rejection(origin: Origin, faults: dict[str, str]) -> Rejection:
    """One row, one rejection: the first fault in words, the other columns by name."""
    (column, message), *others = faults.items()
    if column and others:
        names = "、".join(f"“{heading}”" for heading, _ in others)
        message = f"{message}另有{names}列也不合要求。"
    return Rejection(origin, column, message)
