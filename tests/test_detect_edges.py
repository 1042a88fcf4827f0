"""The number detectors at their edges: the shortest and the longest, what touches, what is near.

What a mutation run (``inv mutate``) showed to be noticed by no example of a detector. A table's
text marks what its detector finds, and nothing else, with « and ».
"""

from __future__ import annotations

import re

import pytest

from pipeline.restricted.detect import (
    bank,
    identity,
    passport,
    phone,
    plate,
    property,
)
from pipeline.restricted.detect.digits import runs
from pipeline.restricted.detect.finding import Detector, Sheet

VALID = "500000199003079906"  # no such area: nobody's
WRONG = "500000199003079905"
BOTH = "500000199003070629"  # by its check digit a 信用代码, too
OLD = "500000900307990"

IDENTITY = [
    # no label: a birth date in whole, evenly written digits
    f"又查明«{WRONG}»号",
    f"«{WRONG}»",
    f"又查明0{WRONG}",
    f"又查明{WRONG}0",
    "又查明«500000 19900307 9905»",
    "又查明500000 19900307-9905",
    f"三«{WRONG}»一处",
    # a label or a check digit is enough for one that is not whole or not even
    f"居住证0«{WRONG}»",
    "居住证«500000 19900307-9905»",
    f"又查明0«{VALID}»0",
    "又查明«500000 19900307-9906»",
    f"居住证«{VALID}» «{VALID}»,«{WRONG}»",
    # 15 digits: whole, even and not of something else
    f"又查明«{OLD}»",
    f"又查明«{OLD}» «{OLD}»",
    f"{OLD}0",
    f"0{OLD}",
    "50000090030799",
    "500000 900307-990",
    "«500000 900307 990»",
    f"受理号{OLD}",
    f"账号{OLD}",
    f"电话«{OLD}»",
    "«500 123199010121017»",  # the last fifteen look like one too
    # words of something else, up to six characters before
    f"条码{WRONG}",
    f"条码甲乙丙丁戊己{WRONG}",
    f"条码甲乙丙丁戊己庚«{WRONG}»",
    f"条码,«{WRONG}»",
    f"条码T«{WRONG}»",
    f"条码A{WRONG}",
    # a body's code is one behind its label only, written in one piece, with its own check digit
    f"信用代码{BOTH}",
    f"又查明«{BOTH}»",
    f"信用代码«{VALID}»",
    "信用代码«500000 19900307-0629»",
]

IDENTITY_LABELLED = [
    # any 14 to 19 digits behind the label, with up to four signs between
    "身份证«12345678901234»",
    "身份证号码为: («12345678901234»",
    "身份证号码为: (:12345678901234",
    "身份证号1234567890123",
    "身份证件号«1234567890123456789»",
    "身份证号12345678901234567890",
    "公民身份号码是«12345678901234567X»",
    "居民身份证编号«12345678901234567x»",
    "身份证号12345678901234A",
    f"身份证号«{' '.join('1234567890123456789')}»",
    "身份证号1234********1234",
    "身份证号1234××××××××12345678901234",
]

BANK = [
    # behind a label: nine digits when it is near, twelve when it is not
    "账号12345678",
    "账号«123456789»",
    "账号«123456789»X",
    "账号甲乙丙丁戊己«123456789»",
    "账号甲乙丙丁戊己庚123456789",
    "账号甲乙丙丁戊己庚12345678901",
    "账号甲乙丙丁戊己庚«123456789012»",
    f"账号{'甲' * 28}«123456789012»",
    f"账号{'甲' * 29}123456789012",
    "账号«123456789012345678901234567890»",
    "账号1234567890123456789012345678901",
    f"账号«{' '.join('123456789012345678901234567890')}»",
    # evenly written, the longest first, none twice
    "账号1234-5678 9012",
    "账号«1234-567890123»",
    "账号«1234-5678-9012»,«9876-5432-1098»",
    "账号«1234-5678-9012»,987654321",
    "账号1-«2345 67890123»",
    # no label: the check digit, 13 to 19 digits
    "刷卡622202140209",
    "刷卡«6222021402007»",
    "刷卡6222021402008",
    "刷卡«6222021402005637183»",
    "刷卡62220214020056371825",
    *(f"刷卡«{n}»" for n in ("3222021402005633", "4222021402005631", "5222021402005638")),
    *(f"刷卡{n}" for n in ("0222021402005639", "1222021402005637", "2222021402005635")),
    *(f"刷卡{n}" for n in ("7222021402005634", "8222021402005632")),
    "刷卡«9222021402005630»",
    # not where something else is said, unless far away and a card is meant
    "受理号6222021402005637183",
    "电话6222021402005637183",
    "受理号1,用其卡«6222021402005637183»",
    "受理号1,6222021402005637183",
    "受理号1用其卡6222021402005637183",
    "受理号甲乙丙丁戊己庚辛壬6222021402005637183",
    "受理号甲乙丙丁戊己庚辛壬癸«6222021402005637183»",
    "受理号123,甲乙用其所持卡«6222021402005637183»",
    "受理号123,甲乙用其所持卡4222021402005631",
    "受理号1234567890、6222021402005637183",
]

