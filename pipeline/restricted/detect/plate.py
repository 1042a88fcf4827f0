"""Vehicle plates: blue, new-energy, trailer, coach, police, Hong Kong and Macau."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "plate"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_GAP = r"[\s·•.\-]{0,2}"
# No plate has I or O after its second sign, but people type them for 1 and 0: beside a digit.
_SIGN = r"(?:[A-HJ-NP-Za-hj-np-z0-9]|[IOio](?=\d)|(?<=\d)[IOio])"
_PLATE = re.compile(
    rf"[{_PROVINCES}]{_GAP}(?!ISO)[A-Za-z]{_GAP}(?=[A-Za-z\s·•.\-]*\d)"
    rf"(?:{_SIGN}{_GAP}){{4}}(?:{_SIGN}(?:[\s·•.\-]?{_SIGN})?|[挂学警港澳领使])(?![A-Za-z0-9])"
)
_RURAL = re.compile(rf"[{_PROVINCES}]\s?\d{{2}}[\-\s·]?\d{{5,6}}(?![0-9])")


def find(sheet: Sheet) -> Iterator[Finding]:
    """Province, letter, five or six signs; and the numbers of tractors."""
    for match in _PLATE.finditer(sheet.text):
        yield Finding(*match.span(), "plate", NAME, 79)
    for match in _RURAL.finditer(sheet.text):
        before = sheet.text[max(0, match.start() - 12) : match.start()]
        if re.search(r"牌|拖拉机|农用|三轮|变型", before):
            yield Finding(*match.span(), "plate", NAME, 60)


EXAMPLES = (
    ("驾驶浙H7K362面包车", ("浙H7K362",)),
    ("罐车川Y·D8816", ("川Y·D8816",)),
    ("挂车川Y2031挂)", ("川Y2031挂",)),
    ("驾驶浙H7O362,", ("浙H7O362",)),
    ("驾驶湘E·D65K38小型", ("湘E·D65K38",)),
)
COUNTER_EXAMPLES = (
    "编号闽榕危化经〔2023〕000117",
    "湘发改价费〔2020〕112号",
    "云A座大厅",
    "最新ISO9001认证",
)
