"""Exact strings that stay: the agency's contact data, the names of agencies and of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "own"


def find(sheet: Sheet) -> Iterator[Finding]:
    """Every kept string of the sheet where it stands whole: no digit runs on."""
    for value in (*sheet.keep, *sheet.organisations):
        yield from _whole(sheet.text, value)


def _whole(text: str, value: str) -> Iterator[Finding]:
    start = text.find(value) if value else -1
    while start >= 0:
        end = start + len(value)
        if not (_runs_on(text, start - 1, value[0]) or _runs_on(text, end, value[-1])):
            yield Finding(start, end, "keep", NAME, 92)
        start = text.find(value, end)


def _runs_on(text: str, place: int, edge: str) -> bool:
    if not 0 <= place < len(text) or not re.match(r"[0-9A-Za-z]", edge):
        return False
    return bool(re.match(r"[0-9A-Za-z]", text[place]))


EXAMPLES: tuple[tuple[str, tuple[str, ...]], ...] = ()
COUNTER_EXAMPLES = ("电话13857091164",)
