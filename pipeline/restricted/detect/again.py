"""Where a known person may be meant again, or a plain word: 高兴, 安全; 春生 for 尉迟春生."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.restricted.detect.declared import compact
from pipeline.restricted.detect.finding import Finding
from pipeline.restricted.detect.lexicon import HAN, is_word
from pipeline.restricted.detect.surnames import surname
from pipeline.restricted.mask import canonical

NAME = "again"
_WHOLE = re.compile(f"[{HAN}]{{3,4}}")


def find(text: str, names: Iterable[str]) -> Iterator[Finding]:
    """Every place of those of ``names`` that are words too, and of given names without their
    surnames; the judge says what is meant there."""
    known = {canonical(name) for name in names}
    words = {name for name in known if is_word(name)}
    given = {first: name for name in known if (first := given_name(name))}
    if not (words or given):
        return
    places = compact(text).find_all(sorted(words | given.keys() | set(given.values())))
    whole = {end for name in given.values() for _, end in places[name]}
    for name in sorted(words | given.keys()):
        for start, end in places[name]:
            if name in words or end not in whole:
                yield Finding(start, end, "name", NAME, 0)


def given_name(name: str) -> str:
    """The two characters behind the surname of a Chinese ``name``, "" when there are not two."""
    given = name[len(surname(name)) :] if _WHOLE.fullmatch(name) else ""
    return given if len(given) == 2 else ""
