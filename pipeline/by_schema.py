"""Reads a TOML file of ``content/`` by its schema: every problem at once, each with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline import schema
from pipeline.errors import ConfigurationError
from pipeline.misfit import misplaced
from pipeline.text_file import read_text

Path_ = tuple[str | int, ...]
_HEADER = re.compile(r"\s*(\[{1,2})\s*([^\[\]]+?)\s*\]{1,2}\s*(?:#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-\"'.]+)\s*=")


def read(path: Path, kind: str, place: str, policy_key: str = "") -> dict[str, Any]:
    """The file at ``path``, checked by the schema called ``kind``.

    ``place`` is how messages call the file; ``policy_key`` the key under which the file
    names its policy, when that decides what is required. Raises
    :class:`ConfigurationError` with every problem.
    """
    return checked(read_text(path, place), kind, place, policy_key)


def checked(text: str, kind: str, place: str, policy_key: str = "") -> dict[str, Any]:
    """``text`` as a table, checked as :func:`read` does it."""
    table = parse(text, place)
    policy = table.get(policy_key, "")
    lines = lines_of(text)
    told = [
        f"{place}：{_at(fault.path, lines)}“{fault.name}”{fault.what}"
        for fault in schema.faults(schema.load(kind).columns, table, str(policy))
    ]
    if told:
        raise ConfigurationError(told)
    return table


def parse(text: str, place: str) -> dict[str, Any]:
    """``text`` as TOML; raises :class:`ConfigurationError` naming the line in Chinese."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError([f"{place}：{misplaced(error)}"]) from None
    except RecursionError:
        raise ConfigurationError([f"{place}：方括号嵌套得太深，请检查是否成对。"]) from None


def _at(path: Path_, lines: Mapping[Path_, int]) -> str:
    while path and path not in lines:
        path = path[:-1]
    return f"第{lines[path]}行" if path else ""


def lines_of(text: str) -> dict[Path_, int]:
    """The line (from 1) on which each section and key of a TOML text begins.

    A section in double brackets is found under its number: ``("basis", 0, "title")``.
    """
    found: dict[Path_, int] = {}
    section: Path_ = ()
    counts: dict[Path_, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.fullmatch(line):
            section = _section(header[1] == "[[", _parts(header[2]), counts)
            found.setdefault(section, number)
            found.setdefault(section[:-1], number)
        elif key := _KEY.match(line):
            found.setdefault((*section, *_parts(key[1])), number)
    return found


def _section(many: bool, parts: Path_, counts: dict[Path_, int]) -> Path_:
    """The path of a section, the numbers of the double-bracketed ones above it filled in."""
    path: Path_ = ()
    for place, part in enumerate(parts, 1):
        path = (*path, part)
        if many and place == len(parts):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(dotted: str) -> Path_:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
