"""公民身份号码 of 18 and 15 digits, 港澳台居民居住证 and the permanent-residence card.

Masked when the check digit holds, and also when only the shape does: a mistyped
number still points at a person. GB 11643.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect import credit_code
from pipeline.restricted.detect.digits import Run
from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.labels import label_before

NAME = "identity"
_DATE = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_LONG = re.compile(rf"(?=([1-9]\d{{5}}(?:18|19|20)\d{{2}}{_DATE}\d{{3}}[\dX]))")
_OLD = re.compile(rf"(?=([1-8]\d{{5}}\d{{2}}{_DATE}\d{{3}}))")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_LABELLED = re.compile(
    r"(?:身份证|公民身份|居民身份|身份证件)(?:件)?(?:证)?(?:号码|号|编号)?[是为:\s(]{0,4}"
    r"([0-9Xx][0-9Xx*×\- ]{12,35}[0-9Xx])(?![0-9A-Za-z])"
)


def valid(number: str) -> bool:
    """Whether the 18th character is the check digit of the 17 before it (GB 11643)."""
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, number[:17], strict=True))
    return "10X98765432"[total % 11] == number[17].upper()


def looks(number: str) -> bool:
    """Whether ``number`` has a birth date where an identity number (18 or 15) has one."""
    pattern = _LONG if len(number) == 18 else _OLD
    return len(number) in {15, 18} and bool(pattern.match(number.upper()))


def find(sheet: Sheet) -> Iterator[Finding]:
    """Identity numbers in every spelling that :mod:`digits` reads."""
    for run in sheet.runs:
        yield from _in_run(sheet.text, run)
    for match in _LABELLED.finditer(sheet.text):
        bare = re.sub(r"[^0-9Xx]", "", match[1])
        if "*" not in match[1] and "×" not in match[1] and 14 <= len(bare) <= 19:
            yield Finding(match.start(1), match.end(1), "id", NAME, 85)


def _in_run(text: str, run: Run) -> Iterator[Finding]:
    if len(run.digits) < 15:
        return
    taken = 0
    for match in _LONG.finditer(run.digits):
        first, last = match.span(1)
        if first < taken or not _likely(text, run, first, last):
            continue
        taken = last
        yield Finding(*run.span(first, last), "id", NAME, 95)
    for match in _OLD.finditer(run.digits):
        first, last = match.span(1)
        if first >= taken and run.whole(first, last) and run.even(first, last):
            start, end = run.span(first, last)
            if label_before(text, start) not in {"keep", "bank"}:
                taken = last
                yield Finding(start, end, "id", NAME, 80)


def _likely(text: str, run: Run, first: int, last: int) -> bool:
    number = run.digits[first:last]
    start, _ = run.span(first, last)
    label = label_before(text, start)
    if label == "keep" and run.even(first, last) and credit_code.valid(number):
        return False
    if valid(number) or text[start - 1 : start] == "T":  # 特种作业操作证: T and the id number
        return True
    if not run.whole(first, last):
        return label == "id"
    return label == "id" or (
        run.even(first, last) and not _OTHER.search(text, max(0, start - 12), start)
    )


_OTHER = re.compile(
    r"(?:信用代码|注册号|受理号|工单|流水号?|单号|批号|项目代码|条码|发票|票据)[^,。]{0,6}$"
)


EXAMPLES = (
    ("身份证号330826197509123413,", ("330826197509123413",)),
    ("证件号码 36112819670220502x", ("36112819670220502x",)),
    ("身份证号:361128 19820303 5117。", ("361128 19820303 5117",)),
    ("身份证号361128-1982\n03035117。", ("361128-1982\n03035117",)),
    ("身份证三六一一二八一九八二〇三〇三五一一七", ("三六一一二八一九八二〇三〇三五一一七",)),
    ("又查明500000199003079905一处", ("500000199003079905",)),
    ("第一代居民身份证号653129660308121,", ("653129660308121",)),
)
COUNTER_EXAMPLES = (
    "统一社会信用代码:513507215012347883",
    "受理号:4305112025030500017",
    "身份证410983********3317",
    "2025年1月20日至2025年2月11日",
    "联系电话15459837112\n2026年6月29日,",
)
