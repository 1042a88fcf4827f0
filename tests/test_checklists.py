"""Checklists: every kind has a page, its downloads, and a flag when the law under it changed."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook

from pipeline import policy
from pipeline.calendar import Calendar, Corrections
from pipeline.model import Kind
from pipeline.public.downloads.spreadsheet import csv_file, xlsx_file
from pipeline.public.library import checklist, laws
from pipeline.public.library.laws import Law
from pipeline.public.pages import agency_pages
from pipeline.public.pages.directory import directory
from pipeline.public.press.overview import Overview
from tests.rendering import CONTENT, TODAY, demo, rendered

SLUGS = tuple(demo().folders)
KINDS = checklist.kinds()


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    folders = demo().folders.values()
    own = [page for folder in folders for page in checklist.pages(folder, demo(), TODAY)]
    return rendered([*own, checklist.portal(demo())])


def test_every_kind_is_shown_somewhere(pages):
    shown = {url.split("/")[3] for url in pages if url != "checklists/"}
    assert shown == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_that_is_for_all_stands_in_every_agency(pages, name):
    for slug in SLUGS:
        wanted = not KINDS[name].only or slug in KINDS[name].only
        assert (f"agencies/{slug}/checklists/{name}/" in pages) == wanted


def test_every_cell_is_on_its_page_under_its_heading(pages):
    for slug, folder in demo().folders.items():
        for one in folder.checklists:
            page = pages[f"agencies/{slug}/checklists/{one.name}/"]
            for column in one.table.columns if one.table.rows else ():
                assert f">{column}</th>" in page
                assert page.count(f'data-label="{column}"') == len(one.table.rows)
            for row in one.table.rows:
                for label, text in row.cells.items():
                    if label in one.table.columns and not re.match(r"\d{4}-\d\d-\d\d", text):
                        assert text in page


def test_a_row_says_when_it_was_last_changed(pages):
    page = pages["agencies/shihao/checklists/agreements/"]
    assert '最近更新于<time datetime="2026-03-05">2026年3月5日</time>' in page
    assert 'data-label="更新日期" class="narrow" data-value="2026-01-08">2026年1月8日</td>' in page


def test_an_empty_list_says_so(pages):
    assert "本月无" in pages["agencies/zhejiang/checklists/spot-checks/"]
    assert ">本月无</a>" in pages["checklists/"]


def test_the_portal_leads_to_every_list(pages):
    for url in pages:
        assert url == "checklists/" or f'href="../{url}"' in pages["checklists/"]


def test_the_choices_of_a_column_are_those_of_the_schema(pages):
    page = pages["agencies/zhejiang/checklists/work-table/"]
    chosen = re.findall(r'<th scope="col" data-choose[^>]*>([^<]+)</th>', page)
    assert chosen == ["制度", "状态"]


SUNDAY = date(2026, 11, 1)
REPEALED = Law("演示规定", "已废止", date(2026, 11, 2), "")
CHANGED = Law("演示细则", "已修改", date(2026, 11, 2), "")


@pytest.mark.parametrize(
    ("basis", "updated", "flagged"),
    [
        ("《演示规定》第三条", "2026-01-01", [REPEALED]),
        ("《演示规定》第三条", "2026-11-20", [REPEALED]),  # still names what is repealed
        ("《演示细则》", "2026-01-01", [CHANGED]),
        ("《演示细则》", "2026-11-01", [CHANGED]),
        ("《演示细则》", "2026-11-02", []),  # looked at since
        ("《演示细则》", "", [CHANGED]),
        ("《演示细则的细则》", "2026-01-01", []),
        ("演示细则", "2026-01-01", []),
        ("《演示细则》《演示规定》", "2026-01-01", [REPEALED, CHANGED]),
        ("", "", []),
    ],
)
def test_a_row_is_flagged_when_its_law_changed_after_it(basis, updated, flagged):
    period = policy.load("mingshan").pre_disclosure
    found = laws.flags(basis, updated, [REPEALED, CHANGED], period, Calendar())
    assert [flag.law for flag in found] == flagged
    # R048: 20 working days from the day after the change.
    assert {flag.due.date for flag in found} <= {date(2026, 11, 30)}


def test_the_last_day_goes_by_the_sites_calendar():
    off = Corrections("演示", frozenset([date(2026, 11, 30)]), frozenset())
    period = policy.load("mingshan").pre_disclosure
    (flag,) = laws.flags("《演示规定》", "", [REPEALED], period, Calendar({2026: off}))
    assert flag.due.date == date(2026, 12, 1)
    assert not flag.late(date(2026, 12, 1))
    assert flag.late(date(2026, 12, 2))
    late = Law("演示规定", "已废止", date(2026, 12, 20), "")
    (flag,) = laws.flags("《演示规定》", "", [late], period, Calendar())
    assert flag.due.provisional  # 2027 is not known yet


def test_a_flag_is_on_the_page(pages):
    page = pages["agencies/shihao/checklists/discretion/"]
    flagged = page[page.index('<tr class="flagged">') :].split("</tr>")[0]
    assert (
        "《演示城镇户外广告管理暂行规定》自2026年11月2日废止，应在2026年11月30日前（含当日）更新"
        in flagged
    )
    assert page.count('class="flag"') == 1
    assert "有 1 项所依据的规定已经修改或者废止" in page
    assert 'class="flag"' not in pages["agencies/zhejiang/checklists/discretion/"]


def test_invented_laws_say_so():
    for law in laws.read_laws(CONTENT / "laws.csv"):
        assert law.title.startswith("演示")
        assert "虚构" in law.by


@pytest.mark.parametrize("slug", SLUGS)
def test_the_downloads_hold_the_list(slug):
    files = {file.path: file.body for file in checklist.files(demo().folders[slug])}
    for one in demo().folders[slug].checklists:
        stem = f"agencies/{slug}/checklists/{one.name}/{one.name}"
        table = list(csv.reader(io.StringIO(files[f"{stem}.csv"].decode("utf-8-sig"), newline="")))
        assert table[0] == list(one.table.columns)
        assert table[1:] == [[r.cells[c] for c in one.table.columns] for r in one.table.rows]
        sheet = load_workbook(io.BytesIO(files[f"{stem}.xlsx"])).active
        assert [[cell or "" for cell in row] for row in sheet.values] == table


HOSTILE = ["=1+1", "<b>&\"'", "\x00\x1b甲", "x" * 40_000, "@x", "\ud800"]


def test_hostile_cells_neither_act_nor_break_a_file():
    book = xlsx_file("表[1]:*?/\\'名" + "长" * 40, ["列"], [[cell] for cell in HOSTILE])
    sheet = load_workbook(io.BytesIO(book)).active
    assert [row[0].value for row in sheet.rows][1:] == [
        *("=1+1", "<b>&\"'", "甲", "x" * 32_767, "@x"),
        "",
    ]
    assert {row[0].data_type for row in sheet.rows} <= {"s", "n"}  # no formula
    assert len(sheet.title) == 31
    assert csv_file(["列"], [["=1+1"]]).endswith(b"\r\n'=1+1\r\n")


def test_the_same_rows_give_the_same_bytes():
    assert xlsx_file("表", ["列"], [["一"]]) == xlsx_file("表", ["列"], [["一"]])


@pytest.fixture(scope="module")
def fronts() -> dict[str, str]:
    """The agencies' front pages and their list, before any decision is public."""
    none = {slug: dict.fromkeys(Kind, 0) for slug in SLUGS}
    month = {**none, "shihao": {**none["shihao"], Kind.PENALTY: 3}}
    overview = Overview({}, {}, [], [], month)
    whole = agency_pages.pages(demo(), overview, TODAY)
    return rendered(page for page in whole if page.template in ("agency", "agencies"))


