"""Names that arrive masked already: 张某某, 王某, 李*, 赵××. They stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.surnames import COMPOUND, SINGLE

NAME = "masked"
_MASKED = re.compile(
    rf"(?:{COMPOUND}|[{SINGLE}])(?:某[某甲乙丙丁戊己]?(?:\d{{1,2}})?|[*×╳](?:[*×╳]|[\u4e00-\u9fff](?=[^\u4e00-\u9fff]))?)"
)


def find(sheet: Sheet) -> Iterator[Finding]:
    """A surname followed by a mask."""
    if not any(sign in sheet.text for sign in "某*×╳"):
        return
    for match in _MASKED.finditer(sheet.text):
        yield Finding(*match.span(), "keep", NAME, 91)


EXAMPLES = (("当事人张某某与王某、李*", ("张某某", "王某", "李*")), ("欧阳某到场", ("欧阳某",)))
COUNTER_EXAMPLES = ("某日某时", "3*5米")
