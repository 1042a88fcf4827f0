"""The account a fine is paid into: the public must be able to read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.bank import luhn
from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "treasury"
_PAY_INTO = re.compile(
    r"缴(?:至|到|入|纳至|纳到|款账户)[^。;\n\d]{0,48}[号户,行室心][::,]{0,2}\s?$"
)
_REACH = 64
_ACCOUNT = range(9, 31)
_CARD = re.compile(r"62\d{14,17}")


def find(sheet: Sheet) -> Iterator[Finding]:
    """The number right behind 缴至…账号; never what could be a citizen's card."""
    for run in sheet.runs:
        start, end = run.span(0, len(run.digits))
        card = _CARD.fullmatch(run.digits) and luhn(run.digits)
        if card or len(run.digits) not in _ACCOUNT or not run.digits.isdigit():
            continue
        if _PAY_INTO.search(sheet.text, max(0, start - _REACH), start):
            yield Finding(start, end, "keep", NAME, 90)


EXAMPLES = (
    ("罚款缴至临溪县农商行,账号:9201 0750 0000 2619。", ("9201 0750 0000 2619",)),
    ("缴至某县财政局非税收入专户,账号:9201 0400 0712 3366。", ("9201 0400 0712 3366",)),
)
COUNTER_EXAMPLES = (
    "缴至其妻账户,账号6222021402005637183",
    "汇入其账户9201040007123366",
    "违法所得缴至专户。其账号9201040007123366",
)
