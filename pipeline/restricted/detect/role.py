"""Names right after a word for a person: 驾驶员…, 之妻…, 邻居…."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.restricted.detect.edges import GROUPS, cues, name_at, role
from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.lexicon import HAN, is_word

NAME = "role"


@cache
def _ends() -> re.Pattern[str]:
    """The end of a word for a person, up to where a name may begin."""
    last = "".join(sorted({word[-1] for word in cues()["roles"] | cues()["labels"]}))
    return re.compile(
        rf"[{last}](?:\([^()\n]{{1,20}}\) {{0,3}}(?=[{HAN}]{{2}})"
        rf"|(?=([是叫为即]? {{0,3}})[{HAN}]{{2}}))"
    )


def find(sheet: Sheet) -> Iterator[Finding]:
    """One name after each role, cut where the text can go on."""
    text = sheet.text
    for match in _ends().finditer(text):
        start = max(match.end(), match.end(1))
        behind = match.start() + 1
        if not role(text[max(0, behind - 6) : behind], text[behind : behind + 3]):
            continue
        length = name_at(text[start : start + 14], bold=True)
        if length and not _of_a_group(text, behind, start, start + length):
            yield Finding(start, start + length, "name", NAME, 48)


def _of_a_group(text: str, before: int, start: int, end: int) -> bool:
    """Whether a word at a sentence's end says something of many: 危及住户安全。"""
    if not is_word(text[start:end]) or re.match(f"[{HAN}、(]", text[end : end + 1]):
        return False
    return bool(GROUPS.search(text[max(0, before - 8) : before]))


EXAMPLES = (
    ("妻弟高洋。", ("高洋",)),
    ("邻居安全证实,", ("安全",)),
    ("值班员庞德功电话,", ("庞德功",)),
    ("其公公鲜于德才称此事", ("鲜于德才",)),
    ("工程部经理区志坚、", ("区志坚",)),
)
COUNTER_EXAMPLES = ("法定代表人应当到场。", "危及周边住户安全。", "员工宿舍内", "业主大会决定")
