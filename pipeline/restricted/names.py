"""Which stretches of a sheet are names, after every layer has spoken.

Candidates that overlap are settled by what else confirms them; a name found once is
then masked everywhere in the row; a name that is also a word is masked where the text
uses it as a name; a name inside a shop's or a place's name stays.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.restricted.detect.body import inside_body
from pipeline.restricted.detect.declared import compact
from pipeline.restricted.detect.edges import (
    is_office,
    is_quoted,
    left,
    plausible,
    right,
    used_as_name,
)
from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.judge import Span as Chance
from pipeline.restricted.detect.lexicon import HAN, frequency, is_word, tag
from pipeline.restricted.detect.plain import is_plain
from pipeline.restricted.detect.surnames import COMPOUND, SINGLE, begins_like_a_name
from pipeline.restricted.detect.told import is_family_name
from pipeline.restricted.mask import canonical

_SURE = frozenset({"label", "script"})
_AROUND = 6
_JUDGE = 120
# From which chance on the judge's candidate is a name, and possibly one, which is masked and
# looked at: the commoner the word, the more it takes.
_LIKELY = {"unknown": 0.5, "word": 0.6, "common": 0.75}
_POSSIBLE = {"unknown": 0.4, "word": 0.45, "common": 0.6}
# From which chance on what is not masked is looked at, and where people are called by words.
_IN_DOUBT, _IN_DOUBT_AMONG_WORDS = 0.4, 0.2
_SEVERAL = 4
# From here on what stands around a name cannot make it doubtful.
_CERTAIN = 0.9
_COMMON_FROM = 500
# Who needs no judge: a column's own value, another name, a repeat of what was found.
_UNJUDGED = frozenset({"declared", "alias", "known", "script", "counted", "judge"})
_SURE_FROM = 85
_LOOSE = 1.0
_WITH_SURNAME = 3
# Surnames that begin too many words to be in the list of surnames.
_HEADS = frozenset(SINGLE + "过代占字者员国要来风问校检才折班索补藏阎益考生留") - set("时但")
# Somebody speaks, signs or drives: a word there may be a name.
_SPEAKING = re.compile(
    rf"(?<![{HAN}·\d)])([{HAN}]{{2,3}})"
    r"(?=则?称(?![号职为重呼谓])|则?表示|辩称|声称|陈述称|承认|供认|供述|证实|驾驶|签字|签名|签收|拒绝签|拒不签|到场|赶到|不服该|死亡|受伤|病故|[,(][男女][,)])"
)
# So many persons are counted, so many must be masked: 安全、严格、管理三人.
_COUNT = re.compile("[二两三四五六]人")
_COUNTED = re.compile(rf"((?:[{HAN}·]{{2,4}}[、和与及]){{1,5}}[{HAN}·]{{2,4}})(?={_COUNT.pattern})")
# A name alone on its line, as under a record.
_ALONE = re.compile(r"(?:^|\n|\x1f)[ \t]*$")
_REST = re.compile(r"[ \t]*(?:\n|$|\x1f)")
_BARE = re.compile(
    rf"(?:(?<![{HAN}·\d)])|(?<=[和与及对向由经被给令让派请找跟]))((?:{COMPOUND}|[{SINGLE}])[{HAN}]{{1,2}})"
    rf"(?=[^{HAN}·]|$|[称说述在于和与之对将未已系向到被从均])"
)


# A surname with a title tells nobody's name: 谢总, 王先生; nor does a sign, 王记, or a model: 鄂式.
_POLITE = re.compile(
    f"(?:{COMPOUND}|[{SINGLE}])(?:[总姐哥嫂叔伯婶爷姨舅师工某董记氏]|先生|女士|小姐|师傅|老师|老板|医生)"
)
# 周记黑鸭 is what a shop is called.
_SIGN = re.compile(f"[{SINGLE}]记[{HAN}]{{2}}")
_BRAND = re.compile(r"[”\"]?[牌式型]|[树苗](?![" + HAN + "])")


@dataclass(frozen=True, slots=True)
class Name:
    """A settled name: offsets in the sheet, its text, and who found it."""

    start: int
    end: int
    text: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A stretch a person must look at: the code of the reason, offsets in the sheet."""

    code: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Settled:
    """The names to mask, the stretches that look like names and stay visible, and what stays.

    ``left``: where the text of a name stands and means another thing, a place, a shop or
    the plain word, once for each such place.
    """

    names: tuple[Name, ...]
    doubts: tuple[Doubt, ...]
    left: tuple[str, ...]


