"""JSON: a list of objects, lists of objects inside an object, or one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from pipeline.errors import UnreadableFile
from pipeline.restricted.read.table import Cell, Table, split

_NOT_AN_OBJECT = "应为一个 JSON 对象（{…}，列名作键）；请改正这一行后重新导出。"
_BROKEN = "JSON 不完整或写法有误，无法读取；请重新导出为对象列表（[{…}, …]）或每行一个对象。"


def read_json(text: str) -> Iterator[Table]:
    """One table for each list of objects; raises :class:`UnreadableFile`.

    Rows are counted from 1 within the list, or by line. Decimals keep their digits.
    """
    try:
        yield from _tables("", _parsed(text))
    except (json.JSONDecodeError, RecursionError):
        yield _lines(text)


def _parsed(text: str) -> Any:
    return json.loads(text, parse_float=str, parse_constant=lambda _: None)


def _tables(name: str, value: Any) -> Iterator[Table]:
    if isinstance(value, list):
        yield _table(name, dict(enumerate(value, start=1)))
        return
    lists = {k: v for k, v in value.items() if isinstance(v, list) and _holds_objects(v)}
    nested = {k: v for k, v in value.items() if isinstance(v, dict)}
    if lists:
        for key, rows in lists.items():
            yield from _tables(key if len(lists) > 1 else name, rows)
    elif len(nested) == 1:
        yield from _tables(name, next(iter(nested.values())))
    else:  # a file of one decision
        yield _table(name, {1: value})


def _holds_objects(value: list[Any]) -> bool:
    return any(isinstance(item, dict) for item in value)


def _lines(text: str) -> Table:
    rows: dict[int, Any] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                rows[number] = _parsed(line)
            except (json.JSONDecodeError, RecursionError):
                rows[number] = None
    if not _holds_objects(list(rows.values())):
        raise UnreadableFile(_BROKEN)
    return _table("", rows)


def _table(name: str, rows: dict[int, Any]) -> Table:
    """The keys of all objects stand in the grid's first row, under the number 0."""
    objects = {number: row for number, row in rows.items() if isinstance(row, dict)}
    keys = list(dict.fromkeys(key for row in objects.values() for key in row))
    last = max(rows, default=0)
    empty: list[Cell] = [None] * len(keys)
    cells = (
        [objects[n].get(k) for k in keys] if n in objects else empty for n in range(1, last + 1)
    )
    head, rest = split(chain([keys], cells), within=1)
    return Table(
        name,
        head,
        rest,
        last,
        first_row=0,
        broken=dict.fromkeys(sorted(rows.keys() - objects.keys()), _NOT_AN_OBJECT),
    )
