"""The yearly report: right numbers, also of what came down, and nobody named."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from pipeline.model import Kind, PartyType, PublicDecision, Tally, Total, Withdrawal
from pipeline.public import store
from pipeline.public.library import figures
from pipeline.public.library.figures import Figures, read_figures
from pipeline.public.pages import statistics
from pipeline.restricted import counted
from pipeline.restricted.agenda import agenda
from pipeline.restricted.assess import Assessment
from tests.office import AGENCIES, Office, row, states
from tests.rendering import TODAY, demo, rendered

DAY = date(2026, 9, 22)
OVER = date(2028, 9, 23)  # past a citizen's two years
PURGED = OVER + timedelta(days=90)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.ledger.close()


def tallies(office: Office, found: tuple[Assessment, ...], today: date) -> list[Tally]:
    return counted.tally(office.ledger, found, AGENCIES, today)


def penalty(number: int, *, person: bool = True, **values: str):  # type: ignore[no-untyped-def]
    return row(number, person=person, fine="200.50", penalty_kinds="警告、罚款", **values)


def test_what_came_down_stays_counted_without_its_name(office: Office) -> None:
    rows = [penalty(1), penalty(2), penalty(3, person=False)]
    first = office.night(DAY, rows)
    again = office.night(DAY + timedelta(days=1))
    sums = {"fine": 60150, "警告": 3, "罚款": 3}
    for judged in (first, again):
        (told,) = tallies(office, judged.assessments, DAY)
        assert (told.agency, told.kind, told.month) == ("shihao", Kind.PENALTY, "2026-09")
        assert (told.published, told.shown, told.ended, told.revoked) == (3, 3, 0, 0)
        assert told.sums == sums
    (told,) = tallies(office, office.night(OVER).assessments, OVER)
    assert (told.published, told.shown, told.ended) == (3, 1, 2)
    assert told.sums == sums
    judged = office.night(PURGED)
    assert office.purged == 2
    for today in (PURGED, PURGED + timedelta(days=400)):
        (told,) = tallies(office, office.night(today).assessments, today)
        assert (told.published, told.ended) == (3, 2)
        assert told.sums == sums, "the rows are forgotten, their sums are not"
    kept = str(office.ledger.ask("SELECT * FROM counted").fetchall())
    assert "覃" not in kept
    assert not any(one.kept.slug in kept for one in judged.assessments)


def test_the_same_row_again_is_not_counted_twice(office: Office) -> None:
    office.night(DAY, [penalty(1)])
    office.night(OVER)
    office.night(PURGED)
    judged = office.night(PURGED + timedelta(days=1), [penalty(1)])
    (told,) = tallies(office, judged.assessments, PURGED)
    assert told.published == 1
    assert told.sums["fine"] == 20050


def test_a_revoked_decision_counts_as_such_and_adds_no_amount(office: Office) -> None:
    judged = office.night(DAY, [penalty(1), penalty(2)])
    slug = judged.assessments[0].kept.slug
    office.ledger.withdraw(slug, Withdrawal(on=DAY, reason="复议撤销"), "甲")
    judged = office.night(DAY + timedelta(days=1))
    (told,) = tallies(office, judged.assessments, DAY)
    assert (told.published, told.shown, told.revoked) == (2, 1, 1)
    assert told.sums["fine"] == 20050


def test_what_was_never_public_is_not_counted(office: Office) -> None:
    judged = office.night(DAY, [penalty(1)], approve=False)
    assert set(states(judged).values()) != set()
    assert tallies(office, judged.assessments, DAY) == []
    old = penalty(2, decided_on="2019-03-01")  # expired before the site began
    judged = office.night(DAY, [old])
    assert [told.month for told in tallies(office, judged.assessments, DAY)] == ["2026-09"]


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        ("罚款", {"罚款"}),
        ("警告;没收违法所得", {"警告", "没收"}),
        ("吊销许可证", {"暂扣、吊销许可证件"}),
        ("责令停产停业", {"责令停产停业、限制经营"}),
        ("通报批评", {"通报批评"}),
        ("行政拘留", {"行政拘留"}),
        ("其他-训诫", {"其他处罚"}),
        ("", {"其他处罚"}),
    ],
)
def test_kinds_of_penalty(kinds: str, found: set[str]) -> None:
    decision = PublicDecision(
        slug="a",
        agency="a",
        kind=Kind.PENALTY,
        number="1",
        party="甲",
        party_type=PartyType.ORGANISATION,
        decided_on=DAY,
        details={"penalty_kinds": kinds, "fine": "很多"},
    )
    assert set(counted.sums_of(decision)) == found


def test_the_store_hands_the_counts_over(tmp_path: Path) -> None:
    told = [
        Tally(agency="a", kind=Kind.LEVY, month="2026-01", published=2, sums={"levy_amount": 5})
    ]
    store.write(tmp_path / "s.db", [], today=DAY, tallies=told)
    assert store.tallies(tmp_path / "s.db") == told


TALLIES = [
    Tally(
        agency="shihao",
        kind=Kind.PENALTY,
        month="2026-03",
        published=3,
        shown=1,
        ended=2,
        on_time=2,
        late=1,
        sums={"fine": 100_050, "罚款": 3},
    ),
    Tally(
        agency="shihao", kind=Kind.PENALTY, month="2025-12", published=4, shown=4, sums={"fine": 1}
    ),
    Tally(agency="mingshan", kind=Kind.LICENCE, month="2026-04", published=5, shown=4, revoked=1),
]
TOTALS = [
    Total(
        agency="shihao",
        check="a",
        title="归档及时",
        article="第三条",
        year=2026,
        assessed=40,
        fulfilled=38,
        not_assessable=2,
    ),
    Total(
        agency="shihao",
        check="b",
        title="存储及时",
        article="第四条",
        year=2026,
        assessed=None,
        fulfilled=None,
        not_assessable=None,
    ),
]


def scopes() -> dict[str, statistics.Scope]:
    return {scope.url: scope for scope in statistics.scopes(demo().folders, TALLIES, TOTALS)}


def report(url: str, year: int) -> statistics.Report:
    return next(one for one in scopes()[url].reports if one.year == year)


def test_each_agencys_year_and_all_of_them() -> None:
    town = report("agencies/shihao/statistics/", 2026)
    penalties = next(row for row in town.kinds if row.kind is Kind.PENALTY)
    assert penalties[1:] == (3, 1, 2, 0, 2, 1)
    assert penalties.share == "66%"
    assert town.total == 3
    assert town.months[2] == 3
    assert sum(town.months) == 3
    assert town.amounts["罚款金额"] == "1000.50"
    assert town.penalties == {"罚款": 3}
    everyone = report("statistics/", 2026)
    assert everyone.total == 8
    assert everyone.checks == ()  # they are each agency's own
    own = [f.library.figures for f in demo().folders.values()]
    calls = sum(y.numbers["hotline_calls"] or 0 for rows in own for y in rows if y.year == 2026)
    assert everyone.told["hotline_calls"] == calls


def test_a_number_that_nobody_told_is_not_a_nought() -> None:
    assert report("agencies/shihao/statistics/", 2026).told["licences_applied"] is None
    assert report("agencies/shihao/statistics/", 2026).told["lawsuits"] == 0


def pages() -> dict[str, str]:
    return rendered(statistics.pages(list(scopes().values()), demo().folders, TODAY))


def test_the_pages_say_the_numbers_and_the_due_day() -> None:
    found = pages()
    year = found["agencies/shihao/statistics/2026/"]
    for text in (
        "1,000.50 元",
        "归档及时",
        "第三条",
        "数量过少，不列出",
        "2027年1月31日前公布",
        "尚未结束",
    ):
        assert text in year, text
    assert "尚未结束" not in found["agencies/shihao/statistics/2025/"]
    assert "1月30日前汇总报送" in found["agencies/mingshan/statistics/"]
    assert 'href="../agencies/lingchuan/statistics/"' in found["statistics/"]
    assert "归档及时" not in found["statistics/2026/"]


def test_a_chart_says_its_numbers_in_words() -> None:
    year = pages()["agencies/shihao/statistics/2026/"]
    assert "3月3件" in year
    assert 'role="img" aria-labelledby="months-title months-desc"' in year


def test_the_downloads_hold_what_the_page_says() -> None:
    files = {file.path: file.body for file in statistics.files(list(scopes().values()))}
    base = "agencies/shihao/statistics/2026/data"
    rows = list(csv.reader(io.StringIO(files[f"{base}.csv"].decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(files[f"{base}.xlsx"])).worksheets[0]
    assert [[cell or "" for cell in row] for row in book.iter_rows(values_only=True)] == rows
    found = {(row[2], row[3]): row[4] for row in rows[1:]}
    assert found["行政处罚", "公开件数"] == "3"
    assert found["行政处罚", "公示期满撤下"] == "2"
    assert found["金额", "罚款金额"] == "1000.50"
    assert found["机关统计", "许可申请件数"] == ""
    assert found["内部检查", "存储及时：符合"] == "过少，不列"


def test_the_pages_of_an_empty_site_say_so() -> None:
    folders = {
        s: f._replace(library=f.library._replace(figures=())) for s, f in demo().folders.items()
    }
    found = rendered(statistics.pages(statistics.scopes(folders, [], []), folders, TODAY))
    assert len(found) == 1 + len(folders)
    assert all("目前没有年度数据" in html for html in found.values())


def table(tmp_path: Path, text: str, encoding: str = "utf-8-sig") -> tuple[Figures, ...]:
    path = tmp_path / "figures.csv"
    path.write_text(text, encoding=encoding)
    return read_figures(path)


def test_figures_as_excel_saves_them(tmp_path: Path) -> None:
    text = "年度,行政诉讼件数,说明\n2025,1,\n2026,,未统计\n"
    for encoding in ("utf-8-sig", "gb18030"):
        newest, older = table(tmp_path, text, encoding)
        assert (newest.year, newest.numbers["lawsuits"], newest.note) == (2026, None, "未统计")
        assert older.numbers["lawsuits"] == 1
        assert older.numbers.keys() == figures.keys().keys()


def test_status_says_when_the_figures_are_due_and_which_are_told(tmp_path: Path) -> None:
    (tmp_path / "agencies/shihao").mkdir(parents=True)
    table(tmp_path / "agencies/shihao", "年度,行政诉讼件数\n2025,1\n")
    told = figures.years(tmp_path, ["shihao", "mingshan"])
    assert told == {"shihao": [2025], "mingshan": []}
    found = agenda((), (), (), AGENCIES, date(2026, 1, 31), told).annual
    due = {row.agency: (row.due, row.act, row.told) for row in found}
    assert due["shihao"] == (date(2026, 1, 31), "publish", [2025])
    assert due["mingshan"] == (date(2027, 1, 30), "hand_in", [])  # this year's day is over
