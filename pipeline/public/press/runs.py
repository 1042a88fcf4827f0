"""Lists: their pages joined from the items of their decisions, those that changed alone.

Pages are numbered from the oldest decision. What a page holds is compared by the changes
(``line.mark``) of its decisions: the same numbers in the same order are the same page.
"""

from __future__ import annotations

import hashlib
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from pipeline.public.content import Content
from pipeline.public.page import Page
from pipeline.public.pages import lists
from pipeline.public.pages.lists import Listing
from pipeline.public.press.frame import Frame, Frames, slot
from pipeline.public.press.overview import Members, Overview
from pipeline.public.press.paper import Paper
from pipeline.public.press.parts import ROOT

_ROOT = ROOT.encode()
_ITEMS = """SELECT agency, kind, substr(decided_on, 1, 4), item FROM line
WHERE shown = 1 ORDER BY decided_on, number, slug"""
_WIDTH = 4  # bytes of a mark in a Run
_NONE: array[int] = array("I")


class Run(msgspec.Struct, frozen=True):
    """What was printed of a list: the key of its frames, and the marks of its decisions."""

    key: bytes
    marks: bytes

    def pages(self, size: int) -> int:
        """How many pages it has."""
        return lists.pages_for(len(self.marks) // _WIDTH, size)


class Plan(NamedTuple):
    """A list in this build: its frames, and the numbers of the pages that must be written."""

    listing: Listing
    run: Run
    total: int
    pages: int
    front: Frame
    inner: Mapping[int, Frame]
    changed: frozenset[int]


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
        fillings = {one.listing.of: _Filling(one, self._size, paper) for one in plans}
        groups: dict[tuple[str, str, str], list[_Filling]] = {}
        for agency, kind, year, item in connection.execute(_ITEMS):
            group = groups.get((agency, kind, year))
            if group is None:
                found_in = lists.groups(agency, kind, year)
                group = [fillings[of] for of in found_in if of in fillings]
                groups[agency, kind, year] = group
            for filling in group:
                filling.items.append(item)
                if len(filling.items) == filling.need:
                    filling.flush()
        for filling in fillings.values():
            filling.end()

    def clear(self, before: Mapping[str, Run], plans: Mapping[str, Plan], paper: Paper) -> None:
        """Take away the pages of ``before`` that no list has any more."""
        for url, run in before.items():
            now = plans.get(url)
            for number in range(now.pages if now else 1, run.pages(self._size)):
                paper.drop(f"{url}page/{number}/index.html")
            if now is None:
                paper.drop(f"{url}index.html")

    def addresses(self, printed: Mapping[str, Run]) -> Iterator[str]:
        """The addresses of all pages of all lists."""
        for url, run in printed.items():
            yield url
            yield from (f"{url}page/{number}/" for number in range(1, run.pages(self._size)))

    def _one(self, listing: Listing, before: Run | None) -> Plan:
        marks = self._held.get(listing.of, _NONE)
        total, count = len(marks), lists.pages_for(len(marks), self._size)
        overview = self._overview
        front = lists.front(
            listing,
            self._content,
            count,
            total,
            overview.years,
            withdrawn=bool(overview.withdrawn),
        )
        inner = {older: self._frames.page(_open(listing, self._content, older)) for older in (0, 1)}
        key = hashlib.blake2b(b"\0".join(frame.key for frame in inner.values())).digest()
        run = Run(key, marks.tobytes())
        same = before if before and before.key == key else None
        changed = frozenset(self._changed(run, same, count))
        return Plan(listing, run, total, count, self._frames.page(front), inner, changed)

    def _changed(self, run: Run, before: Run | None, count: int) -> Iterator[int]:
        """The pages that differ; the front, which tells the total, always counts as one."""
        yield count
        last = before.pages(self._size) if before else 0
        width = self._size * _WIDTH
        for number in range(1, count):
            place = slice((number - 1) * width, number * width)
            if (
                before is None
                or number >= last
                or before.marks[place] != run.marks[place]
                # The page beside the front leads to the list's own address.
                or (number == count - 1) != (number == last - 1)
            ):
                yield number


class _Filling:
    """Collects the items of one page of a list after the other, and writes what changed.

    ``items`` of the page, to which the next decision's is added until it has all it ``need``s.
    """

    def __init__(self, one: Plan, size: int, paper: Paper) -> None:
        self._list, self._size, self._paper = one, size, paper
        self._number = 1
        self.items: list[bytes] = []
        self.need = self._length()

    def end(self) -> None:
        """A list without decisions has a page all the same."""
        if not self._list.total:
            self.flush()

    def _length(self) -> int:
        one = self._list
        if self._number < one.pages:
            return self._size
        return one.total - (one.pages - 1) * self._size

    def flush(self) -> None:
        """The page is full: write it, if it changed."""
        if self._number in self._list.changed:
            self._write()
        self.items = []
        self._number += 1
        self.need = self._length()

    def _write(self) -> None:
        one, number = self._list, self._number
        page = lists.address(one.listing, number, one.pages)
        root = ("../" * page.count("/")).encode()
        items = b"".join(reversed(self.items)).replace(_ROOT, root)
        if number == one.pages:
            self._paper.keep(f"{page}index.html", one.front.fill({"items": items}))
            return
        older, newer = lists.beside(one.listing, number, one.pages)
        parts = {"number": str(number), "older": older, "newer": newer, "address": page}
        frame = one.inner[number > 1]
        encoded = {name: text.encode() for name, text in parts.items()}
        self._paper.put_page(page, frame.fill({**encoded, "items": items}))


def _open(listing: Listing, content: Content, older: int) -> Page:
    """A page within a list; its number and the addresses beside it are left open."""
    before = slot("older") if older else ""
    page = lists.inner(listing, content, slot("number"), before, slot("newer"))
    values = {**page.values, "address": slot("address")}
    return page._replace(url=f"{listing.url}page/0/", values=values)
