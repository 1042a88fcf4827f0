"""A name of one row that stands in the public text of another.

The redaction of a row masks the names it knows or finds there. A person whom it does not
find may be known from another row: the decision is then held, so that it costs only
itself; after the build the audit could but refuse the whole release, or call the name
explained by the very text that shows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate

from pipeline.restricted.detect.lexicon import cut, is_word
from pipeline.restricted.forms import folded
from pipeline.restricted.redact import Reason, Redacted
from pipeline.restricted.scan import Finder
from pipeline.restricted.visible import APART, compact, own_text, patterns

_REASON = Reason(
    "foreign", "", "正文中出现另一件决定当事人或有关人员的姓名，没有遮盖，请人工判断是否为同一人。"
)
#: Characters on each side that settle where the words of a text begin and end.
_BESIDE = 8
#: Three characters that are a name are hardly ever the ends of two words.
_BY_CHANCE = 2
_FEW = 4


def hold(
    redacted: Mapping[str, Redacted], own: Mapping[str, Collection[str]]
) -> dict[str, Redacted]:
    """``redacted``, with every decision held that shows a name known from another row."""
    crossing = Crossing(redacted, own)
    return {slug: crossing.hold(one) for slug, one in redacted.items()}


class Crossing:
    """Asks of one decision after the other whether it shows a name known from another row.

    A name that is a word of the language (高兴), or one of two characters that only straddles
    the words of this text (主张三次), is no person there; one in the name of the party or of
    a legal representative shown by policy is lawful, and so is what an agency calls itself
    (``own``: its strings by the slug of the agency).
    """

    def __init__(
        self, redacted: Mapping[str, Redacted], own: Mapping[str, Collection[str]]
    ) -> None:
        names = {
            name
            for one in redacted.values()
            for secret in one.secrets
            if secret.kind == "name"
            for name in patterns(secret)
            if not is_word(name)
        }
        self._finder = Finder(names - _usual(names, redacted.values()))
        self._lawful = {agency: compact(APART.join(strings)) for agency, strings in own.items()}

    def hold(self, one: Redacted) -> Redacted:
        """The decision, held when it shows such a name."""
        return _held(one) if _shows(one, self._finder, self._lawful[one.decision.agency]) else one


def _usual(names: Collection[str], rows: Iterable[Redacted]) -> set[str]:
    """Names of two characters that stand in many decisions: words of the trade (应建)."""
    finder = Finder(name for name in names if len(name) <= _BY_CHANCE)
    often: Counter[str] = Counter()
    for one in rows:
        own = {name for secret in one.secrets for name in patterns(secret)}
        often.update(finder.in_text(own_text(one.decision)) - own)
    return {name for name, rows_with_it in often.items() if rows_with_it > _FEW}


def _shows(one: Redacted, finder: Finder, lawful: str) -> bool:
    text = folded(own_text(one.decision))
    found = finder.in_text(text)
    own = {name for s in (*one.secrets, *one.left) for name in (*patterns(s), compact(s.reveal()))}
    return any(name not in lawful and _stands(name, text) for name in found - own)


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


def _held(one: Redacted) -> Redacted:
    if one.verdict == "withheld":
        return one
    return replace(one, verdict="held", reasons=(*one.reasons, _REASON))