PASSPORT = [
    "持«E12345678»入境",
    *(
        f"持«{n}»入境"
        for n in ("E 12345678", "E-12345678", "EA1234567", "EA 1234567", "EA-1234567")
    ),
    *(f"持«{n}»入境" for n in ("H12345678", "H1234567801", "M 12345678 01", "C12345678-01")),
    *(f"持«{n}»入境" for n in ("CA1234567", "e12345678", "g12345678", "T12345678", "L12345678")),
    *(f"持{n}入境" for n in ("E1234567", "E123456789", "EI1234567", "EA123456", "EA12345678")),
    *(f"持{n}入境" for n in ("H1234567", "H123456780", "H12345678012", "CO1234567", "CA123456")),
    *(f"持{n}入境" for n in ("CA12345678", "e1234567", "e123456789", "T1234567", "T123456789")),
    *(f"持{n}入境" for n in ("L1234567", "L123456789", "A12345678", "AE12345678", "1E12345678")),
    *(f"持{n}入境" for n in ("E12345678A", "E12345678a", "E  12345678", "EA--1234567")),
    # what is numbered is said in the ten characters before
    "编号甲乙丙丁戊己庚辛E12345678",
    "编号甲乙丙丁戊己庚辛壬«E12345678»",
    # any six to seventeen signs behind the name of the document
    "护照«123456»",
    "护照12345",
    "护照号«12345678901234567»",
    "护照号123456789012345678",
    "护照号«ABCD1234567»",
    "护照号ABCDE1234567",
    "护照号«AB 123456»",
    "护照号«AB-12 34-56»",
    "护照号AB  123456",
    "护照证件号码«AB123456»",
    "护照为:号码«AB123456»",
    "护照为::号码AB123456",
    "护照号码为: («AB123456»",
    "护照号码为: (:AB123456",
    "护照为:: (:«AB123456»",
    "护照为:: (::AB123456",
    "护照号No.:«AB123456»",
    "护照号NO «123456»",
    "护照号№«123456»",
    "护照号No.::123456",
    "护照(甲乙丙丁戊己庚辛壬癸甲乙)号«AB123456»",
    "护照(甲乙丙丁戊己庚辛壬癸甲乙丙)号AB123456",
    "护照()«AB123456»",
    "永久居留身份证号«ABC123456»",
    "永久居留证号«ABC123456»",
]

PLATE = [
    *(f"驾驶«{n}»停" for n in ("浙H7K362", "浙HD12345", "浙h7k362", "浙 ·H- 7K362")),
    *(f"驾驶«{n}»停" for n in ("浙H7 K- 3··62", "浙H7K36 2", "浙HD1234·5", "浙H7O362", "浙H7K3I2")),
    *(f"驾驶«{n}»停" for n in ("浙H7K36挂", "浙H7K3 6学", "浙H7K36警", "粤Z7K36港", "粤Z7K36澳")),
    *(
        f"驾驶{n}停"
        for n in ("浙H7K3", "浙H7K3挂", "浙HABCDE", "浙7K3626", "浙H7K3621A", "浙HOK3BC")
    ),
    *(f"驾驶{n}停" for n in ("浙   H7K362", "浙H   7K362", "浙H7   K362", "浙HKIMA1")),
    "驾驶«浙H7K362»  1停",
    "新ISO9001",
    # behind a label, without the province
    "车牌«7K362»",
    "车牌号码:: «H7K3622»",
    "车牌号码::: H7K362",
    "号牌号是«H-7K3622»",
    "车牌ABCDE",
    "车牌7K36",
    "车牌H7K36221",
    "车牌12345年",
    "挂«浙H临1234»停",
    "挂«浙 H·临- AB1234»停",
    "挂浙H临123停",
    "挂浙H临1234567停",
    # tractors: only where the text speaks of one, in the twelve characters before
    "拖拉机«浙08-12345»停",
    "拖拉机«浙 08 123456»停",
    "拖拉机«浙0812345»停",
    "拖拉机浙0812345678停",
    "拖拉机浙08-1234停",
    "拖拉机浙08--12345停",
    "拖拉机浙0-12345停",
    "三轮甲乙丙丁戊己庚辛壬癸«浙08-12345»停",
    "三轮甲乙丙丁戊己庚辛壬癸子浙08-12345停",
]

