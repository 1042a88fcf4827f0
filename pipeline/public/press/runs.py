"""Lists: their pages joined from the items of their decisions, those that changed alone.

What a page holds is compared by the changes (``line.mark``) of its decisions: the same ones in
the same order, between the same pages, are the same page.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import msgspec

from pipeline.public.content import Content
from pipeline.public.page import Page
from pipeline.public.pages import lists
from pipeline.public.pages.lists import Listing
from pipeline.public.press.frame import Frame, Frames, slot
from pipeline.public.press.overview import Members, Overview, Roll
from pipeline.public.press.paper import Paper
from pipeline.public.press.parts import ROOT

_ROOT = ROOT.encode()
# The table itself is in this order: by the index (hence the +) each item would be looked up.
_ITEMS = """SELECT agency, kind, decided_on, item FROM line
WHERE +shown = 1 ORDER BY decided_on, number, slug"""
_WIDTH = 4  # bytes of a mark in a Run


class Run(msgspec.Struct, frozen=True):
    """What was printed of a list: the key of its frames, and its pages, oldest first.

    ``marks``: those of the decisions of each page; ``names``: the newest page has none.
    """

    key: bytes
    names: list[str]
    marks: list[bytes]

    def beside(self) -> dict[str, tuple[bytes, str, str]]:
        """Of each named page what it holds, and the names of the pages before and after it."""
        around = zip(self.names, ["", *self.names], [*self.names[1:], ""], strict=False)
        return {
            name: (marks, older, newer)
            for marks, (name, older, newer) in zip(self.marks, around, strict=False)
        }


class Plan(NamedTuple):
    """A list in this build: its frames, and the names of the pages that must be written."""

    listing: Listing
    run: Run
    front: Frame
    inner: Mapping[int, Frame]
    changed: frozenset[str]


def divided(plans: Iterable[Plan], load: int) -> tuple[list[Plan], list[Plan]]:
    """Two parts of about as many changed pages, when the second has ``load`` pages already."""
    parts: tuple[list[Plan], list[Plan]] = ([], [])
    loads = [0, load]
    for one in sorted(plans, key=lambda one: (-len(one.changed), one.listing.url)):
        least = loads.index(min(loads))
        parts[least].append(one)
        loads[least] += len(one.changed)
    return parts


class Runs:
    """The lists of a site in one build, ``size`` decisions a page."""

    def __init__(
        self, content: Content, overview: Overview, held: Members, frames: Frames, size: int
    ) -> None:
        self._content, self._overview, self._frames, self._size = content, overview, frames, size
        self._held = held

    def plan(self, before: Mapping[str, Run]) -> dict[str, Plan]:
        """What is to be printed of each list, by address, since ``before``."""
        listings = lists.listings(self._content, self._overview.years)
        return {one.url: self._one(one, before.get(one.url)) for one in listings}

    def put(self, connection: sqlite3.Connection, plans: Collection[Plan], paper: Paper) -> None:
        """Write the pages of these lists that changed."""
        if not plans:
            return
        fillings = {one.listing.of: _Filling(one, paper) for one in plans}
        groups: dict[tuple[str, str, str], list[_Filling]] = {}
        for agency, kind, day, item in connection.execute(_ITEMS):
            year = day[:4]
            group = groups.get((agency, kind, year))
            if group is None:
                found_in = lists.groups(agency, kind, year)
                group = [fillings[of] for of in found_in if of in fillings]
                groups[agency, kind, year] = group
            for filling in group:
                filling.items.append(item)
                if len(filling.items) == 1:
                    filling.first = day
                if len(filling.items) == filling.need:
                    filling.flush(day)
        for filling in fillings.values():
            filling.end()

    def clear(self, before: Mapping[str, Run], plans: Mapping[str, Plan], paper: Paper) -> None:
        """Take away the pages of ``before`` that no list has any more."""
        for url, run in before.items():
            now = plans.get(url)
            for name in {*run.names} - {*(now.run.names if now else ())}:
                paper.drop(f"{url}page/{name}/index.html")
            if now is None:
                paper.drop(f"{url}index.html")

    def addresses(self, printed: Mapping[str, Run]) -> Iterator[str]:
        """The addresses of all pages of all lists."""
        for url, run in printed.items():
            yield url
            yield from (f"{url}page/{name}/" for name in run.names)

    def _one(self, listing: Listing, before: Run | None) -> Plan:
        roll = self._held.get(listing.of) or Roll()
        total, overview = len(roll.marks), self._overview
        ends, names = lists.cut(roll.corners, roll.names, total, self._size)
        front = lists.front(
            listing,
            self._content,
            lists.beside(listing, names, len(names))[0],
            total,
            overview.years,
            withdrawn=bool(overview.withdrawn),
        )
        inner = {older: self._frames.page(_open(listing, self._content, older)) for older in (0, 1)}
        key = hashlib.blake2b(b"\0".join(frame.key for frame in inner.values())).digest()
        marks = roll.marks.tobytes()
        places = [0, *(end * _WIDTH for end in ends), len(marks)]
        run = Run(key, names, [marks[a:b] for a, b in pairwise(places)])
        same = before.beside() if before and before.key == key else {}
        differ = (name for name, what in run.beside().items() if same.get(name) != what)
        # The newest page, which tells the total, always counts as changed.
        return Plan(listing, run, self._frames.page(front), inner, frozenset(("", *differ)))


class _Filling:
    """Collects the items of one page of a list after the other, and writes what changed.

    ``items`` of the page, to which the next decision's is added until it has all it ``need``s;
    ``first``: when the oldest of them was decided.
    """

    def __init__(self, one: Plan, paper: Paper) -> None:
        self._list, self._paper = one, paper
        self._at = 0
        self.items: list[bytes] = []
        self.first = ""
        self.need = len(one.run.marks[0]) // _WIDTH

    def end(self) -> None:
        """A list without decisions has a page all the same."""
        if not self._at and not self.need:
            self.flush("")

    def flush(self, last: str) -> None:
        """The page is full, its newest decided on ``last``: write it, if it changed."""
        names, marks = self._list.run.names, self._list.run.marks
        name = names[self._at] if self._at < len(names) else ""
        if name in self._list.changed:
            self._write(name, last)
        self.items = []
        self._at += 1
        self.need = len(marks[self._at]) // _WIDTH if self._at < len(marks) else 0

    def _write(self, name: str, last: str) -> None:
        one = self._list
        page = lists.address(one.listing, name)
        root = ("../" * page.count("/")).encode()
        items = b"".join(reversed(self.items)).replace(_ROOT, root)
        if not name:
            self._paper.keep(f"{page}index.html", one.front.fill({"items": items}))
            return
        older, newer = lists.beside(one.listing, one.run.names, self._at)
        dates = lists.span(self.first, last)
        parts = {"dates": dates, "older": older, "newer": newer, "address": page}
        frame = one.inner[bool(older)]
        encoded = {name: text.encode() for name, text in parts.items()}
        self._paper.put_page(page, frame.fill({**encoded, "items": items}))


def _open(listing: Listing, content: Content, older: int) -> Page:
    """A page within a list; its dates and the addresses beside it are left open."""
    before = slot("older") if older else ""
    page = lists.inner(listing, content, "0", slot("dates"), before, slot("newer"))
    return page._replace(values={**page.values, "address": slot("address")})
