"""Reads the tables of ``content/`` as offices save them: CSV from Excel, UTF-8 or GB18030."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ConfigurationError


class Row(NamedTuple):
    """One row: its number in the file (the header is row 1) and its cells by column."""

    number: int
    cells: dict[str, str]


class Table(NamedTuple):
    """A table with one header row; every row has every column."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path) -> Table:
    """The table at ``path``; raises :class:`ConfigurationError` with every problem."""
    place = place_of(path)
    lines = [[cell.strip() for cell in line] for line in csv.reader(_text(path).splitlines(True))]
    if not lines or not any(lines[0]):
        raise ConfigurationError([f"{place}：第1行应当是列名，现在是空的。"])
    columns = tuple(lines[0])
    problems = [f"{place}：第1行第{i}列没有列名。" for i, name in enumerate(columns, 1) if not name]
    if len(set(columns)) < len(columns):
        problems.append(f"{place}：第1行有重复的列名，请改成各不相同。")
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if not any(line):
            continue
        if len(line) != len(columns):
            problems.append(f"{place}：第{number}行有{len(line)}列，应为{len(columns)}列。")
            continue
        rows.append(Row(number, dict(zip(columns, line, strict=True))))
    if problems:
        raise ConfigurationError(problems)
    return Table(columns, tuple(rows))


def place_of(path: Path) -> str:
    """How messages name a file of ``content/``: from its agency's folder on."""
    parts = path.parts
    return "/".join(parts[parts.index("agencies") + 1 :] if "agencies" in parts else parts[-2:])


@contextmanager
def collecting(problems: list[str]) -> Iterator[None]:
    """Keep the problems of a :class:`ConfigurationError` and go on with the next file."""
    try:
        yield
    except ConfigurationError as error:
        problems += error.problems


def read_text(path: Path) -> str:
    """A UTF-8 text of ``content/``, with or without BOM."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError([f"{place_of(path)}：请另存为 UTF-8 编码。"]) from None


def _text(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ConfigurationError([f"{place_of(path)}：文字编码不是 UTF-8 或 GB18030，请另存为 CSV。"])
