"""A reviewer's rulings laid over what the detectors found. The person has the last word.

Where the two do not fit together – a detector now finds more than was let stand – the
place stays masked and a person looks again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.restricted.declare import looks_like_a_name
from pipeline.restricted.detect.finding import Finding
from pipeline.restricted.detect.lexicon import is_word
from pipeline.restricted.forms import folded
from pipeline.restricted.names import Doubt, Name
from pipeline.restricted.visible import WORDS, shapes

#: What findings of a reviewer are signed with.
BY = "review"
_HEAVIEST = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """A ruling in offsets of the sheet. ``kind`` is empty when the place is to be shown."""

    start: int
    end: int
    kind: str
    carried: bool = False

    def touches(self, start: int, end: int) -> bool:
        """Whether this place has a character in common with another stretch."""
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Overlaid:
    """What is masked now, what was let stand, and where a person must look (again)."""

    numbers: list[Finding]
    names: list[Name]
    shown: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def overlay(
    text: str, places: Sequence[Place], numbers: Sequence[Finding], names: Sequence[Name]
) -> Overlaid:
    """Lay ``places`` over the findings in the sheet's ``text``."""
    shows = [p for p in places if not p.kind]
    own = [p for p in places if p.kind and not p.carried]
    old = [p for p in places if p.carried and not any(p.touches(s.start, s.end) for s in shows)]
    kept_numbers = [f for f in numbers if not _let_stand(f, shows)]
    kept_names = [n for n in names if not _let_stand(n, shows)]
    notes = list(_notes(shows, [*kept_numbers, *kept_names], numbers))
    shown = tuple(n.text for n in names if _let_stand(n, shows))
    for place in (*own, *old):
        kept_numbers, kept_names = _masked(text, place, kept_numbers, kept_names)
    kept_numbers.sort(key=lambda f: f.start)
    kept_names.sort(key=lambda n: n.start)
    return Overlaid(kept_numbers, kept_names, shown, tuple(notes))


def _let_stand(found: Finding | Name, shows: Iterable[Place]) -> bool:
    return any(show.start <= found.start and found.end <= show.end for show in shows)


def _notes(
    shows: Iterable[Place], masked: Sequence[Finding | Name], numbers: Iterable[Finding]
) -> Iterator[Doubt]:
    for show in shows:
        if any(show.touches(found.start, found.end) for found in masked):
            yield Doubt("again", show.start, show.end)
        elif any(show.touches(f.start, f.end) and f.kind not in WORDS for f in numbers):
            yield Doubt("lifted_number", show.start, show.end)
        else:
            yield Doubt("lifted", show.start, show.end)


def _masked(
    text: str, place: Place, numbers: list[Finding], names: list[Name]
) -> tuple[list[Finding], list[Name]]:
    found: tuple[Finding | Name, ...] = (*numbers, *names)
    touching = [f for f in found if place.touches(f.start, f.end)]
    if len(touching) == 1 and _same(place, touching[0]):
        return numbers, names
    start = min((place.start, *(f.start for f in touching)))
    end = max((place.end, *(f.end for f in touching)))
    numbers = [f for f in numbers if f not in touching]
    names = [n for n in names if n not in touching]
    if place.kind == "name":
        return numbers, [*names, Name(start, end, text[start:end], (BY,))]
    return [*numbers, Finding(start, end, place.kind, BY, _HEAVIEST)], names


def _same(place: Place, found: Finding | Name) -> bool:
    kind = found.kind if isinstance(found, Finding) else "name"
    exact = (found.start, found.end) == (place.start, place.end)
    inside = place.carried and found.start <= place.start and place.end <= found.end
    return (exact or inside) and kind == place.kind


def undecided(doubts: Iterable[Doubt], places: Sequence[Place]) -> Iterator[Doubt]:
    """The doubts on which no reviewer has spoken yet."""
    own = [p for p in places if not p.carried]
    return (d for d in doubts if not any(p.touches(d.start, d.end) for p in own))


def watched(kind: str, text: str, by: Sequence[str]) -> str:
    """As what the audit looks for a masked text.

    What only a reviewer found may be any word of the language: unless it has the shape of
    a name or a number it is looked for in its own decision alone, so that a word masked
    once does not refuse every later release.
    """
    if tuple(by) != (BY,):
        return kind
    if kind == "name" and looks_like_a_name(text) and not is_word(text):
        return kind
    found = next((shape for shape, _ in shapes(folded(text))), "")
    return found or "other"
