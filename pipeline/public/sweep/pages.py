"""Cutting what is past its last day out of the site's own HTML, and counting down its totals.

The pages are the theme's: what names a decision is one element with ``data-last-day``
(template macro ``until``), every end tag is written, and text holds no bare ``<``.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

_DATED = re.compile(r'<([a-z][a-z0-9]*)\b[^<>]* data-last-day="(\d{4}-\d\d-\d\d)"[^<>]*>')
_STARTED = re.compile(r'(<[a-z][^<>]*) data-first-day="(\d{4}-\d\d-\d\d)" hidden(?=[ >])')
_EMPTIED = re.compile(r'<(ol|ul) class="(?:items|rows)">\s*</\1>')
_NOTE = '<p class="empty">这里的执法决定公示期已满，已经撤下。</p>'
_NEIGHBOURS = re.compile(r'<nav class="neighbours"[^<>]*>\s*</nav>\n?')
_COUNT = re.compile(r'(<[^<>]* data-count="([^"<>]*)"[^<>]*>)(\d+)')


class Cut(NamedTuple):
    """A page without what is past; ``items`` of a list went with it."""

    page: str
    items: int


def cut(page: str, today: str) -> Cut:
    """``page`` without every element whose last day lies before ``today`` (ISO).

    An element that waited for its first day is shown from that day on.
    """
    page = _STARTED.sub(lambda m: m[1] if m[2] <= today else m[0], page)
    kept, at, items = [], 0, 0
    for found in _DATED.finditer(page):
        if found.start() < at or found[2] >= today:
            continue
        kept.append(page[at : found.start()])
        at = _end(page, found)
        items += ' class="item"' in found[0]
    if not at:
        return Cut(page, 0)
    rest = "".join([*kept, page[at:]])
    return Cut(_NEIGHBOURS.sub("", _EMPTIED.sub(_NOTE, rest)), items)


def _end(page: str, start: re.Match[str]) -> int:
    """Where the element that ``start`` opens is over, with the line break after it."""
    depth = 0
    for tag in re.compile(rf"<(/?){start[1]}\b[^<>]*>").finditer(page, start.start()):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end() + page.startswith("\n", tag.end())
    raise ValueError(f"an element <{start[1]}> of the theme is never closed")


def recounted(page: str, fewer: Counter[str]) -> str:
    """``page`` with its totals less what the lists lost; ``fewer`` goes by the list's address."""

    def less(found: re.Match[str]) -> str:
        return f"{found[1]}{max(0, int(found[3]) - fewer[found[2]])}"

    return _COUNT.sub(less, page)


def list_of(name: str) -> str:
    """The address of the list that the page in this file belongs to."""
    return re.sub(r"(?:page/[^/]+/)?index\.html$", "", name)
