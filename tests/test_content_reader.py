"""Are the files an office writes read as they are meant, and every mistake told at once?"""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import by_schema, schema
from pipeline.agencies import Agency, Basis, Carrier, Contact, InnerBody, Power, load_agencies
from pipeline.errors import ConfigurationError
from pipeline.public import content
from pipeline.public.content import Footer, Identity
from pipeline.public.downloads.spreadsheet import csv_file, csv_rows
from pipeline.public.pages import complaint
from pipeline.public.read.documents import read_document
from pipeline.public.read.problems import Problems
from pipeline.public.read.tables import read_rows, read_table
from pipeline.restricted.comply.tables import table_types
from tests.conftest import tries
from tests.rendering import CONTENT, demo, rendered

OFFICERS = schema.load("officers")
HEAD = "姓名,单位,职务,执法证件编号,执法类别,执法区域,有效期至,人员类别,状态,状态起,状态止"
ROW = "甲某,队,员,演1,综合,某镇,2028-12-31,执法人员,在岗,,"


def written(folder: Path, text: str | bytes, name: str = "officers.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def told(path: Path, kind: schema.Schema = OFFICERS, policy: str = "base") -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_rows(path, kind, policy)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("name", "shape"),
    [("agency", Agency), ("site", Identity)],
)
def test_a_schema_and_its_shape_name_the_same_keys(name, shape):
    keys = {column.key for column in schema.load(name).columns}
    assert keys == set(shape.__struct_fields__) - {"slug"}


@pytest.mark.parametrize(
    ("name", "key", "shape"),
    [
        ("agency", "inner_bodies", InnerBody),
        ("agency", "basis", Basis),
        ("agency", "powers", Power),
        ("agency", "carriers", Carrier),
        ("agency", "contact", Contact),
        ("site", "footer", Footer),
    ],
)
def test_inner_tables_too(name, key, shape):
    column = schema.load(name).column(key)
    assert {inner.key for inner in column.columns} == set(shape.__struct_fields__)
    required = {inner.key for inner in column.columns if inner.required}
    assert required == {f.name for f in msgspec.structs.fields(shape) if f.required}


@pytest.mark.parametrize(
    "name", [*schema.names(), *(f"checklists/{name}" for name in schema.names("checklists"))]
)
def test_no_two_columns_answer_to_one_heading(name):
    kind = schema.load(name)
    headings = [schema.simple(n) for c in kind.columns for n in (c.label, *c.aliases)]
    assert sorted(headings) == sorted(set(headings))
    assert kind.title
    assert not name.startswith("checklists/") or kind.column(kind.subject).required


ALIASES = HEAD.replace("执法证件编号", "执法证号").replace("有效期至", "有效期限（必填）")
SPACED = HEAD.replace("姓名", '"姓　名"').replace("状态止", '"状态\n止"')
QUIRKS = {
    "aliases": f"{ALIASES}\n{ROW}".encode(),
    "spaced headings": f"{SPACED}\n{ROW}".encode(),
    "utf-8": f"{HEAD}\n{ROW}\n".encode(),
    "bom": f"{HEAD}\n{ROW}\n".encode("utf-8-sig"),
    "gb18030": f"{HEAD}\r\n{ROW}\r\n".encode("gb18030"),
    "unicode text": f"{HEAD}\r\n{ROW}\r\n".replace(",", "\t").encode("utf-16"),
    "semicolons": f"{HEAD}\n{ROW}\n".replace(",", ";").encode(),
    "told sign": f"sep=;\r\n{HEAD}\r\n{ROW}\r\n".replace(",", ";").encode(),
    "title row": f"执法人员名册{',' * 10}\n{HEAD}\n{ROW}\n".encode(),
    "empty columns": f"{HEAD},,\n{ROW},,\n,,,,,,,,,,,,\n".encode(),
    "empty rows": f"\n{',' * 10}\n{HEAD}\n\n{ROW}\n{',' * 10}\n".encode(),
    "short row": f"{HEAD}\n{ROW.rstrip(',')}\n".encode(),
    "formula text": (HEAD + "\n" + ROW.replace("演1", '="演1"') + "\n").encode(),
    "slashes": f"{HEAD}\n{ROW.replace('2028-12-31', '2028/12/31')}\n".encode(),
    "chinese day": f"{HEAD}\n{ROW.replace('2028-12-31', '2028年12月31日')}\n".encode(),
    "another order": f"状态,{HEAD.replace('状态,', '')}\n在岗,{ROW.replace('在岗,', '')}\n".encode(),
    "old mac lines": f"{HEAD}\r{ROW}\r".encode(),
}


