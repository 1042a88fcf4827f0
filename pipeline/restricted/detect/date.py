"""Dates, times and amounts of money: digits that are nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "date"
_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d{2}\s?[年\-/.]\s?\d{1,2}\s?[月\-/.]\s?\d{1,2}日?(?:\s?\d{1,2}[:时]\d{0,2}分?(?::\d{2})?)?(?!\d)"
)
_MONEY = re.compile(
    r"(?:人民币|[¥￥])?\s?(?<![\dA-Za-z\-])\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?\s?(?:万|亿)?(?:元|平方米|m)?"
    r"|(?:人民币|[¥￥])\s?\d+(?:\.\d{1,2})?|(?<![\dA-Za-z\-])\d{1,12}(?:\.\d+)?\s?(?:万|亿)?元"
)

_IN_WORDS = re.compile(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整]{2,}(?<![零壹贰叁肆伍陆柒捌玖])")


def find(sheet: Sheet) -> Iterator[Finding]:
    """Days, moments and sums as exports and decisions write them."""
    for match in sheet.figured(_DATE):
        yield Finding(*match.span(), "keep", NAME, 65)
    for match in sheet.figured(_MONEY, before=4):
        yield Finding(*match.span(), "keep", "amount", 64)
    for match in _IN_WORDS.finditer(sheet.text):
        yield Finding(*match.span(), "keep", "amount", 63)


EXAMPLES = (
    ("签收时间2025-03-29 10:42。", ("2025-03-29 10:42",)),
    ("罚款人民币80,000元", ("人民币80,000元",)),
    ("罚款人民币伍仟元整", ("伍仟元整",)),
)
COUNTER_EXAMPLES = ("电话13857091164", "第二十条")
