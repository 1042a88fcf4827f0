"""Where a known person may be meant again, or a plain word: 高兴, 安全; 春生 for 尉迟春生."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from pipeline.restricted.detect.declared import Compact, compact
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
    alone = dict(_alone(compact(text), known))
    words = {name for name in known if is_word(name)}
    if not (words or alone):
        return
    whole_names = set(chain.from_iterable(alone.values()))
    places = compact(text).find_all(sorted(words | alone.keys() | whole_names))
    whole = {end for name in whole_names for _, end in places[name]}
    for name in sorted(words | alone.keys()):
        for start, end in places[name]:
            if name in words or end not in whole:
                yield Finding(start, end, "name", NAME, 0)


def _alone(text: Compact, names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The given names that stand somewhere without a surname, each with those who bear it."""
    bearers: dict[str, list[str]] = {}
    for name in names:
        if given := given_name(name):
            bearers.setdefault(given, []).append(name)
    for given, whole in bearers.items():
        if text.count(given) > sum(map(text.count, whole)):
            yield given, whole


def given_name(name: str) -> str:
    """The two characters behind the surname of a Chinese ``name``, "" when there are not two."""
    given = name[len(surname(name)) :] if _WHOLE.fullmatch(name) else ""
    return given if len(given) == 2 else ""
