"""Passports and travel permits of mainland, Hong Kong, Macau, Taiwan and foreign persons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.labels import label_before

NAME = "passport"
_CHINESE = re.compile(
    r"(?<![0-9A-Za-z])(?:[EGDSPK][\s\-]?\d{8}|E[A-HJ-NP-Z][\s\-]?\d{7}|[HMC][\s\-]?\d{8}(?:[\s\-]?\d{2})?"
    r"|C[A-HJ-NP-Z]\d{7}|[eg]\d{8}|T\d{8}|L\d{8})(?![0-9A-Za-z])"
)
_LABELLED = re.compile(
    r"(?:护照|通行证|回乡证|台胞证|旅行证|永久居留(?:身份)?证)(?:\([^)]{0,12}\))?"
    r"(?:证件|证)?[为是:\s(]{0,2}(?:号码|号|编号)?[为是:\s(]{0,4}(?:(?:N[oO]|№)[.:\s]{0,2})?"
    r"([A-Za-z]{0,4}[\s\-]?\d(?:[ \-]?[0-9A-Za-z]){5,16})(?![0-9A-Za-z])"
)


def find(sheet: Sheet) -> Iterator[Finding]:
    """The Chinese shapes anywhere, any shape after the name of the document."""
    for match in _CHINESE.finditer(sheet.text):
        if label_before(sheet.text, match.start(), 10) != "keep":
            yield Finding(*match.span(), "passport", NAME, 72)
    for match in _LABELLED.finditer(sheet.text):
        yield Finding(*match.span(1), "passport", NAME, 82)


EXAMPLES = (
    ("持护照E12345678入境", ("E12345678",)),
    ("护照号码:EA1234567", ("EA1234567",)),
    ("港澳居民来往内地通行证H12345678", ("H12345678",)),
    ("护照号:AB123456", ("AB123456",)),
    ("护照证号:AB123456", ("AB123456",)),
    ("护照号码:No.AB123456", ("AB123456",)),
    ("护照号码75 1234567,", ("75 1234567",)),
)
COUNTER_EXAMPLES = ("设备编号E12345678", "型号H12345")
