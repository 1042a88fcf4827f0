"""统一社会信用代码 (GB 32100): the number of a body, which must stay readable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "credit_code"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {char: i for i, char in enumerate(_ALPHABET)}
_SHAPE = re.compile(r"(?<![0-9A-Za-z])[1-9A-HJ-NPQRTUWXY]\d?[0-9A-Za-z]{16,17}(?![0-9A-Za-z])")
_LABELLED = re.compile(
    r"(?:信用代码|注册号|登记证号|组织机构代码|税务登记证?号)[^0-9A-Za-z。\n]{0,8}"
    r"([0-9A-Z][0-9A-Za-z\-]{7,19})(?![0-9A-Za-z])"
)


def valid(code: str) -> bool:
    """Whether ``code`` has 18 characters of the alphabet and its check character holds."""
    code = code.upper()
    if len(code) != 18 or any(char not in _VALUE for char in code):
        return False
    total = sum(_VALUE[char] * pow(3, i, 31) for i, char in enumerate(code[:17]))
    return _VALUE[code[17]] == (31 - total % 31) % 31


def find(sheet: Sheet) -> Iterator[Finding]:
    """Valid codes anywhere, and any code after the words that announce one."""
    for match in _SHAPE.finditer(sheet.text):
        if valid(match.group()):
            yield Finding(*match.span(), "keep", NAME, 90)
    for match in _LABELLED.finditer(sheet.text):
        yield Finding(*match.span(1), "keep", NAME, 84)


EXAMPLES = (
    ("统一社会信用代码:92330826MA2GQ4X75T。", ("92330826MA2GQ4X75T",)),
    ("统一社会信用代码为513507215012347883,", ("513507215012347883",)),
)
COUNTER_EXAMPLES = ("身份证号码330826197509123413", "编号92330826MA2GQ4X75I5555")