PROPERTY = [
    "«赣(2019)白鹿县不动产权第0012347号»",
    "是«(2019)白鹿县不动产权第0012347号»",
    "«赣 ( 2019 年 ) 白鹿县不动产权证 第 A12-34 5号»",
    "«赣2019不动产证明123»",
    "«赣〔2019〕甲乙丙丁戊己庚辛壬癸子丑不动产权第12号»",
    "赣〔2019〕甲乙丙丁戊己庚辛壬癸子丑寅不动产权第12号",
    "«赣〔2019〕白鹿县不动产权第1号»",
    "«房权证第A12345678901234567890号»",
    "«房权证甲乙丙丁戊己庚辛(1998)字第123号»",
    "房权证甲乙丙丁戊己庚辛壬(1998)字第123号",
    "«房权证甲乙丙丁戊己庚辛壬癸子丑123号»",
    "赣〔201〕白鹿县不动产权第12号",
    "赣〔2019〕白鹿县不动产权12号",
    # without a year
    "不动产权证号«12345»",
    "不动产权证号1234",
    "不动产权证书号:::«第 1234567890123号»",
    "不动产权证书号::::12345",
    # behind the name of the certificate
    "房屋所有权证号:«1234»。",
    "房屋所有权证号:123。",
    "房屋所有权证号1234。",
    "房屋所有权证书编号为: («白字第1234567890123456789号»)",
    "房屋所有权证号为: (:1234",
    "不动产证:«甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳1234»",
    "不动产证:甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午1234",
    "土地使用证号:«1-2-3»",
    # old forms: from the place on, without the words before it
    "号为«白房权证高字第00351号»",
    "甲«乙丙丁戊己房权证123号»楼",
    "«房权证甲乙丙丁戊己庚辛123号»",
    "房权证甲乙丙丁戊己庚辛壬癸子丑寅123号",
    "«白集用(1998)甲乙丙丁字第 ABC123号»",
    "是«白集用(1998)字第12号»",
    "白集用〔2025〕12号",
    "白集用(1998)字第ABCD123号",
]

PHONE = [
    # mobile numbers: whole, in any even writing, with what stands before the first digit
    "拨打«13857091164»",
    "拨打«138 5709 1164»",
    "经«138-5709 1164»",
    "经138-57 091164",
    "经1-38-5709 1164",
    "经2 «138-5709 1164»",
    "«(+86)13857091164»",
    "电话«138-5709 1164»",
    "拨打12857091164",
    "拨打138570911640",
    "拨打2138570911640",
    "拨打«13857091164»X",
    "拨打三«13857091164»一次",
    *(f"拨打«{head}13857091164»" for head in ("0", "86", "086", "0086", "+86", "+86 ", "+86-")),
    *(f"拨打«{head}13857091164»" for head in ("(+86)", "(86)", "0086-", "(+0086) ", "+")),
    "拨打«13857091164»、«15912345678»",
    "拨打«13857091164»/«13857091164»",
    # not where it is the number of something else
    "受理号13857091164",
    "受理号甲乙丙丁戊己庚辛壬13857091164",
    "受理号甲乙丙丁戊己庚辛壬癸«13857091164»",
    "受理号1、2、3、4、13857091164",
    "受理号1、2、3、4、5、«13857091164»",
    "受理号1,甲«13857091164»",
    "受理号1(甲)乙«13857091164»",
    "受理号(甲)13857091164",
    "受理号1,1、13857091164",
    "受理号1,编号13857091164",
    "受理号1,甲1、13857091164",
    "李某(工号1)«13857091164»",
    "李某(工号)13857091164",
    # landlines
    *(f"宅电«{n}»" for n in ("0739-5331876", "07395331876", "010-62345678", "(0739) 533 1876")),
    *(f"宅电«{n}»" for n in ("0739--5331876", "0739-533-1876", "021 6234 5678", "+86(739)5331876")),
    *(f"宅电«{n}»" for n in ("0739-5331876转1", "0739-5331876-12345", "0739-5331876 (转 8)")),
    *(f"宅电«{n}»" for n in ("+86-739-5331876", "(0086)0739-5331876", "86-0739-5331876")),
    *(f"宅电{n}" for n in ("0739-1331876", "0239-53318", "0139-5331876", "0739---5331876")),
    *(f"宅电{n}" for n in ("A0739-5331876", "10739-5331876", "-0739-5331876", "0739-533187699")),
    "宅电0739-5331876A",
    "宅电«0739-5331876»转123456",
    "宅Tel«0739-5331876»",
    "宅TEL«0739-5331876»",
    # numbers without an area code: behind a label, in the ten characters before
    "宅电«5331876»",
    "宅电«533 1876»",
    "宅电«6234-5678»",
    "宅电1331876",
    "宅电533187",
    "宅电5331876年",
    "宅电533187699",
    "宅电甲乙丙丁戊己庚辛«5331876»",
    "宅电甲乙丙丁戊己庚辛壬5331876",
    "家中5331876",
    # shared-cost numbers
    "本人«400-123-4567»",
    "本人«8001234567»",
    "本人«400-1234-567»",
    "本人«800 1234 5678»",
    "本人400-12-4567",
    "本人2400-123-4567",
    "本人400-1234-56789",
]

