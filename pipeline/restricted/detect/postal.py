"""EMS and courier numbers, which prove service and name nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "postal"
_UPU = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\s?\d(?:\s?\d){8}\s?[A-Z]{2}(?![A-Za-z0-9])")
_LABELLED = re.compile(
    r"(?:EMS|特快专递|邮寄单号|邮件号码?|邮件编号|快递单号|运单号|挂号信|挂号函件|邮单号|单号)"
    r"(?:单号|号码|编号|号)?[为:\s()]{0,4}(?:EMS\s?)?([A-Z]{0,2}\d(?:[ \-]?\d){9,13}"
    r"(?:\s?[A-Z]{2})?)(?![0-9A-Za-z])"
)


def find(sheet: Sheet) -> Iterator[Finding]:
    """Two letters, nine digits, two letters; or 10 to 14 digits after their label."""
    for match in _UPU.finditer(sheet.text):
        yield Finding(*match.span(), "keep", NAME, 89)
    for match in _LABELLED.finditer(sheet.text):
        yield Finding(*match.span(1), "keep", NAME, 83)


EXAMPLES = (
    ("邮寄单号EX123456789CN已妥投", ("EX123456789CN",)),
    ("(邮件号:EMS 1182736450912)", ("1182736450912",)),
    ("EMS 1047 2295 1860 7", ("1047 2295 1860 7",)),
)
COUNTER_EXAMPLES = ("电话13857091164", "EMS寄出")
