"""The names the row itself declares, wherever and however broken they stand in its texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "declared"


def find(sheet: Sheet) -> Iterator[Finding]:
    """Every occurrence of a declared name, blanks and line breaks inside it allowed."""
    for person in sheet.people:
        for match in broken(person.name).finditer(sheet.text):
            yield Finding(*match.span(), "name", NAME, 100)


def broken(name: str) -> re.Pattern[str]:
    """A pattern for ``name`` that reads over blanks, one line break and dots between."""
    gap = r"[ \t]{0,3}\n?[ \t]{0,3}"
    middle = r"\s?[·•・‧∙.\-]?\s?"
    parts = [gap.join(map(re.escape, part)) for part in re.split(r"\s*[·•・‧∙.]\s*|\s+", name) if part]
    pattern = middle.join(parts)
    if name.isascii():
        return re.compile(rf"(?<![A-Za-z]){pattern}(?![A-Za-z])", re.IGNORECASE)
    return re.compile(pattern)


EXAMPLES: tuple[tuple[str, tuple[str, ...]], ...] = ()
COUNTER_EXAMPLES: tuple[str, ...] = ()