@pytest.mark.parametrize("name", QUIRKS)
def test_what_excel_leaves_behind_is_taken_as_meant(tmp_path, name):
    (row,) = read_rows(written(tmp_path, QUIRKS[name]), OFFICERS).rows
    wanted = dict(zip(HEAD.split(","), ROW.split(","), strict=True))
    assert row.cells == wanted


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (ROW.replace("2028-12-31", "明年"), "第2行“有效期至”应为日期，例如 2028-12-31。"),
        (ROW.replace("2028-12-31", "2028-02-30"), "第2行“有效期至”应为日期"),
        (ROW.replace("在岗", "休假"), "第2行“状态”应为在岗、暂扣、收回、注销、遗失作废之一。"),
        (ROW.replace("甲某", ""), "第2行“姓名”不能为空。"),
        (ROW.replace("演1", "2.1E+07"), "第2行“执法证件编号”被 Excel 改成了科学记数法"),
        (ROW + ",多", "第2行有12列，应为11列。"),
        (f"{ROW}\n{ROW}", "第3行“执法证件编号”与第2行重复"),
    ],
)
def test_a_wrong_cell_is_told_with_row_and_column_but_never_repeated(tmp_path, body, expected):
    path = written(tmp_path, f"{HEAD}\n{body}\n")
    problems = "\n".join(told(path))
    assert expected in problems
    assert tmp_path.name in problems
    for value in ("明年", "休假", "2.1E+07", "甲某"):
        assert value not in problems


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (HEAD.replace("职务", "职称"), "“职称”不是执法人员名册的列；您是不是要写“职务”？"),
        (HEAD.replace("职务", "电话"), "“电话”不是执法人员名册的列；可以写的有：姓名、单位、"),
        (HEAD.replace("职务", "执法证号"), "“执法证件编号”有两列都是这个意思，请只留一列。"),
        (HEAD.replace("姓名,", "称呼,"), "第1行缺少列“姓名”，请补上。"),
        (HEAD.replace("职务", ""), "第1行第3列有内容而没有列名。"),
        ("甲,乙", "找不到列名，应有一行写明：姓名、执法证件编号、人员类别、状态。"),
    ],
)
def test_a_wrong_heading_is_told(tmp_path, head, expected):
    assert expected in "\n".join(told(written(tmp_path, f"{head}\n{ROW}\n")))


def test_a_file_that_is_no_text_is_told(tmp_path):
    assert (
        "不是 UTF-8 或 GB18030，请另存为 UTF-8。" in told(written(tmp_path, b"\xff\x00\x81\x30"))[0]
    )


@pytest.mark.parametrize(("policy", "needed"), [("shihao", False), ("mingshan", True), ("", False)])
def test_a_column_may_be_needed_under_some_policies_only(tmp_path, policy, needed):
    # R015: 石壕公示制度第五条（五）leaves out the frequency.
    kind = schema.load("checklists/inspection-items")
    text = (CONTENT / "agencies/shihao/checklists/inspection-items.csv").read_text("utf-8-sig")
    path = written(tmp_path, text)
    if needed:
        assert told(path, kind, policy)[0].endswith("第1行缺少列“抽查频次”，请补上。")
    else:
        assert read_rows(path, kind, policy).rows


def test_only_the_columns_that_are_there_are_shown(tmp_path):
    kind = schema.load("checklists/inspection-items")
    shihao = CONTENT / "agencies/shihao/checklists/inspection-items.csv"
    assert "抽查频次" not in read_rows(shihao, kind, "shihao").columns
    assert "抽查频次" in read_rows(Path(str(shihao).replace("shihao", "zhejiang")), kind).columns


