"""Mobile and landline numbers. A body's own switchboard stays, a person's does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.digits import Run
from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.labels import apart, label_before

NAME = "phone"
_MOBILE = re.compile(r"(?=(1[3-9]\d{9}))")
_SPOKEN = [3, 7]  # 138-5709 1164
_PREFIXES = ("0086", "086", "86", "0", "")
_COUNTRY = re.compile(r"(?:\(?\+?(?:00)?86\)[ \-]?|\+)$")
_LANDLINE = re.compile(
    r"(?:(?<![0-9A-Za-z\-])|(?<=[Tt]el)|(?<=TEL))"
    r"(?:(?:\(?\+?(?:00)?86\)?[\s\-]?)?(?=\(?0)|\(?\+86\)?[\s\-]?)"
    r"(\(?0?(?:10|2\d|[3-9]\d{2})\)?[\s\-]{0,2}[2-9]\d{2,3}[\s\-]?\d{4})"
    r"(?:[\s\-(]{0,2}(?:转|-)\s?\d{1,5}\)?)?(?![0-9A-Za-z])"
)
_LOCAL = re.compile(r"(?<![0-9A-Za-z\-〔(])([2-9]\d{2,3}[\s\-]?\d{4})(?![0-9A-Za-z年号元])")
_TOLL = re.compile(r"(?<![0-9])((?:400|800)[\s\-]?\d{3,4}[\s\-]?\d{3,4})(?![0-9])")
# Who the number belongs to: the nearest of these words in the same sentence says it.
_OF_A_BODY = re.compile(
    r"人民政府|管理局|委员会|办公室|法院|派出所|执法队|大队|中队|中心|本机关|本局|本办|我局|我办|我队|我镇"
    r"|复议|联系人|本机关|科|股|所|咨询|监督|投诉|举报电话|热线|值班|传真|通讯地址|邮编|邮政编码|联系部门|局|街道办|信访"
)
_OF_A_PERSON = re.compile(
    r"宅电|所留|家中|您所|家庭|住宅|本人|当事人|被处罚人|负责人|经营者|法定代表人|证人|代理人|签收人|收件人|受送达人|手机"
    r"|[男女](?=[,)、]|$)|住户|[之其](?:妻|夫|子|女|父|母)|夫妻|身份证|举报人|投诉人|您|被询问人|申请人|被检查|老板|业主|店主"
)


def find(sheet: Sheet) -> Iterator[Finding]:
    """Mobile numbers anywhere; landlines unless the sentence gives them to a body."""
    for run in sheet.runs:
        yield from _mobiles(sheet.text, run)
    for pattern in (_LANDLINE, _TOLL):
        for match in sheet.figured(pattern, before=2):
            if _personal(sheet.text, match.start(1)):
                yield Finding(*match.span(), "phone", NAME, 75)
    for match in sheet.figured(_LOCAL):
        labelled = label_before(sheet.text, match.start(), 10) == "phone"
        if labelled and _personal(sheet.text, match.start()):
            yield Finding(*match.span(), "phone", NAME, 74)


def _mobiles(text: str, run: Run) -> Iterator[Finding]:
    taken = 0
    for match in _MOBILE.finditer(run.digits):
        first, last = match.span(1)
        if first < taken:
            continue
        head = _head(run, first)
        if head is None or not _ends(run, last) or not _written_as_phone(text, run, first, last):
            continue
        taken = last
        start, end = run.span(head, last)
        country = _COUNTRY.search(text, max(0, start - 8), start)
        start = country.start() if country else start
        yield Finding(start, end, "phone", NAME, 78)


def _head(run: Run, first: int) -> int | None:
    for prefix in _PREFIXES:
        head = first - len(prefix)
        if head >= 0 and run.border(head) and run.digits[head:first] == prefix:
            return head
    return None


def _ends(run: Run, last: int) -> bool:
    return run.border(last) or run.digits[last:] == "X"


def _written_as_phone(text: str, run: Run, first: int, last: int) -> bool:
    start, _ = run.span(first, last)
    label = label_before(text, start)
    if label_before(text, start, 12) == "keep" and not apart(text, start):
        return False
    if _certificate(text, start, label):
        return False
    parts = [i - first for i in range(first + 1, last) if run.gaps[i]]
    return label == "phone" or run.even(first, last) or parts == _SPOKEN


_OFFICERS = re.compile(
    r"(?:执法人员|执法员|承办人员?|办案人员|检查人员|调查人员|扣押人员|送达人|队员|经办人员|核查人员|勘验人员?)"
    r"[^\n。]{1,60}$"
)


def _certificate(text: str, start: int, label: str) -> bool:
    """Whether eleven digits beside an officer's name are the number of the certificate."""
    line = text[max(0, start - 80) : start]
    if re.search(r"电话|手机|联系|Tel|号码为\s*$", line[-14:]) and "证件号码" not in line[-24:]:
        return False
    officers = _OFFICERS.search(line)
    return bool(officers) and (line[-1:] == "(" or label == "id")


def _personal(text: str, start: int) -> bool:
    sentences = re.split(r"[。\x1f]", text[max(0, start - 90) : start])
    before = sentences[-1]
    silent = not (_OF_A_BODY.search(before) or _OF_A_PERSON.search(before))
    if silent and len(before.strip()) <= 8 and len(sentences) > 1:
        before = sentences[-2]  # 不服的，可申请复议。联系电话：…
    after = text[start : start + 34]
    if re.match(r"[^。\n]{7,20}\((?:宅电|家)", after):
        return True
    if re.match(r"[\d\-() 转]{7,20}(?:进行)?(?:咨询|投诉|举报|监督|查询)", after):
        return False
    body = max((m.end() for m in _OF_A_BODY.finditer(before)), default=-1)
    person = max((m.end() for m in _OF_A_PERSON.finditer(before)), default=-1)
    if max(body, person) >= 0:
        return person > body
    return not re.search(r"^[^。\n]{7,16}(?:向|到)|局|政府|办公室|委员会", after)


EXAMPLES = (
    ("联系电话13857091164。", ("13857091164",)),
    ("手机+86 138-8170-5542,", ("+86 138-8170-5542",)),
    ("联系电话15459837112\n2026年6月29日,", ("15459837112",)),
    ("联系方式:186 7345 2209", ("186 7345 2209",)),
    ("楼上住户(住宅电话0739-5331876)", ("0739-5331876",)),
    ("收件人电话 (0354)7712983", ("(0354)7712983",)),
    ("拨打13857091164一直关机", ("13857091164",)),
    ("李某(案号12),李某13857091164", ("13857091164",)),
    ("Tel0739-5331876", ("0739-5331876",)),
    ("宅电+86-739-5331876", ("+86-739-5331876",)),
    ("电话一三八五七〇九一一六四", ("一三八五七〇九一一六四",)),
)
COUNTER_EXAMPLES = (
    "执法证号:14112806031",
    "向某县人民政府申请行政复议,电话0739-5358012。",
    "拨打12345热线",
    "您如有异议,可拨打0571-8390217咨询。",
    "联系人:岑夫子 电话:0778-8812350",
    "罚款80000元",
)