LANDLINE = "0739-5331876"
WHOSE = [
    # the nearest word to the left, in ninety characters of the same sentence
    f"县人民政府{LANDLINE}",
    f"住户«{LANDLINE}»",
    f"住户向人民政府{LANDLINE}",
    f"人民政府告知当事人«{LANDLINE}»",
    f"人民政府告知当事人咨询{LANDLINE}",
    f"住户向人民政府告知当事人«{LANDLINE}»",
    f"人民政府。当事人«{LANDLINE}»",
    f"人民政府{'甲' * 86}{LANDLINE}",
    f"人民政府{'甲' * 87}«{LANDLINE}»",
    f"人民政府告知甲,男,«{LANDLINE}»",
    f"人民政府告知甲、女«{LANDLINE}»",
    f"人民政府告知男方{LANDLINE}",
    # or the sentence before, when this one has but a label
    f"人民政府。联系电话:{LANDLINE}",
    f"当事人。联系电话:«{LANDLINE}»县局",
    f"人民政府。甲乙丙丁联系电话 {LANDLINE}",
    f"人民政府。甲乙丙丁戊联系电话«{LANDLINE}»",
    f"当事人。人民政府。联系电话:{LANDLINE}",
    f"联系电话:«{LANDLINE}»",
    # what follows
    f"人民政府«{LANDLINE}»(宅电)",
    f"人民政府«{LANDLINE}»甲乙丙丁戊己庚辛(家)",
    f"人民政府{LANDLINE}甲乙丙丁戊己庚辛壬(家)",
    "人民政府电话«5331876»(宅电)",
    f"当事人可拨打{LANDLINE}咨询",
    f"当事人可拨打{LANDLINE}进行投诉",
    f"当事人可拨打{LANDLINE}        查询",
    f"当事人可拨打«{LANDLINE}»         查询",
    "当事人电话5331876咨询",
    f"拨打«{LANDLINE}»",
    f"拨打{LANDLINE}向其",
    f"拨打{LANDLINE}甲乙丙丁到场",
    f"拨打«{LANDLINE}»甲乙丙丁戊到场",
    "电话5331876向其",
    f"拨打{LANDLINE}{'甲' * 21}局",
    f"拨打«{LANDLINE}»{'甲' * 22}局",
]

CERTIFICATES = [
    "执法人员(13857091164)",
    "执法人员甲乙(13857091164)",
    "执法人员甲乙,证件号码13857091164",
    "执法人员甲乙,身份号码为«13857091164»",
    "执法人员甲乙,身份号码13857091164",
    "执法人员甲乙,«13857091164»",
    "当事人甲乙(«13857091164»)",
    f"执法人员{'甲' * 59}(13857091164)",
    f"执法人员{'甲' * 60}(«13857091164»)",
    "执法人员甲乙。丙(«13857091164»)",
    "执法人员甲乙,电话«13857091164»",
    f"执法人员甲乙电话{'丙' * 11}(«13857091164»)",
    f"执法人员甲乙电话{'丙' * 12}(13857091164)",
    f"执法人员甲乙证件号码{'丙' * 17}电话(13857091164)",
    f"执法人员甲乙证件号码{'丙' * 18}电话(«13857091164»)",
]

