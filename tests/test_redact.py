"""The door: what goes in raw comes out masked, with a verdict and reasons."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline import policy
from pipeline.model import Kind, PartyType
from pipeline.restricted.raw import Origin, RawDecision, Secret
from pipeline.restricted.redact import Redacted, Redactor, redact_record, redact_records

BASE = policy.load("base")
SHIHAO = policy.load("shihao")


def raw(party_type: PartyType = PartyType.ORGANISATION, **values: str) -> RawDecision:
    return RawDecision(
        agency="demo",
        kind=Kind.PENALTY,
        number=values.get("number", ""),
        decided_on=date(2025, 6, 30),
        party_type=party_type,
        values={key: Secret(value, key) for key, value in values.items()},
        origin=Origin("示例.xlsx", "", 3),
    )


def redact(party_type: PartyType = PartyType.ORGANISATION, **values: str) -> Redacted:
    return Redactor(BASE).redact_all([raw(party_type, **values)], ["a"])[0]


def text(source: str, **fields: str) -> str:
    return redact_record(fields, source, BASE).text


MASKED = [
    # two persons of one surname stay apart, the same person stays the same
    ("证人张铁柱、张建国到场。张铁柱称其不知情。", "证人张某某1、张某某2到场。张某某1称其不知情。"),
    # compound, minority, foreign
    ("被询问人：欧阳建军", "被询问人：欧阳某某"),
    ("被询问人：买买提·吐尔逊", "被询问人：买某某"),
    ("货款付给了John Smith，他来过。", "货款付给了J某某，他来过。"),
    # spaced out, and broken over lines
    ("当事人签名：王　小　勇", "当事人签名：王某某"),
    # one-character overlap
    ("被询问人：李明亮\n李明亮称，李明未到场。", "被询问人：李某某1\n李某某1称，李某某2未到场。"),
    # already masked stays
    ("当事人张某某与李*到场。", "当事人张某某与李*到场。"),
    # shops and places keep the names in them
    ("驾车前往王小二饭店。", "驾车前往王小二饭店。"),
    # numbers
    ("身份证号３３０８２６１９７５０９１２３４１３。", "身份证号［身份证号］。"),
    ("电话一三八五七〇九一一六四。", "电话［电话］。"),
    # a mark of an item or a note, and a numeral of the sentence, are no digits of the number
    ("电话①13857091164②15912345678", "电话①［电话］②［电话］"),
    ("电话13857091164②，0739-5331876²", "电话［电话］②，［电话］²"),
    ("电话1③8⑤7⓪9①1⑥4", "电话［电话］"),
    ("证人：①张铁柱②李建国", "证人：①张某某②李某某"),
    ("家庭住址：①白鹿县高桥镇方家坞村31号", "家庭住址：①白鹿县高桥镇［住址略］"),
    ("拨打13857091164一次未接", "拨打［电话］一次未接"),
    ("账号9030 7121 0010 0000 5523 88。", "账号［银行账号］。"),
    ("驾驶湘E·D65K38小型货车", "驾驶［车牌号］小型货车"),
    ("持有赣（2019）白鹿县不动产权第0012347号。", "持有［不动产权证号］。"),
    ("家住白鹿县高桥镇方家坞村大屋组31号。", "家住白鹿县高桥镇［住址略］。"),
    ("微信号sima_wj0226", "微信号［微信号］"),
]


@pytest.mark.parametrize(("source", "expected"), MASKED)
def test_masks(source: str, expected: str) -> None:
    assert text(source) == expected


KEPT = [
    "云应急罚〔2025〕17号",
    "统一社会信用代码：92330826MA2GQ4X75T",
    "依据《中华人民共和国安全生产法》第九十七条第（三）项",
    "罚款人民币伍仟元（¥5000.00），于2025年1月20日缴清。",
    "邮寄单号EX123456789CN",
    "EMS 1182736450912",
    "向石岭区人民政府申请行政复议，电话0739-5358012。",
    "执法证号：14112806031",
    "拨打12345热线",
]


@pytest.mark.parametrize("source", KEPT)
def test_keeps(source: str) -> None:
    assert text(source) == source


def test_own_contact_stays_and_only_whole() -> None:
    source = "电话023-48740007，邮编401024；身份证401024198001010012"
    done = redact_record({}, source, SHIHAO)
    assert "023-48740007" in done.text
    assert "邮编401024" in done.text
    assert "198001010012" not in done.text


def test_the_legal_representative_of_an_organisation_is_shown_in_field_and_text() -> None:
    done = redact(
        party="云陵县宏远建材有限公司",
        legal_representative="高志远",
        full_text="法定代表人高志远，证人高志强。高志远对此无异议。",
    )
    assert done.decision.details["legal_representative"] == "高志远"
    assert done.decision.details["full_text"] == "法定代表人高志远，证人高某某。高志远对此无异议。"


def test_a_shown_name_does_not_show_the_longer_one() -> None:
    done = redact(
        party="清源市慈心基金会",
        legal_representative="单雄",
        full_text="签名：单雄　单雄飞",
    )
    assert done.decision.details["full_text"] == "签名：单雄　单某某"


def test_the_operator_of_a_sole_trader_is_a_citizen() -> None:
    done = redact(
        PartyType.SOLE_TRADER,
        party="石岭区张记面馆",
        legal_representative="张春桃",
        full_text="张记面馆经营者张春桃承认。",
    )
    assert done.decision.party == "石岭区张记面馆"
    assert done.decision.details["legal_representative"] == "张某某"
    assert done.decision.details["full_text"] == "张记面馆经营者张某某承认。"


@pytest.mark.parametrize(
    ("party", "codes"),
    [
        ("吉克阿呷", []),
        ("扎西顿珠", []),
        ("喇文忠", []),
        ("张小明", []),
        ("吉克阿呷养殖场", ["party"]),
        ("旁门店", ["party"]),
        ("1号商户", ["party"]),
    ],
)
def test_a_citizen_called_like_no_citizen_is_looked_at(party: str, codes: list[str]) -> None:
    assert [reason.code for reason in redact(PartyType.PERSON, party=party).reasons] == codes


@pytest.mark.parametrize("party_type", list(PartyType))
def test_a_bare_personal_name_is_masked_whatever_the_type_says(party_type: PartyType) -> None:
    assert redact(party_type, party="赵小满").decision.party == "赵某某"


@pytest.mark.parametrize(
    ("party", "shown"), [("洛松江", "洛某某"), ("好又多超市", "好又多超市"), ("鑫驰", "鑫某某")]
)
def test_a_sole_trader_without_a_shop_is_a_citizen_whatever_the_surname(
    party: str, shown: str
) -> None:
    done = redact(PartyType.SOLE_TRADER, party=party, full_text=f"被处罚人：{party}（无字号）。")
    assert done.decision.party == shown
    assert done.decision.details["full_text"] == f"被处罚人：{shown}（无字号）。"


@pytest.mark.parametrize("thing", ["青斗石", "惠明茶"])
def test_what_only_begins_with_a_surname_holds_no_decision(thing: str) -> None:
    done = redact_record({}, f"采购杉木、{thing}和山货。", SHIHAO)
    assert thing in done.text
    assert not done.held


def test_a_name_that_is_a_word_is_masked_as_a_name_and_kept_as_a_word() -> None:
    done = redact(
        PartyType.PERSON,
        party="田野",
        full_text="当事人：田野，男。经查，田野在自家田野旁修建水泥墓。",
    )
    assert done.decision.party == "田某某"
    assert (
        done.decision.details["full_text"]
        == "当事人：田某某，男。经查，田某某在自家田野旁修建水泥墓。"
    )


def test_masks_run_through_all_fields_of_a_row() -> None:
    done = redact(
        PartyType.PERSON,
        party="仇大海",
        case_name="仇大海违法销售烟花爆竹案",
        facts="仇大海与仇小妹在柳堡镇销售。",
    )
    assert done.decision.party == "仇某某1"
    assert done.decision.details["case_name"] == "仇某某1违法销售烟花爆竹案"
    assert done.decision.details["facts"] == "仇某某1与仇某某2在柳堡镇销售。"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("92330826MA2GQ4X75T", True),
        ("330826197509123413", False),
        ("13857091164", False),
        ("6222021402005637183", False),
        ("330826600012345", True),
    ],
)
def test_a_code_column_shows_no_citizens_number(code: str, *, shown: bool) -> None:
    done = redact(party="云陵县宏远建材有限公司", credit_code=code)
    assert done.decision.details.get("credit_code", "") == (code if shown else "")


WITHHELD = [
    {"minor": "是"},
    {"secret": "true"},
    {"withhold_reason": "涉及商业秘密"},
    {"id_number": "330826201001011232"},
    {"birth_date": "2010-01-01"},
]


@pytest.mark.parametrize("values", WITHHELD, ids=lambda v: next(iter(v)))
def test_withheld_by_law(values: dict[str, str]) -> None:
    assert redact(PartyType.PERSON, party="王小明", **values).verdict == "withheld"


def test_grown_up_on_the_day_is_not_withheld() -> None:
    done = redact(PartyType.PERSON, party="王小明", birth_date="2007-06-30")
    assert done.verdict == "clear"
    done = redact(PartyType.PERSON, party="王小明", birth_date="2007-07-01")
    assert done.verdict == "withheld"


HELD = [
    ("facts", "该线索已移送公安机关。", "other_cases"),
    ("facts", "涉及国家秘密。", "state_secret"),
    ("facts", "学员粟小磊（13岁）中暑。", "minor"),
    ("facts", "经办记录1234567890123456。", "number"),
    ("facts", "\ufffd\ufffd\ufffd经查", "garbled"),
]


@pytest.mark.parametrize(("field", "value", "code"), HELD)
def test_held_with_a_reason(field: str, value: str, code: str) -> None:
    done = redact(party="云陵县宏远建材有限公司", **{field: value})
    assert done.verdict == "held"
    assert (code, field) in {(r.code, r.field) for r in done.reasons}


def test_a_citizen_whose_name_is_none_is_held() -> None:
    assert redact(PartyType.PERSON, party="详见附件三").verdict == "held"


def test_reasons_never_carry_a_value() -> None:
    done = redact(PartyType.PERSON, party="赵小满", facts="记录1234567890123456，移送公安机关")
    assert done.reasons
    for reason in done.reasons:
        assert "赵小满" not in reason.message
        assert "1234567890123456" not in reason.message


def test_spans_are_offsets_in_the_original_text() -> None:
    source = "证人张\u200b铁柱，电话１３８５７０９１１６４。"
    done = redact_record({}, source, BASE)
    assert [(s.kind, source[s.start : s.end]) for s in done.spans] == [
        ("name", "张\u200b铁柱"),
        ("phone", "１３８５７０９１１６４"),
    ]


def test_secrets_name_what_the_audit_must_look_for() -> None:
    done = redact(
        PartyType.PERSON,
        party="赵小满",
        phone="13857091164",
        complainant="钱多多",
        facts="证人孙长江到场，邮箱demo@mail.example.com。",
    )
    found = {(s.kind, s.reveal()) for s in done.secrets}
    assert found >= {
        ("name", "赵小满"),
        ("name", "钱多多"),
        ("name", "孙长江"),
        ("phone", "13857091164"),
        ("email", "demo@mail.example.com"),
    }


def test_private_and_undeclared_columns_do_not_come_out() -> None:
    done = redact_record({"当事人": "赵小满", "联系电话": "13857091164", "随便": "秘密"}, "", BASE)
    assert done.fields == {"当事人": "赵某某", "联系电话": "［不公开］", "随便": "［不公开］"}


def test_declared_private_values_are_masked_in_text() -> None:
    done = redact_record({"当事人": "赵小满", "举报人": "乌有"}, "乌有反映，赵小满占道。", BASE)
    assert done.text == "乌某某反映，赵某某占道。"


def test_records_give_the_same_one_by_one_and_together() -> None:
    records = [({}, source) for source, _ in MASKED]
    together = redact_records(records, BASE)
    assert together == [redact_record(fields, source, BASE) for fields, source in records]


@pytest.mark.parametrize(("sign", "expected"), [("某某", "赵某某"), ("*", "赵*"), ("×", "赵×")])
def test_the_sign_is_the_policys(sign: str, expected: str) -> None:
    import msgspec

    name = msgspec.structs.replace(BASE.mask.name, value=sign)
    mask = msgspec.structs.replace(BASE.mask, name=name)
    chosen = msgspec.structs.replace(BASE, mask=mask)
    row = raw(PartyType.PERSON, party="赵小满")
    assert Redactor(chosen).redact_all([row], ["a"])[0].decision.party == expected


def test_what_masking_cannot_reach_holds_the_decision() -> None:
    """A number of a person's shape in the decision's own number, which nothing masks."""
    clear = redact(number="某罚〔2026〕1号", party="甲公司", facts="违法停车。")
    assert (clear.verdict, clear.reasons) == ("clear", ())
    held = redact(number="某罚〔2026〕13857091164号", party="甲公司", facts="违法停车。")
    assert held.verdict == "held"
    assert [reason.code for reason in held.reasons] == ["visible"]
    assert "13857091164" not in str(held.reasons)
    assert "电话" in held.reasons[0].message


@pytest.mark.parametrize(
    ("spoken", "shown"),
    [("自然人", "百某某"), ("person", "百某某"), ("法人及非法人组织", "百乐门"), ("", "百乐门")],
)
def test_a_record_says_itself_whether_its_party_is_a_person(spoken: str, shown: str) -> None:
    fields = {"行政相对人名称": "百乐门", "行政相对人类别": spoken}
    assert redact_record(fields, "", BASE).fields["行政相对人名称"] == shown
