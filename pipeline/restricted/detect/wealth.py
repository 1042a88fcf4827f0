"""Statements of what a person or a body has: income, savings, holdings, shares."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "wealth"
_MEANS = (
    r"月收入|年收入|月均工资|月工资|工资收入|家庭收入|养老金|退休金|存款|积蓄|储蓄|余额|"
    r"名下有|名下无|房产\d|有一套|有两套|可用资金|应收账款|负债|资产总额|净资产|卡里|"
    r"值(?<![货价产总]值)[一二三四五六七八九十两\d]|存折|存有|欠(?:亲友|亲戚|他人|银行)|"
    r"收入(?<![业售营法收外出支]收入)(?:为|约|合计|共计?|\d)|每月[^,]{0,8}(?:工资|收入)|"
    r"(?:一个月|每月|月均)[一二三四五六七八九两\d][\d,]*[千百元]|车贷|房贷|低保金|手上现金"
)
_SUM = (
    r"[\d.,]+\s?(?:余)?(?:万|亿)?元|[一二三四五六七八九十百千万两零]{2,}(?:多)?元?|\d+平方米|"
    r"\d+[只头辆套]"
)
_CLAUSE = re.compile(r"(?:[^。;:?!,\n\x1f]|(?<=\d),(?=\d{3})){2,60}")
# What goes on after a comma: 无存款, 另欠亲友九万元.
_GOES_ON = re.compile(rf"无存款|没有存款|(?:另|还|并|余|交完|现)[^。;:\n,]{{0,12}}?(?:{_SUM})")
_OF_THE_CASE = re.compile(
    r"%|罚款|租金|收取|交费|缴费|收费标准|违法所得|处以|百分之|没收|补缴|造价|损失|赔偿|存款账户|押金|保证金|指导价"
)
_SHARE = re.compile(r"(?<=\t)\s{0,8}[\d.,]{1,20}万?元(?=\s{0,8}\t\s{0,8}\d{1,3}(?:\.\d{1,4})?%)")
_STATES = re.compile(_MEANS)
_COUNTS = re.compile(_SUM)


_ANSWER = re.compile(
    r"问[^\n]{0,40}(?:收入|存款|财产|有没有车|积蓄|经济状况)[^\n]{0,20}\n答[^:\n]{0,12}:([^\n。]{2,200})"
)


def find(sheet: Sheet) -> Iterator[Finding]:
    """Clauses that name a means and a sum, answers about means, a table's shares."""
    for match in _ANSWER.finditer(sheet.text):
        if _COUNTS.search(match[1]):
            yield Finding(*match.span(1), "wealth", NAME, 67)
    if _STATES.search(sheet.text):
        yield from _clauses(sheet.text)
    for match in _SHARE.finditer(sheet.text) if "\t" in sheet.text else ():
        yield Finding(*match.span(), "wealth", NAME, 66)


def _clauses(text: str) -> Iterator[Finding]:
    """Clauses one after another are one statement."""
    start = end = -1
    for match in _CLAUSE.finditer(text):
        clause = match.group()
        joined = 0 < end == match.start() - 1 and text[end] == ","
        of_means = _STATES.search(clause) and _COUNTS.search(clause)
        if (of_means or (joined and _GOES_ON.match(clause))) and not _OF_THE_CASE.search(clause):
            if not joined and end > 0:
                yield Finding(start, end, "wealth", NAME, 66)
            start, end = (start if joined else match.start()), match.end()
    if end > 0:
        yield Finding(start, end, "wealth", NAME, 66)


EXAMPLES = (
    ("答:两人月收入合计九千一百元,有存款十八万元,", ("两人月收入合计九千一百元,有存款十八万元",)),
    (
        "全家存款仅剩一万二千余元,另欠亲友借款约九万元,",
        ("全家存款仅剩一万二千余元,另欠亲友借款约九万元",),
    ),
    ("家庭月收入六千元左右,无存款,请求从轻", ("家庭月收入六千元左右,无存款",)),
    ("楼某2022年度收入为286,400元。", ("楼某2022年度收入为286,400元",)),
    ("存折上有两万多块,", ("存折上有两万多块",)),
    ("毛某\t30万元\t50%", ("30万元",)),
)
COUNTER_EXAMPLES = (
    "没收违法所得18300元",
    "处上一年年收入百分之三十的罚款",
    "营业收入为286,400元",
    "协会基本存款账户开户行",
)
