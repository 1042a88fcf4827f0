"""Invented decisions of every kind, as rows by field key."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from invent.people import People
from invent.texts import Party, Writer, chinese_day
from invent.words import words

#: The demonstration's "today".
TODAY = date(2026, 11, 20)

#: How many of 100 decisions fall in each year: recent ones prevail, as on a living site.
YEARS = {2018: 2, 2019: 4, 2020: 5, 2021: 8, 2022: 11, 2023: 13, 2024: 17, 2025: 19, 2026: 21}

Row = dict[str, Any]

_TYPES = {"organisation": "法人及非法人组织", "person": "自然人", "sole_trader": "个体工商户"}


class Office:
    """An agency that makes decisions; numbers run on within a year."""

    def __init__(self, slug: str, rng: Random, people: People) -> None:
        self.agency: dict[str, Any] = words()["agency"][slug]
        self._rng = rng
        self._people = people
        self._count: dict[tuple[str, int], int] = {}
        #: The penalties made so far.
        self.made: list[Row] = []

    def number(self, mark: str, day: date) -> str:
        """The next 文号, such as 石壕罚决〔2024〕12号."""
        key = (mark, day.year)
        self._count[key] = self._count.get(key, 0) + self._rng.randint(1, 3)
        return f"{self.agency['short']}{mark}〔{day.year}〕{self._count[key]}号"

    def day(self) -> date:
        """A weekday between November 2018 and ten days before today."""
        while True:
            year = self._rng.choices(list(YEARS), list(YEARS.values()))[0]
            day = date(year, 1, 1) + timedelta(days=self._rng.randrange(365))
            holiday = (day.month, day.day) < (1, 4) or (day.month == 10 and day.day < 8)
            in_time = date(2018, 11, 1) <= day <= TODAY - timedelta(days=10)
            if in_time and not holiday and day.weekday() < 5:
                return day

    def party(self, kind: str, day: date, *, minor: bool = False) -> Party:
        """A party of a kind, as old as it should be on the day of the decision."""
        rng, people, agency = self._rng, self._people, self.agency
        area = rng.choice(agency["areas"])
        born = people.birth_date(day, minor=minor)
        identity = people.identity_number(area, born)
        home = Writer(rng, people, agency, day).home()
        person = people.name()
        if kind == "person":
            return Party(person, kind, "", "", identity, born, home, people.phone())
        sole = kind == "sole_trader"
        trade = rng.choice(agency["shops" if sole else "trades"])
        name = people.company(agency["district"], trade)
        code = people.credit_code(agency["credit_code"][2:8], sole_trader=sole)
        return Party(name, kind, code, person, identity, born, home, people.phone())

    def _row(self, party: Party, day: date, number: str, writer: Writer) -> Row:
        is_person = party.kind == "person"
        (officer_1, certificate_1), (officer_2, certificate_2) = writer.officers
        return {
            "number": number,
            "party": party.name,
            "party_type": _TYPES[party.kind],
            "credit_code": party.code,
            "legal_representative": party.head,
            "legal_rep_id_type": "" if is_person else "身份证",
            "legal_rep_id": "" if is_person else party.identity,
            "id_type": "身份证" if is_person else "",
            "id_number": party.identity if is_person else "",
            "birth_date": party.born if is_person else None,
            "address": party.home if is_person else "",
            "phone": party.phone,
            "decided_on": day,
            "authority": self.agency["name"],
            "authority_code": self.agency["credit_code"],
            "officer_1": officer_1,
            "officer_1_certificate": certificate_1,
            "officer_2": officer_2,
            "officer_2_certificate": certificate_2,
        }

    def penalty(
        self, kind: str, *, day: date | None = None, minor: bool = False, with_text: bool = True
    ) -> Row:
        """行政处罚."""
        rng = self._rng
        day = day or self.day()
        party = self.party(kind, day, minor=minor)
        offence = rng.choice(self.agency["offence"])
        writer = Writer(rng, self._people, self.agency, day)
        facts = writer.fill(rng.choice(offence["facts"]))
        number = self.number("罚决", day)
        fine = _fine(rng, offence["fine"], is_person=kind == "person")
        outcome = offence["order"] + (f"，罚款人民币{fine}元" if fine else "")
        row = self._row(party, day, number, writer)
        text = writer.decision(party, offence, facts, outcome, number) if with_text else ""
        row |= {
            "case_name": f"{party.name}{offence['violation']}案",
            "violation": offence["violation"],
            "facts": facts + "。",
            "basis": offence["basis"],
            "penalty_kinds": "警告;罚款" if fine and "警告" in offence["order"] else _kinds(fine),
            "penalty": outcome + "。",
            "fine": fine,
            "performance": rng.choice(
                ("自收到决定书之日起15日内缴清", "已履行完毕", "限30日内改正")
            ),
            "full_text": text,
            "witness": writer.named.get("witness", ""),
            "complainant": writer.named.get("complainant", ""),
            "agent": writer.named.get("agent", ""),
            "bank_account": self._people.bank_card() if rng.random() < 0.3 else "",
        }
        self.made.append(dict(row))
        return row

    def licence(self, kind: str, *, day: date | None = None) -> Row:
        """行政许可."""
        rng = self._rng
        day = day or self.day()
        party = self.party(kind, day)
        writer = Writer(rng, self._people, self.agency, day)
        document, content = rng.choice(_LICENCES[self.agency["short"]])
        until = date(2099, 12, 31) if rng.random() < 0.4 else day.replace(day=1, year=day.year + 3)
        return self._row(party, day, self.number("许", day), writer) | {
            "document": document,
            "case_name": f"{party.name}{document.removesuffix('决定书')}",
            "licence_kind": rng.choice(("普通", "核准", "登记")),
            "licence_certificate": document.removesuffix("批准决定书").removesuffix("决定书"),
            "licence_no": f"{self.agency['short']}证字{day.year}{rng.randint(1000, 9999)}号",
            "licence": writer.fill(content),
            "basis": "《中华人民共和国行政许可法》第三十八条第一款",
            "valid_from": day,
            "valid_to": until,
            "licence_state": "1",
        }

    def coercion(self, kind: str, *, day: date | None = None) -> Row:
        """行政强制."""
        rng = self._rng
        day = day or self.day()
        party = self.party(kind, day)
        offence = rng.choice(self.agency["offence"])
        writer = Writer(rng, self._people, self.agency, day)
        measure, goods = rng.choice(_MEASURES)
        facts = writer.fill(rng.choice(offence["facts"]))
        stored = writer.fill("物品存放于{place}，由{witness}（电话{phone}）代为保管")
        return self._row(party, day, self.number("强决", day), writer) | {
            "case_name": f"对{party.name}的{measure}",
            "facts": f"{facts}，涉嫌{offence['violation']}。{stored}。",
            "basis": "《中华人民共和国行政强制法》第九条、第十八条",
            "measure": measure,
            "measure_object": writer.fill(goods),
            "measure_term": f"30日，自{chinese_day(day)}起",
            "witness": writer.named.get("witness", ""),
            "complainant": "",
        }

    def inspection(self, kind: str, *, day: date | None = None) -> Row:
        """行政检查, most of them 双随机 and without findings."""
        rng = self._rng
        day = day or self.day()
        party = self.party(kind, day)
        writer = Writer(rng, self._people, self.agency, day)
        clean = rng.random() < 0.6
        result = "未发现问题" if clean else writer.fill(rng.choice(_FINDINGS))
        return self._row(party, day, self.number("检", day), writer) | {
            "case_name": f"{day.year}年度“双随机、一公开”抽查",
            "inspection_items": rng.choice(_ITEMS),
            "inspection_method": rng.choice(("现场检查", "书面检查", "现场检查、查阅资料")),
            "inspection_result": result,
            "basis": "国办发〔2015〕58号",
            "formed_on": day + timedelta(days=rng.randint(0, 6)),
        }

    def levy(self, kind: str, *, day: date | None = None) -> Row:
        """行政征收征用."""
        rng = self._rng
        day = day or self.day()
        party = self.party(kind, day)
        writer = Writer(rng, self._people, self.agency, day)
        taken = rng.random() < 0.4
        item = "应急征用物资和场所" if taken else "防空地下室易地建设费"
        thing = (
            "征用{place}{n}天，经办人{agent}（电话{phone}）" if taken else "应建未建面积{n}0平方米"
        )
        amount = rng.randint(20, 4000) * 100
        return self._row(party, day, self.number("征", day), writer) | {
            "case_name": f"{party.name}{item}",
            "levy_item": item,
            "levy_object": writer.fill(thing),
            "levy_amount": None if taken else amount,
            "compensation": amount if taken else None,
            "basis": "《中华人民共和国突发事件应对法》第十二条"
            if taken
            else "《中华人民共和国人民防空法》第二十二条",
            "agent": writer.named.get("agent", ""),
            "bank_account": self._people.bank_card() if taken else "",
        }


def _fine(rng: Random, bounds: list[int], *, is_person: bool) -> int:
    low, high = bounds
    if is_person:
        high = min(high, max(low, 5000))
    step = 50 if high <= 2000 else 100
    return rng.randrange(low, high + 1, step) if high else 0


def _kinds(fine: int) -> str:
    return "罚款" if fine else "其他-责令改正"


_MEASURES = (
    ("扣押财物", "小型货车1辆、电子秤1台"),
    ("扣押财物", "烟花爆竹{n}箱"),
    ("查封场所", "{place}及其内设备"),
    ("查封设施", "简易棚屋1处、货架{n}组"),
    ("强制拆除", "{place}搭建的彩钢棚{n}平方米"),
)
_ITEMS = (
    "安全管理制度、教育培训、应急预案",
    "人防工程维护管理、设备设施完好情况",
    "登记事项、章程执行、财务收支",
    "经营许可、场所安全、消防通道",
)
_FINDINGS = (
    "发现问题已责令改正：应急照明损坏{n}处，现场负责人{witness}签收整改通知",
    "未建立培训档案，已责令{n}日内改正",
    "档案资料不全，由{witness}（电话{phone}）负责补正",
    "通过登记的住所无法联系",
)
_LICENCES = {
    "石壕": (("占用乡村道路许可决定书", "准予在{place}临时占用道路{n}日"),),
    "陵应急": (
        ("危险化学品经营许可决定书", "准予经营汽油、柴油，储存设施位于{place}"),
        ("烟花爆竹经营（零售）许可决定书", "准予零售烟花类、爆竹类产品，限量{n}箱"),
    ),
    "明民": (
        ("民办非企业单位成立登记决定书", "准予成立登记，业务范围：养老服务、社区托养，床位{n}张"),
        ("社会团体变更登记决定书", "准予变更住所至{place}"),
    ),
    "辽动防": (("防空地下室易地建设批准决定书", "准予易地建设，面积{n}0平方米"),),
    "浙人防": (("人民防空工程拆除改造批准决定书", "准予改造{place}，补建面积{n}0平方米"),),
}
