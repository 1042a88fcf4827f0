"""Rosters: the state goes by the day, without a rebuild too; who is looked up is found."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from pipeline import policy
from pipeline.public.library.roster import Officer, State, plain_number, read_officers, shown
from pipeline.public.pages import roster_pages
from pipeline.public.pages.qr import qr
from pipeline.public.search.pages import document_of_page
from pipeline.public.sweep.pages import cut
from pipeline.public.sweep.plan import Plan
from pipeline.public.sweep.sweep import _plan_pages as plan_pages
from tests.rendering import BASE, TODAY, demo, rendered

SLUGS = tuple(demo().folders)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return rendered(roster_pages.pages(demo(), TODAY, BASE))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {file.path: file.body for file in roster_pages.files(demo(), TODAY)}


def officer(**changes: object) -> Officer:
    cells = dict.fromkeys(roster_pages.COLUMNS, "x")
    facts = {
        "staff": "执法人员",
        "valid_to": None,
        "state": State.VALID,
        "since": None,
        "until": None,
    }
    return Officer(cells=cells, **{**facts, **changes})  # type: ignore[arg-type]


officers = st.builds(
    officer,
    valid_to=st.none() | days,
    state=st.sampled_from(State),
    since=st.none() | days,
    until=st.none() | days,
)


@given(officers, days, st.lists(days, max_size=20))
def test_the_states_to_come_say_what_each_day_will_say(one, today, later):
    standings = one.standings(today)
    assert standings[0].first is None
    assert standings[-1].last is None
    for day in [today, *(day for day in later if day > today)]:
        (found,) = [
            s
            for s in standings
            if (not s.first or s.first <= day) and (not s.last or day <= s.last)
        ]
        assert found.state is one.standing(day)


def test_a_suspension_without_an_end_lasts_the_policys_thirty_days(tmp_path):
    head = "姓名,执法证件编号,人员类别,状态,状态起,状态止"
    path = tmp_path / "officers.csv"
    path.write_text(f"{head}\n甲,演1,执法人员,暂扣,2026-11-05,\n乙,演2,执法人员,收回,2026-11-05,\n")
    suspended, withdrawn = read_officers(path, policy.load("liaoning").suspension)
    assert suspended.until == date(2026, 12, 5)
    assert suspended.standing(date(2026, 12, 5)) is State.SUSPENDED
    assert suspended.standing(date(2026, 12, 6)) is State.VALID
    assert withdrawn.standing(date(2036, 1, 1)) is State.WITHDRAWN


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("甲,演1,执法人员,暂扣,,", "“状态起”暂扣的应写明从哪一天起。"),
        ("甲,演1,执法人员,暂扣,2026-11-05,2026-11-04", "“状态止”早于状态起，请核对。"),
    ],
)
def test_a_suspension_that_cannot_be_is_told(tmp_path, row, expected):
    path = tmp_path / "officers.csv"
    path.write_text(f"姓名,执法证件编号,人员类别,状态,状态起,状态止\n{row}\n")
    with pytest.raises(Exception, match=expected):
        read_officers(path)


def spans(page: str, number: str) -> str:
    """The state cell of the officer with this number."""
    row = page[page.index(f'<tr id="{number}">') :]
    return re.search(r'data-label="证件状态">(.*?)</td>', row, re.DOTALL)[1]


def test_a_page_holds_every_state_to_come(pages):
    cell = spans(pages["agencies/shihao/officers/"], "演50011007")
    assert re.findall(r'<span class="standing"([^>]*)>', cell) == [
        ' data-last-day="2026-12-05"',
        ' data-first-day="2026-12-06" hidden data-last-day="2028-07-31"',
        ' data-first-day="2028-08-01" hidden',
    ]
    assert re.findall(r'class="state state-(\w+)"', cell) == ["suspended", "valid", "expired"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-12-05", "暂扣证件至2026年12月5日"),
        ("2026-12-06", "有效"),
        ("2028-07-31", "有效"),
        ("2028-08-01", "证件已过期2028年7月31日到期"),
    ],
)
def test_a_sweep_lets_a_state_end_and_the_next_begin(pages, day, expected):
    swept = cut(pages["agencies/shihao/officers/"], day).page
    cell = re.sub(r"<span[^>]* hidden.*", "", spans(swept, "演50011007"), flags=re.DOTALL)
    assert re.sub(r"<[^>]*>|\s", "", cell) == expected
    assert cut(swept, day).page == swept


def test_a_sweep_finds_the_rosters_by_itself(tmp_path, pages):
    name = "agencies/shihao/officers/index.html"
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text(pages["agencies/shihao/officers/"], encoding="utf-8")
    for day, changed in ((date(2026, 12, 5), set()), (date(2026, 12, 6), {name})):
        plan = Plan(tmp_path)
        plan_pages(plan, day)
        assert plan.written.keys() == changed


@pytest.mark.parametrize("slug", SLUGS)
def test_a_roster_shows_the_policys_columns_and_nobody_it_does_not_publish(pages, slug):
    folder, page = demo().folders[slug], pages[f"agencies/{slug}/officers/"]
    fields = folder.policy.roster.fields
    for one in folder.officers:
        visible = one in shown(folder.officers, fields)
        assert (one.cells["name"] in page) == visible
        assert (f'id="{one.number}"' in page) == visible
        for key, text in one.cells.items():
            if visible and key in fields and key != "valid_to":
                assert text in page
    if "duty" not in fields:
        assert not [
            one
            for one in folder.officers
            if one.cells["duty"] in page.split("<tbody>")[1]
            and one.cells["duty"] not in ("执法人员", "执法辅助岗")
        ]


def test_auxiliaries_are_marked_and_stand_apart(pages):
    page = pages["agencies/zhejiang/officers/"]
    assert "<h2>执法辅助人员（3人）</h2>" in page
    assert "不能单独执法" in page
    assert "执法辅助人员" not in pages["agencies/shihao/officers/"]


def test_the_check_page_lists_every_number_without_a_script(pages, files):
    page = pages["officers/"]
    listed = re.findall(r'<tr id="([^"]+)">', page)
    data = json.loads(files["officers/officers.json"])
    assert listed == [one["number"] for one in data["officers"]]
    assert len(listed) == len(set(listed)) > 30
    assert "请在下面的名单中查找" in page
    assert "石壕镇综合行政执法大队" not in page  # the town does not publish the unit


def test_the_data_of_the_check_holds_only_what_is_public(files):
    data = json.loads(files["officers/officers.json"])
    assert len(files["officers/officers.json"]) < 30_000
    for one in data["officers"]:
        fields = demo().folders[one["agency"]].policy.roster.fields
        labels = [label for label, _ in one["cells"]]
        assert set(labels) <= {roster_pages.COLUMNS[key] for key in fields if key != "staff"}
        assert one["states"][0]["first"] == "" == one["states"][-1]["last"]
    (suspended,) = [one for one in data["officers"] if one["number"] == "演50011007"]
    assert [state["state"] for state in suspended["states"]] == ["suspended", "valid", "expired"]


def test_a_card_leads_to_the_check_and_the_number_stays_in_the_fragment(pages):
    page = pages["agencies/shihao/officers/cards/"]
    one = demo().folders["shihao"].officers[0]
    code = roster_pages.code(one, BASE)
    assert code in page
    assert code == qr(f"{BASE}/officers/#%E6%BC%9450011001", "扫码核对证件演50011001")
    assert 'name="robots" content="noindex"' in page
    assert "演50011006" not in page  # expired
    assert "演50011007" not in page  # suspended
    assert "style=" not in code
    assert "<script" not in code


def test_a_qr_code_tells_its_title_and_nothing_can_break_out_of_it():
    code = qr("x", '"><script>')
    assert "<script>" not in code
    assert 'role="img"' in code


@pytest.mark.parametrize("slug", SLUGS)
def test_the_downloads_hold_the_roster(files, slug):
    table = list(
        csv.reader(io.StringIO(files[f"agencies/{slug}/officers/officers.csv"].decode("utf-8-sig")))
    )
    sheet = load_workbook(io.BytesIO(files[f"agencies/{slug}/officers/officers.xlsx"])).active
    assert [[cell or "" for cell in row] for row in sheet.values] == table
    assert table[0][-3:] == ["人员类别", "证件状态", "状态截至"]
    assert {row[-1] for row in table[1:]} == {TODAY.isoformat()}


@pytest.mark.parametrize(
    "typed", ["演50011007", " 演5001 1007", "演5001-1007", "演５００１１００７", "演5001－1007"]
)
def test_a_number_is_found_however_it_is_written(typed):
    assert plain_number(typed) == "演50011007"


def test_a_lost_certificate_is_void(tmp_path):
    path = tmp_path / "officers.csv"
    path.write_text("姓名,执法证件编号,人员类别,状态,状态起\n甲,演1,执法人员,遗失作废,2026-11-05\n")
    (one,) = read_officers(path)
    assert one.standing(TODAY) is State.VOID
    assert one.standing(date(2026, 11, 5) - timedelta(days=1)) is State.VALID
    assert roster_pages.note(one, one.standings(TODAY)[0]) == "自2026年11月5日起"


def test_search_finds_the_roster_as_it_stands_today(pages):
    url = "agencies/shihao/officers/"
    whole = {page.url: page for page in roster_pages.pages(demo(), TODAY, BASE)}
    found = document_of_page(whole[url], pages[url], demo().folders)
    assert "滕一苇" in found.fields["text"]
    assert "至2026年12月5日" in found.fields["text"]
    assert "2028年7月31日到期" not in found.fields["text"]  # not yet