def settle(
    sheet: Sheet,
    found: Sequence[Finding],
    shields: Sequence[Finding],
    chances: Sequence[Chance],
    again: Iterable[Finding] = (),
) -> Settled:
    """The names of ``sheet`` out of all candidates ``found`` and the judge's ``chances``.

    ``again``: where names that are words too stand, if the judge has been told of them.
    """
    ground = _Ground(sheet, shields, chances, again)
    found = [*found, *ground.judged()]
    declared = {canonical(person.name) for person in sheet.people}
    open_ = [f for f in found if ground.admits(f)]
    chosen = ground.choose_all(open_, declared)
    again = [f for f in ground.repeats(chosen) if ground.admits(f)]
    return ground.spread(ground.choose_all([*open_, *again], declared))


def _support(text: str, found: Iterable[Finding]) -> dict[str, int]:
    by: dict[str, set[str]] = defaultdict(set)
    for finding in found:
        by[canonical(text[finding.start : finding.end])].add(finding.by)
    return {name: len(sources) for name, sources in by.items()}


def _clusters(found: Iterable[Finding]) -> Iterator[list[Finding]]:
    cluster: list[Finding] = []
    reach = -1
    for finding in sorted(found, key=lambda f: (f.start, -f.end)):
        if finding.start >= reach and cluster:
            yield cluster
            cluster = []
        cluster.append(finding)
        reach = max(reach, finding.end)
    if cluster:
        yield cluster


def _is_plain_word(text: str) -> bool:
    """Whether it is one of the words that no name can hide in: 查明, 连续."""
    return is_word(text) and is_plain(text)


def _worded(names: Iterable[Name]) -> bool:
    """Whether several of ``names`` are words, so that more words may be."""
    return len({n.text for n in names if is_word(canonical(n.text))}) >= _SEVERAL


def _commonness(text: str) -> str:
    word = canonical(text)
    if not is_word(word):
        return "unknown"
    common = frequency(word) >= _COMMON_FROM and tag(word) not in {"nr", "nz"}
    return "common" if common else "word"


