"""The texts from which the judge of names learns, and what it is told of them.

The development corpus with other names, bodies and places put in, and invented sentences.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks import invent_names
from benchmarks.corpus import Case
from benchmarks.invent_sentences import Writer, reworded, sentence
from pipeline.restricted.detect import NAMES, SHIELDS, again, lexicon, listed, plain, told
from pipeline.restricted.detect.edges import cues, is_office
from pipeline.restricted.detect.finding import Sheet
from pipeline.restricted.detect.surnames import begins_like_a_name
from pipeline.restricted.normalise import normalise

_KNOWN = 0.4  # so many of the names put in are of the corpus
_SILENT = 0.3
_FEW = 3
_REWORDED = (0.0, 0.1, 0.2, 0.35)  # of the words; each document draws one
_WORDED = 0.2  # so many documents have people called by words that stand in them
PEOPLE = frozenset({"name", "officer", "legalrep"})
_MARK = re.compile(r"⟦([a-z_]+)\|([^⟦⟧]*)⟧")
_BODY = re.compile(r"(?:公司|厂|店|站|场|合作社|协会|行|馆|院|部)$")
_HAN_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_CLAUSE = re.compile(r"[^。;,\n]+")
_AREA = re.compile(r"^[\u4e00-\u9fff]{2,10}(?:村|镇|乡|县|路|街|巷|屯|坞|小区)$")


@dataclass(frozen=True)
class Marked:
    """A text and where the names in it stand."""

    text: str
    names: tuple[tuple[int, int], ...]


def unmark(marked: str) -> Marked:
    """The text without its marks, and the names of people that were marked."""
    pieces: list[str] = []
    names: list[tuple[int, int]] = []
    at = length = 0
    for match in _MARK.finditer(marked):
        pieces += (marked[at : match.start()], match[2])
        length += match.start() - at + len(match[2])
        at = match.end()
        if match[1] in PEOPLE and len(match[2]) > 1:
            names.append((length - len(match[2]), length))
    return Marked("".join((*pieces, marked[at:])), tuple(names))


def of_case(case: Case, pick: Sequence[str | None] | None = None) -> str:
    """A document of the corpus with its marks; ``pick`` replaces the marked stretches."""
    out: list[str] = []
    at = 0
    for i, gold in enumerate(case.gold):
        text = case.text[gold.start : gold.end]
        new = pick[i] if pick else None
        if new is None:
            new = (
                "".join(f"⟦{gold.kind}|{p}⟧" for p in _split(text)) if gold.kind in PEOPLE else text
            )
        out += (case.text[at : gold.start], new)
        at = gold.end
    return "".join((*out, case.text[at:]))


def _split(run: str) -> list[str]:
    """Names written together, one by one."""
    ends = begins_like_a_name(run[-2:]) or begins_like_a_name(run[-3:])
    if len(run) < 5 or not ends or not re.fullmatch(r"[\u4e00-\u9fff]+", run):
        return [run]
    for first in (3, 2):
        rest = run[first:]
        tier = invent_names.tiers()["surnames"]
        if rest[:1] in tier["most"] + tier["many"] and begins_like_a_name(run):
            tail = _split(rest)
            if all(2 <= len(t) <= 4 for t in tail):
                return [run[:first], *tail]
    return [run]


def names_of(cases: Iterable[Case]) -> list[str]:
    """The Chinese names of ``cases``: they can stand in other documents, too."""
    people = {c.text[g.start : g.end] for c in cases for g in c.gold if g.kind in PEOPLE}
    return sorted(filter(_HAN_NAME.fullmatch, people))


def varied(case: Case, rng: random.Random, known: Sequence[str] = ()) -> str:
    """The document with other names, bodies, places, words for people and line breaks.

    ``known``: names that are put in now and then, beside those made up.
    """
    writer = Writer(rng)
    others: dict[str, str] = {}
    people = [re.sub(r"\s", "", case.text[g.start : g.end]) for g in case.gold if g.kind in PEOPLE]
    for person in people:
        parts = _split(person)
        fresh = invent_names.han_name if len(parts) > 1 else invent_names.name
        new = [rng.choice(known) if rng.random() < _KNOWN else fresh(rng) for _ in parts]
        others[person] = "".join(f"⟦name|{_broken(one, rng)}⟧" for one in new)
    words = _words(case) if others and rng.random() < _WORDED else []
    for person in rng.sample(sorted(others), min(2, len(others), len(words))):
        others[person] = f"⟦name|{rng.choice(words)}⟧"
    picked: list[str | None] = []
    for gold in case.gold:
        text = re.sub(r"\s", "", case.text[gold.start : gold.end])
        if gold.kind in PEOPLE:
            picked.append(others[text])
        elif gold.kind == "keep" and rng.random() < 0.4 and _BODY.search(text):
            picked.append(rng.choice((writer.org, writer.shop))())
        elif gold.kind == "keep" and rng.random() < 0.4 and _AREA.match(text):
            picked.append(rng.choice((writer.place, writer.road))())
        else:
            picked.append(None)
    marked = _mutated(of_case(case, picked), rng)
    share = rng.choice(_REWORDED)
    pieces = re.split(r"([^⟦⟧]{0,4}⟦[^⟧]*⟧[^⟦⟧]{0,4})", marked)
    return "".join(p if "⟦" in p else reworded(p, rng, share) for p in pieces)


def _words(case: Case) -> list[str]:
    """Words of the document that could be somebody's name: 安全, but not 查明."""
    spans = [(gold.start, gold.end) for gold in case.gold]
    counts, end = Counter[str](), 0
    for word in lexicon.cut(case.text):
        start, end = end, end + len(word)
        outside = all(end <= first or last <= start for first, last in spans)
        if outside and 2 <= len(word) <= 3 and lexicon.is_word(word) and not is_office(word):
            counts[word] += 1
    # Words with which a document is full would make it a riddle.
    seldom = sorted(word for word, count in counts.items() if count < _FEW)
    return [word for word in seldom if begins_like_a_name(word)]


