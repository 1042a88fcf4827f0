"""Invented decisions for the build benchmark: the first night's, and the next night's."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import msgspec

from pipeline.model import Entry, Kind, PartyType, Publication, PublicDecision

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 20)
AGENCIES = ("liaoning", "lingchuan", "mingshan", "shihao", "zhejiang")
_KINDS = (Kind.PENALTY, Kind.PENALTY, Kind.LICENCE, Kind.INSPECTION, Kind.COERCION, Kind.LEVY)
_DETAILS = {
    Kind.PENALTY: {"violation": "擅自倾倒建筑垃圾", "penalty_kinds": "罚款", "fine": "26600"},
    Kind.LICENCE: {"licence_kind": "普通", "licence": "准予占用绿地"},
    Kind.COERCION: {"measure": "扣押", "measure_object": "无号牌运输车辆一台"},
    Kind.INSPECTION: {"inspection_items": "安全生产条件", "inspection_result": "未发现问题"},
    Kind.LEVY: {"levy_item": "人防工程易地建设费", "levy_amount": "350000"},
}
_SENTENCES = (
    "当事人于当日在第{n}号路段堆放建筑垃圾约{m}立方米，未按照规定的时间、路线和要求清运，影响环境卫生。",
    "本机关派员到场核实，制作现场检查（勘验）笔录{m}份，拍摄照片{n}张，由在场人签字确认。",
    "上述事实有现场检查笔录、询问笔录、证据照片、第{n}号称重记录等{m}项证据证实。",
    "依据《城市建筑垃圾管理规定》第二十五条第{m}项的规定，责令限期改正，处罚款{n}元。",
    "自收到本决定书之日起{m}日内持第{n}号缴款通知书到指定银行缴纳；到期不缴的，每日加处罚款。",
    "如不服本决定，可以在六十日内申请行政复议，也可以在六个月内直接向人民法院起诉（案号第{n}-{m}号）。",
)


def entries(count: int, *, start: int = 0, since: date = date(2021, 1, 4)) -> Iterator[Entry]:
    """``count`` decisions, numbered from ``start``, spread from ``since`` to today."""
    rng = Random(20261120 + start)
    days = (TODAY - timedelta(days=7) - since).days
    for place in range(start, start + count):
        yield _entry(place, since + timedelta(days=rng.randrange(days)), rng)


def next_night(first: list[Entry], share: float = 0.01) -> list[Entry]:
    """What stands after a night: half of ``share`` edited, a quarter removed, a quarter new."""
    rng = Random(7)
    touched = rng.sample(range(len(first)), max(4, round(len(first) * share)) * 3 // 4)
    cut = len(touched) * 2 // 3
    edited, gone = set(touched[:cut]), set(touched[cut:])
    kept = [
        _edited(one) if place in edited else one
        for place, one in enumerate(first)
        if place not in gone
    ]
    new = entries(len(gone), start=len(first), since=TODAY - timedelta(days=40))
    return [*kept, *new]


def _entry(place: int, day: date, rng: Random) -> Entry:
    agency, kind = AGENCIES[rng.randrange(len(AGENCIES))], _KINDS[rng.randrange(len(_KINDS))]
    person = rng.random() < 0.15
    text = [
        rng.choice(_SENTENCES).format(n=rng.randrange(10, 9999), m=rng.randrange(2, 90))
        for _ in range(rng.randrange(8, 16))
    ]
    first = day + timedelta(days=5)
    decision = PublicDecision(
        slug=f"{agency}-{kind.value}-{_letters(place)}",
        agency=agency,
        kind=kind,
        number=f"演决〔{day.year}〕{place}号",
        party=f"{'冉覃綦谭'[place % 4]}某某" if person else f"演示第{place}砂石有限公司",
        party_type=PartyType.PERSON if person else PartyType.ORGANISATION,
        decided_on=day,
        details={
            "case_name": f"第{place}号演示案",
            "basis": "《城市建筑垃圾管理规定》第七条第一款",
            **_DETAILS[kind],
            "authority": "演示机关",
            "full_text": "\n".join(text),
        },
    )
    publication = Publication(
        first_day=first,
        last_day=first + timedelta(days=3 * 365 + 2 * 366) if place % 7 else None,
        window_rule="公开满5年后撤下",
        window_source="演示办法第二十九条",
        due=day + timedelta(days=9),
        due_provisional=False,
        due_rule="自作出决定之日起7个工作日内",
        due_source="演示办法第二十八条",
    )
    return Entry(decision=decision, publication=publication)


def _letters(place: int) -> str:
    digest = hashlib.sha256(str(place).encode()).digest()
    return "".join("bcdfghjklmnpqrst"[byte % 16] for byte in digest[:14])


def _edited(one: Entry) -> Entry:
    text = one.decision.details["full_text"] + "\n罚款已经缴清，本案结案。"
    details = {**one.decision.details, "full_text": text}
    return msgspec.structs.replace(
        one, decision=msgspec.structs.replace(one.decision, details=details)
    )


def office(folder: Path) -> Path:
    """A ``content/`` with what each agency must have, and no charts, rosters or lists."""
    content = folder / "content"
    for path in [*(ROOT / "content").glob("agencies/*/agency.toml"), ROOT / "content/site.toml"]:
        target = content / path.relative_to(ROOT / "content")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return content


def packed(decisions: list[Entry]) -> bytes:
    """Decisions as a file for another process."""
    return msgspec.msgpack.encode(decisions)


def unpacked(data: bytes) -> list[Entry]:
    """What :func:`packed` was given."""
    return msgspec.msgpack.decode(data, type=list[Entry])
