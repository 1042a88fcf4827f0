"""Decision pages: each joined from its agency's frame and the parts in the store."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from pipeline.public import decisions
from pipeline.public.content import Folder
from pipeline.public.press.frame import Frame, Frames, slot
from pipeline.public.press.paper import Paper
from pipeline.public.press.shelf import neighbours

_COLUMNS = """l.slug, l.agency, l.shown, l.indexable, s.title, s.meta, s.body, s.earlier, s.later
FROM line l JOIN sheet s ON s.mark = l.mark"""
_ALL = f"SELECT {_COLUMNS} ORDER BY l.decided_on, l.number, l.slug"
_CHANGED = f"SELECT {_COLUMNS} WHERE l.page > ? ORDER BY l.page"
_COUNT = "SELECT count(*) FROM line WHERE page > ?"
_DEPARTED = "SELECT slug FROM departed WHERE mark > ?"
_LISTED = "SELECT slug FROM line WHERE indexable = 1"
_LINK = "SELECT earlier, later FROM sheet WHERE mark = ?"
_NONE = b""


class Before(Protocol):
    """What must be known of the build before."""

    @property
    def mark(self) -> int:
        """The last change it covered."""

    @property
    def sheets(self) -> bytes:
        """The key of its frames."""


class _Sheet(NamedTuple):
    slug: str
    agency: str
    shown: int
    indexable: int
    title: bytes
    meta: bytes
    body: bytes
    earlier: bytes
    later: bytes


class Sheets:
    """The decision pages of a site."""

    def __init__(self, frames: Frames, folders: Mapping[str, Folder]) -> None:
        self._frames = {
            (slug, shown, indexable): frames.page(
                decisions.frame(folder, withdrawn=not shown, indexable=indexable)._replace(
                    title=slot("title"), values={"address": slot("address")}
                )
            )
            for slug, folder in folders.items()
            for shown, indexable in ((True, True), (True, False), (False, False))
        }
        self._beside = {
            (earlier, later): frames.beside(earlier=earlier, later=later)
            for earlier in (True, False)
            for later in (True, False)
        }
        every: list[Frame] = [*self._frames.values(), *self._beside.values()]
        self.key = hashlib.blake2b(b"\0".join(frame.key for frame in every)).digest()

    def pages(self, connection: sqlite3.Connection, before: Before | None) -> int:
        """How many pages changed since ``before``."""
        since = before.mark if before and before.sheets == self.key else -1
        found: tuple[int] = connection.execute(_COUNT, (since,)).fetchone()
        return found[0]

    def put(self, connection: sqlite3.Connection, before: Before | None, paper: Paper) -> None:
        """Write the pages that changed since ``before``, all of them when the frames did.

        The pages of decisions that left since are taken away.
        """
        if before:
            for row in connection.execute(_DEPARTED, (before.mark,)):
                paper.drop(f"decisions/{row[0]}/index.html")
        if before and before.sheets == self.key:
            self._put_changed(connection, before.mark, paper)
        else:
            for sheet, earlier, later in _in_order(connection):
                self._put(sheet, earlier, later, paper)

    def _put_changed(self, connection: sqlite3.Connection, since: int, paper: Paper) -> None:
        for row in connection.execute(_CHANGED, (since,)):
            sheet = _Sheet(*row)
            (_, before), (_, after) = neighbours(connection, sheet.slug)
            earlier = connection.execute(_LINK, (before,)).fetchone()[0] if before else _NONE
            later = connection.execute(_LINK, (after,)).fetchone()[1] if after else _NONE
            self._put(sheet, earlier, later, paper)

    def addresses(self, connection: sqlite3.Connection) -> Iterator[str]:
        """The addresses of all pages that search engines may list."""
        return (f"decisions/{row[0]}/" for row in connection.execute(_LISTED))

    def _put(self, sheet: _Sheet, earlier: bytes, later: bytes, paper: Paper) -> None:
        frame = self._frames[sheet.agency, bool(sheet.shown), bool(sheet.indexable)]
        address = f"decisions/{sheet.slug}/"
        parts = {
            "title": sheet.title,
            "address": address.encode(),
            "meta": sheet.meta,
            "body": sheet.body,
        }
        if sheet.shown:
            beside = self._beside[bool(earlier), bool(later)]
            parts["beside"] = beside.fill({"earlier": earlier, "later": later})
        paper.put_page(address, frame.fill(parts))


def _in_order(connection: sqlite3.Connection) -> Iterator[tuple[_Sheet, bytes, bytes]]:
    """Every sheet with the links to its neighbours; one an agency is held back at a time."""
    held: dict[str, tuple[_Sheet, bytes]] = {}
    for row in connection.execute(_ALL):
        sheet = _Sheet(*row)
        if not sheet.shown:
            yield sheet, _NONE, _NONE
            continue
        before = held.get(sheet.agency)
        if before:
            yield *before, sheet.later
        held[sheet.agency] = (sheet, before[0].earlier if before else _NONE)
    for last in held.values():
        yield *last, _NONE