cell = st.text(st.characters(codec="gb18030", exclude_categories=("Cc", "Cs", "Z")), min_size=1)
plain = cell.filter(lambda text: not text.startswith('="') and text.strip() == text)


@settings(max_examples=tries(60), deadline=None)
@given(
    rows=st.lists(st.tuples(plain, plain), min_size=1, max_size=6, unique_by=lambda row: row[1]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    empty=st.integers(0, 3),
)
def test_any_cells_come_through_any_encoding(tmp_path_factory, rows, encoding, empty):
    body = io.StringIO(newline="")
    table = csv.writer(body)
    table.writerow(["名称", "状态", "日期", "说明", *[""] * empty])
    for name, note in rows:
        table.writerow([name, "已废止", "2026-01-02", note, *[""] * empty])
    path = tmp_path_factory.getbasetemp() / "laws.csv"
    path.write_bytes(body.getvalue().encode(encoding))
    read = read_rows(path, schema.load("laws"))
    assert [(row.cells["名称"], row.cells["说明"]) for row in read.rows] == rows


def test_a_list_of_the_offices_own_keeps_its_columns(tmp_path):
    table = read_table(written(tmp_path, "甲,乙\n一,二\n\n三,四\n"))
    assert table.columns == ("甲", "乙")
    assert [row.number for row in table.rows] == [2, 4]


def agency(tmp_path: Path, old: str = "", new: str = "") -> list[str]:
    """The problems of the town's agency.toml after one change."""
    own = tmp_path / "agencies" / "shihao"
    own.mkdir(parents=True)
    text = (CONTENT / "agencies/shihao/agency.toml").read_text("utf-8")
    assert old in text
    (own / "agency.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        load_agencies(tmp_path)
    except ConfigurationError as error:
        return list(error.problems)
    return []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('hotline = "023-48740007"\n', "", "“contact.hotline（投诉举报电话）”没有写，请补上。"),
        ('hotline = "023-48740007"', 'hotline = ""', "hotline（投诉举报电话）”不能为空。"),
        ('hotline = "023-48740007"', 'hotline = "请来电"', "hotline（投诉举报电话）”应为电话号码"),
        ('postcode = "401024"', "postcode = 401024", "postcode（邮政编码）”应为文字，两边加引号。"),
        ('policy = "shihao"', 'policy = "beijing"', "没有名为“beijing”的政策；可用的有："),
        ("summary =", "sumary =", "“sumary”不是本文件的项目；您是不是要写“summary”？"),
        (
            "site_start = 2026-01-01",
            'site_start = "今年"',
            "site_start（建站日期）”应为日期，不加引号",
        ),
        ("duties = [", "duties = [[", "不是有效的 TOML"),
        ('kind = "行政强制"\n', "", "“powers.kind（类别）”没有写，请补上。"),
    ],
)
def test_what_is_wrong_with_an_agency_is_told_in_chinese(tmp_path, old, new, expected):
    assert agency(tmp_path, old, new)[0].startswith("shihao/agency.toml：")
    shutil.rmtree(tmp_path / "agencies")
    assert expected in "\n".join(agency(tmp_path, old, new))


def test_the_line_is_told(tmp_path):
    text = (CONTENT / "agencies/shihao/agency.toml").read_text("utf-8")
    line = text.splitlines().index('postcode = "401024"') + 1
    (problem,) = agency(tmp_path, 'postcode = "401024"', 'postcode = "40"')
    assert f"agency.toml：第{line}行“contact.postcode（邮政编码）”应为6位数字" in problem


def test_an_agency_as_it_stands_has_no_problem(tmp_path):
    assert agency(tmp_path) == []


def test_sections_in_double_brackets_are_counted():
    text = "a = 1\n\n[[b]]\nc = 2\n[[b]]\nc = 3\n[b.d]\ne = 4\n[[b.f]]\ng = 5\n"
    lines = by_schema.lines_of(text)
    assert lines[("a",)] == 1
    assert (lines[("b", 0, "c")], lines[("b", 1, "c")]) == (4, 6)
    assert lines[("b", 1, "d", "e")] == 8
    assert lines[("b", 1, "f", 0, "g")] == 10


