"""The audit finds a planted value in every form, and does not refuse what is lawful."""

import bz2
import gzip
import urllib.parse
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.audit_forms import ANY, NAME_FORMS, NUMBER_FORMS
from pipeline.model import Entry, Kind, PartyType, Publication, PublicDecision
from pipeline.restricted import crossing, look
from pipeline.restricted.asked import Watch
from pipeline.restricted.audit import Leak, audit
from pipeline.restricted.forms import fold, folded, text_of, unquoted
from pipeline.restricted.raw import Origin, Secret
from pipeline.restricted.redact import Redacted
from tests.conftest import tries

ORIGIN = Origin("a.xlsx", "表1", 7)
# Invented: area code 500000 names a whole city, and 990 is no sequence anybody was given.
IDENTITY = "500000199003079906"
CARD = "6228480000000000018"
NAME = "覃测乐"
VALUES = {
    "id": IDENTITY,
    "bank": CARD,
    "phone": "13912345670",
    "name": NAME,
    "address": "测棠路17号3栋402室",
    "email": "qincele-x7@example.invalid",
}


def entry(slug: str = "x-penalty-bcd", party: str = "测试砂石厂", **details: str) -> Entry:
    return Entry(
        decision=PublicDecision(
            slug=slug,
            agency="x",
            kind=Kind.PENALTY,
            number="测罚决〔2026〕1号",
            party=party,
            party_type=PartyType.ORGANISATION,
            decided_on=date(2026, 3, 2),
            details=details,
        ),
        publication=Publication(
            first_day=date(2026, 3, 3),
            last_day=None,
            window_rule="-",
            window_source="-",
            due=date(2026, 3, 11),
            due_provisional=False,
            due_rule="-",
            due_source="-",
        ),
    )


def found(
    folder: Path,
    *secrets: Secret,
    entries: tuple[Entry, ...] = (),
    allowed: tuple[str, ...] = (),
    agency: str = "x",
    written: tuple[str, ...] = (),
) -> list[str]:
    watch = Watch("x-penalty-bcd", ORIGIN, secrets)
    leaks = audit(folder, [watch], entries, allowed={agency: allowed}, written=written)
    return [leak.kind for leak in leaks]


_LARGE = {"far into a large file", "across two blocks"}
_FORMS = [
    *((kind, form) for kind in ("id", "bank", "phone") for form in NUMBER_FORMS),
    *(("name", form) for form in NAME_FORMS),
    *((kind, form) for kind in ("address", "email") for form in ANY),
]


@pytest.mark.parametrize(
    ("kind", "form"), [(k, f) for k, f in _FORMS if k in ("id", "name") or f not in _LARGE]
)
def test_every_form_of_a_value_is_found(tmp_path: Path, kind: str, form: str) -> None:
    value = VALUES[kind]
    write = (NAME_FORMS if kind == "name" else NUMBER_FORMS)[form]
    (tmp_path / "page.html").write_bytes(write(value))
    assert kind in found(tmp_path, Secret(value, kind))


@pytest.mark.parametrize("kind", ["id", "phone", "name"])
def test_every_form_of_a_file_name_is_looked_at(tmp_path: Path, kind: str) -> None:
    value = VALUES[kind]
    escaped = "".join(f"%{byte:02X}" for byte in value.encode())
    for number, name in enumerate((value, escaped, " ".join(value))):
        folder = tmp_path / str(number)
        (folder / f"x-{name}-y").mkdir(parents=True)
        (folder / f"x-{name}-y" / "index.html").write_text("公示", encoding="utf-8")
        assert kind in found(folder, Secret(value, kind))


def test_among_many_files_just_those_with_a_value_are_named(tmp_path: Path) -> None:
    for number in range(40):
        text = f'<a title="{IDENTITY}">' if number in (3, 29) else '<a title="公示">'
        (tmp_path / f"{number}.html").write_text(text, encoding="utf-8")
    watch = Watch("s", ORIGIN, (Secret(IDENTITY, "id"),))
    leaks = audit(tmp_path, [watch], (), allowed={}, written=())
    assert {leak.file for leak in leaks} == {"3.html", "29.html"}


