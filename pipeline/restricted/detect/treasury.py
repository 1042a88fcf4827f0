"""The account a fine is paid into: the public must be able to read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.restricted.detect.bank import luhn
from pipeline.restricted.detect.digits import Run
from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "treasury"
_PAY_INTO = re.compile(
    r"缴(?:至|到|入|纳至|纳到|款账户)[^。;\n\d]{0,48}[号户,行室心][::,]{0,2}\s?$"
)
_REACH = 64
_ACCOUNT = range(9, 31)
_CARD = re.compile(r"62\d{14,17}")
_PERSONAL = re.compile(rf"1[3-9]\d{{9}}|{_CARD.pattern}")


def find(sheet: Sheet) -> Iterator[Finding]:
    """The number right behind 缴至…账号; never what could be a citizen's card."""
    for run in sheet.runs:
        number = run.digits[: _length(run)]
        start, end = run.span(0, len(number))
        card = _CARD.fullmatch(number) and luhn(number)
        if card or len(number) not in _ACCOUNT or not number.isdigit():
            continue
        if _PAY_INTO.search(sheet.text, max(0, start - _REACH), start):
            yield Finding(start, end, "keep", NAME, 90)


def _length(run: Run) -> int:
    """How many digits of ``run`` are one account: up to a comma, a numeral, a person's number."""
    borders = [at for at in range(1, len(run.digits) + 1) if run.border(at)]
    for at, end in pairwise(borders):
        apart = not run.gaps[at] or bool(run.gaps[at].strip(" \n-"))
        if apart or _PERSONAL.fullmatch(run.digits, at, end):
            return at
    return len(run.digits)


EXAMPLES = (
    ("缴至县国库中心,账号:3750 1818 0100 0000 66。", ("3750 1818 0100 0000 66",)),
    ("罚款缴至临溪县农商行,账号:9201 0750 0000 2619。", ("9201 0750 0000 2619",)),
    ("缴至县财政局专户,账号:9201040007123366,13857091164", ("9201040007123366",)),
    ("缴至某县财政局非税收入专户,账号:9201 0400 0712 3366。", ("9201 0400 0712 3366",)),
)
COUNTER_EXAMPLES = (
    "缴至其妻账户,账号6222021402005637183",
    "缴至其妻账户,账号6222021402005637183一次",
    "缴至其妻账户,账号6222021402005637183、13857091164",
    "汇入其账户9201040007123366",
    "违法所得缴至专户。其账号9201040007123366",
)
