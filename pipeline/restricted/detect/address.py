"""Home addresses, from below the township on. Bodies' addresses are public."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.normalise import NOTE

NAME = "address"
_HAN = r"\u4e00-\u9fff"
_HOME = (
    r"家庭住址|家庭地址|现住址|现住地|住址|户籍地址|户籍所在地|户籍地|户籍|户口所在地|户口地址|家住|现住"
    r"|户籍所在|居住地址|经常居住地|居住地|居住于|居住在|居住|暂住地?|租住于|租住在|租住|现居|借住"
    r"|(?<![居入暂租])住(?=于|在|[\u4e00-\u9fff]{2,12}[省市县区镇乡村街路组巷])(?!户|建|房|院|宅|处|宿|所|持|进|了|满|得)"
)
_EITHER = (
    r"住所地|住所|送达地点|送达地址|收件地址|收件人地址|联系地址|通讯地址|通信地址|地址|"
    r"收货地址"
)
_JOIN = rf"(?:登记)?[为是:在于\s{NOTE}]{{0,4}}"
_CUE = re.compile("[住址居户]|送达地点")
_CUED = re.compile(
    rf"(?:(?P<home>{_HOME})|(?P<either>{_EITHER})){_JOIN}"
    rf"(?P<where>[{_HAN}A-Za-z0-9\-—·# ]{{3,60}})"
)
_STEP = rf"(?:(?!镇|乡(?!村)|街道|苏木)[{_HAN}])"
_PLACE = re.compile(
    rf"(?:{_STEP}{{2,7}}?(?:省|自治区))?(?:{_STEP}{{2,8}}?(?:市(?![场镇乡])|自治州|州|盟|地区))?"
    rf"(?:{_STEP}{{1,7}}?(?:新区|(?<!小)(?<!社)(?<!园)区(?!委)|自治县|县|自治旗|旗(?![街镇乡村路])|市(?!场)))?"
    rf"(?:[{_HAN}]{{1,8}}?(?:街道办事处|街道|民族乡|镇|乡(?!村)|苏木))?"
)
_FINE = re.compile(
    r"[村组社屯队号栋幢弄巷里坊胡同室楼院排]|路|街|小区|花园|新村|家园|苑|公寓|单元|湾|庄|坞|牧场|农场|营|沟|垄|岭|寨|嘎查"
)
# Searched from the digits; the estate's or the village's name is then read backwards.
_FLAT = re.compile(
    r"(?:\d{1,4}号)?\d{1,3}(?:[栋幢]|号楼|座)(?:[A-Z\d]{1,2}单元)?\d{3,4}(?:-\d{1,4})?[室号户]?"
    r"|(?:\d{1,3}(?:[栋幢座]|号楼|号))?\d{1,2}单元[\d\-]{1,6}[室号户]?"
)
_IN_FLATS = re.compile("[栋幢座楼单]")
_ESTATE = re.compile(rf"[{_HAN}]{{2,20}}$")
_FARM = re.compile(rf"[组社屯队][{_HAN}]{{0,3}}\d{{1,4}}号")
_VILLAGE = re.compile(rf"[{_HAN}]{{2,5}}村[{_HAN}\d]{{1,6}}$")
# Between commas in a line that describes a person: 男,58岁,石桥镇下坂村21号,电话…
_DESCRIBED = re.compile(
    rf"[,、 ](?:(?<=[男女].)|(?<=(?:\d岁|出生|[{_HAN}]族|农民|村民).))[,、 ]{{0,2}}"
    rf"(?P<where>[{_HAN}]{{2,30}}"
    rf"(?:\d{{1,4}}(?:号|组|室|户|栋|幢|-)[\d\-号室]{{0,8}}|[一二三四五六七八九十]{{1,3}}[组社队]))(?=[,;。()\n\x1f]|$)"
)
_LEAD = re.compile(r"^.{0,8}(?:位于|在|到|至|从|为|是|住|户)|^.{0,14}(?:承租|租用|购买)")
# Where somebody was met who does not live there: 送达地点:阳光敬老院.
_NO_HOME = re.compile(
    r"(?:村委会|居委会|[敬养]老院|福利院|医院|卫生院|卫生室|学校|小学|中学|派出所|公司|工厂|店|酒坊|作坊"
    r"|超市|市场|中心|大厅|工地|项目部|车站|旅社|宾馆)(?:[内外里]|门口|门前|大门口|大厅)?$"
)
_NEXT_LABEL = re.compile(rf" +[{_HAN}]{{2,6}}$")
_CUT = re.compile(
    r"(?:的(?!士)|内(?!蒙)|联系|电话|身份|邮编|邮政|经营|从事| {2,}|(?<=[号室组社户]) .*)"
)
_OF_A_BODY = re.compile(
    r"(?:人民政府|局|委员会|办公室|法院|机关|公司|执法队|大队|复议|单位|中心|办事处|经营场所|营业场所|注册地)[^。;]{0,14}$"
)
_OF_A_PERSON = re.compile(
    r"(?:身份证|公民身份|[,，(]\s?[男女][,，)]|性别|受送达人|你本人|本人|妻|夫|家)[^。]{0,60}$"
)


_OFFICIAL = re.compile(
    r"(?:复议|起诉|联系人|咨询|机关|本局|本办|我局)[^。]*$|\d{3,4}-\d{7,8}[^。]{0,6}$"
)
_OF_BUSINESS = re.compile(
    r"(?:经营场所|营业场所|注册地址|单位地址|办公地址|场所地址|住所地?|地址)[^。;\n]{0,30}$"
)


def find(sheet: Sheet) -> Iterator[Finding]:
    """What follows a home's label, flats and farmsteads without one, and their repeats."""
    tails: set[str] = set()
    for match in _CUED.finditer(sheet.text) if _CUE.search(sheet.text) else ():
        if match["either"] and not _of_a_person(sheet, match):
            continue
        span = _below_township(sheet.text, match.start("where"), match["where"])
        if span and not (match["either"] and _NO_HOME.search(sheet.text, *span)):
            tails.add(sheet.text[span[0] : span[1]])
            yield Finding(*span, "address", NAME, 68)
    for match in _DESCRIBED.finditer(sheet.text):
        span = _below_township(sheet.text, match.start("where"), match["where"])
        if span:
            tails.add(sheet.text[span[0] : span[1]])
            yield Finding(*span, "address", NAME, 68)
    yield from _flats(sheet)
    for tail in tails:
        if len(tail) >= 4:
            for again in re.finditer(re.escape(tail), sheet.text):
                yield Finding(*again.span(), "address", NAME, 67)


