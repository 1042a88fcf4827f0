"""Bank cards (Luhn) and accounts (by their label; corporate ones have no check digit)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.restricted.detect.digits import Run
from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.labels import apart, label_before

NAME = "bank"
_REACH = 30
_NEAR = 8
_LENGTHS = range(9, 31)


def luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check of the ones before it."""
    odd = sum(map(int, digits[-1::-2]))
    even = sum((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)[int(d)] for d in digits[-2::-2])
    return (odd + even) % 10 == 0


def find(sheet: Sheet) -> Iterator[Finding]:
    """Accounts: stretches of whole digit groups, longest first."""
    for run in sheet.runs:
        yield from _in_run(sheet.text, run)


def _in_run(text: str, run: Run) -> Iterator[Finding]:
    digits = run.digits.rstrip("X")
    borders = [0, *(i for i in range(1, len(digits)) if run.border(i)), len(digits)]
    taken = 0
    for place, first in enumerate(borders[:-1]):
        if first < taken:
            continue
        for last in reversed(borders[place + 1 : place + _LENGTHS.stop]):
            if last - first in _LENGTHS and _account(text, run, first, last, digits):
                taken = last
                start, end = run.span(first, last)
                sure = label_before(text, start, _REACH) == "bank" or last - first >= 16
                yield Finding(start, end, "bank", NAME, 79 if sure else 70)
                break


def _account(text: str, run: Run, first: int, last: int, digits: str) -> bool:
    length = last - first
    start, _ = run.span(first, last)
    label = label_before(text, start, _REACH)
    if not run.even(first, last):
        return False
    if label == "bank":
        return length >= 12 or label_before(text, start, _NEAR) == "bank"
    if label == "phone" or not 13 <= length <= 19 or digits[first] not in "34569":
        return False
    kept = label == "keep" and not (digits.startswith("62", first) and apart(text, start))
    return luhn(digits[first:last]) and not kept


EXAMPLES = (
    ("账号6222021402005637183)。", ("6222021402005637183",)),
    ("账号9030 7121 0010 0000 5523 88。", ("9030 7121 0010 0000 5523 88",)),
    ("刷6222021402005637183一次", ("6222021402005637183",)),
    ("案号12,其用卡6222021402005637183支付", ("6222021402005637183",)),
    ("从个人银行卡(6217 0024 7000 8134 923)垫付", ("6217 0024 7000 8134 923",)),
)
COUNTER_EXAMPLES = (
    "受理号:4305112025030500017",
    "工单20250512008731的答复",
    "罚款18300元,转入会计账户",
    "受理号:6222021402005637175、6222021402005637183",
)
