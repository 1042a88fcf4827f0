"""What offices write as one TOML a thing – guides, cases, boards, posts, conduct – as shapes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from pipeline import by_schema, schema
from pipeline.public.read.tables import place_of

T = TypeVar("T")


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """A paper to hand in, with its sample and the mistakes people make in it."""

    name: str
    copies: str = ""
    sample: str = ""
    mistakes: tuple[str, ...] = ()


class Guide(msgspec.Struct, frozen=True, kw_only=True):
    """A service guide (服务指南, R020–R022). ``flowchart`` is the name of a chart."""

    name: str
    title: str
    kind: str
    basis: tuple[str, ...]
    accepts: str
    decides: str
    conditions: tuple[str, ...]
    benefits: str
    materials: tuple[Material, ...]
    flow: tuple[str, ...]
    flowchart: str = ""
    limit: str
    certificate: str
    forms: str
    supervision: str
    inquiry: str
    complaint: str
    liability: str
    remedies: str
    hours: str = ""
    address: str = ""
    phone: str = ""
    progress: str
    relief: str
    updated: date


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """What a window's sign says (岗位信息公示牌, R026). ``id`` is its address."""

    id: str
    window: str
    unit: str
    name: str
    post: str
    duties: tuple[str, ...]
    kinds: tuple[str, ...]
    samples: str
    progress: str
    inquiry: str
    complaint: str


class Boards(msgspec.Struct, frozen=True, kw_only=True):
    """All window signs of an agency."""

    note: str = ""
    boards: tuple[Board, ...]


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A post and its duties."""

    title: str
    duties: tuple[str, ...]


class Posts(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers for what (岗位责任, R027)."""

    source: str
    posts: tuple[Post, ...]


class Conduct(msgspec.Struct, frozen=True, kw_only=True):
    """What officers must not do, and how they behave (六项禁令, 行为准则)."""

    source: str
    prohibitions_title: str
    prohibitions: tuple[str, ...]
    rules_title: str
    rules: tuple[str, ...]


class Repeal(msgspec.Struct, frozen=True, kw_only=True):
    """Since when a guiding case is no reference any more, and on which ground."""

    on: date
    ground: str


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A guiding case (指导性案例, R040). ``cleared``: who examined that it may be public."""

    name: str
    title: str
    published_on: date
    keywords: tuple[str, ...] = ()
    facts: str
    result: str
    dissent: str = ""
    analysis: str
    law: str
    lessons: str
    basis: tuple[str, ...]
    cleared: str
    repealed: Repeal | None = None


def reader(kind: str, shape: type[T]) -> Callable[[Path], T]:
    """A function that reads a file by the schema called ``kind`` into a ``shape``.

    It raises :class:`ConfigurationError` with every problem, each with its line.
    """

    def read(path: Path) -> T:
        table: dict[str, Any] = by_schema.read(path, kind, place_of(path))
        return msgspec.convert({**table, "name": path.stem}, shape)

    return read


def label(kind: str, key: str) -> str:
    """What the schema called ``kind`` calls ``key``."""
    return schema.load(kind).column(key).label
