"""A name of one row that stands in the public text of another.

The redaction of a row masks the names it knows or finds there. A person whom it does not
find may be known from another row: the decision is then held, so that it costs only
itself; after the build the audit could but refuse the whole release, or call the name
explained by the very text that shows it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate, islice

import numpy as np

from pipeline.restricted.detect.lexicon import cut, is_word
from pipeline.restricted.forms import fold, folded
from pipeline.restricted.raw import Secret
from pipeline.restricted.redact import Reason, Redacted
from pipeline.restricted.scan import Finder, Scanned, is_number
from pipeline.restricted.visible import APART, compact, own_text, patterns

_REASON = Reason(
    "foreign", "", "正文中出现另一件决定当事人或有关人员的姓名，没有遮盖，请人工判断是否为同一人。"
)
#: Characters on each side that settle where the words of a text begin and end.
_BESIDE = 8
#: Three characters that are a name are hardly ever the ends of two words.
_BY_CHANCE = 2
_FEW = 4
_GROUP = 200  # texts that are looked through at once
_END = np.uint32(0)  # between two of them


def hold(
    redacted: Mapping[str, Redacted], own: Mapping[str, Collection[str]]
) -> dict[str, Redacted]:
    """``redacted``, with every decision held that shows a name known from another row."""
    return Crossing(redacted, own).hold_all()


class Crossing:
    """Asks of decisions whether they show a name known from another row.

    A name that is a word of the language (高兴), or one of two characters that only straddles
    the words of this text (主张三次), is no person there; one in the name of the party or of
    a legal representative shown by policy is lawful, and so is what an agency calls itself
    (``own``: its strings by the slug of the agency).
    """

    def __init__(
        self, redacted: Mapping[str, Redacted], own: Mapping[str, Collection[str]]
    ) -> None:
        self._rows = redacted
        self._finder = Finder(
            {
                name
                for one in redacted.values()
                for secret in one.secrets
                if secret.kind == "name"
                for name in patterns(secret)
                if not is_word(name) and not is_number(name)
            }
        )
        self._met = _met(self._finder, redacted)
        self._usual = _usual(self._met, redacted)
        self._lawful = {agency: compact(APART.join(strings)) for agency, strings in own.items()}

    def hold_all(self) -> dict[str, Redacted]:
        """Every decision, held when it shows such a name."""
        return {slug: self._held(one, self._met.get(slug, ())) for slug, one in self._rows.items()}

    def hold(self, one: Redacted) -> Redacted:
        """A decision, which may read otherwise by now."""
        return self._held(one, self._finder.in_text(own_text(one.decision)))

    def _held(self, one: Redacted, found: Collection[str]) -> Redacted:
        foreign = set(found) - self._usual
        if not foreign or one.verdict == "withheld":
            return one
        text, lawful = folded(own_text(one.decision)), self._lawful[one.decision.agency]
        own = {compact(left.reveal()) for left in one.left} | _own((*one.secrets, *one.left))
        if any(name not in lawful and _stands(name, text) for name in foreign - own):
            return replace(one, verdict="held", reasons=(*one.reasons, _REASON))
        return one


def _met(finder: Finder, rows: Mapping[str, Redacted]) -> dict[str, set[str]]:
    """The names that the texts of the decisions show, by slug; many texts at a time."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    left = iter(rows.items())
    while group := list(islice(left, _GROUP)):
        texts = [np.append(fold(own_text(one.decision)), _END) for _, one in group]
        ends = [*accumulate(text.size for text in texts)]
        for name, at in finder.words_in(Scanned(np.concatenate(texts))):
            found[group[bisect_right(ends, at)][0]].add(name)
    return found


def _usual(met: Mapping[str, Collection[str]], rows: Mapping[str, Redacted]) -> set[str]:
    """Names of two characters that stand in many decisions: words of the trade (应建)."""
    often: Counter[str] = Counter()
    for slug, found in met.items():
        if short := {name for name in found if len(name) <= _BY_CHANCE}:
            often.update(short - _own(rows[slug].secrets))
    return {name for name, rows_with_it in often.items() if rows_with_it > _FEW}


def _own(secrets: Iterable[Secret]) -> set[str]:
    return {pattern for secret in secrets for pattern in patterns(secret)}


def _stands(name: str, text: str) -> bool:
    """Whether ``name`` is no chance: long, or spaced out, or between words of ``text``."""
    places = list(_places(name, text))
    return len(name) > _BY_CHANCE or not places or any(_on_edges(name, text, at) for at in places)


def _places(name: str, text: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)


def _on_edges(name: str, text: str, at: int) -> bool:
    first = max(at - _BESIDE, 0)
    words = cut(text[first : at + len(name) + _BESIDE])
    edges = {first, *accumulate(map(len, words), initial=first)}
    return at in edges and at + len(name) in edges
