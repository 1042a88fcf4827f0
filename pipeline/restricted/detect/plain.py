"""Stretches made of nothing but plain words: no name can hide there, the judge need not look.

A plain word is a common word of the dictionary that is neither a name, a place nor a
body and does not begin with a surname, or one of the words that cues.toml lists as no
names. Anything else — one unknown character is enough — sends the stretch to the judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from pipeline.restricted.detect.edges import cues
from pipeline.restricted.detect.lexicon import HAN, dictionary
from pipeline.restricted.detect.surnames import begins_like_a_name

# An agency by the place before it, after a preposition: 向云陵县人民政府.
_AGENCY = re.compile(
    rf"(?:(?<=[向至到由经])|(?<![{HAN}]))[{HAN}]{{1,3}}(?:省|市|县|区|旗|镇|乡)(?:[{HAN}]{{1,3}}(?:县|区|镇|乡|街道))?"
    r"(?:人民政府|人民法院|应急管理局|民政局|国防动员办公室|人民防空办公室|综合行政执法队|财政局)"
)
_CLAUSE = re.compile(r"[^。;\n!?\x1f]{1,120}[。;!?]?")
_PART = re.compile(r"[^,:]*[,:]?")
_LEAST = 60
_LONGEST = 5
_CACHE_SIZE = 50_000
_RUN = re.compile(f"[{HAN}]+")
_KINDS = frozenset("nvadpcrumqtlijbfs")
_NAMES = frozenset({"nr", "ns", "nt", "nz", "nw"})
_SINGLE = frozenset(
    "的了在是于和与及或并对将向为以从由被把按依据经到至自其该本此各每等中内外上下前后时年月日号条款项第个件份名次元人不未已可应须得需要有无也又再均都就则而但因如若使令让所之者起止共约近超过含除令即"
    "书证问答请称字男女现室费服改给建只说非另案缴办用点达听动记房照谁留仅量口地表签账接写发报场排受拆具补还卖买做去亦更情当缺拟挂没讲停致"
    "一二三四五六七八九十百千万亿两几多少大小高低长短新旧全部你我他它您们这那某位台辆箱袋瓶桶吨米里亩间栋层户家处座块张页项人"
)


@cache
def _plain() -> frozenset[str]:
    table = cues()
    lists = ("stop", "verbs", "after", "not_names", "roles", "labels")
    listed = {word for name in lists for word in table[name]}
    common = {
        word
        for word, (kind, count) in dictionary().items()
        if 2 <= len(word) <= _LONGEST
        and count >= _LEAST
        and kind[:1] in _KINDS
        and kind[:2] not in _NAMES
        and not begins_like_a_name(word)
    }
    lines = (Path(__file__).parent / "plain.txt").read_text(encoding="utf-8").splitlines()
    common |= {word for line in lines if not line.startswith("#") for word in line.split()}
    return frozenset(common | {w for w in listed if len(w) >= 2} | _SINGLE)


@lru_cache(_CACHE_SIZE)
def is_plain(clause: str) -> bool:
    """Whether every Chinese character of ``clause`` belongs to a plain word."""
    words = _plain()
    for run in _RUN.findall(_AGENCY.sub("", clause)):
        at = 0
        while at < len(run):
            for length in range(_LONGEST, 0, -1):
                if run[at : at + length] in words:
                    at += length
                    break
            else:
                return False
    return True


def unclear(
    text: str, closed: bytes | bytearray, named: Iterable[tuple[int, int]] = ()
) -> list[tuple[int, int]]:
    """Where names could hide: of each sentence, from its first clause that is not plain to
    its last. ``closed`` marks the characters that shields explain; a clause in which one of
    the spans ``named`` begins is never plain."""
    starts = bytearray(len(text))
    for start, _ in named:
        starts[start] = 1
    found: list[tuple[int, int]] = []
    for sentence in _CLAUSE.finditer(text):
        base = sentence.start()
        spans = [(base + m.start(), base + m.end()) for m in _PART.finditer(sentence.group())]
        open_ = [
            (start, end)
            for start, end in spans
            if starts.find(1, start, end) >= 0
            or (start < end and not is_plain(_open(text, closed, start, end)))
        ]
        if open_:
            found.append((open_[0][0], open_[-1][1]))
    return found


def _open(text: str, closed: bytes | bytearray, start: int, end: int) -> str:
    if closed.find(1, start, end) < 0:
        return text[start:end]
    return "".join("#" if closed[i] else text[i] for i in range(start, end))
