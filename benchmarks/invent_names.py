"""Random names of every kind, for training: common and odd, words, minorities, foreigners."""

from __future__ import annotations

import random
import tomllib
from functools import cache
from pathlib import Path

from pipeline.restricted.detect import lexicon
from pipeline.restricted.detect.surnames import COMPOUND, SINGLE

DATA = Path(__file__).parent / "name_data"
_PARTS = Path(lexicon.__file__).parent / "name_parts.toml"
# Surnames that surnames.txt leaves out, because too many words begin with them.
_UNLISTED = "喇卡由补字要公代过操者拜回线俸召放寸番思把克黑甲且提木力乃苦热哈旺嘎索阿次不生用目立肉自至衣角足送运进违"
_NUMERALS = "一二三四五六七八九十大小老"


@cache
def parts() -> dict[str, list[str]]:
    """The word lists of ``people.toml``, and ``pool``: dictionary words for odd given names."""
    raw = tomllib.loads((DATA / "people.toml").read_text(encoding="utf-8"))
    single = {"zhuang_surnames", "vietnamese_surnames"}
    lists = {k: list(v) if k in single else v.split() for k, v in raw.items()}
    known = sorted(
        word
        for word, (kind, count) in lexicon.dictionary().items()
        if len(word) in {2, 3}
        and count >= 100
        and kind[:1] in "nvadzibt"
        and word.isalpha()
        and not kind.startswith(("nr", "ns", "nt"))
        and not word.isascii()
    )
    lists["pool"] = [w for w in known if len(w) == 2]
    lists["worded"] = [
        w for w in known if w[0] in SINGLE and (len(w) == 2 or w[:2] not in lists["pool"])
    ]
    return lists


@cache
def tiers() -> dict[str, dict[str, str]]:
    """``name_parts.toml``: characters of surnames and given names by how common they are."""
    return tomllib.loads(_PARTS.read_text(encoding="utf-8"))


def surname(rng: random.Random) -> str:
    """A surname; rare ones far oftener than in life, so that the model does not lean on them."""
    if rng.random() < 0.08:
        return rng.choice(COMPOUND.split("|"))
    if rng.random() < 0.06:
        return rng.choice(_UNLISTED)
    tier = rng.choices(("most", "many", "some", "rare"), (20, 35, 25, 20))[0]
    return rng.choice(SINGLE if tier == "rare" else tiers()["surnames"][tier])


def given_character(rng: random.Random) -> str:
    """A character of a given name."""
    tier = rng.choices(("most", "many", "some", "any"), (45, 25, 18, 12))[0]
    return rng.choice(rng.choice(parts()["pool"]) if tier == "any" else tiers()["given"][tier])


def name(rng: random.Random) -> str:
    """A random name of a random kind."""
    kinds = (
        _common,
        _worded,
        _surname_and_word,
        _numbered,
        _nickname,
        _minority,
        _foreign,
        _married,
    )
    return rng.choices(kinds, (56, 16, 9, 2, 4, 9, 2.5, 1.5))[0](rng)


def han_name(rng: random.Random) -> str:
    """A name of two to four characters that begins with a surname."""
    kinds = (_common, _worded, _surname_and_word)
    return rng.choices(kinds, (74, 16, 10))[0](rng)


def _common(rng: random.Random) -> str:
    first = given_character(rng)
    short = rng.random() < 0.34
    second = "" if short else first if rng.random() < 0.05 else given_character(rng)
    return surname(rng) + first + second


def _worded(rng: random.Random) -> str:
    return rng.choice(parts()["words" if rng.random() < 0.6 else "worded"])


def _surname_and_word(rng: random.Random) -> str:
    return surname(rng) + rng.choice(parts()["pool"])


def _numbered(rng: random.Random) -> str:
    return surname(rng) + rng.choice(_NUMERALS) + rng.choice(("", "", "妹", "弟", "毛", "牛", "娃"))


def _nickname(rng: random.Random) -> str:
    if rng.random() < 0.4:
        return given_character(rng) + given_character(rng)
    nick = rng.choice(parts()["nicknames"])
    return rng.choice(SINGLE) + nick if len(nick) == 2 and rng.random() < 0.3 else nick


def _married(rng: random.Random) -> str:
    return surname(rng) + surname(rng) + given_character(rng) + given_character(rng)


def _minority(rng: random.Random) -> str:
    lists = parts()
    kind = rng.choice(
        ("uyghur", "kazakh", "mongol", "tibetan", "yi", "zhuang", "vietnamese", "korean")
    )
    if kind in {"uyghur", "kazakh"}:
        dot = rng.choice("·" * 12 + "•・") if rng.random() < 0.93 else ""
        count = rng.choice((1, 2, 2, 2))
        return dot.join(rng.choice(lists[kind]) for _ in range(count))
    if kind == "mongol":
        return rng.choice(lists[kind]) + (rng.choice(lists[kind]) if rng.random() < 0.25 else "")
    if kind == "tibetan":
        first = rng.choice(lists[kind])
        return first + (rng.choice(lists[kind]) if len(first) < 4 and rng.random() < 0.6 else "")
    if kind == "yi":
        return rng.choice(lists["yi"][:28]) + rng.choice(lists["yi"][28:])
    if kind == "korean":
        return rng.choice("金李朴崔郑姜赵尹张林全玄许池") + rng.choice(lists["korean_given"])
    return rng.choice(lists[f"{kind}_surnames"]) + rng.choice(lists[f"{kind}_given"])


def _foreign(rng: random.Random) -> str:
    lists = parts()
    if rng.random() < 0.25:
        whole = f"{rng.choice(lists['latin_first'])} {rng.choice(lists['latin_last'])}"
        return whole.upper() if rng.random() < 0.3 else whole
    return "·".join(rng.choice(lists["foreign"]) for _ in range(rng.choice((1, 2, 2, 2, 3))))