def _of_a_person(sheet: Sheet, match: re.Match[str]) -> bool:
    line = sheet.text[max(0, match.start() - 90) : match.start()]
    near = line[-44:].split("。")[-1]
    if _OF_A_BODY.search(near.split("\n")[-1]):
        return False
    if _OFFICIAL.search(near):
        return bool(re.search(r"你|本人|当事人", near[-16:]))
    if match["either"] == "住所" and sheet.sole_trader:
        return True
    if match["either"] in {"住所", "住所地", "地址"} and not sheet.party_is_person:
        return bool(re.search(r"(?:本人|其|经营者[^。\n]{0,60})$", line)) and bool(sheet.people)
    if sheet.party_is_person:
        return True
    return bool(_OF_A_PERSON.search(line)) and match["either"] not in {"地址"}


def _below_township(text: str, start: int, where: str) -> tuple[int, int] | None:
    cut = _CUT.search(where)
    if cut and cut.start() > 2:
        where = where[: cut.start()]
    if text[start + len(where) :][:1] == ":":
        where = _NEXT_LABEL.sub("", where)
    where = where.rstrip(" -—")
    place = _PLACE.match(where)
    head = place.end() if place else 0
    tail = where[head:]
    if tail.startswith("的"):
        head, tail = head + 1, tail[1:]
    if len(tail.strip()) < 2 or not _FINE.search(tail):
        return None
    lead = len(tail) - len(tail.lstrip())
    return start + head + lead, start + len(where)


def _flats(sheet: Sheet) -> Iterator[Finding]:
    flats = _found(sheet.text, _FLAT, _ESTATE) if _IN_FLATS.search(sheet.text) else ()
    for start, end in (*flats, *_farms(sheet.text)):
        before = sheet.text[max(0, start - 30) : start]
        if not sheet.party_is_person and _OF_BUSINESS.search(before):
            continue
        where = sheet.text[start:end]
        lead = _LEAD.match(where)
        head = lead.end() if lead else 0
        place = _PLACE.match(where[head:])
        head += place.end() if place else 0
        if len(where) - head >= 3:
            yield Finding(start + head, end, "address", NAME, 62)


def _found(text: str, core: re.Pattern[str], name: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in core.finditer(text):
        named = name.search(text, max(0, match.start() - 20), match.start())
        yield (named.start() if named else match.start()), match.end()


def _farms(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _found(text, _FARM, _VILLAGE):
        if "村" in text[start:end]:
            yield start, end


EXAMPLES = (
    ("住云陵县柳塘镇下坂村四组12号,联系", ("下坂村四组12号",)),
    ("家庭住址:云陵县东屏街道黄河北路19号2单元401\n", ("黄河北路19号2单元401",)),
    ("男,58岁,石桥镇下坂村21号,电话", ("下坂村21号",)),
    ("在白鹿县城南街道锦绣花园11幢803,", ("锦绣花园11幢803",)),
    ("住平江坪县三市镇彭家冲23号。", ("彭家冲23号",)),
    ("住址:红旗街道向阳小区6栋2门401 工作单位:无", ("向阳小区6栋2门401",)),
    ("其父母共同居住的学府路151弄9号602室,", ("学府路151弄9号602室",)),
)
COUNTER_EXAMPLES = (
    "经营场所:石岭区新桥街道江山路66号一楼",
    "报住房和城乡建设局备案",
    "住户反映强烈",
    "由其妻子代收,送达地点:红柳井村村委会 方式:直接",
)
