"""Names before what only a person does: …陈述, …称, …之妻, …,男,"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import ahocorasick

from pipeline.restricted.detect.branched import branched
from pipeline.restricted.detect.edges import cues, given_lengths, left
from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.lexicon import HAN, is_word, tag

NAME = "saying"
_LEAST = 2.0
_HAN_PAIR = re.compile(f"[{HAN}]{{2}}")
_OF_A_PERSON = re.compile(
    r"[,(](?:男|女)[,)]|[,(](?:公民)?身份(?:证|号)|[,(]居民身份|(?:先生|女士|同志)|之[妻夫子女父母弟兄姐妹]|的?(?:询问笔录|证言)"
)
# After these even a word may be a name, if a verb follows: 由江山驾驶.
_DOERS = frozenset("由被让")
# Between one of these and any verb there is hardly anything but a name.
_GIVING = frozenset("由经被对向令让跟找给派")


_SAYS = re.compile(branched(cues()["after"]))


@cache
def _says() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for word in cues()["after"] | cues()["verbs"]:
        automaton.add_word(word, len(word))
    automaton.make_automaton()
    return automaton


def find(sheet: Sheet) -> Iterator[Finding]:
    """The name that ends where such words begin, if it begins like one."""
    text = sheet.text
    for end in sorted({last - length + 1 for last, length in _says().iter(text)}):
        if not _HAN_PAIR.match(text, max(0, end - 2)):
            continue
        best, score = 0, 0.0
        for length in (4, 3, 2):
            start = end - length
            name = text[max(0, start) : end]
            if start < 0 or length not in given_lengths(name):
                continue
            before = text[max(0, start - 8) : start]
            told = bool(_OF_A_PERSON.match(text, end)) and left(before) >= 2.0
            if not _fits(name, word=told or before[-1:] in _DOERS, told=told):
                continue
            if not (_SAYS.match(text, end) or before[-1:] in _GIVING):
                continue
            fit = left(before) + (0.4 if length >= 3 else 0.0)
            if fit > score:
                best, score = length, fit
        if best and score >= _LEAST:
            yield Finding(end - best, end, "name", NAME, 46)


def _fits(name: str, *, word: bool, told: bool) -> bool:
    table = cues()
    if name[-1] == "族" or any(name in table[key] for key in ("stop", "roles", "labels")):
        return False
    if told:
        return bool(re.fullmatch(f"[{HAN}]+", name))
    if name[:2] in table["not_names"] or name[-2:] in table["not_names"]:
        return False
    if name[0] in _SHAKY:
        return False
    if is_word(name) and not (word and tag(name)[:1] in {"n", "a", "b", "i"}):
        return False
    return bool(re.fullmatch(f"[{HAN}]+", name))


#: Surnames that are function words too: before a verb they seldom begin a name.
_SHAKY = frozenset("由应有从时经权户其局都但过与又令")


EXAMPLES = (
    ("经田长根证实,", ("田长根",)),
    (",张铁柱陈述:", ("张铁柱",)),
    ("和郭小龙的询问笔录", ("郭小龙",)),
)
COUNTER_EXAMPLES = ("当事人陈述,", "本局称", "群众反映")
