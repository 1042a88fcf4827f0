"""Regulations (制度文件) from Markdown, plain text or Word: every article has an address.

Text files may begin with the lines ``title:``, ``source:``, ``updated:`` and ``order:``; a
Word document begins with its title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline import schema
from pipeline.agencies import Agency
from pipeline.errors import ConfigurationError
from pipeline.public.page import Page, below
from pipeline.public.read.regulation_text import Piece, is_short, number_of, pieces
from pipeline.public.read.tables import place_of, read_text
from pipeline.public.read.word import read_word

_META = re.compile(r"(title|source|updated|order)[:：]\s*(.*)")
#: Endings of files that hold a regulation.
ENDINGS = (".md", ".txt", ".docx")


class Node(NamedTuple):
    """A piece with its address on the page ("" where none leads to it)."""

    piece: Piece
    anchor: str


class Regulation(NamedTuple):
    """A regulation: ``name`` is its address; ``gaps`` are articles whose number is skipped."""

    name: str
    title: str
    source: str
    updated: str
    order: int
    nodes: tuple[Node, ...]
    gaps: tuple[str, ...]

    @property
    def articles(self) -> list[Node]:
        """The articles, in order."""
        return [node for node in self.nodes if node.piece.kind == "article"]

    @property
    def contents(self) -> list[Node]:
        """Titles and chapters, for the table of contents; none when there is one title only."""
        heads = [node for node in self.nodes if node.piece.kind in ("title", "chapter", "section")]
        return heads if len(heads) > 1 else []


def read_regulation(path: Path) -> Regulation:
    """The regulation at ``path``; raises :class:`ConfigurationError`."""
    word = path.suffix == ".docx"
    text = read_word(path) if word else read_text(path)
    meta, body = ({}, text) if word else _split(text)
    found = pieces(body)
    place, title = place_of(path), meta.get("title") or _title(found)
    if not title:
        raise ConfigurationError([f"{place}：开头应有一行“title: 标题”，或者以标题作为第一段。"])
    if not any(piece.kind != "title" for piece in found):
        raise ConfigurationError([f"{place}：没有正文。"])
    if _bare(found[0].text) == _bare(title):
        found = found[1:]
    nodes = tuple(_anchored(found))
    return Regulation(
        name=path.stem,
        title=title,
        source=meta.get("source", ""),
        updated=_day(meta.get("updated", ""), place),
        order=_order(meta.get("order", ""), place),
        nodes=nodes,
        gaps=tuple(_gaps(nodes)),
    )


def _title(found: list[Piece]) -> str:
    """The first title; else the first line, when it is none of the text's sentences."""
    title = next((piece.text for piece in found if piece.kind == "title"), "")
    first = found[0] if found else None
    if first and first.kind == "text" and is_short(first.text) and not first.text.endswith("号"):
        return first.text
    return title


def _bare(text: str) -> str:
    return "".join(text.split())


def _split(text: str) -> tuple[dict[str, str], str]:
    lines = text.splitlines()
    meta: dict[str, str] = {}
    while lines and (found := _META.fullmatch(lines[0].strip())):
        meta[found[1]] = found[2].strip()
        lines.pop(0)
    return meta, "\n".join(lines)


def _day(text: str, place: str) -> str:
    try:
        return schema.iso(text) if text else ""
    except ValueError:
        raise ConfigurationError([f"{place}：开头的 updated 应为日期，例如 2026-03-01。"]) from None


def _order(text: str, place: str) -> int:
    if text and not text.isdecimal():
        raise ConfigurationError([f"{place}：开头的 order 应为整数。"])
    return int(text or 100)


def _anchored(found: list[Piece]) -> Iterator[Node]:
    """Addresses by number: a-8, a-8-1 (第八条之一), and p2-a-8 where numbers begin anew."""
    part, last, heads, used = 1, 0, Counter[str](), set[str]()
    for piece in found:
        anchor = ""
        if piece.kind == "article":
            _, _, added = piece.label.partition("之")
            part += 0 < piece.number < last or (piece.number == last and not added)
            last = piece.number
            before = f"p{part}-" if part > 1 else ""
            anchor = f"{before}a-{piece.number}" + (f"-{number_of(added)}" if added else "")
        elif piece.kind in ("title", "chapter", "section"):
            part += piece.kind == "title" and bool(last)
            last = 0 if piece.kind == "title" else last
            heads[piece.kind] += 1
            anchor = f"{piece.kind[0]}-{heads[piece.kind]}"
        while anchor in used:
            anchor += "-2"
        used.update({anchor} - {""})
        yield Node(piece, anchor)


def _gaps(nodes: tuple[Node, ...]) -> Iterator[str]:
    """The articles before which a number is missing, as written."""
    last = 0
    for node in nodes:
        if node.piece.kind == "title":
            last = 0
        elif node.piece.kind == "article":
            if node.piece.number > last + 1:
                yield node.piece.label
            last = node.piece.number


def pages(agency: Agency, regulations: tuple[Regulation, ...]) -> Iterator[Page]:
    """The list of the agency's regulations, and a page each."""
    if not regulations:
        return
    ordered = sorted(regulations, key=lambda one: (one.order, one.name))
    listed = below(agency, "regulations/", "regulations", "制度文件", {"regulations": ordered})
    yield listed
    for one in ordered:
        place, values = f"regulations/{one.name}/", {"regulation": one}
        yield below(agency, place, "regulation", one.title, values, after=listed)