TABLES: tuple[tuple[Detector, list[str]], ...] = (
    (identity, IDENTITY),
    (identity, IDENTITY_LABELLED),
    (bank, BANK),
    (passport, PASSPORT),
    (plate, PLATE),
    (property, PROPERTY),
    (phone, PHONE),
    (phone, WHOSE),
    (phone, CERTIFICATES),
)


def outermost(detector: Detector, text: str) -> set[tuple[int, int]]:
    """The spans of what ``detector`` finds, without those inside another."""
    spans = {(f.start, f.end) for f in detector.find(Sheet(text))}
    return {(a, b) for a, b in spans if not any(c <= a and b <= d for c, d in spans - {(a, b)})}


@pytest.mark.parametrize(
    ("detector", "marked"),
    [pytest.param(d, text, id=f"{d.NAME}-{text}") for d, table in TABLES for text in table],
)
def test_an_edge(detector: Detector, marked: str) -> None:
    text = re.sub("[«»]", "", marked)
    spans = sorted(outermost(detector, text), reverse=True)
    for start, end in spans:
        text = f"{text[:start]}«{text[start:end]}»{text[end:]}"
    assert text == marked


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("账号123456789", True),
        ("刷卡6222021402005636", True),
        ("刷卡622202140200569", False),
        ("刷卡12 622202140200569", False),
    ],
)
def test_a_card_outweighs_a_phone_in_it_by_its_label_or_its_length(text: str, sure: bool) -> None:
    (account,) = bank.find(Sheet(text))
    (mobile,) = phone.find(Sheet("拨打13857091164"))
    assert (account.weight > mobile.weight) is sure


RUNS = [
    ("1234567", ["1234567"]),
    ("123456", []),
    ("1 2 3 4 5 6", []),  # six digits in more than seven characters
    ("1-2 / 3~4*5|6、7", ["1234567"]),
    ("123   4567", ["1234567"]),
    ("1234567    8901234", ["1234567", "8901234"]),
    ("1234567;8901234", ["1234567", "8901234"]),
    ("一二三四五六七", ["1234567"]),
    ("〇○零壹贰叁肆伍陆柒捌玖幺八九", ["000123456789189"]),
    ("1234567X", ["1234567X"]),
    ("1234567 - x.", ["1234567X"]),
    ("1234567    X", ["1234567"]),
    *((f"1234567X{after}", ["1234567"]) for after in "Az0"),
    # the year of a date behind a number goes with the date
    ("1234567\n2026年", ["1234567"]),
    ("1234567 , 1826 年", ["1234567"]),
    ("1234567、二〇二六年", ["1234567"]),
    ("1234567,一九九〇 年", ["1234567"]),
    ("1234567 2026年", ["12345672026"]),
    ("1234567,2126年", ["12345672126"]),
    ("1234567,2026", ["12345672026"]),
    ("1234567,2026  年", ["12345672026"]),
    ("1234567,二〇二六", ["12345672026"]),
    ("1234567,三〇二六年", ["12345673026"]),
]


@pytest.mark.parametrize(("text", "digits"), RUNS)
def test_the_digits_of_a_run(text: str, digits: list[str]) -> None:
    assert [run.digits for run in runs(text)] == digits


@pytest.mark.parametrize("text", ["号1234567", "号123-4567", "号一二三四567", "号123 456 x"])
def test_a_run_knows_where_it_stands(text: str) -> None:
    run, _ = runs(f"{text};1234567")
    assert run.span(0, 7) == (1, len(text))


def test_a_number_begins_and_ends_at_a_border() -> None:
    (run,) = runs("12-34一二56x")
    assert [at for at in range(10) if run.border(at)] == [0, 2, 4, 6, 9]
    assert run.whole(2, 4)
    assert not run.whole(1, 4)
    assert not run.whole(2, 3)


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("12345678", True),
        ("1234-5678", True),
        ("12-34-5678", True),
        ("12-34 5678", False),
        ("12 - 34-5678", True),
        ("12 34  5678", True),
    ],
)
def test_evenly_written_digits_have_one_separator(text: str, even: bool) -> None:
    (run,) = runs(text)
    assert run.even(0, 8) is even


def test_only_the_separators_inside_make_a_stretch_uneven() -> None:
    (run,) = runs("12-34 56/78")
    assert run.even(2, 4)
    assert run.even(2, 6)
    assert not run.even(2, 7)
