"""决定书文号 and the numbers of other documents, licences and case files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "document_number"
_YEAR = r"[〔\[(【]\s?(?:19|20)\d{2}\s?[〕\])】]"
# What the issuer deals with, as in 唐农(种子)罚〔2025〕14号.
_FIELD = r"(?:\([\u4e00-\u9fff]{1,6}\)[\u4e00-\u9fff]{0,3})"
_WITH_FIELD = re.compile(rf"[\u4e00-\u9fff]{{0,5}}{_FIELD}$")
_NUMBER = re.compile(
    rf"(?:\([\u4e00-\u9fff]{{1,6}}\))?[\u4e00-\u9fffA-Za-z]{{0,12}}{_FIELD}?{_YEAR}"
    r"(?:[\u4e00-\u9fffA-Za-z]{0,4}[\-—]?)?第?\s?[A-Za-z]{0,3}-?\d{1,14}(?:-\d{1,4}){0,2}\s?号?"
)
_YEARS = re.compile(_YEAR)
# Characters at most before the year, (X) and the issuer, and behind it.
_ISSUER, _SERIAL = 20, 40
_PROPERTY = re.compile(r"不动产|房权|房产|国用|集用|林证|林权证?字|承包权|宅基|土国")


def find(sheet: Sheet) -> Iterator[Finding]:
    """Issuer, year in brackets, serial number; property certificates are not among them."""
    reach = 0
    for year in _YEARS.finditer(sheet.text):
        match = _NUMBER.search(sheet.text, max(reach, year.start() - _ISSUER), year.end() + _SERIAL)
        if match is None or match.start() > year.start():
            continue
        reach = match.end()
        if not _PROPERTY.search(match.group()):
            field = _WITH_FIELD.search(sheet.text, match.start(), year.start())
            start = field.start() if field else max(match.start(), year.start() - 8)
            yield Finding(start, match.end(), "keep", NAME, 86)


EXAMPLES = (
    ("云应急罚〔2025〕17号", ("云应急罚〔2025〕17号",)),
    ("湘发改价费(2020)112号文件", ("湘发改价费(2020)112号",)),
    ("编号:陈塬消(简罚)字〔2025〕第0116号", ("陈塬消(简罚)字〔2025〕第0116号",)),
)
COUNTER_EXAMPLES = ("赣(2019)白鹿县不动产权第0012347号", "2025年第3次会议")