def _broken(name: str, rng: random.Random) -> str:
    chance = rng.random()
    if len(name) < 5 and chance < 0.03:
        return rng.choice(" 　").join(name)
    if chance > 0.985 and len(name) > 1:
        at = rng.randint(1, len(name) - 1)
        return name[:at] + "\n" + name[at:]
    return name


def _mutated(marked: str, rng: random.Random) -> str:
    """Other words for people before names, other deeds behind them, lines broken elsewhere."""
    roles = sorted(cues()["roles"])
    verbs = sorted(v for v in cues()["verbs"] if len(v) > 1)

    def before(match: re.Match[str]) -> str:
        if rng.random() > 0.3:
            return match[0]
        for length in (5, 4, 3, 2):
            if match[1][-length:] in cues()["roles"]:
                return match[1][:-length] + rng.choice(roles) + "⟦"
        return match[0]

    def behind(match: re.Match[str]) -> str:
        if rng.random() > 0.3:
            return match[0]
        for length in (4, 3, 2):
            if match[1][:length] in cues()["verbs"]:
                return "⟧" + rng.choice(verbs) + match[1][length:]
        return match[0]

    marked = re.sub(r"([\u4e00-\u9fff]{2,5})⟦(?=name\|)", before, marked)
    marked = re.sub(r"⟧([\u4e00-\u9fff]{2,4})", behind, marked)
    if rng.random() < 0.2:
        marked = re.sub(
            r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])",
            lambda _: "\n" if rng.random() < 0.01 else "",
            marked,
        )
    return marked


class Heard(NamedTuple):
    """A normalised text, where names could hide in it, and what the rules say of it."""

    text: str
    where: list[tuple[int, int]]
    rules: list[str]


def heard(text: str, known: Iterable[str] = ()) -> Heard:
    """What the judge is told of a normalised text, beside the text itself.

    ``known``: names that were found in it before.
    """
    sheet = Sheet(text)
    marks = bytearray(len(text))
    for shield in (f for detector in SHIELDS for f in detector.find(sheet)):
        marks[shield.start : shield.end] = b"\x01" * (shield.end - shield.start)
    found = [f for detector in NAMES for f in detector.find(sheet)]
    found += listed.beside(text, found)
    there = list(again.find(text, known))
    where = plain.unclear(text, marks, told.pointed_at([*found, *there]))
    return Heard(text, where, told.proposed(len(text), [*found, *there]))


class Lesson(NamedTuple):
    """A text as the judge is to learn it: character by character what the rules say, and
    whether it is none of a name (0), a name's first (1), one within (2), its last (3).

    ``asked``: whether the engine would ask the judge there.
    """

    text: str
    rules: list[str]
    answers: list[int]
    asked: list[bool]


def lesson(marked: str, rng: random.Random) -> Lesson:
    """What is to be learnt of a marked text.

    Now and then the rules are silent: the judge must not lean on them alone.
    """
    bare = unmark(marked)
    normal = normalise(bare.text)
    known = {bare.text[s:e] for s, e in bare.names if rng.random() < 0.8}
    heard_of = heard(normal.text, sorted(known))
    rules, asked = list(heard_of.rules), [False] * len(normal.text)
    for clause in _CLAUSE.finditer(normal.text):
        if rng.random() < _SILENT:
            rules[slice(*clause.span())] = [""] * len(clause[0])
    for start, end in heard_of.where:
        asked[start:end] = [True] * (end - start)
    answers = _answers(bare, normal.places or range(len(bare.text)))
    return Lesson(normal.text, rules, answers, asked)


def _answers(plain: Marked, places: Sequence[int]) -> list[int]:
    inside = {i: start for start, end in plain.names for i in range(start, end)}
    owners = [inside.get(p) for p in places]
    answers = [0] * len(owners)
    for i, owner in enumerate(owners):
        if owner is None:
            continue
        first = i == 0 or owners[i - 1] != owner
        last = i == len(owners) - 1 or owners[i + 1] != owner
        answers[i] = 1 if first else 3 if last else 2
    return answers


def lessons(
    cases: Sequence[Case], known: Sequence[str], seed: int, *, copies: int, sentences: int
) -> Iterator[Lesson]:
    """Each document as it is and in ``copies`` varied ones, and ``sentences`` invented ones."""
    rng = random.Random(seed)
    for case in cases:
        yield lesson(of_case(case), rng)
        for _ in range(copies):
            yield lesson(varied(case, rng, known), rng)
    for _ in range(sentences):
        yield lesson("".join(sentence(rng) for _ in range(rng.choice((1, 1, 2)))), rng)
