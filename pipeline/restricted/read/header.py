"""The header of a table, found by its labels though title rows stand above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.fields import Field, by_label, label_key
from pipeline.restricted.read.layouts import layouts
from pipeline.restricted.read.presentable import heading
from pipeline.restricted.read.table import Cell, Table

#: A row with fewer declared labels is not taken for a header.
MIN_LABELS = 3

#: Headings with all their notes are shorter; what is longer is a text, and not looked at.
_LONGEST = 200

_NOTE = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]$")
_CODE = re.compile(r"(?:cf|xk)_[a-z0-9_]+")

#: One row as labels, "" where a cell holds no text.
Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column with what stands over it; ``field`` is None when nobody declared it.

    ``heading`` is fit for a report: a long number in it is hidden.
    """

    position: int
    heading: str
    field: Field | None


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (grid positions, inclusive), its columns, the titles above."""

    first: int
    last: int
    columns: tuple[Column, ...]
    titles: tuple[str, ...]

    @property
    def recognised(self) -> int:
        """How many different declared fields it names."""
        return len({column.field.key for column in self.columns if column.field})


def find_header(table: Table) -> Header | None:
    """The row, or the two rows, among the first 30 with the most declared labels.

    A single row is preferred to two, an upper one to a lower; None when no row
    names at least :data:`MIN_LABELS` declared fields.
    """
    head = [_labels(row) for row in table.head]
    single = [_header(head, n, n, _single(row)) for n, row in enumerate(head)]
    double = [
        _header(head, n, n + 1, columns)
        for n, (top, bottom) in enumerate(pairwise(head))
        if (columns := _double(top, bottom))
    ]
    best = max((*single, *double), key=lambda h: h.recognised, default=None)
    return best if best and best.recognised >= MIN_LABELS else None


def declared(label: str) -> Field | None:
    """The declared field a header cell names, bracketed notes such as （必填） set aside."""
    if len(label) > _LONGEST:
        return None
    key = label_key(label)
    fields = by_label()
    while key not in fields:
        note = _NOTE.search(key)
        if note is None or not _is_note(note[1]):
            return None
        key = key[: note.start()]
    return fields[key]


def is_heading(cell: Cell, field: Field) -> bool:
    """Whether a data cell only repeats a label or code of its own column."""
    return isinstance(cell, str) and len(cell) <= 60 and declared(cell) is field


def _is_note(text: str) -> bool:
    return text in layouts().header.notes or _CODE.fullmatch(text) is not None


def _labels(row: Sequence[Cell]) -> Labels:
    return tuple(" ".join(cell.split()) if isinstance(cell, str) else "" for cell in row)


def _single(row: Labels) -> tuple[Column, ...]:
    return tuple(Column(n, heading(label), declared(label)) for n, label in enumerate(row))


def _double(top: Labels, bottom: Labels) -> tuple[Column, ...]:
    """The columns of a header in two rows, () when the lower row is not part of one.

    A group label (法定代表人 over 姓名, 证件号码) counts for the columns to its right
    that have a lower label. Below a label that stands for itself there must be nothing
    or another declared label: otherwise the lower row is data.
    """
    columns: list[Column] = []
    group = ""
    for position, (upper, lower) in enumerate(zip(top, bottom, strict=True)):
        group = upper or (group if lower else "")
        field = declared(group + lower) or declared(lower) if lower else declared(upper)
        if lower and not field and declared(upper):
            return ()
        columns.append(Column(position, heading(f"{group} {lower}".strip()), field))
    lower_labels = sum(
        1 for column, label in zip(columns, bottom, strict=True) if label and column.field
    )
    return tuple(columns) if lower_labels >= 2 else ()


def _header(head: list[Labels], first: int, last: int, columns: tuple[Column, ...]) -> Header:
    titles = tuple(label for row in head[:first] for label in row if label)
    return Header(first, last, columns, titles)
