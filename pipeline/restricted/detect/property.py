"""Property certificates, new form and old: 不动产权, 房权证, 国用/集用, 林权证, 承包权证."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "property"
_OPEN, _SHUT = r"[(\[〔【]", r"[)\]〕】]"
_YEAR = rf"\s?{_OPEN}?\s?\d{{4}}\s?年?\s?{_SHUT}?\s?"
_NUMBER = r"(?:第|字第|字)?\s?[A-Za-z]{0,3}[\d\-\s]{3,20}(?:号|(?<=\d))"
_SHORT = r"第\s?\d{1,2}号"  # so short only where nothing else is meant
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_NEW = re.compile(
    rf"[{_PROVINCES}]?{_YEAR}[\u4e00-\u9fff]{{0,12}}不动产(?:权证明|证明|权证|权)\s?"
    rf"(?:{_NUMBER}|{_SHORT})"
)
_BARE = re.compile(
    r"不动产(?:权证书号|权证号|权证明|证明|权证|权)[为:\s]{0,3}(第?\s?\d[\d\-\s]{4,12}号?)"
)
_OLD_NAMES = (
    "房权证|房地权证|房地证|房产证|房字|国用|集用|集建|土国用|林证|林权证"
    "|农地承包权|承包权证|农用地|海域使用权|宅基证|宅集用|土房|地证"
)
_OLD = re.compile(
    rf"[\u4e00-\u9fff]{{0,5}}(?:{_OLD_NAMES})"
    rf"[\u4e00-\u9fff]{{0,8}}(?:{_YEAR})?[\u4e00-\u9fff]{{0,4}}(?:{_NUMBER}|字{_SHORT})"
)
_LABELLED = re.compile(
    r"(?:房产证|房屋所有权证|房屋产权证|土地使用权?证|宅基地使用权?证|林权证|承包经营权证|不动产证)书?"
    r"(?:编号|号码|字号|号)?[为是:\s(]{1,4}([A-Za-z\u4e00-\u9fff〔〕()\-]{0,16}\d[\d\-]{3,18}号?)"
)
# Without any of these there is no certificate.
_WORDS = ("不动产", "所有权", "产权证", "使用权", "使用证", "经营权", *_OLD_NAMES.split("|"))
_LEAD = re.compile(
    r"^(?:林权证号|证号|编号|字号|证书号|号为|号是|持有|房产证|系|为|是|号|的|本|有|证|[和与及、])+"
)


def find(sheet: Sheet) -> Iterator[Finding]:
    """Whole certificate references, from the province's short name to 号."""
    if not any(word in sheet.text for word in _WORDS):
        return
    for match in _NEW.finditer(sheet.text):
        yield Finding(*match.span(), "property", NAME, 88)
    for match in _BARE.finditer(sheet.text):
        yield Finding(*match.span(1), "property", NAME, 80)
    for match in _LABELLED.finditer(sheet.text):
        yield Finding(*match.span(1), "property", NAME, 81)
    for match in _OLD.finditer(sheet.text):
        lead = _LEAD.match(match.group())
        start = match.start() + (lead.end() if lead else 0)
        yield Finding(start, match.end(), "property", NAME, 88)


EXAMPLES = (
    ("登记为赣(2019)白鹿县不动产权第0012347号,", ("赣(2019)白鹿县不动产权第0012347号",)),
    ("证号白房权证高字第00351号。", ("白房权证高字第00351号",)),
    ("是白集用(1998)字第0603217号。", ("白集用(1998)字第0603217号",)),
    ("是白集用(1998)字第12号。", ("白集用(1998)字第12号",)),
    ("宅基地使用证号:C0123-45678。", ("C0123-45678",)),
    ("林权证号白府林证字(2008)第0215806号", ("白府林证字(2008)第0215806号",)),
)
COUNTER_EXAMPLES = ("白林采字〔2025〕0077号", "云应急罚〔2025〕17号", "不动产权属证明3份")
