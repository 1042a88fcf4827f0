"""The audit finds a planted value in every form, and does not refuse what is lawful."""

import base64
import gzip
import html
import json
import urllib.parse
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import Entry, Kind, PartyType, Publication, PublicDecision
from pipeline.restricted.audit import Watch, audit
from pipeline.restricted.raw import Origin, Secret

ORIGIN = Origin("a.xlsx", "表1", 7)
# Invented: area code 500000 names a whole city, and 990 is no sequence anybody was given.
IDENTITY = "500000199003079906"
CARD = "6228480000000000018"
NAME = "覃测乐"


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
    written: tuple[str, ...] = (),
) -> list[str]:
    watch = Watch("x-penalty-bcd", ORIGIN, secrets)
    leaks = audit(folder, [watch], entries, allowed=allowed, written=written)
    return [leak.kind for leak in leaks]


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
FORMS: dict[str, Callable[[str], bytes]] = {
    "plain": lambda v: v.encode(),
    "between words": lambda v: f"证件{v}号".encode(),
    "full width": lambda v: v.translate(FULL_WIDTH).encode(),
    "spaced": lambda v: f"{v[:6]} {v[6:14]} {v[14:]}".encode(),
    "hyphens": lambda v: f"{v[:6]}-{v[6:]}".encode(),
    "zero width": lambda v: "\u200b".join(v).encode(),
    "split by tags": lambda v: f"<b>{v[:5]}</b><i>{v[5:]}</i>".encode(),
    "entities": lambda v: "".join(f"&#{ord(c)};" for c in v).encode(),
    "escaped attribute": lambda v: f'<a title="{html.escape(v)}">'.encode(),
    "percent": lambda v: "".join(f"%{b:02X}" for b in v.encode()).encode(),
    "query": lambda v: f"?q={urllib.parse.quote(v)}".encode(),
    "json escapes": lambda v: "".join(f"\\u{ord(c):04x}" for c in v).encode(),
    "json": lambda v: json.dumps({"x": v}).encode(),
    "base64": lambda v: base64.b64encode(f"当事人证件 {v}".encode()),
    "gzip": lambda v: gzip.compress(v.encode()),
    "gzip in gzip": lambda v: gzip.compress(gzip.compress(v.encode())),
    "line break": lambda v: f"{v[:9]}\n{v[9:]}".encode(),
}
NUMBERS_ONLY = {"full width", "spaced", "hyphens", "line break"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("kind", "value"), [("id", IDENTITY), ("bank", CARD)])
def test_every_form_of_a_number_is_found(tmp_path: Path, form: str, kind: str, value: str) -> None:
    (tmp_path / "page.html").write_bytes(FORMS[form](value))
    assert kind in found(tmp_path, Secret(value, kind))


@pytest.mark.parametrize(
    "form",
    [form for form in FORMS if form not in {"full width", "spaced", "hyphens", "line break"}],
)
def test_every_form_of_a_name_is_found(tmp_path: Path, form: str) -> None:
    (tmp_path / "page.html").write_bytes(FORMS[form](NAME))
    assert found(tmp_path, Secret(NAME, "name")) == ["name"]


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
        leaks = audit(tmp_path, [watch], (own,), allowed=(), written=())
        kinds[accepted] = {leak.kind for leak in leaks}
    assert kinds == {False: {"name", "id"}, True: {"id"}}


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
    leaks = audit(tmp_path, [watch], (), allowed=(), written=())
    told = "\n".join(map(str, leaks))
    assert "page.html" in told
    assert "第7行" in told
    assert IDENTITY not in told
    assert IDENTITY not in repr(leaks)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
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
