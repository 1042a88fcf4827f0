"""One file for every special case, named so that one sees it."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from invent import layouts
from invent.decisions import Office, Row
from invent.documents import CORRECTED
from invent.layouts import Layout
from invent.published import publish
from invent.tables import TITLE, cells, labels, objects, titled
from invent.write import Sheet, delimited, json_list, xlsx

Offices = dict[str, Office]

_PUBLISHED = layouts.PUBLISHED


def special_files(offices: Offices, rng: Random) -> dict[str, bytes]:
    """The files by name."""
    return {
        "20-特例-未成年人.xlsx": _minors(offices),
        "21-特例-已撤销或变更.xlsx": _withdrawn(offices),
        "22-特例-涉密与不予公开.json": _secret(offices),
        "23-特例-须人工审核.xlsx": _held(offices),
        "24-特例-坏行.csv": _bad_rows(offices, rng),
        "25-特例-未登记的列.xlsx": _undeclared(offices, rng),
        "26-特例-单位满五年.xlsx": _expired(offices),
        "27-特例-自然人满两年.csv": _people_past_two_years(offices),
        "99-特例-更正后重报-石壕镇.xlsx": _again(offices["shihao"]),
    }


def _workbook(name: str, layout: Layout, rows: list[Row]) -> bytes:
    table = [*titled(name, len(layout)), labels(layout), *(cells(row, layout) for row in rows)]
    return xlsx([Sheet(name, table)])


def _minors(offices: Offices) -> bytes:
    """Two that only the identity number tells, one that only the flag tells."""
    day = date(2026, 9, 15)
    by_number = [offices[s].penalty("person", day=day, minor=True) for s in ("shihao", "mingshan")]
    by_flag = offices["lingchuan"].penalty("person", day=day, minor=True, with_text=False)
    by_flag |= {"minor": "是", "id_number": "", "id_type": ""}
    layout = (*layouts.PENALTY_PERSON, ("是否未成年人", "minor"), ("决定书全文", "full_text"))
    return _workbook("行政处罚（未成年人）", layout, [*by_number, by_flag])


def _withdrawn(offices: Offices) -> bytes:
    """Every way in which a decision falls; the reasons name people too."""
    events = (
        ("shihao", "撤销", "经行政复议，主要证据不足（证人{name}的证言前后矛盾），决定被撤销"),
        ("lingchuan", "确认违法", "经行政诉讼，送达程序违法，被确认违法"),
        ("liaoning", "变更", "经复核，罚款数额由原决定减半"),
        ("mingshan", "确认无效", "作出决定时{name}已不是负责人，主体认定错误"),
        ("zhejiang", "重新作出", "复议机关责令重新作出决定"),
    )
    rows = []
    for n, (slug, event, reason) in enumerate(events):
        row = offices[slug].penalty("organisation", day=date(2026, 6, 8 + n))
        changed = {"event": event, "event_on": date(2026, 10, 12 + n)}
        rows.append(
            row | changed | {"event_reason": reason.format(name=row["legal_representative"])}
        )
    layout = (*layouts.PENALTY_ORGANISATION, ("变动情形", "event"), ("变动日期", "event_on"))
    publish(rows)
    return _workbook("行政处罚（变动）", (*layout, ("变动原因", "event_reason"), _PUBLISHED), rows)


def _secret(offices: Offices) -> bytes:
    rows = [
        offices["liaoning"].penalty("organisation", day=date(2026, 5, 20)) | {"secret": "是"},
        offices["zhejiang"].penalty("organisation", day=date(2026, 7, 2)) | {"secret": "涉密"},
        offices["lingchuan"].penalty("sole_trader", day=date(2026, 8, 3))
        | {"secret": "否", "withhold_reason": "公开后可能影响关联案件办理，经负责人批准不予公开"},
        offices["shihao"].penalty("organisation", day=date(2026, 8, 4)) | {"secret": "否"},
    ]
    publish(rows)
    layout = (*layouts.PENALTY_LOOSE, ("是否涉密", "secret"), ("不予公开理由", "withhold_reason"))
    return json_list([row | {"备注": TITLE} for row in objects(rows, layout)])


def _held(offices: Offices) -> bytes:
    """Texts a person must look at: exempt matters, and words that may be names."""
    remarks = (
        ("lingchuan", "当事人主张配方属于商业秘密，请求不予公开。"),
        ("shihao", "另有两名同案人员另案处理，涉嫌犯罪的线索已移送公安机关。"),
        ("mingshan", "老人的病历涉及个人隐私，本机关仅作概括描述。"),
        ("zhejiang", "经办人自称高峰，又称高原，未能出示身份证件；门卫老根在场作证。"),
        ("liaoning", "工程图纸标注“秘密级”，当事人称系误标。"),
    )
    rows = []
    for n, (slug, remark) in enumerate(remarks):
        row = offices[slug].penalty("organisation", day=date(2026, 4, 7 + n))
        row["full_text"] = row["full_text"].replace("决定", f"{remark}决定", 1)
        rows.append(row | {"facts": row["facts"] + remark})
    layout = (*layouts.PENALTY_ORGANISATION, ("决定书全文", "full_text"))
    return _workbook("行政处罚（须审核）", layout, rows)


def _bad_rows(offices: Offices, rng: Random) -> bytes:
    """Each bad row for one reason, good rows between them."""
    office = offices["shihao"]
    rows = [office.penalty("organisation", day=date(2026, 3, 2 + n)) for n in range(9)]
    rows[1]["number"] = ""
    rows[2]["decided_on"] = "2026-02-30"
    rows[3]["fine"] = "两千左右"
    rows[4]["fine"] = -500
    rows[5]["authority"] = "示例县示范局"
    rows[6]["credit_code"] = "91500110DEM0000000"
    rows[7]["party_type"] = "外星企业"
    publish(row for row in rows if isinstance(row["decided_on"], date))
    table = [[TITLE], labels(layouts.PENALTY_LOOSE)]
    table += [_unformatted(row) for row in rows]
    shifted = _unformatted(office.penalty("organisation", day=date(2026, 3, 12)))
    return delimited([*table, [*shifted[:5], "", *shifted[5:]]], encoding="utf-8")


def _unformatted(row: Row) -> list[Any]:
    return [row.get(key) for _, key in layouts.PENALTY_LOOSE]


def _undeclared(offices: Offices, rng: Random) -> bytes:
    """Columns that no dictionary knows, with private things in them."""
    rows = []
    for n in range(4):
        row = offices["mingshan"].penalty("organisation", day=date(2026, 2, 3 + n))
        contact = f"wx_demo_{rng.randint(1000, 9999)}"
        rows.append(
            row | {"chat": contact, "score": rng.randint(60, 99), "staff": row["officer_2"]}
        )
    layout = (*layouts.PENALTY_ORGANISATION, ("当事人微信号", "chat"), ("内部信用评分", "score"))
    publish(rows)
    return _workbook("行政处罚（多出的列）", (*layout, ("录入人", "staff"), _PUBLISHED), rows)


def _expired(offices: Offices) -> bytes:
    """Around five years: the last day, the day after, and long past."""
    published = (date(2021, 11, 20), date(2021, 11, 19), date(2019, 3, 1), date(2018, 11, 12))
    rows = []
    for slug, day in zip(("shihao", "lingchuan", "liaoning", "zhejiang"), published, strict=True):
        row = offices[slug].penalty("organisation", day=day - timedelta(days=4))
        rows.append(row | {"published_on": day})
    layout = (*layouts.PENALTY_ORGANISATION, _PUBLISHED, ("决定书全文", "full_text"))
    return _workbook("行政处罚（公示满五年）", layout, rows)


def _people_past_two_years(offices: Offices) -> bytes:
    """Around two years: the last day, the day after, and long past."""
    published = (date(2024, 11, 20), date(2024, 11, 19), date(2023, 5, 9), date(2020, 7, 1))
    rows = []
    for slug, day in zip(("shihao", "lingchuan", "mingshan", "shihao"), published, strict=True):
        row = offices[slug].penalty("person", day=day - timedelta(days=4))
        rows.append(row | {"published_on": day})
    layout = (*layouts.PENALTY_PERSON, _PUBLISHED, ("决定书全文", "full_text"))
    table = [[TITLE], labels(layout), *(cells(row, layout) for row in rows)]
    return delimited(table, encoding="utf-8-sig")


def _again(office: Office) -> bytes:
    """Two decisions of the first file once more, their texts corrected."""
    first_file = office.made[:50]
    recent = [row for row in first_file if row["decided_on"].year == 2026 and row["credit_code"]]
    rows = []
    for row in recent[:2]:
        facts = row["facts"].replace("当事人", "当事人（更正：经复核现场数据无误）", 1)
        rows.append(row | {"facts": facts, "performance": "已履行完毕"})
    rows[0]["attachment"] = CORRECTED
    layout = (*layouts.PENALTY_ORGANISATION, ("履行方式和期限", "performance"))
    publish(rows)
    layout = (*layout, ("决定书文件", "attachment"), _PUBLISHED)
    return _workbook("行政处罚（更正重报）", (*layout, ("决定书全文", "full_text")), rows)
