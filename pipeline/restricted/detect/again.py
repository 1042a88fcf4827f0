"""Where the text of a known person's name stands again and may be a plain word: 高兴, 安全."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.restricted.detect.declared import compact
from pipeline.restricted.detect.finding import Finding
from pipeline.restricted.detect.lexicon import is_word
from pipeline.restricted.mask import canonical

NAME = "again"


def find(text: str, names: Iterable[str]) -> Iterator[Finding]:
    """Every place of those of ``names`` that are words too; the judge says what it means there."""
    words = sorted({name for name in map(canonical, names) if is_word(name)})
    if words:
        for spans in compact(text).find_all(words).values():
            for span in spans:
                yield Finding(*span, "name", NAME, 0)
