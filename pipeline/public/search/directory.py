"""Where each bucket starts, in the few bytes that the root can spare for it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from pipeline.public.search import text


def boundary(before: str, first: str) -> str:
    """The shortest start of ``first`` that is greater than ``before``."""
    return next(first[:n] for n in range(1, len(first) + 1) if first[:n] > before)


def directory(starts: Sequence[str]) -> dict[str, str]:
    """The starts: words; then each first ideograph with the second ones, ``.`` for none."""
    words = [start for start in starts if not text.is_ideograph(start[0])]
    pairs: dict[str, str] = {}
    for start in starts[len(words) :]:
        pairs[start[0]] = pairs.get(start[0], "") + (start[1:] or ".")
    return {"words": "|".join(words), "pairs": "|".join(a + b for a, b in pairs.items())}


def starts_of(part: Mapping[str, str]) -> list[str]:
    """What :func:`directory` was given."""
    found = part["words"].split("|") if part["words"] else []
    for group in part["pairs"].split("|") if part["pairs"] else ():
        found += [group[0] + (second if second != "." else "") for second in group[1:]]
    return found


def bucket_of(starts: Sequence[str], term: str) -> int:
    """The bucket a term would be in."""
    return max(0, bisect_right(starts, term) - 1)
