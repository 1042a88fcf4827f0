"""Seeded ordinary decisions, as an export carries them by the thousand; all invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

from benchmarks import numbers
from pipeline.model import Kind, PartyType
from pipeline.restricted.raw import Origin, RawDecision, Secret

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏"
_GIVEN = "伟芳秀英敏静丽强磊军洋勇艳杰娟涛超明霞平刚桂兰建国志红春生海波玉梅宏斌晓东雪琴永福德才文"
_TOWNS = ("石岭区新桥街道", "白鹿县高桥镇", "云陵县柳塘镇", "清源市洲心街道", "东麓县河湾乡")
_TRADES = ("建材", "食品", "物业服务", "养老服务", "化工", "机械制造", "商贸", "烟花爆竹销售")
_LAWS = ("安全生产法", "城乡规划法", "人民防空法", "大气污染防治法", "固体废物污染环境防治法")
_FACTS = (
    "未按规定对从业人员进行安全生产教育和培训，未如实记录教育培训情况",
    "未经批准擅自在公路两侧建筑控制区内搭建钢棚，占地{n}平方米",
    "未及时清运建筑垃圾，造成环境污染，现场堆放约{n}立方米",
    "未在有较大危险因素的设备上设置明显的安全警示标志，共{n}处",
    "未按规定定期检测防火防爆设施，检测报告已过期{n}日",
    "擅自改变人防工程用途，将{n}平方米防空地下室作仓库使用",
)


def _name(rng: random.Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2))))


def decisions(count: int, seed: int = 7) -> Iterator[RawDecision]:
    """``count`` penalty decisions: half organisations, half citizens."""
    rng = random.Random(seed)
    for i in range(count):
        yield _decision(rng, i)


def _decision(rng: random.Random, i: int) -> RawDecision:
    town, law = rng.choice(_TOWNS), rng.choice(_LAWS)
    person = rng.random() < 0.5
    head, witness, relative = _name(rng), _name(rng), _name(rng)
    officers = f"{_name(rng)}、{_name(rng)}"
    company = f"{town[:3]}{_name(rng)[1:]}{rng.choice(_TRADES)}有限公司"
    party = head if person else company
    fact = rng.choice(_FACTS).format(n=rng.randint(3, 400))
    day = date(2025, rng.randint(1, 12), rng.randint(1, 28))
    opening = (
        f"当事人：{head}，男，身份证号{numbers.identity(rng)}，"
        f"住{town}建设路{rng.randint(1, 99)}号，"
        f"联系电话{numbers.mobile(rng)}。"
        if person
        else f"当事人：{company}，统一社会信用代码{numbers.credit_code(rng)}，法定代表人：{head}。"
    )
    text = (
        f"{opening}\n{day.year}年{day.month}月{day.day}日，本机关执法人员{officers}在{town}检查时发现，"
        f"当事人{fact}。{witness}陈述，上述情况属实。经{relative}确认，当事人未采取整改措施。\n"
        f"以上事实有现场检查记录、{witness}的询问笔录、照片{rng.randint(2, 9)}张等证据证实。\n"
        f"当事人的行为违反了《中华人民共和国{law}》第{rng.randint(10, 99)}条的规定。"
        f"依据《中华人民共和国{law}》"
        f"第{rng.randint(10, 99)}条第一款，决定给予罚款{rng.randint(1, 40) * 500}元的行政处罚。\n"
        f"当事人应当自收到本决定书之日起十五日内到指定银行缴纳罚款。逾期不缴纳的，每日按罚款数额的百分之三加处罚款。"
        f"如不服本决定，可以自收到本决定书之日起六十日内向{town[:3]}人民政府申请行政复议，"
        f"也可以在六个月内依法向{town[:3]}人民法院提起行政诉讼。\n执法人员：{officers}"
    )
    values = {
        "number": f"演罚决字〔2025〕{i + 1}号",
        "party": party,
        "facts": f"{party}{fact}",
        "penalty": f"罚款{rng.randint(1, 40) * 500}元",
        "full_text": text,
    }
    if not person:
        values["legal_representative"] = head
    return RawDecision(
        agency="demo",
        kind=Kind.PENALTY,
        number=values["number"],
        decided_on=day,
        party_type=PartyType.PERSON if person else PartyType.ORGANISATION,
        values={key: Secret(value, key) for key, value in values.items()},
        origin=Origin("演示.xlsx", "", i + 2),
    )
