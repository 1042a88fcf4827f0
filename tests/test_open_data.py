"""Every list as CSV, XLSX and JSON lines that agree, described for machines, with checksums."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fields import CORE, by_label, dictionary, label_key
from pipeline.inert import inert
from pipeline.model import (
    Entry,
    Kind,
    PartyType,
    Publication,
    PublicDecision,
    Tally,
    Timeliness,
    Withdrawal,
)
from pipeline.public import decisions, feeds
from pipeline.public.downloads import dataset, datasets, double, open_data
from pipeline.public.downloads.dataset import Column, Dataset
from pipeline.public.downloads.spreadsheet import xlsx_file
from pipeline.public.pages import statistics
from tests.rendering import TODAY, decided, demo, rendered

PRIVATE = {"CF_FR_ZJLX", "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_XDR_ZJHM"}


def entry(
    place: int, kind: Kind = Kind.PENALTY, *, year: int = 2026, withdrawn: bool = False
) -> Entry:
    details = {
        "fine": "2000.00",
        "violation": "=HYPERLINK()",
        "facts": "一\n二",
        "credit_code": "9150",
    }
    if kind is Kind.LICENCE:
        details = {"licence": "准予", "licence_no": "证1号", "valid_to": "2099-12-31"}
    decision = PublicDecision(
        slug=f"shihao-{kind.value}-{'bcdfgh'[place] * 14}",
        agency="shihao",
        kind=kind,
        number=f"演示〔{year}〕{place}号",
        party="冉某某",
        party_type=PartyType.PERSON,
        decided_on=date(year, 3, 1 + place),
        details=details,
    )
    publication = Publication(
        first_day=date(year, 3, 9),
        last_day=date(year + 2, 3, 9),
        window_rule="规则",
        window_source="出处",
        due=date(year, 3, 9),
        due_provisional=False,
        due_rule="规则",
        due_source="出处",
    )
    gone = Withdrawal(on=date(2026, 5, 1), reason="撤销") if withdrawn else None
    return Entry(decision=decision, publication=publication, withdrawal=gone)


ENTRIES = [entry(0), entry(1, year=2025), entry(2, Kind.LICENCE), entry(3, withdrawn=True)]
COUNTS = [Timeliness(agency="shihao", kind=Kind.PENALTY, month="2026-03", on_time=2, late=1)]
TALLIES = [Tally(agency="shihao", kind=Kind.PENALTY, month="2026-03", published=3)]


@pytest.fixture(scope="module")
def every() -> list[Dataset]:
    scopes = statistics.scopes(demo().folders, TALLIES, [])
    withdrawn = [decisions.line(ENTRIES[3])]
    return datasets.described(demo(), COUNTS, scopes, withdrawn, TODAY)


@pytest.fixture(scope="module")
def files(every: list[Dataset]) -> Mapping[str, bytes]:
    found = datasets.files(demo(), every, decided(ENTRIES, demo().folders))
    return {file.path: file.body for file in found}


def rows(body: bytes) -> list[list[str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def sheet(body: bytes) -> list[list[str]]:
    book = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    return [
        ["" if cell is None else str(cell) for cell in row]
        for row in book.iter_rows(values_only=True)
    ]


def test_all_lists_are_there(every: list[Dataset]) -> None:
    names = {one.name for one in every}
    assert {
        "decisions",
        "double-penalty",
        "double-licence",
        "agencies",
        "guides",
        "articles",
    } <= names
    assert {
        "officers",
        "withdrawn",
        "cases",
        "flowcharts",
        "posts",
        "timeliness",
        "statistics",
    } <= names
    kinds = {c.name for f in demo().folders.values() for c in f.checklists}
    assert {f"checklist-{name}" for name in kinds} <= names
    assert all(one.about for one in every)


def test_the_three_forms_of_a_dataset_agree(
    every: list[Dataset], files: Mapping[str, bytes]
) -> None:
    for one in every:
        table = rows(files[one.path])
        assert table[0] == [column.name for column in one.columns], one.name
        lines = [json.loads(line) for line in files[f"data/{one.name}.jsonl"].splitlines()]
        asleep = [[inert(cell) for cell in line.values()] for line in lines]
        assert asleep == table[1:], one.name
        books = [
            path
            for path in sorted(files)
            if path.endswith(".xlsx") and dataset.name_of(path) == one.name
        ]
        found = [row for book in books for row in sheet(files[book])[1:]]
        awake = [list(line.values()) for line in lines]
        assert sorted(found) == sorted(awake), one.name


def test_no_cell_of_a_table_is_a_formula(files: Mapping[str, bytes]) -> None:
    for path, body in files.items():
        if path.endswith(".csv"):
            for row in rows(body):
                assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row), (
                    path
                )
    assert "'=HYPERLINK()" in rows(files["data/double-penalty.csv"])[1]
    for path, body in files.items():
        if path.endswith(".xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
            assert all(cell.data_type in "sn" for row in book.iter_rows() for cell in row), path


def test_decisions_go_into_a_workbook_a_year(files: Mapping[str, bytes]) -> None:
    books = sorted(path for path in files if path.startswith("data/d") and path.endswith(".xlsx"))
    assert books == [
        "data/decisions-2025.xlsx",
        "data/decisions-2026.xlsx",
        "data/double-licence-2026.xlsx",
        "data/double-penalty-2025.xlsx",
        "data/double-penalty-2026.xlsx",
    ]


def test_the_package_measures_every_file(every: list[Dataset], files: Mapping[str, bytes]) -> None:
    package = json.loads(files["data/datapackage.json"])
    listed = {f"data/{one['path']}": one for one in package["resources"]}
    data = {path for path in files if path.endswith((".csv", ".jsonl", ".xlsx"))}
    assert listed.keys() == data
    for path, one in listed.items():
        assert one["bytes"] == len(files[path])
        assert one["hash"] == f"sha256:{hashlib.sha256(files[path]).hexdigest()}"
        assert re.fullmatch(r"[a-z0-9.\-_]+", one["name"]), "as Frictionless asks"
    assert len({one["name"] for one in package["resources"]}) == len(listed)
    for one in every:
        fields = [field["name"] for field in listed[one.path]["schema"]["fields"]]
        assert fields == rows(files[one.path])[0]
    sums = dict(
        reversed(line.split("  ")) for line in files["data/SHA256SUMS"].decode().splitlines()
    )
    assert sums == {p.removeprefix("data/"): hashlib.sha256(files[p]).hexdigest() for p in data}


def test_csvw_describes_every_column(every: list[Dataset], files: Mapping[str, bytes]) -> None:
    for one in every:
        about = json.loads(files[f"{one.path}-metadata.json"])
        assert about["@context"][0] == "http://www.w3.org/ns/csvw"
        assert about["url"] == f"{one.name}.csv"
        columns = about["tableSchema"]["columns"]
        assert [column["titles"] for column in columns] == rows(files[one.path])[0]
        assert len({column["name"] for column in columns}) == len(columns)


def test_dates_are_dates(every: list[Dataset], files: Mapping[str, bytes]) -> None:
    for one in every:
        for place, column in enumerate(one.columns):
            if column.type == "date":
                cells = {row[place] for row in rows(files[one.path])[1:]} - {""}
                assert all(date.fromisoformat(cell) for cell in cells), (one.name, column.name)


@pytest.mark.parametrize("kind", list(double.LAYOUTS))
def test_the_layout_keeps_its_order_and_loses_what_is_private(kind: Kind) -> None:
    codes = [code for code, _ in double.LAYOUTS[kind]]
    shown = [code for code, _ in double.shown(kind)]
    assert shown == [code for code in codes if code in shown]
    dropped = {code.partition("_")[2] for code in codes} - {
        code.partition("_")[2] for code in shown
    }
    assert dropped == {code.partition("_")[2] for code in PRIVATE}
    for code in shown:
        field = by_label()[label_key(code)]
        assert field.public or field.key in CORE


def test_a_column_that_becomes_private_leaves_the_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    private = msgspec.structs.replace(dictionary()["legal_representative"], sensitivity="private")
    known = dict(by_label())
    known[label_key("CF_FRDB")] = private
    monkeypatch.setattr(double, "by_label", lambda: known)
    assert "CF_FRDB" not in dict(double.shown(Kind.PENALTY))
    assert "法定代表人" not in [c.name for c in double.datasets()[0].columns]


def test_rows_of_the_layout(files: Mapping[str, bytes]) -> None:
    head, *body = rows(files["data/double-penalty.csv"])
    assert len(body) == 2  # the licence and the withdrawn one are not there
    cells = dict(zip(head, body[0], strict=True))
    assert cells["罚款金额（万元）"] == "0.2"
    assert cells["行政相对人类别"] == "自然人"
    assert cells["处罚决定日期"] == "2026-03-01"
    assert cells[open_data.LAST_DAY] == "2028-03-09"
    assert cells["页面"] == "decisions/shihao-penalty-bbbbbbbbbbbbbb/"
    licence = dict(zip(*rows(files["data/double-licence.csv"]), strict=True))
    assert (licence["许可编号"], licence["有效期至"]) == ("证1号", "2099-12-31")


@pytest.mark.parametrize(
    ("yuan", "told"),
    [
        ("2000", "0.2"),
        ("2000.50", "0.20005"),
        ("100000", "10"),
        ("0", "0"),
        ("", ""),
        ("约一万", "约一万"),
        ("NaN", "NaN"),
    ],
)
def test_amounts_in_ten_thousands(yuan: str, told: str) -> None:
    assert double.ten_thousands(yuan) == told


CELLS = st.lists(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=2, max_size=2
)


@given(st.lists(CELLS, max_size=6))
def test_a_workbook_says_what_its_table_says(body: list[list[str]]) -> None:
    made = Dataset("x", "表", "说明", (Column("甲"), Column("乙")), body)
    table, lines = dataset.tables(made)
    (book,) = dataset.workbooks("x", "表", table.body)
    found = sheet(book.file.body)[1:]
    assert found == [list(row) for row in body] or any(not any(row) for row in body)
    assert [list(json.loads(line).values()) for line in lines.body.splitlines()] == body


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("data/decisions.csv", "decisions"),
        ("data/decisions-2026.xlsx", "decisions"),
        ("data/double-penalty-2026.xlsx", "double-penalty"),
        ("data/double-penalty.jsonl", "double-penalty"),
        ("data/checklist-work-table.xlsx", "checklist-work-table"),
    ],
)
def test_a_file_belongs_to_its_dataset(path: str, name: str) -> None:
    assert dataset.name_of(path) == name


def test_the_catalogue_leads_to_every_file_and_explains_every_column(
    every: list[Dataset], files: Mapping[str, bytes]
) -> None:
    years = [("penalty", "2025"), ("penalty", "2026"), ("licence", "2026")]
    (html,) = rendered(datasets.pages(demo(), every, years, TODAY)).values()
    links = {link.removeprefix("../") for link in re.findall(r'href="(\.\./data/[^"]+)"', html)}
    assert links == files.keys()
    for one in every:
        assert all(column.name in html for column in one.columns), one.name
    named = {
        f"feeds/{feed.name}.atom.xml" for feed in feeds.every_feed({s: s for s in demo().folders})
    }
    assert {
        link.removeprefix("../") for link in re.findall(r'href="(\.\./feeds/[^"]+)"', html)
    } == named


def test_feeds_hold_their_own() -> None:
    found = {
        feed.name: feed for feed in feeds.every_feed({"shihao": "石壕镇", "mingshan": "明山民政"})
    }
    assert len(found) == 1 + 5 + 2 + 10
    holding = {name for name, feed in found.items() if feed.holds("shihao", Kind.LEVY)}
    assert holding == {"all", "kind-levy", "shihao", "shihao-levy"}


def test_a_workbook_is_kept_while_its_rows_are_the_same(
    every: list[Dataset], files: Mapping[str, bytes], tmp_path: Path
) -> None:
    for path, body in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(body)
    listed = {one["path"]: one for one in json.loads(files["data/datapackage.json"])["resources"]}
    kept, path = dataset.Kept(tmp_path), "data/decisions-2025.xlsx"
    source = listed["decisions-2025.xlsx"]["source"]
    assert kept.same(path, source) == files[path]
    assert kept.same(path, "another") == b""
    (tmp_path / path).write_bytes(b"changed by hand")
    assert kept.same(path, source) == b""
    (tmp_path / path).unlink()
    assert kept.same(path, source) == b""

    def again(entries: list[Entry]) -> dict[str, bytes]:
        made = datasets.files(demo(), every, decided(entries, demo().folders), tmp_path)
        return {file.path: file.body for file in made}

    assert again(ENTRIES) == files
    assert (
        again([*ENTRIES, entry(4)])["data/decisions-2026.xlsx"] != files["data/decisions-2026.xlsx"]
    )
    assert dataset.Kept(tmp_path / "nowhere").same(path, source) == b""


def test_the_officers_say_only_what_their_policy_shows(files: Mapping[str, bytes]) -> None:
    head, *body = rows(files["data/officers.csv"])
    town = [dict(zip(head, row, strict=True)) for row in body if "石壕镇" in row[0]]
    assert town
    assert all(row["姓名"] and row["执法证件编号"] for row in town)
    assert {row["职务"] for row in town} == {""}  # its rule asks for name, number and category


def test_a_withdrawn_decision_is_told_by_its_notice_alone(files: Mapping[str, bytes]) -> None:
    head, row = rows(files["data/withdrawn.csv"])
    cells = dict(zip(head, row, strict=True))
    assert cells["决定书文号"] == "演示〔2026〕3号"
    assert (cells["撤下原因"], cells["撤下日期"]) == ("撤销", "2026-05-01")
    assert cells[open_data.LAST_DAY] == "2028-03-09"
    assert len(cells) == 5
    assert not [c for c in cells.values() if "冉" in c or "shihao" in c]


@given(st.lists(st.sampled_from(["", "甲", " 乙 ", "丙\n丁"]), min_size=60, max_size=60))
def test_cells_after_empty_ones_stay_in_their_column(row: list[str]) -> None:
    columns = [f"第{n}列" for n in range(60)]
    head, found = sheet(xlsx_file("表", columns, [row, columns]))[:2]
    assert (head, found) == (columns, row)
