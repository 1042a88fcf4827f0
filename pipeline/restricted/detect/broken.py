"""Names that a line's end cuts in two: 覃 | 建华. The judge reads over such ends as well.

A line that ends in a Chinese character and goes on with one may have been cut anywhere, as
in a scan or a narrow table. The judge then reads the text without these ends, and what it
finds across one of them counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.restricted.detect import judge, plain
from pipeline.restricted.detect.lexicon import HAN

_CUT = re.compile(rf"(?<=[{HAN}·])\n(?=[{HAN}])")
# Lines one below the other are seldom one: it takes more than elsewhere.
_LEAST = 0.6


def names(
    text: str, closed: bytes | bytearray, rules: Sequence[str], model: judge.Model | None = None
) -> list[judge.Span]:
    """What the judge takes for names across line ends: start, end, chance, as in ``text``.

    ``closed`` and ``rules``: what shields cover and what the rules say, a character each.
    """
    cuts = [match.start() for match in _CUT.finditer(text)]
    if not cuts:
        return []
    gone = set(cuts)
    places = [at for at in range(len(text)) if at not in gone]
    joined = "".join(text[at] for at in places)
    joints = [cut - nth for nth, cut in enumerate(cuts)]
    where = plain.unclear(joined, bytearray(closed[at] for at in places))
    where = list(_around(where, joints))
    said = [rules[at] for at in places]
    read = (model or judge.model()).names(joined, where, said, _LEAST)
    return [
        (places[start], places[end - 1] + 1, chance)
        for start, end, chance in read
        if end - start < places[end - 1] + 1 - places[start]
    ]


def _around(where: Sequence[tuple[int, int]], joints: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Those stretches that a joint lies in."""
    ahead = iter(joints)
    joint = next(ahead, None)
    for start, end in where:
        while joint is not None and joint <= start:
            joint = next(ahead, None)
        if joint is not None and joint < end:
            yield start, end


def over(chances: Sequence[judge.Span], across: Sequence[judge.Span]) -> list[judge.Span]:
    """``chances`` with those ``across`` line ends in the place of what they overlap."""
    if not across:
        return list(chances)
    kept = [c for c in chances if not any(a[0] < c[1] and c[0] < a[1] for a in across)]
    return sorted([*kept, *across])