def test_the_directory_leads_to_places_that_exist(fronts):
    table = directory(demo().folders)
    assert len(table) > 10
    for matter in table:
        for slug, place in matter.places.items():
            if place is None:
                continue
            assert place.url in fronts["agencies/"]
            url, _, anchor = place.url.partition("#")
            assert url.startswith(f"agencies/{slug}/")
            if anchor:
                assert f'id="{anchor}"' in fronts[url], place


def test_an_agency_page_says_what_the_month_brought(fronts):
    assert fronts["agencies/zhejiang/"].count("本月无") == 5
    assert "行政处罚<span>3 条</span>" in fronts["agencies/shihao/"]
    assert fronts["agencies/shihao/"].count("本月无") == 4
    assert "2026年11月新公示" in fronts["agencies/shihao/"]


def test_an_agency_page_names_its_carriers_and_its_reach(fronts):
    for slug, folder in demo().folders.items():
        agency, page = folder.agency, fronts[f"agencies/{slug}/"]
        assert agency.jurisdiction in page
        assert agency.power_source in page
        assert agency.carriers
        assert all(carrier.what in page for carrier in agency.carriers)


def test_the_count_of_officers_is_of_those_who_are_shown(fronts):
    assert "<strong>8<small> 人" in fronts["agencies/shihao/"]  # nine, one of them auxiliary


def test_what_must_follow_a_change_of_law_is_listed_for_the_office():
    found = checklist.following(demo())
    assert [(one.agency, one.row, one.due.isoformat()) for one in found] == [
        ("明山民政", 3, "2026-11-25"),
        ("石壕镇", 4, "2026-11-30"),
    ]
    assert found[1].law == "《演示城镇户外广告管理暂行规定》自2026-11-02废止"
