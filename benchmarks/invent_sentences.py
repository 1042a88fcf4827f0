"""Random sentences of administrative documents with the names in them marked ⟦name|…⟧."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable
from functools import cache
from typing import Any

from benchmarks import invent_names
from benchmarks.invent_names import DATA
from pipeline.restricted.detect import lexicon
from pipeline.restricted.detect.edges import cues
from pipeline.restricted.detect.surnames import SINGLE

_SLOT = re.compile(r"\{([a-z]+)(\d?)\}")
PLAIN = 0.15
SHORT = 0.08
_LAWS = (
    "安全生产法",
    "行政处罚法",
    "人民防空法",
    "城乡规划法",
    "社会组织登记管理条例",
    "烟花爆竹安全管理条例",
    "消防法",
    "大气污染防治法",
    "城市市容和环境卫生管理条例",
)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((DATA / "sentences.toml").read_text(encoding="utf-8"))


@cache
def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"n": [], "v": [], "x": []}
    for word, (kind, count) in sorted(lexicon.dictionary().items()):
        if not 2 <= len(word) <= 4 or count < 60 or word.isascii():
            continue
        if kind in {"n", "v", "vn"}:
            found[kind[0]] += [word] * (3 if count > 1000 else 1)
        if not kind.startswith("nr"):
            found["x"].append(word)
    lists = cues()
    verbs = lists["verbs"] - {w for w in lists["verbs"] if len(w) < 2}
    found["v"] += sorted(verbs) * 12
    return found


@cache
def _alike() -> dict[tuple[str, int], list[str]]:
    """Dictionary words by part of speech and length; those that begin like a name twice over."""
    table: dict[tuple[str, int], list[str]] = {}
    for word, (kind, count) in sorted(lexicon.dictionary().items()):
        if count >= 40 and 2 <= len(word) <= 3 and kind in {"n", "v", "vn", "a", "d"}:
            again = 3 if word[0] in SINGLE else 1
            table.setdefault((kind, len(word)), []).extend([word] * again)
    return table


def reworded(text: str, rng: random.Random, share: float) -> str:
    """``text`` with a share of its words replaced by others of their kind and length."""
    out: list[str] = []
    for word in lexicon.cut(text):
        others = _alike().get((lexicon.tag(word), len(word)))
        out.append(rng.choice(others) if others and rng.random() < share else word)
    return "".join(out)


@cache
def plain_lines() -> list[str]:
    """Lines of ordinary prose without any name."""
    return (DATA / "plain.txt").read_text(encoding="utf-8").splitlines()


@cache
def short_lines() -> list[str]:
    """What stands in columns and lists: offences, measures, kinds, enumerations without names."""
    return (DATA / "short.txt").read_text(encoding="utf-8").splitlines()


def mark(name: str) -> str:
    """``name`` as the corpus marks it."""
    return f"⟦name|{name}⟧"


class Writer:
    """Fills the slots of a pattern; the same numbered slot is the same person throughout."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._people: dict[str, str] = {}

    def write(self, pattern: str, depth: int = 0) -> str:
        """``pattern`` with every slot filled."""
        return _SLOT.sub(lambda m: self._slot(m[1], m[2], depth), pattern)

    def _slot(self, key: str, number: str, depth: int) -> str:
        if key == "n":
            return mark(self._person(number))
        table = {"act": "acts", "thing": "things", "offence": "offences"}
        if key in table and depth < 3:
            return self.write(self._rng.choice(_data()[table[key]]), depth + 1)
        makers: dict[str, Callable[[], str]] = {
            "run": self._run,
            "list": self._list,
            "who": self._who,
            "label": self._label,
            "org": self.org,
            "shop": self.shop,
            "agency": self._agency,
            "place": self.place,
            "road": self.road,
            "day": self._day,
            "hour": self._hour,
            "sum": self._sum,
            "count": self._count,
            "id": self._id,
            "phone": self._phone,
            "number": self._number,
            "law": self._law,
            "verb": lambda: self._rng.choice(_words()["v"]),
            "noun": lambda: self._rng.choice(_words()["n"]),
            "word": lambda: self._rng.choice(_words()["x"]),
            "sur": lambda: self._rng.choice(SINGLE),
            "villageend": lambda: self._rng.choice(_data()["villageends"]),
        }
        return makers[key]() if key in makers else ""

    def _person(self, number: str) -> str:
        if not number:
            return invent_names.name(self._rng)
        return self._people.setdefault(number, invent_names.name(self._rng))

    def _run(self) -> str:
        count = self._rng.choice((2, 3, 3, 4))
        return "".join(mark(invent_names.han_name(self._rng)) for _ in range(count))

    def _list(self) -> str:
        count = self._rng.choice((2, 3, 4, 5))
        return self._rng.choice("、、、，　").join(
            mark(invent_names.name(self._rng)) for _ in range(count)
        )

    def _who(self) -> str:
        if self._rng.random() < 0.12:
            return self._rng.choice(("", "其", "该村", "他", "我", "某公司")) + self._rng.choice(
                _words()["n"]
            )
        return self._rng.choice(sorted(cues()["roles"]))

    def _label(self) -> str:
        return self._rng.choice(sorted(cues()["labels"]))

    def _sign(self) -> str:
        if self._rng.random() < 0.3:
            return invent_names.han_name(self._rng)
        if self._rng.random() < 0.3:
            return self._rng.choice(SINGLE) + self._rng.choice(
                ("记", "氏", "家", "姐", "哥", "老二")
            )
        if self._rng.random() < 0.4:
            return self._rng.choice(_words()["n"])
        return self._rng.choice(_data()["signs"])

    def _region(self) -> str:
        if self._rng.random() < 0.5:
            return self._rng.choice(_data()["regions"])
        return (
            invent_names.given_character(self._rng)
            + invent_names.given_character(self._rng)
            + self._rng.choice("县区市镇乡")
        )

    def org(self) -> str:
        """A body's name, now and then with a person's name in it."""
        return (
            self._rng.choice((self._region(), "", ""))
            + self._sign()
            + self._rng.choice(_data()["bodies"])
        )

    def shop(self) -> str:
        """A shop's name, now and then with its owner's."""
        return (
            self._rng.choice((self._region(), "", ""))
            + self._sign()
            + self._rng.choice(_data()["trades"])
        )

    def _agency(self) -> str:
        return self._region() + self._rng.choice(_data()["agencies"])

    def place(self) -> str:
        """A region, or a village in it."""
        if self._rng.random() < 0.3:
            return self._region()
        return self._region() + self._sign() + self._rng.choice(_data()["villageends"])

    def road(self) -> str:
        """A road's name."""
        return self._sign() + self._rng.choice(_data()["roadends"])

    def _day(self) -> str:
        rng = self._rng
        return (
            rng.choice(("", "2024年", "2025年", "同年", "当年"))
            + f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日"
        )

    def _hour(self) -> str:
        return f"{self._rng.randint(0, 23)}时{self._rng.randint(0, 59)}分" + self._rng.choice(
            ("许", "")
        )

    def _sum(self) -> str:
        return self._rng.choice(
            ("5000元", "人民币叁万元", "2万元", "壹仟元整", "12,600元", "三百元", "80.5万元")
        )

    def _count(self) -> str:
        return self._rng.choice(("3", "12", "两", "三", "四", "46", "5", "108"))

    def _id(self) -> str:
        return self._rng.choice(("身份证号码", "公民身份号码", "身份证号", "")) + "".join(
            self._rng.choices("0123456789", k=18)
        )

    def _phone(self) -> str:
        return "1" + "".join(self._rng.choices("3456789", k=10))

    def _number(self) -> str:
        return self._rng.choice(
            ("综执罚〔2025〕12号", "14112803017", "演50011001", "第0012347号", "91330528MA2B7K3Q55")
        )

    def _law(self) -> str:
        return f"《中华人民共和国{self._rng.choice(_LAWS)}》第{self._rng.choice('二三四五六七八九')}十{self._rng.choice('一二三四')}条"


def sentence(rng: random.Random) -> str:
    """One sentence or line, marked; about half have no name in them."""
    if rng.random() < SHORT:
        return rng.choice(("\n", "", "、")).join(rng.sample(short_lines(), rng.choice((1, 1, 2))))
    if rng.random() < PLAIN:
        return reworded(rng.choice(plain_lines()), rng, rng.choice((0.0, 0.2, 0.4)))
    data = _data()
    return Writer(rng).write(rng.choice(data["people"] if rng.random() < 0.62 else data["plain"]))