def test_two_processes_find_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for form in ("plain", "gzip", "json escapes", "base64 of gzip"):
        (tmp_path / f"{form}.bin").write_bytes(NAME_FORMS[form](NAME))
    watch = Watch("s", ORIGIN, (Secret(NAME, "name"),))
    alone = audit(tmp_path, [watch], (), allowed={}, written=())
    monkeypatch.setattr(look, "_MUCH", 0)
    monkeypatch.setattr(look, "_TASK", 1)
    assert audit(tmp_path, [watch], (), allowed={}, written=()) == alone
    assert len(alone) == 4


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"public" * 100)[:-12],
        b"\x1f\x8b no gzip at all",
        b"PK\x03\x04 no zip at all",
        bz2.compress(b"public" * 100)[:-12],
    ],
    ids=["cut off", "no gzip", "no zip", "bzip2 cut off"],
)
def test_what_cannot_be_unpacked_refuses_the_release(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file.bin").write_bytes(data)
    assert found(tmp_path) == ["unreadable"]


@pytest.mark.parametrize(
    ("kind", "origin", "told"),
    [
        ("unreadable", None, ["a.gz", "不能完整解开", "请删去或替换"]),
        ("id", None, ["a.gz", "身份证", "不在任何导出行中", "检查模板"]),
        ("id", Origin("表.xlsx", "页", 3), ["a.gz", "身份证", "表.xlsx", "3"]),
        ("new kind", None, ["a.gz", "敏感信息"]),
    ],
)
def test_a_leak_is_a_sentence_with_its_place(kind: str, origin: Origin, told: list[str]) -> None:
    said = str(Leak("a.gz", kind, origin))
    assert [word for word in told if word not in said] == []


def test_gzip_all_the_way_down_refuses_the_release(tmp_path: Path) -> None:
    data = b"public"
    for _ in range(9):
        data = gzip.compress(data)
    (tmp_path / "file.bin").write_bytes(data)
    assert found(tmp_path) == ["unreadable"]


def test_a_file_name_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.html").write_text("公示", encoding="utf-8")
    assert found(tmp_path, Secret(NAME, "name")) == ["name"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("id", IDENTITY),
        ("id", IDENTITY[:-1] + "7"),  # mistyped, and still somebody's
        ("id", "50000019900307990X"),
        ("phone", "13812345678"),
        ("bank", CARD),
    ],
)
def test_shapes_that_no_row_knows_are_found(tmp_path: Path, kind: str, value: str) -> None:
    """An identity number planted in a theme string is no value of any row."""
    (tmp_path / "index.html").write_text(f"<footer>联系人 {value}</footer>", encoding="utf-8")
    assert found(tmp_path) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "91500110MA5U0K2X3X",  # a credit code
        "测罚决〔2026〕13812345678号之一"[:9],
        "金额 13812345678.25 元"[:2],
        "2026-03-02 2026-03-11",
        "坐标 123456789012.5",
        "sha256-1381234567890abcdef13812345678aa",
        "电话 023-48740007 邮编 401024",
    ],
)
def test_lawful_text_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    assert found(tmp_path, Secret("13900001111", "phone")) == []