class _Ground:
    """A sheet with its shields and the judge's chances, to weigh candidates on."""

    def __init__(
        self,
        sheet: Sheet,
        shields: Sequence[Finding],
        chances: Sequence[Chance],
        again: Iterable[Finding],
    ) -> None:
        self._chances = chances
        self._certain_of = {(s, e) for s, e, chance in chances if chance >= _CERTAIN}
        self._again = {(f.start, f.end) for f in again}
        self.text = sheet.text
        self.people = sheet.people
        self._certain = sheet.certain
        self._shown = {canonical(p.name) for p in sheet.people if p.shown}
        self._closed = bytearray(len(sheet.text))
        for shield in shields:
            self._closed[shield.start : shield.end] = b"\x01" * (shield.end - shield.start)
        self._compact = compact(sheet.text)
        self._thinkable = bytearray(len(sheet.text))
        for start, end, _ in self._chances:
            self._thinkable[start:end] = b"\x01" * (end - start)

    def judged(self) -> Iterator[Finding]:
        """What the judge itself takes for a name."""
        for start, end, chance in self._chances:
            text, known = self.text[start:end], (start, end) in self._again
            plain = chance < _CERTAIN and not known and _is_plain_word(text)
            if plain or _SIGN.fullmatch(text):
                continue
            if chance >= (_LIKELY["unknown"] if known else _POSSIBLE[_commonness(text)]):
                yield Finding(start, end, "name", "judge", int(_JUDGE * chance))

    def _dismissed(self, finding: Finding) -> bool:
        """Whether the judge has seen what a rule proposes and thinks nothing of it."""
        if finding.by in _UNJUDGED:
            return False
        start, end = finding.start, finding.end
        if any(first <= start and end <= last for first, last in self._certain):
            return False
        return self._thinkable.find(1, start, end) < 0

    def admits(self, finding: Finding) -> bool:
        """Whether a candidate is worth weighing: not in a shield, not in a body's name."""
        start, end = finding.start, finding.end
        if any(self._closed[start:end]) or self._dismissed(finding):
            return False
        if finding.by in _SURE or (start, end) in self._certain_of:
            return True
        return not inside_body(self.text, end, known=finding.by in {"declared", "known"})

    def choose_all(self, found: Sequence[Finding], declared: set[str]) -> list[Finding]:
        """The candidates that stand, cluster by cluster."""
        support = _support(self.text, found)
        return [f for c in _clusters(found) for f in self.choose(c, support, declared)]

    def repeats(self, chosen: Sequence[Finding]) -> Iterator[Finding]:
        """Every place where a name chosen on good grounds stands again."""
        there = {(f.start, f.end) for f in chosen}
        sure = {self.text[f.start : f.end] for f in chosen if f.weight >= _SURE_FROM}
        names = sorted(name for name in sure if not is_word(canonical(name)))
        for spans in self._compact.find_all(names).values():
            for span in spans:
                if span not in there:
                    yield Finding(*span, "name", "known", 70)

    def choose(
        self, cluster: list[Finding], support: dict[str, int], declared: set[str]
    ) -> list[Finding]:
        """The candidates of one cluster that stand, best first, none overlapping."""
        scores: dict[tuple[int, int], float] = defaultdict(float)
        sources: dict[tuple[int, int], set[str]] = defaultdict(set)
        for finding in cluster:
            span = (finding.start, finding.end)
            if finding.by not in sources[span]:
                cut_off = finding.by == "declared" and right(self._after(finding.end)) < 1.2
                scores[span] += 55 if cut_off else finding.weight
                sources[span].add(finding.by)
        for span in self._cut_short(cluster):
            scores.pop(span, None)
        for span in scores:
            scores[span] += self._bonus(span, support)
        chosen: list[Finding] = []
        first = min(start for start, _ in scores)
        taken = bytearray(max(end for _, end in scores) - first)
        for span in sorted(scores, key=lambda s: (-scores[s], s[0] - s[1])):
            if taken.find(1, span[0] - first, span[1] - first) >= 0:
                continue
            text = canonical(self.text[slice(*span)])
            if is_word(text) and not self._named(*span, sources[span]):
                continue
            by = ",".join(sorted(sources[span]))
            taken[span[0] - first : span[1] - first] = b"\x01" * (span[1] - span[0])
            chosen.append(Finding(*span, "name", by, int(scores[span])))
        return chosen

    def _cut_short(self, cluster: Iterable[Finding]) -> Iterator[tuple[int, int]]:
        """Spans that begin a longer name whose end its column or its script shows."""
        ends: dict[int, set[int]] = defaultdict(set)
        for f in cluster:
            ends[f.start].add(f.end)
        for whole in (f for f in cluster if f.by in _SURE):
            for end in ends[whole.start]:
                if end < whole.end and right(self._after(end)) < 1.2:
                    yield whole.start, end

    def _bonus(self, span: tuple[int, int], support: dict[str, int]) -> float:
        start, end = span
        fit = left(self._before(start)) + right(self._after(end))
        others = support[canonical(self.text[start:end])]
        return 6 * fit + 10 * others

    def _before(self, start: int) -> str:
        return self.text[max(0, start - _AROUND) : start]

    def _after(self, end: int) -> str:
        return self.text[end : end + _AROUND]

    def _named(self, start: int, end: int, sources: Iterable[str] = ()) -> bool:
        if set(sources) - {"declared", "known"}:
            return True
        if any(first <= start and end <= last for first, last in self._certain):
            return True
        if _ALONE.search(self.text[max(0, start - 3) : start]) and _REST.match(self.text, end):
            return True
        return used_as_name(self._before(start), self.text[start:end], self._after(end))

    def spread(self, chosen: Sequence[Finding]) -> Settled:
        """The chosen names and every repeat of them; words among them by their context."""
        taken = bytearray(len(self.text))
        names: list[Name] = []
        doubts: list[Doubt] = []
        stays: list[str] = []
        for f in chosen:
            taken[f.start : f.end] = b"\x01" * (f.end - f.start)
        for f in (self._headed(f, taken) for f in chosen):
            taken[f.start] = 1
            names.append(Name(f.start, f.end, self.text[f.start : f.end], tuple(f.by.split(","))))
        known = {name.text for name in names} | {person.name for person in self.people}
        places = self._compact.find_all(sorted(known, key=lambda t: (-len(t), t)))
        for text, spans in places.items():
            for start, end in spans:
                if any(taken[start:end]):
                    continue
                stays.append(self.text[start:end])
                if any(self._closed[start:end]):
                    continue
                if inside_body(self.text, end, known=True):
                    continue
                name = Name(start, end, self.text[start:end], ("propagate",))
                if is_word(canonical(text)) and not self._named(start, end):
                    if canonical(text) in self._shown:
                        continue
                    if left(self._before(start)) >= 2.0 and right(self._after(end)) >= 1.6:
                        doubts.append(Doubt("name", start, end))
                    continue
                stays.pop()
                taken[start:end] = b"\x01" * (end - start)
                names.append(name)
        names.sort(key=lambda n: n.start)
        doubts += self._edges_in_doubt(names, taken)
        doubts += self._unmasked(taken)
        doubts += self._hardly(names)
        doubts += self._possible(taken, _worded(names))
        return Settled(tuple(names), tuple(doubts), tuple(stays))

    def _headed(self, found: Finding, taken: bytearray) -> Finding:
        """The finding with the surname that stands before it and belongs to no other word."""
        start = found.start - 1
        if found.end - start != _WITH_SURNAME or start < 0 or taken[start] or self._closed[start]:
            return found
        head, beside = self.text[start], self.text[max(0, start - 1) : found.start]
        if head not in _HEADS or is_family_name(self.text[found.start]) or is_word(beside):
            return found
        if left(self._before(found.start)) >= _LOOSE:
            return found
        return replace(found, start=start)

    def _edges_in_doubt(self, names: Sequence[Name], taken: bytearray) -> Iterator[Doubt]:
        """Names beside which the text does not go on as it should, and nothing confirms."""
        firm = {n.text for n in names if self._firm(n)} | {p.name for p in self.people}
        for name in names:
            if name.text in firm and canonical(name.text) not in self._shown:
                continue
            if (name.start, name.end) in self._certain_of:
                continue
            after_name = name.end < len(taken) and taken[name.end]
            before_name = name.start > 0 and taken[name.start - 1]
            loose_end = not after_name and right(self._after(name.end)) < _LOOSE
            if name.text in firm and len(name.text) != 2:
                continue
            latin = name.text[:1].isascii()
            headless = not begins_like_a_name(name.text) and not before_name and not latin
            if loose_end or (headless and left(self._before(name.start)) < _LOOSE):
                yield Doubt("edge", name.start, name.end)

    def _hardly(self, names: Sequence[Name]) -> Iterator[Doubt]:
        """Names that the judge alone found and is not sure of, here or anywhere else."""
        chances = {(start, end): chance for start, end, chance in self._chances}
        unsure = [
            name
            for name in names
            if name.by == ("judge",)
            and (name.start, name.end) not in self._again
            and chances.get((name.start, name.end), 1.0) < _LIKELY[_commonness(name.text)]
        ]
        places = {(name.start, name.end) for name in unsure}
        sure = {canonical(n.text) for n in names if (n.start, n.end) not in places}
        for name in unsure:
            if canonical(name.text) not in sure:
                yield Doubt("edge", name.start, name.end)

    def _firm(self, name: Name) -> bool:
        whole = begins_like_a_name(name.text) or left(self._before(name.start)) >= _LOOSE
        return whole and right(self._after(name.end)) >= 1.6

    def _possible(self, taken: bytearray, worded: bool) -> Iterator[Doubt]:
        """What the judge would not exclude and nothing masked; less than elsewhere is enough
        where people are ``worded``, called by words."""
        least = _IN_DOUBT_AMONG_WORDS if worded else _IN_DOUBT
        for start, end, chance in self._chances:
            if chance < least or _is_plain_word(self.text[start:end]):
                continue
            if any(self._closed[start:end]):
                continue
            if taken[start:end].count(0) < 2:
                continue
            if chance >= _CERTAIN or not inside_body(self.text, end):
                yield Doubt("unmasked", start, end)

    def _unmasked(self, taken: bytearray) -> Iterator[Doubt]:
        """Stretches between two clear edges that begin with a surname and are no word.

        But not where the judge excludes a name: 青斗石 and 惠明茶 begin so, too.
        """
        for match in _BARE.finditer(self.text):
            start, end = match.span(1)
            if any(taken[start:end]) or any(self._closed[start:end]):
                continue
            if self._thinkable.find(1, start, end) < 0:
                continue
            brand = tag(match[1][:2])[:1] in {"n", "l"} and is_quoted(self._before(start))
            if _POLITE.fullmatch(match[1]) or _BRAND.match(self.text, end):
                continue
            if plausible(match[1]) and not brand and not inside_body(self.text, end):
                yield Doubt("unmasked", start, end)
        for match in _COUNTED.finditer(self.text) if _COUNT.search(self.text) else ():
            last = match.end()
            if not any(taken[max(match.start(), last - 3) : last]):
                yield Doubt("unmasked", match.start(), last)
        for match in _SPEAKING.finditer(self.text):
            start, end = match.span(1)
            if any(taken[start:end]) or any(self._closed[start:end]):
                continue
            if begins_like_a_name(match[1]) and not is_office(match[1]):
                yield Doubt("unmasked", start, end)
