"""The text of a penalty decision, put together from many parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from invent.people import People
from invent.words import words

Offence = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Party:
    """Who a decision is about; ``born``, ``identity`` and ``home`` for people only."""

    name: str
    kind: str
    code: str = ""
    head: str = ""
    identity: str = ""
    born: date | None = None
    home: str = ""
    phone: str = ""


class Writer:
    """Fills the parts of texts for one agency. ``named`` collects whom a text names."""

    def __init__(self, rng: Random, people: People, agency: dict[str, Any], day: date) -> None:
        self._rng = rng
        self._people = people
        self._agency = agency
        self._day = day
        self._officers = rng.sample(agency["officers"], 2)
        self.named: dict[str, str] = {}

    @property
    def officers(self) -> list[list[str]]:
        """The two officers of the case, each with name and certificate."""
        return self._officers

    def fill(self, text: str, **given: str) -> str:
        """Replace each {placeholder}; the same one within a text gets the same value."""
        return re.sub(r"\{(\w+)\}", lambda m: given.get(m[1]) or self._value(m[1]), text)

    def pick(self, *path: str) -> str:
        """One of the sentences under a path of ``words.toml``, filled."""
        table: Any = words()
        for key in path:
            table = table[key]
        return self.fill(self._rng.choice(table))

    def _value(self, key: str) -> str:
        if key in ("witness", "complainant", "agent", "receiver"):
            self.named[key] = self._people.name()
            return self.named[key]
        makers = {
            "phone": self._people.phone,
            "card": self._people.bank_card,
            "plate": lambda: self._people.plate(self._agency["plate"]),
            "place": lambda: self._rng.choice(self._agency["places"]),
            "address": lambda: self.home(),
            "n": lambda: str(self._rng.randint(2, 39)),
            "day": lambda: chinese_day(self._day - timedelta(days=self._rng.randint(6, 20))),
            "officer": lambda: self._officers[0][0],
            "officer2": lambda: self._officers[1][0],
            "certificate": lambda: self._officers[0][1],
            "review": lambda: self._agency["review"],
            "court": lambda: self._agency["court"],
        }
        return makers[key]()

    def home(self) -> str:
        """A home address below the township."""
        region, village = self._agency["region"], self._rng.choice(self._agency["villages"])
        return village if village.startswith(region[:2]) or "市" in village else region + village

    def discovery(self, offence: Offence) -> str:
        """How the case came up."""
        ways = ("patrol", "patrol", "complaint", "complaint", "random")
        sentence = self._rng.choice(words()["source"][self._rng.choice(ways)])
        return self.fill(sentence, violation=offence["violation"])

    def proof(self) -> str:
        """What the facts rest on; half of the texts have a witness."""
        parts = self._rng.sample(words()["proof"]["items"], self._rng.randint(3, 5))
        if self._rng.random() < 0.55:
            parts.insert(1, self._rng.choice(words()["proof"]["witness"]))
        return "以上事实有" + "、".join(self.fill(part) for part in parts) + "等证据证实。"

    def decision(
        self, party: Party, offence: Offence, facts: str, outcome: str, number: str
    ) -> str:
        """决定书全文, about 300 to 700 characters."""
        found = self._day - timedelta(days=self._rng.randint(21, 70))
        weighing = [self.pick("weighing", key) for key in ("notice", "answer", "degree")]
        if self._rng.random() < 0.3:
            weighing.pop(self._rng.randrange(3))
        breach = self._rng.choice(("上述行为违反了", "你方的行为违反了", "当事人的上述行为违反"))
        heading = self._rng.choice((f"行政处罚决定书\n{number}\n", f"{number}\n"))
        closing = [self.pick("ending", "remedy")]
        if "罚款" in outcome:
            closing.insert(0, self.pick("ending", "pay"))
        if self._rng.random() < 0.5:
            closing.append(self.pick("ending", "sign"))
        return "\n".join(
            (
                heading + self.introduction(party),
                f"{chinese_day(found)}，{self.discovery(offence)}：{facts}。{self.proof()}",
                "".join(weighing),
                f"{breach}{offence['breach']}的规定。依据{offence['basis']}，决定{outcome}。",
                "".join(closing),
                f"{self._agency['name']}\n{chinese_day(self._day)}",
            )
        )

    def introduction(self, party: Party) -> str:
        """The paragraph that says who the party is."""
        if party.kind == "person":
            sex = self._rng.choice(("男", "女"))
            return (
                f"当事人：{party.name}，{sex}，{chinese_day(party.born)}出生，"  # type: ignore[arg-type]
                f"公民身份号码{party.identity}，住{party.home}，联系电话{party.phone}。"
            )
        role = "经营者" if party.kind == "sole_trader" else "法定代表人"
        text = f"当事人：{party.name}\n统一社会信用代码：{party.code}\n{role}：{party.head}"
        if self._rng.random() < 0.6:
            text += f"，身份证号码{party.identity}，联系电话{party.phone}"
        return text


def chinese_day(day: date) -> str:
    """2024年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"
