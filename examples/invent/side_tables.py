"""The private side tables – training, recordings, complaints and the rest – with one planted fault
of every kind that the checks of a regime look for."""

from __future__ import annotations

from random import Random
from typing import Any

from invent.people import People
from invent.staff import EXPIRED, REVIEWERS, SUSPENDED, UNITS, WITHDRAWN
from invent.words import words
from invent.write import Sheet, delimited, xlsx

SEED = 20261122


def side_tables() -> dict[str, bytes]:
    """The private side tables by their path under the folder ``comply``."""
    rng = Random(SEED)
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
        "承办机构": UNITS[slug][0],
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
    lines.append([REVIEWERS[slug], "", "2024-05-16", "法制审核", "8", "合格", ""])
    if slug != "liaoning":  # there the system's own yearly training was left out altogether
        lines.append([name, card, "2025-05-15", "通用法律知识", "32", "不合格", ""])
        lines.append([name, card, "2025-06-26", "学习日（专门法律知识）", "8", "合格", ""])
    lines.append(["演示新人", "", "2026-03-05", "上岗培训", "36", "合格", ""])
    return head, lines


def _seconded(slug: str) -> tuple[list[str], list[list[Any]]]:
    """So many officers from elsewhere that two reviewers are less than 5%, and no counsel."""
    first = WITHDRAWN[slug][:-2]
    lines = [[f"演示借调{n:02}", f"{first}{n}", "执法人员"] for n in range(50, 90)]
    return ["姓名", "执法证件编号", "人员类别"], lines


def _reviewers(slug: str) -> tuple[list[str], list[list[Any]]]:
    """At one office nobody of its own: the 5% are not reached."""
    head = [
        "姓名", "法律专业本科以上", "法制工作年限", "执法工作年限", "法律职业资格",
        "是否法律顾问", "名单报送日期",
    ]  # fmt: skip
    outside = "是" if slug == "mingshan" else "否"
    lines = [[REVIEWERS[slug], "是", "5", "6", "是", outside, "2019-09-20"]]
    lines.append(["演示顾问", "否", "1", "1", "否", outside or "是", ""])
    return head, lines


def _events(slug: str) -> tuple[list[str], list[list[Any]]]:
    head = [
        "执法证件编号", "事件", "起始日期", "截止日期", "离岗培训日期", "通报司法行政部门日期",
        "声明作废日期", "申诉日期", "申诉处理日期",
    ]  # fmt: skip
    return head, [
        [
            SUSPENDED[slug],
            "暂扣",
            "2026-03-02",
            "2026-04-01",
            "2026-03-05",
            "2026-03-06",
            "",
            "2026-04-20",
            "2026-04-30",
        ],
        [SUSPENDED[slug], "暂扣", "2026-11-05", "", "", "", "", "", ""],
        [WITHDRAWN[slug], "收回", "2026-10-20", "", "", "", "", "2026-10-26", ""],
        [EXPIRED[slug], "遗失", "2026-02-03", "", "", "", "", "", ""],
    ]


def _eligibility(slug: str) -> tuple[list[str], list[list[Any]]]:
    head = ["执法证件编号", "人员身份", "文化程度", "上一年度考核", "处分情况", "资格考试"]
    cards = [card for _, card in words()["agency"][slug]["officers"]]
    return head, [
        [cards[0], "公务员", "本科", "称职", "无", "合格"],
        [cards[1], "劳务派遣人员", "高中", "称职", "无", "合格"],
        [cards[2], "公务员", "大专", "不称职", "无", "不合格"],
    ]