def test_one_certificate_belongs_to_one_agency(tmp_path):
    shutil.copytree(CONTENT, tmp_path / "content")
    path = tmp_path / "content/agencies/zhejiang/officers.csv"
    text = path.read_text("utf-8-sig").replace("演33000001", " 演5001-1001")
    path.write_text(text, encoding="gb18030")
    with pytest.raises(ConfigurationError) as caught:
        content.load(tmp_path / "content")
    (problem,) = caught.value.problems
    assert problem.startswith(
        "zhejiang/officers.csv：“执法证件编号”有一个编号也在 shihao/officers.csv"
    )


def test_problems_are_kept_once_and_in_order():
    problems = Problems()
    assert not problems
    for _ in range(2):
        with problems.collecting():
            raise ConfigurationError(["甲", "乙"])
    problems.add("a.csv", "应为日期。", row=3, column="有效期至")
    assert list(problems) == ["甲", "乙", "a.csv：第3行“有效期至”应为日期。"]
    with pytest.raises(ConfigurationError) as caught:
        problems.stop()
    assert len(caught.value.problems) == len(problems) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_what_notepad_saves_is_read(tmp_path, encoding):
    own = tmp_path / "agencies" / "shihao"
    own.mkdir(parents=True)
    text = (CONTENT / "agencies/shihao/agency.toml").read_text("utf-8")
    (own / "agency.toml").write_text(text, encoding=encoding)
    assert load_agencies(tmp_path)["shihao"].short_name == "石壕镇"
    page = written(tmp_path, "title: 权利\n\n# 一\n\n正文".encode(encoding), "rights.md")
    assert read_document(page).title == "权利"


def test_the_internal_report_reads_the_roster_by_the_same_headings():
    columns = table_types()["officers"].columns
    for key, column in columns.items():
        here = OFFICERS.column(key)
        assert (column.label, set(column.aliases)) == (here.label, set(here.aliases)), key


@pytest.mark.parametrize("limit", [1000, 131_072, 10_000_000])
def test_a_quotation_never_closed_is_told_whatever_limit_others_set(
    tmp_path: Path, limit: int
) -> None:
    """The csv module's limit is one for the process: a reader of decisions raises it."""
    before = csv.field_size_limit(limit)
    try:
        (said,) = told(written(tmp_path, f'{HEAD}\n"{"甲" * 200_000},1\n'))
        assert "引号没有成对" in said
        assert csv.field_size_limit() == limit
    finally:
        csv.field_size_limit(before)


def test_a_published_cell_of_any_length_is_read_again() -> None:
    long = [["列"], ["甲" * 200_000]]
    before = csv.field_size_limit(1000)
    try:
        assert csv_rows(csv_file(long[0], long[1:])) == long
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("https://mark.example.invalid/dzjg?id=1", True),
        ("http://mark.example.invalid/", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://a b.example", False),
        ('https://a.example/"onclick="x', False),
    ],
)
def test_the_address_of_the_organs_mark_is_https_and_nothing_else(
    tmp_path: Path, address: str, fine: bool
) -> None:
    shutil.copytree(CONTENT, tmp_path / "content")
    path = tmp_path / "content" / "site.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('organ_mark = ""', f"organ_mark = '{address}'"), encoding="utf-8")
    if fine:
        assert content.load(tmp_path / "content").site.footer.organ_mark == address
    else:
        with pytest.raises(ConfigurationError, match="https://"):
            content.load(tmp_path / "content")


def test_the_foot_leads_to_the_organs_mark() -> None:
    whole = demo()
    footer = msgspec.structs.replace(whole.site.footer, organ_mark="https://mark.example/1")
    marked = whole._replace(site=msgspec.structs.replace(whole.site, footer=footer))
    link = '<a href="https://mark.example/1" rel="external">党政机关标识</a>'
    pages = list(complaint.pages(whole, date(2026, 11, 20)))
    assert all(link in html for html in rendered(pages, marked).values())
    assert not any("党政机关标识" in html for html in rendered(pages, whole).values())
