"""``layouts.toml`` as Python: the words by which exports are understood."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec

from pipeline.fields import label_key
from pipeline.model import Kind


class HeaderWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bracketed notes behind labels, and labels of mere counters."""

    notes: frozenset[str]
    ordinals: frozenset[str]


class RowWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How rows begin that are not decisions."""

    totals: tuple[str, ...]
    footers: tuple[str, ...]


class CellWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cell contents with a fixed meaning."""

    blank: frozenset[str]
    blank_value: frozenset[str]
    long_term: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]


class PartyWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How names of bodies end."""

    organisation: tuple[str, ...]


class Layouts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of ``layouts.toml``."""

    kinds: dict[Kind, tuple[str, ...]]
    header: HeaderWords
    rows: RowWords
    cells: CellWords
    party: PartyWords


@cache
def layouts() -> Layouts:
    """The words, each folded by :func:`pipeline.fields.label_key`'s rules where it is compared."""
    text = (Path(__file__).parent / "layouts.toml").read_text(encoding="utf-8")
    found = msgspec.convert(tomllib.loads(text), Layouts)
    header = HeaderWords(_keys(found.header.notes), _keys(found.header.ordinals))
    return msgspec.structs.replace(found, header=header)


def _keys(labels: frozenset[str]) -> frozenset[str]:
    return frozenset(label_key(label) for label in labels)
