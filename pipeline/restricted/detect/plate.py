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
_FOR_NOW = re.compile(
    rf"[{_PROVINCES}]{_GAP}[A-Za-z]{_GAP}临{_GAP}[A-Za-z0-9]{{4,6}}(?![A-Za-z0-9])"
)
_LABELLED = re.compile(
    r"(?:车牌|号牌|牌照|车号)(?:号码|号)?[为是:\s]{0,3}"
    r"(?=[A-Za-z\-·]*\d)([A-Za-z]?[·\-]?[A-Za-z0-9]{5,6})(?![A-Za-z0-9年])"
)
_RURAL = re.compile(rf"[{_PROVINCES}]\s?\d{{2}}[\-\s·]?\d{{5,6}}(?![0-9])")


def find(sheet: Sheet) -> Iterator[Finding]:
    """Province, letter, five or six signs; behind a label without the province; tractors."""
    for pattern in (_PLATE, _FOR_NOW):
        for match in pattern.finditer(sheet.text):
            yield Finding(*match.span(), "plate", NAME, 79)
    for match in _LABELLED.finditer(sheet.text):
        yield Finding(*match.span(1), "plate", NAME, 71)
    for match in _RURAL.finditer(sheet.text):
        before = sheet.text[max(0, match.start() - 12) : match.start()]
        if re.search(r"牌|拖拉机|农用|三轮|变型", before):
            yield Finding(*match.span(), "plate", NAME, 60)


EXAMPLES = (
    ("驾驶浙H7K362面包车", ("浙H7K362",)),
    ("罐车川Y·D8816", ("川Y·D8816",)),
    ("挂车川Y2031挂)", ("川Y2031挂",)),
    ("悬挂浙H·临1234,", ("浙H·临1234",)),
    ("车牌号为7K362,号牌H·7K362", ("7K362", "H·7K362")),
    ("驾驶浙H7O362,", ("浙H7O362",)),
    ("驾驶湘E·D65K38小型", ("湘E·D65K38",)),
)
COUNTER_EXAMPLES = (
    "车牌号码2025年登记",
    "号牌种类02",
    "编号闽榕危化经〔2023〕000117",
    "湘发改价费〔2020〕112号",
    "云A座大厅",
    "最新ISO9001认证",
)