def test_the_agency_s_own_mobile_hotline_may_stand(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("投诉电话 13812345678", encoding="utf-8")
    assert found(tmp_path, Secret("13812345678", "phone"), allowed=("138-1234-5678",)) == []


def test_an_own_number_may_stand_in_what_is_its_agency_s_and_nowhere_else(tmp_path: Path) -> None:
    hotline = "13812345678"
    lawful = ("agencies/x/index.html", "decisions/x-penalty-bcd/index.html", "data/decisions.csv")
    for name in (*lawful, "agencies/y/index.html", "decisions/y-penalty-bcd/index.html"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(f"投诉电话 {hotline}", encoding="utf-8")
    for secrets in ((), (Secret(hotline, "phone"),)):
        watch = Watch("y-penalty-other", ORIGIN, secrets)
        allowed = {"x": [hotline], "y": ["13900001111"]}
        leaks = audit(tmp_path, [watch], (), allowed=allowed, written=())
        assert {leak.file for leak in leaks} == {
            "agencies/y/index.html",
            "decisions/y-penalty-bcd/index.html",
        }


def test_an_officer_s_telephone_is_a_leak_in_the_decision_on_himself(tmp_path: Path) -> None:
    hotline = "13812345678"
    own = entry(facts=f"联系电话{hotline}")
    (tmp_path / "data.csv").write_text(f"联系电话{hotline}", encoding="utf-8")
    call = {"entries": (own,), "allowed": (hotline,)}
    assert found(tmp_path, **call) == []
    assert found(tmp_path, Secret(hotline, "phone"), **call) == ["phone"]
    assert found(tmp_path, entries=(own,), allowed=(hotline,), agency="another") != []


@pytest.mark.parametrize(("accepted", "kinds"), [(False, ["own"]), (True, [])])
def test_another_agency_s_number_that_a_reviewer_let_pass_may_stand(
    tmp_path: Path, accepted: bool, kinds: list[str]
) -> None:
    own = entry(facts="联系电话13812345678")
    watch = Watch(own.decision.slug, ORIGIN, (), accepted)
    allowed = {"x": (), "y": ("13812345678",)}
    leaks = audit(tmp_path, [watch], (own,), allowed=allowed, written=())
    assert [leak.kind for leak in leaks] == kinds


def test_a_name_that_is_a_word_is_a_leak_in_its_own_row_only(tmp_path: Path) -> None:
    """高兴 in another entry is a word; in what was built from his own row it is he."""
    name = Secret("高兴", "name")
    (tmp_path / "index.html").write_text("群众高兴地说", encoding="utf-8")
    other = entry("x-penalty-other", facts="群众高兴地说")
    assert found(tmp_path, name, entries=(other,)) == []
    own = entry(facts="对高兴罚款二百元")
    assert "name" in found(tmp_path, name, entries=(own, other))


def test_a_word_that_a_reviewer_let_pass_is_no_leak_but_a_number_is(tmp_path: Path) -> None:
    own = entry(facts=f"群众高兴地说，联系{IDENTITY}")
    (tmp_path / "page.html").write_text(f"群众高兴地说，联系{IDENTITY}", encoding="utf-8")
    secrets = (Secret("高兴", "name"), Secret(IDENTITY, "id"))
    kinds = {}
    for accepted in (False, True):
        watch = Watch("x-penalty-bcd", ORIGIN, secrets, accepted)
        leaks = audit(tmp_path, [watch], (own,), allowed={}, written=())
        kinds[accepted] = {leak.kind for leak in leaks}
    assert kinds == {False: {"name", "id"}, True: {"id"}}


def test_a_name_that_is_a_word_does_not_refuse_a_theme_that_uses_it(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>更新时间</p>", encoding="utf-8")
    assert found(tmp_path, Secret("时间", "name")) == []
    assert found(tmp_path, Secret("新时", "name")) == ["name"]


def test_a_name_shown_lawfully_elsewhere_does_not_refuse_the_release(tmp_path: Path) -> None:
    (tmp_path / "roster.html").write_text(f"执法人员 {NAME}", encoding="utf-8")
    assert found(tmp_path, Secret(NAME, "name"), written=(f"{NAME},执法一中队",)) == []
    assert found(tmp_path, Secret(NAME, "name")) == ["name"]


def test_a_namesake_shown_by_another_entry_does_not_refuse_the_release(tmp_path: Path) -> None:
    """A legal representative shown by policy is called like a natural person elsewhere."""
    (tmp_path / "page.html").write_text(f"法定代表人 {NAME}", encoding="utf-8")
    other = entry("x-penalty-other", legal_representative=NAME)
    own = entry(party="覃某某", facts="罚款二百元")
    assert found(tmp_path, Secret(NAME, "name"), entries=(own, other)) == []
    leaking = entry(party="覃某某", facts=f"对{NAME}罚款二百元")
    assert "name" in found(tmp_path, Secret(NAME, "name"), entries=(leaking, other))


def test_a_shop_s_name_may_contain_its_owner_s(tmp_path: Path) -> None:
    shop = f"{NAME}面馆"
    (tmp_path / "page.html").write_text(f"当事人 {shop}", encoding="utf-8")
    own = entry(party=shop, facts="未取得许可从事经营")
    assert found(tmp_path, Secret(NAME, "name"), entries=(own,), written=(shop,)) == []


def test_a_leak_says_where_and_never_what(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(IDENTITY, encoding="utf-8")
    watch = Watch("s", ORIGIN, (Secret(IDENTITY, "id"),))
    leaks = audit(tmp_path, [watch], (), allowed={}, written=())
    told = "\n".join(map(str, leaks))
    assert "page.html" in told
    assert "第7行" in told
    assert IDENTITY not in told
    assert IDENTITY not in repr(leaks)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=tries(60),
    deadline=None,
)
@given(
    before=st.text(max_size=40),
    after=st.text(max_size=40),
    value=st.sampled_from([IDENTITY, CARD, NAME]),
)
def test_a_value_is_found_whatever_stands_around_it(
    tmp_path: Path, before: str, after: str, value: str
) -> None:
    around = (before + value + after).encode("utf-8", errors="replace")
    (tmp_path / "page.html").write_bytes(around)
    kind = "name" if value == NAME else "id"
    assert found(tmp_path, Secret(value, kind))


def crossed(text: str, name: str, **shown: str) -> str:
    """The verdict on a row with ``text`` when ``name`` is a secret of another row."""
    other = Redacted(entry("x-other").decision, "clear", (), {}, (Secret(name, "name"),))
    here = Redacted(entry(facts=text, **shown).decision, "clear", (), {}, ())
    held = crossing.hold({"x-other": other, "x-here": here}, {"x": ["测棠镇人民政府"]})
    assert held["x-other"].verdict == "clear"
    return held["x-here"].verdict


@pytest.mark.parametrize(
    ("text", "name", "verdict"),
    [
        ("证人覃测乐在场", "覃测乐", "held"),
        ("向上官测乐询问", "上官测乐", "held"),
        ("证人覃 测 乐在场", "覃测乐", "held"),
        ("群众高兴地说", "高兴", "clear"),
        ("多次主张三日内补办", "张三", "clear"),
        ("由张三、覃某某送达", "张三", "held"),
        ("测棠镇的公路旁", "测棠镇", "clear"),
        ("证人某某在场", "覃测乐", "clear"),
    ],
)
def test_a_name_of_another_row_holds_the_row_that_shows_it(
    text: str, name: str, verdict: str
) -> None:
    assert crossed(text, name) == verdict


def test_a_namesake_shown_by_policy_does_not_hold_his_company_s_decision() -> None:
    shown = {"legal_representative": NAME}
    assert crossed(f"法定代表人：{NAME}", NAME, **shown) == "clear"
    assert crossed(f"法定代表人：{NAME}", NAME) == "held"


def test_two_characters_that_stand_in_many_decisions_are_a_word_of_the_trade() -> None:
    def verdicts(count: int) -> set[str]:
        rows = {
            f"x-{n}": Redacted(entry(facts="应建未建面积").decision, "clear", (), {}, ())
            for n in range(count)
        }
        bearer = Redacted(entry("x-b").decision, "clear", (), {}, (Secret("应建", "name"),))
        held = crossing.hold({**rows, "x-b": bearer}, {"x": []})
        return {held[slug].verdict for slug in rows}

    assert verdicts(4) == {"held"}
    assert verdicts(5) == {"clear"}


def test_folding_leaves_alone_what_it_takes_for_plain() -> None:
    plain = "".join(map(chr, (*range(0x30, 0x3A), *range(0x61, 0x7B), *range(0x4E00, 0x9FA6))))
    assert text_of(fold(plain)) == plain == folded(plain)


COUNTS = ("4012", "8888", "8888", "1881")  # together a valid card number


@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        ("<table><tr><td>" + "</td>\n<td>".join(COUNTS) + "</td></tr></table>", []),
        ("<tr><th>" + "</th><td>".join(COUNTS) + "</td></tr>", []),
        ("<ul><li>" + "</li>\n<li class='n'>".join(COUNTS) + "</li></ul>", []),
        ("<dl><dd>" + "</dd>\n<dt>".join(COUNTS) + "</dl>", []),
        ("&lt;td&gt;" + "&lt;/td&gt;&lt;td&gt;".join(COUNTS) + "&lt;/td&gt;", []),
        ("<td>" + " ".join(COUNTS) + "</td>", ["bank"]),
        ("<td>" + "<b></b>".join(COUNTS) + "</td>", ["bank"]),
        ("<p>" + "<br>".join(COUNTS) + "</p>", ["bank"]),
        ("<td>1</td><td>" + "</td><td>".join(COUNTS) + "</td> " + "".join(COUNTS), ["bank"]),
    ],
)
def test_counts_in_cells_side_by_side_are_no_card(
    tmp_path: Path, page: str, kinds: list[str]
) -> None:
    """A page of figures must not cost a release; a card known from a row is found in any case."""
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    assert found(tmp_path) == kinds
    assert found(tmp_path, Secret("".join(COUNTS), "bank")) == ["bank"]


@given(st.text(st.sampled_from("张a1 ㎏①㈱ﬁ½…ß℡㍿ﷺ가\u200b\u0301－Ａ"), max_size=40))
def test_a_text_is_folded_as_its_characters_are(text: str) -> None:
    """Also where one character becomes several, or none."""
    assert text_of(fold(text)) == "".join(folded(char) for char in text)
    assert folded("㎏①ﷺ") == "kg1صلى الله عليه وسلم"


@given(
    st.lists(st.sampled_from(["%e6%B5%8B", "%", "%2", "%25", "%41", "%e6", "%FF", "测", "é", "4"]))
)
def test_percents_are_resolved_as_a_browser_does(parts: list[str]) -> None:
    text = "".join(parts)
    assert unquoted(text) == urllib.parse.unquote(text)
