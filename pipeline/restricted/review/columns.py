"""The spreadsheet that goes out to a reviewer and comes back: its sheets, columns, choices."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Literal, NamedTuple

from pipeline.restricted.rulings import KINDS, Act


class Column(NamedTuple):
    """A column: its heading, its width in characters, whether the reviewer fills it in."""

    heading: str
    width: int
    fill_in: bool = False


ACT, KIND, NOTE, WORD, CODE = "处理", "属于", "说明", "词语", "核对码"
SLUG = "决定编号"
CHOICES: Mapping[str, Act] = {"确认遮盖": "confirm", "遮盖": "mask", "显示": "show"}
WHOLE: Mapping[str, Literal["approve", "refuse"]] = {"批准": "approve", "不批准": "refuse"}
KIND_KEYS: Mapping[str, str] = {label: key for key, label in KINDS.items()}

WORDS_SHEET, MORE_SHEET, WHOLE_SHEET, HELP_SHEET = "词语", "补充遮盖", "整件", "填写说明"
SHEETS: Mapping[str, tuple[Column, ...]] = {
    WORDS_SHEET: (
        Column("序号", 6),
        Column(SLUG, 31),
        Column("文号", 22),
        Column("所在栏目", 14),
        Column("原文摘录", 60),
        Column(WORD, 20),
        Column("现状", 18),
        Column("处数", 6),
        Column("为何要看", 40),
        Column("建议", 26),
        Column(ACT, 12, fill_in=True),
        Column(KIND, 12, fill_in=True),
        Column(CODE, 4),
    ),
    MORE_SHEET: (
        Column(SLUG, 31, fill_in=True),
        Column(WORD, 40, fill_in=True),
        Column(KIND, 12, fill_in=True),
    ),
    WHOLE_SHEET: (
        Column("序号", 6),
        Column(SLUG, 31),
        Column("机关", 24),
        Column("类别", 10),
        Column("文号", 22),
        Column("最迟公开日", 13),
        Column("状态", 18),
        Column("原因", 50),
        Column("遮盖后的文字", 60),
        Column(ACT, 12, fill_in=True),
        Column(NOTE, 30, fill_in=True),
        Column(CODE, 4),
    ),
}
#: The columns that a check code binds to what it stands for.
BOUND: Mapping[str, tuple[str, ...]] = {
    WORDS_SHEET: (SLUG, "所在栏目", "原文摘录", WORD, "处数"),
    WHOLE_SHEET: (SLUG, "类别", "文号", "遮盖后的文字"),
}
HELP = (
    "本文件含未遮盖的个人信息：只在内部使用，不要发送到单位以外，用完即删。",
    "“词语”：每行是暂缓决定里的一个词语，摘录中用【】标出。在“处理”栏选择："
    "确认遮盖＝遮得对；遮盖＝应当遮盖；显示＝不是个人信息，照登。留空＝暂不决定。",
    "“处理”对该词语在本件中同样情形的各处都有效（处数见表）。“属于”可不填。",
    "“补充遮盖”：还有应当遮盖而表里没有的词语，抄写决定编号和原文词语，一行一个。",
    "“整件”：逐件选择“批准”或“不批准”；按遮盖和上面各行处理之后的文字发布。",
    "不要改动表头、其他各栏和隐藏的“核对码”；可以排序（须选中整个表）、筛选、删行。",
    "填好后运行：python -m pipeline review import 文件名 --reviewer 姓名。"
    "有问题的行会逐行说明，其余各行照常记录。",
)


def code(sheet: str, row: Mapping[str, str], reference: str) -> str:
    """The check code of a row: what it refers to, and a sum over what the reviewer read."""
    return f"{reference}.{_sum(sheet, row, reference)}"


def reference(sheet: str, row: Mapping[str, str], given: str) -> str | None:
    """What a check code refers to, or None when code or row are not as they went out."""
    found, _, summed = given.rpartition(".")
    return found if found and summed == _sum(sheet, row, found) else None


def _sum(sheet: str, row: Mapping[str, str], reference: str) -> str:
    read = [row.get(heading, "").strip() for heading in BOUND[sheet]]
    return hashlib.sha256("\0".join((sheet, reference, *read)).encode()).hexdigest()[:12]
