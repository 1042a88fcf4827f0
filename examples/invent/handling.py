"""How invented cases were handled, and the private side tables: mostly well, with one planted
fault of every kind that the checks of a regime look for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from invent.decisions import Office, Row
from invent.layouts import Layout
from invent.people import People
from invent.tables import TITLE, cells, labels
from invent.words import words
from invent.write import Sheet, delimited, xlsx

SEED = 20261121

#: Two working days' cases, and one on which some certificates no longer stand.
_DAY, _LATE_DAY = date(2026, 8, 3), date(2026, 11, 9)
_PERSONS = ("organisation", "organisation", "person", "sole_trader")

_UNITS = {
    "shihao": ("综合行政执法大队一中队", "综合行政执法大队二中队"),
    "lingchuan": ("危险化学品监督管理股", "安全生产综合行政执法队"),
    "mingshan": ("社会组织管理科", "养老服务科"),
    "liaoning": ("工程管理处", "指挥通信处"),
    "zhejiang": ("工程与执法处", "秘书处"),
}
_REVIEWERS = {
    "shihao": "喻山岚",
    "lingchuan": "郗明澈",
    "mingshan": "厉星洲",
    "liaoning": "尉迟思远",
    "zhejiang": "楼听澜",
}
#: Whose certificate is out of date, suspended, withdrawn (the last by the table of events).
_EXPIRED = {
    "shihao": "演50011006",
    "lingchuan": "演14052407",
    "mingshan": "演21050406",
    "liaoning": "演21000005",
    "zhejiang": "演33000006",
}
_SUSPENDED = {
    "shihao": "演50011007",
    "lingchuan": "演14052406",
    "mingshan": "演21050407",
    "liaoning": "演21000006",
    "zhejiang": "演33000005",
}
_WITHDRAWN = {
    "shihao": "演50011005",
    "lingchuan": "演14052405",
    "mingshan": "演21050405",
    "liaoning": "演21000007",
    "zhejiang": "演33000007",
}

_PROCESS: Layout = (
    ("承办机构", "handling_unit"),
    ("执法人员1", "officer_1"),
    ("执法人员1证件号", "officer_1_certificate"),
    ("执法人员2", "officer_2"),
    ("执法人员2证件号", "officer_2_certificate"),
    ("适用程序", "procedure"),
    ("案件来源", "case_source"),
    ("启动原因", "start_reason"),
    ("立案日期", "filed_on"),
    ("紧急启动时间", "urgent_start_at"),
    ("补报审批时间", "urgent_papered_at"),
    ("调查终结日期", "investigated_on"),
    ("陈述申辩记录", "statement_record"),
    ("听证日期", "hearing_on"),
    ("裁量档次", "discretion_tier"),
    ("法制审核情形", "review_ground"),
    ("送审材料", "review_bundle"),
    ("送审日期", "review_sent_on"),
    ("审核延长批准日期", "review_extended_on"),
    ("法制审核人员", "reviewer"),
    ("审核意见日期", "review_opinion_on"),
    ("审核意见", "review_opinion"),
    ("是否网上审核", "review_online"),
    ("审核意见书份数", "review_copies"),
    ("审核异议处理", "review_settled"),
    ("音像记录编号", "recording_no"),
    ("送达日期", "served_on"),
    ("送达方式", "service_mode"),
    ("送达回证编号", "service_receipt"),
    ("履行日期", "performed_on"),
    ("改正核查日期", "rectified_on"),
    ("简易程序备案日期", "simple_filed_on"),
    ("复议诉讼情况", "contested"),
    ("结案日期", "closed_on"),
    ("归档日期", "archived_on"),
    ("案卷保管期限", "retention"),
    ("公示日期", "published_on"),
)
_PARTY: Layout = (
    ("当事人", "party"),
    ("当事人类型", "party_type"),
    ("统一社会信用代码", "credit_code"),
    ("法定代表人", "legal_representative"),
    ("身份证号", "id_number"),
)
_PENALTY: Layout = (
    ("行政处罚决定书文号", "number"),
    ("案件名称", "case_name"),
    *_PARTY,
    ("违法行为类型", "violation"),
    ("违法事实", "facts"),
    ("处罚依据", "basis"),
    ("处罚类别", "penalty_kinds"),
    ("处罚内容", "penalty"),
    ("罚款金额(元)", "fine"),
    ("处罚决定日期", "decided_on"),
    ("处罚机关", "authority"),
    ("举报人", "complainant"),
    *_PROCESS,
)
_COERCION: Layout = (
    ("强制决定书文号", "number"),
    *_PARTY,
    ("强制事由", "facts"),
    ("强制依据", "basis"),
    ("强制措施种类", "measure"),
    ("强制决定日期", "decided_on"),
    ("强制机关", "authority"),
    *_PROCESS,
)
_INSPECTION: Layout = (
    ("检查编号", "number"),
    ("抽查任务名称", "case_name"),
    *_PARTY,
    ("检查事项", "inspection_items"),
    ("检查结果", "inspection_result"),
    ("检查日期", "decided_on"),
    ("检查机关", "authority"),
    ("年度计划编号", "plan_no"),
    *_PROCESS,
)

Fault = Callable[[Row], Row]


def _days(row: Row, days: int) -> date:
    day: date = row["decided_on"]
    return day + timedelta(days=days)


#: What is wrong with a penalty, by the check that must find it.
_PENALTY_FAULTS: dict[str, Fault] = {
    "two-officers": lambda _: {"officer_2": "", "officer_2_certificate": ""},
    "certificate-listed": lambda _: {"officer_2_certificate": "演00000000"},
    "certificate-in-date": lambda row: _on_late_day(row, _EXPIRED),
    "certificate-not-suspended": lambda row: _on_late_day(row, _SUSPENDED),
    "certificate-not-withdrawn": lambda row: _on_late_day(row, _WITHDRAWN),
    "officers-recorded": lambda _: {"officer_1_certificate": ""},
    "review-done": lambda row: _unreviewed(row, review_ground="听证", hearing_on=_days(row, -20)),
    "review-ordinary": lambda row: _unreviewed(row),
    "review-before-decision": lambda row: {"review_opinion_on": _days(row, 2)},
    "review-in-time": lambda row: {"review_sent_on": _days(row, -25)},
    "review-inside-limit": lambda row: {"filed_on": _days(row, -130)},
    "review-sent-at-once": lambda row: {"investigated_on": _days(row, -20)},
    "review-bundle": lambda _: {"review_bundle": "证据"},
    "review-bundle-hearing": lambda row: {"hearing_on": _days(row, -20)},
    "review-opinion-filed": lambda _: {"review_copies": "0"},
    "review-opinion-kind": lambda _: {"review_opinion": "已阅"},
    "review-disagreement": lambda _: {
        "review_opinion": "不同意",
        "review_settled": "承办机构自行处理",
    },
    "review-passed": lambda _: {"review_opinion": "移送", "review_settled": ""},
    "review-unsettled": lambda _: {"review_opinion": "不同意", "review_settled": ""},
    "reviewer-recusal": lambda row: {"reviewer": row["officer_2"]},
    "officer-recusal": lambda row: {"legal_representative": row["officer_1"]},
    "officer-2-recusal": lambda row: {"legal_representative": row["officer_2"]},
    "decided-in-time": lambda row: {"filed_on": _days(row, -120)},
    "served-in-time": lambda row: {"served_on": _days(row, 16)},
    "service-recorded": lambda _: {"service_mode": ""},
    "service-mode": lambda _: {"service_mode": "口头通知"},
    "service-receipt": lambda _: {"service_receipt": ""},
    "service-recorded-av": lambda _: {"service_mode": "留置送达", "recording_no": ""},
    "recording-of-hearing": lambda row: {"hearing_on": _days(row, -20), "recording_no": ""},
    "recording-registered": lambda _: {"recording_no": "演录-没有登记"},
    "urgent-papered": lambda row: {
        "urgent_start_at": f"{_days(row, -30)} 20:00",
        "urgent_papered_at": f"{_days(row, -28)} 09:00",
    },
    "start-form": lambda _: {"start_reason": ""},
    "simple-procedure": lambda _: {"procedure": "简易程序", "simple_filed_on": ""},
    "performance-recorded": lambda _: {"performed_on": ""},
    "rectification-checked": lambda row: {
        "penalty": row["penalty"] + "责令改正。",
        "rectified_on": "",
    },
    "file-archived": lambda row: {"archived_on": _days(row, 70)},
    "file-long-kept": lambda _: {"contested": "行政复议", "retention": "10年"},
    "published-in-time": lambda row: {"published_on": _days(row, 40)},
    "guiding-case-not-cited": lambda row: {"facts": row["facts"] + "参照指导性案例处理。"},
}


def _on_late_day(row: Row, cards: dict[str, str]) -> Row:
    after = dict.fromkeys(("closed_on", "archived_on", "performed_on", "rectified_on"), "")
    return {
        "decided_on": _LATE_DAY,
        "officer_1_certificate": cards[row["slug"]],
        "served_on": _LATE_DAY + timedelta(days=2),
        "published_on": _LATE_DAY + timedelta(days=3),
        "filed_on": _LATE_DAY - timedelta(days=30),
        **after,
    }


def _unreviewed(row: Row, **more: Any) -> Row:
    empty = ("review_opinion_on", "review_opinion", "review_sent_on", "reviewer")
    return {**dict.fromkeys(empty, ""), **more}


def handling_files() -> dict[str, bytes]:
    """Exports that carry the columns about handling, by name."""
    rng = Random(SEED)
    people = People(rng)
    offices = {slug: Office(slug, rng, people) for slug in words()["agency"]}
    penalties: list[Row] = []
    coercions: list[Row] = []
    inspections: list[Row] = []
    for slug, office in offices.items():
        penalties += _penalties(slug, office)
        coercions += _coercions(slug, office)
        inspections += _inspections(slug, office)
    return {
        "30-案件办理-行政处罚.csv": _table(penalties, _PENALTY),
        "31-案件办理-行政强制.csv": _table(coercions, _COERCION),
        "32-案件办理-行政检查.csv": _table(inspections, _INSPECTION),
    }


def _table(rows: list[Row], layout: Layout) -> bytes:
    table = [[TITLE], labels(layout), *(cells(row, layout) for row in rows)]
    return delimited(table, encoding="utf-8-sig")


def _penalties(slug: str, office: Office) -> list[Row]:
    """One case a fault, six that are in order, and seven alike of which one is not."""
    rows = []
    for n, fault in enumerate((*_PENALTY_FAULTS.values(), *[lambda _: {}] * 6)):
        row = _handled(slug, n, office.penalty(_PERSONS[n % 4], day=_DAY + timedelta(days=n % 5)))
        rows.append(row | fault(row))
    alike = {"basis": "《演示条例》第一条", "discretion_tier": "一般"}
    for n in range(7):
        row = _handled(slug, 90 + n, office.penalty("organisation", day=_DAY))
        fine = 30000 if n == 6 else 1000
        rows.append(row | alike | {"fine": fine, "penalty": f"罚款人民币{fine}元。"})
    if slug == "lingchuan":  # R079: a body's fine of just 50,000 元, not reviewed
        row = _handled(slug, 98, office.penalty("organisation", day=_DAY))
        rows.append(row | _unreviewed(row) | {"fine": 50000})
    return rows


def _coercions(slug: str, office: Office) -> list[Row]:
    rows = []
    for n in range(3):
        row = _handled(slug, 100 + n, office.coercion("organisation", day=_DAY)) | {
            "measure": "扣押财物"
        }
        rows.append(row | ({"recording_no": ""} if n == 2 else {}))
    return rows


def _inspections(slug: str, office: Office) -> list[Row]:
    rows = []
    for n in range(4):
        row = _handled(slug, 110 + n, office.inspection("organisation", day=_DAY))
        row |= {"plan_no": "演计划-1", "hearing_on": _DAY if n == 2 else ""}
        faults: dict[int, Row] = {2: {"recording_no": ""}, 3: {"plan_no": "演计划-9"}}
        rows.append(row | faults.get(n, {}))
    return rows


def _handled(slug: str, n: int, row: Row) -> Row:
    """A case that is in order in every respect."""
    return row | {
        "slug": slug,
        "handling_unit": _UNITS[slug][n % 2],
        "procedure": "普通程序",
        "case_source": "巡查发现",
        "start_reason": "涉嫌违法，有立案必要",
        "filed_on": _days(row, -30),
        "investigated_on": _days(row, -8),
        "statement_record": "当事人无异议",
        "review_bundle": "法制审核申请书、情况说明、拟作出的决定书、相关证据",
        "review_sent_on": _days(row, -8),
        "reviewer": _REVIEWERS[slug],
        "review_opinion_on": _days(row, -5),
        "review_opinion": "同意",
        "review_online": "否",
        "review_copies": "2",
        "discretion_tier": "一般",
        "recording_no": f"演录-{slug}-1",
        "served_on": _days(row, 2),
        "service_mode": "直接送达",
        "service_receipt": f"演回-{n + 1}",
        "performed_on": _days(row, 7),
        "rectified_on": _days(row, 8),
        "contested": "否",
        "closed_on": _days(row, 10),
        "archived_on": _days(row, 20),
        "retention": "30年",
        "published_on": _days(row, 4),
    }


def side_tables() -> dict[str, bytes]:
    """The private side tables by their path under the folder ``comply``."""
    rng = Random(SEED + 1)
    people = People(rng)
    files: dict[str, bytes] = {}
    complaints: list[list[Any]] = []
    for slug, agency in words()["agency"].items():
        for name, (head, lines) in _tables(slug).items():
            files[f"{slug}/{name}.csv"] = delimited([head, *lines], encoding="utf-8-sig")
        complaints += [[agency["name"], *line] for line in _complaints(slug, people)]
    table = [_COMPLAINTS, *complaints]
    return files | {"投诉举报登记.xlsx": xlsx([Sheet("投诉举报登记", table)])}


_COMPLAINTS = [
    "机关", "登记编号", "投诉举报人", "联系电话", "收到日期", "受理日期", "延长批准日期",
    "办结日期", "归档日期",
]  # fmt: skip


def _complaints(slug: str, people: People) -> list[list[Any]]:
    days = (
        ("2026-03-02", "2026-03-04", "", "2026-03-20", "2026-03-23"),
        ("2026-03-02", "2026-03-16", "", "2026-03-30", "2026-04-01"),
        ("2026-04-07", "2026-04-08", "", "2026-05-28", "2026-05-29"),
        ("2026-06-01", "2026-06-02", "2026-06-30", "2026-07-10", ""),
    )
    return [
        [f"演诉-{slug}-{n}", people.name(), people.phone(), *line]
        for n, line in enumerate(days, start=1)
    ]


_RECORDINGS = [
    "音像记录编号", "决定书文号", "承办机构", "案件名称", "当事人", "执法人员", "设备编号",
    "记录内容", "记录时间", "存储时间", "移交法制机构日期", "清除日期", "是否作为证据",
    "长期保存事由", "光盘份数", "光盘标号", "制作人", "制作时间", "是否中断", "中断说明",
    "说明签字人员", "报告负责人",
]  # fmt: skip


def _tables(slug: str) -> dict[str, tuple[list[str], list[list[Any]]]]:
    officers = [name for name, _ in words()["agency"][slug]["officers"]]
    more = {"执法人员名册": _seconded(slug)} if slug in ("lingchuan", "zhejiang") else {}
    return more | {
        "音像资料台账": (_RECORDINGS, _recordings(slug, officers)),
        "培训记录": _training(slug),
        "法制审核人员": _reviewers(slug),
        "证件事件": _events(slug),
        "执法人员资格台账": _eligibility(slug),
        "年度检查计划": (
            [
                "计划编号",
                "被检查单位",
                "检查内容",
                "检查方式",
                "办领导审批日期",
                "省司法厅批准日期",
            ],
            [
                ["演计划-1", "演示工程甲", "维护管理", "现场检查", "2026-01-08", "2026-01-20"],
                ["演计划-2", "演示工程乙", "", "现场检查", "2026-01-08", ""],
            ],
        ),
        "案卷借阅": (
            ["案卷文号", "借阅单位", "批准人", "借出日期", "归还日期"],
            [
                [f"演卷-{slug}-1", "演示单位甲", officers[0], "2026-05-06", "2026-05-11"],
                [f"演卷-{slug}-2", "演示单位乙", "", "2026-05-06", "2026-05-12"],
                [f"演卷-{slug}-3", "演示单位丙", officers[0], "2026-09-01", ""],
            ],
        ),
        "监督检查记录": (
            ["检查日期", "检查类别", "名册人数", "编制人数", "报告日期"],
            [
                ["2024-06-04", "定期检查", "9", "9", "2024-06-20"],
                ["2024-06-05", "案卷评查", "9", "9", "2024-06-20"],
                ["2026-06-04", "定期检查", "9", "8", "2026-06-20"],
            ],
        ),
        "设备维修登记": (
            ["设备编号", "发现损坏时间", "送修时间"],
            [
                ["演设-1", "2026-04-01 09:00", "2026-04-01 15:00"],
                ["演设-2", "2026-04-01 09:00", "2026-04-07 09:00"],
            ],
        ),
    }


def _recordings(slug: str, officers: list[str]) -> list[list[Any]]:
    good: dict[str, Any] = {
        "音像记录编号": f"演录-{slug}-1",
        "决定书文号": f"演卷-{slug}-1",
        "承办机构": _UNITS[slug][0],
        "案件名称": "演示案件",
        "当事人": "演示单位甲",
        "执法人员": "、".join(officers[:2]),
        "设备编号": "演设-1",
        "记录内容": "现场检查",
        "记录时间": "2026-08-03 10:00",
        "存储时间": "2026-08-03 17:00",
        "移交法制机构日期": "2026-09-30",
        "是否作为证据": "否",
        "是否中断": "否",
    }
    faults: tuple[dict[str, Any], ...] = (
        {},
        {"存储时间": "2026-08-05 09:00"},
        {"记录时间": "2026-03-02 10:00", "存储时间": "2026-03-02 12:00", "清除日期": "2026-05-06"},
        {"记录时间": "2025-03-03 10:00", "存储时间": "2025-03-03 12:00", "移交法制机构日期": ""},
        {"是否作为证据": "是", "清除日期": "2026-10-10"},
        {"执法人员": "", "记录内容": ""},
        {"案件名称": ""},
        {"长期保存事由": "当事人有异议，可能投诉", "光盘份数": "1"},
        {"是否中断": "设备故障", "说明签字人员": officers[0]},
    )
    lines = []
    for n, fault in enumerate(faults, start=1):
        line = good | {"音像记录编号": f"演录-{slug}-{n}"} | fault
        lines.append([line.get(label, "") for label in _RECORDINGS])
    return lines


def _training(slug: str) -> tuple[list[str], list[list[Any]]]:
    """Two years: in 2024 everybody, in 2025 one officer too little and nothing by the office."""
    head = ["姓名", "执法证件编号", "培训日期", "培训类别", "学时", "考试结果", "调离执法岗位日期"]
    officers = words()["agency"][slug]["officers"]
    lines: list[list[Any]] = []
    for name, card in officers:
        lines.append([name, card, "2024-05-16", "通用法律知识", "44", "合格", ""])
        lines.append([name, card, "2024-09-12", "专门法律知识", "24", "合格", ""])
    name, card = officers[0]
    lines.append([_REVIEWERS[slug], "", "2024-05-16", "法制审核", "8", "合格", ""])
    if slug != "liaoning":  # there the system's own yearly training was left out altogether
        lines.append([name, card, "2025-05-15", "通用法律知识", "32", "不合格", ""])
        lines.append([name, card, "2025-06-26", "学习日（专门法律知识）", "8", "合格", ""])
    lines.append(["演示新人", "", "2026-03-05", "上岗培训", "36", "合格", ""])
    return head, lines


def _seconded(slug: str) -> tuple[list[str], list[list[Any]]]:
    """So many officers from elsewhere that two reviewers are less than 5%, and no counsel."""
    first = _WITHDRAWN[slug][:-2]
    lines = [[f"演示借调{n:02}", f"{first}{n}", "执法人员"] for n in range(50, 90)]
    return ["姓名", "执法证件编号", "人员类别"], lines


def _reviewers(slug: str) -> tuple[list[str], list[list[Any]]]:
    """At one office nobody of its own: the 5% are not reached."""
    head = [
        "姓名", "法律专业本科以上", "法制工作年限", "执法工作年限", "法律职业资格",
        "是否法律顾问", "名单报送日期",
    ]  # fmt: skip
    outside = "是" if slug == "mingshan" else "否"
    lines = [[_REVIEWERS[slug], "是", "5", "6", "是", outside, "2019-09-20"]]
    lines.append(["演示顾问", "否", "1", "1", "否", outside or "是", ""])
    return head, lines


def _events(slug: str) -> tuple[list[str], list[list[Any]]]:
    head = [
        "执法证件编号", "事件", "起始日期", "截止日期", "离岗培训日期", "通报司法行政部门日期",
        "声明作废日期", "申诉日期", "申诉处理日期",
    ]  # fmt: skip
    return head, [
        [
            _SUSPENDED[slug],
            "暂扣",
            "2026-03-02",
            "2026-04-01",
            "2026-03-05",
            "2026-03-06",
            "",
            "2026-04-20",
            "2026-04-30",
        ],
        [_SUSPENDED[slug], "暂扣", "2026-11-05", "", "", "", "", "", ""],
        [_WITHDRAWN[slug], "收回", "2026-10-20", "", "", "", "", "2026-10-26", ""],
        [_EXPIRED[slug], "遗失", "2026-02-03", "", "", "", "", "", ""],
    ]


def _eligibility(slug: str) -> tuple[list[str], list[list[Any]]]:
    head = ["执法证件编号", "人员身份", "文化程度", "上一年度考核", "处分情况", "资格考试"]
    cards = [card for _, card in words()["agency"][slug]["officers"]]
    return head, [
        [cards[0], "公务员", "本科", "称职", "无", "合格"],
        [cards[1], "劳务派遣人员", "高中", "称职", "无", "合格"],
        [cards[2], "公务员", "大专", "不称职", "无", "不合格"],
    ]
