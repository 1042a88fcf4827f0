"""Invented decisions as the cells of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from invent.decisions import Row
from invent.layouts import Layout

#: Stands in every file, so that nobody takes one for real.
TITLE = "演示数据（虚构）"

Form = Callable[[Any], Any]


def labels(layout: Layout) -> list[Any]:
    """The header of a layout."""
    return [label for label, _ in layout]


def cells(row: Row, layout: Layout, **forms: Form) -> list[Any]:
    """A row's cells under a layout; ``forms`` say how the value of a key is written."""
    values = row | {"fine_wan": row["fine"] / 10000 if row.get("fine") else None}
    return [forms[key](values[key]) if key in forms else values.get(key) for _, key in layout]


def objects(rows: Iterable[Row], layout: Layout) -> list[Row]:
    """Rows as objects with the labels for keys, empty values left out."""
    named = (dict(zip(labels(layout), cells(row, layout), strict=True)) for row in rows)
    return [{k: v for k, v in row.items() if v not in ("", None)} for row in named]


def titled(title: str, width: int) -> list[list[Any]]:
    """A title row of a table."""
    return [[f"{title}  {TITLE}"] + [None] * (width - 1)]
