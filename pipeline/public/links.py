"""Links from the office's texts to decisions: checked before the build, right on every page.

A text names a decision by its number, ``[那件决定](decision:某罚决〔2026〕1号)``, or by the
address of its page. One that never was public is a mistake and stops the build. One that
was, and is gone, loses its link and says so: no text of an office may keep it in memory,
and none may stop the night's run that takes it down.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from pipeline.model import Kind
from pipeline.public.decisions import Line
from pipeline.public.read.problems import Problems
from pipeline.public.read.tables import place_of, read_text
from pipeline.slug import slug

_ENDINGS = (".md", ".toml", ".txt")
_MENTION = re.compile(r"decision:([^\s)\"'<>]+)|decisions/([a-z0-9-]+-[bcdfghjklmnpqrst]{14})\b")
_LINK = re.compile(
    r'<a\b[^<>]*\bhref="(?:decision:([^"]*)|[^"]*decisions/([a-z0-9-]+-[a-z]{14})/?)"[^<>]*>(.*?)</a>',
    re.DOTALL,
)
_BRACKETS = str.maketrans("[]［］【】", "〔〕〔〕〔〕")
_WRITTEN = 'rel="noopener noreferrer"'  # on every link of a text, and on none of the theme's
_GONE = "（已撤下）"
_line = msgspec.json.Decoder(Line).decode


class Mention(NamedTuple):
    """A decision that a text names: where, how, and the addresses this could mean."""

    place: str
    line: int
    said: str
    slugs: tuple[str, ...]


class Links(NamedTuple):
    """What the links lead to: slug → last day (empty: none) of those that are public."""

    agencies: tuple[str, ...] = ()
    public: Mapping[str, str] = {}

    def put(self, html: str, root: str) -> str:
        """``html`` with every link leading from ``root`` to its decision, or to nothing."""

        def link(found: re.Match[str]) -> str:
            if _WRITTEN not in found[0]:
                return found[0]
            for one in _slugs(unquote(found[1] or ""), found[2] or "", self.agencies):
                if one in self.public:
                    last = self.public[one]
                    day = f' data-last-day="{last}"' if last else ""
                    return f'<a href="{root}decisions/{one}/"{day}>{found[3]}</a>'
            return f"{found[3]}{_GONE}"

        return _LINK.sub(link, html) if "decision" in html else html


def mentions(content: Path, agencies: Collection[str]) -> Iterator[Mention]:
    """Every decision that a text under ``content`` names."""
    for path in sorted(path for path in content.rglob("*") if path.suffix in _ENDINGS):
        text = read_text(path)
        for number, line in enumerate(text.splitlines(), 1):
            for found in _MENTION.finditer(line):
                slugs = _slugs(found[1] or "", found[2] or "", agencies)
                yield Mention(place_of(path), number, "文号" if found[1] else "地址", slugs)


def resolved(
    content: Path, agencies: Collection[str], shelf: sqlite3.Connection, gone: Collection[str]
) -> Links:
    """The links of all texts, looked up among what is public and what is ``gone`` (slugs).

    Raises :class:`ConfigurationError` with every one that leads to neither.
    """
    named = [*mentions(content, agencies)]
    public = _public(shelf, sorted({one for mention in named for one in mention.slugs}))
    problems = Problems()
    for mention in named:
        if not any(one in public or one in gone for one in mention.slugs):
            said = f"所写{mention.said}的执法决定没有公示过，请核对{mention.said}或者去掉链接。"
            problems.add(mention.place, said, line=mention.line)
    problems.stop()
    return Links(tuple(agencies), public)


def _slugs(number: str, address: str, agencies: Collection[str]) -> tuple[str, ...]:
    if address:
        return (address,)
    plain = number.translate(_BRACKETS)
    return tuple(slug(agency, kind, plain) for agency in agencies for kind in Kind)


def _public(shelf: sqlite3.Connection, wanted: list[str]) -> dict[str, str]:
    """The last days of those that have a page."""
    rows = (shelf.execute("SELECT line FROM line WHERE slug = ?", (s,)).fetchone() for s in wanted)
    lines = [_line(row[0]) for row in rows if row]
    return {one.slug: one.last_day.isoformat() if one.last_day else "" for one in lines}
