"""What is read from export files, what is not taken over, and in which words."""

from __future__ import annotations

import csv
import io
import json
import os
import runpy
import sys
import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.agencies import Agency, Basis, Contact, Power
from pipeline.errors import ConfigurationError
from pipeline.fields import dictionary
from pipeline.model import Kind, PartyType
from pipeline.restricted.raw import FileReading, RawDecision
from pipeline.restricted.read import Export, columns, read_file, read_inbox
from pipeline.restricted.read.cells import Unfit, free_text
from pipeline.restricted.read.codes import is_credit_code, is_register_code
from pipeline.restricted.read.coerce import converter
from pipeline.restricted.read.dates import iso_date
from pipeline.restricted.read.header import declared
from pipeline.restricted.read.number import normalise_number
from pipeline.restricted.read.party import party_type_of
from pipeline.restricted.read.presentable import presentable

EXAMPLES = Path(__file__).parents[1] / "examples"

#: slug, name, short name, credit code of the demonstration's agencies.
_NAMES = (
    ("liaoning", "辽宁省国防动员办公室", "辽宁国动办", "11210000DEM000014D"),
    ("mingshan", "本溪市明山区民政局", "明山民政", "11210504DEM000022U"),
    ("shihao", "重庆市綦江区石壕镇人民政府", "石壕镇", "11500110DEM000030P"),
    ("lingchuan", "陵川县应急管理局", "陵川应急", "11140524DEM0000498"),
    ("zhejiang", "浙江省人民防空办公室", "浙江人防", "11330000DEM000057R"),
)


def _agency(slug: str, name: str, short_name: str, credit_code: str) -> Agency:
    return Agency(
        slug=slug,
        name=name,
        short_name=short_name,
        aliases=("石壕镇综合行政执法大队",) if slug == "shihao" else (),
        credit_code=credit_code,
        policy="base",
        region="演示",
        site_start=date(2026, 1, 1),
        summary="演示",
        qualification="演示",
        duties=("演示",),
        basis=(Basis(title="演示"),),
        powers=(Power(kind="行政处罚", matters=("演示",)),),
        contact=Contact(hotline="0", address="0", postcode="000000", hours="0", unit="0"),
    )


AGENCIES = {row[0]: _agency(*row) for row in _NAMES}
SHIHAO = AGENCIES["shihao"].name

#: A complete row of a loose penalty table.
ROW = {
    "行政处罚决定书文号": "石壕罚决〔2024〕12号",
    "被处罚人": "綦江演示砂石厂",
    "处罚决定日期": "2024-03-05",
    "处罚机关": SHIHAO,
}


def xlsx(path: Path, *sheets: tuple[str, list[list[Any]]], merges: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
        for cells in merges:
            page.merge_cells(cells)
    book.save(path)
    return path


def text(path: Path, rows: list[list[Any]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter).writerows(rows)
    path.write_bytes(made.getvalue().encode(encoding))
    return path


def grid(*rows: dict[str, Any]) -> list[list[Any]]:
    labels = list(dict.fromkeys(key for row in rows for key in row))
    return [labels, *([row.get(label) for label in labels] for row in rows)]


def read(path: Path) -> FileReading:
    return read_file(path, AGENCIES)


def one(reading: FileReading) -> RawDecision:
    assert reading.refused == ""
    assert reading.rejected == ()
    assert len(reading.rows) == 1
    return reading.rows[0]


# ------------------------------------------------------------------ the demonstration


@pytest.fixture(scope="module")
def demo() -> list[FileReading]:
    return list(read_inbox(EXAMPLES / "inbox", AGENCIES))


def test_the_demonstration_has_every_kind_party_agency_and_year(demo: list[FileReading]) -> None:
    rows = [row for reading in demo for row in reading.rows]
    assert len({(row.agency, row.kind, row.number) for row in rows}) >= 320
    assert {row.kind for row in rows} == set(Kind)
    assert {row.party_type for row in rows} == set(PartyType)
    assert {row.agency for row in rows} == set(AGENCIES)
    assert {row.decided_on.year for row in rows} == set(range(2018, 2027))
    assert not any(reading.refused for reading in demo)


def test_only_the_file_of_bad_rows_has_rejections(demo: list[FileReading]) -> None:
    rejected = {reading.file: len(reading.rejected) for reading in demo if reading.rejected}
    assert rejected == {"24-特例-坏行.csv": 8}


def test_only_the_file_of_extra_columns_has_undeclared_columns(demo: list[FileReading]) -> None:
    undeclared = [name.split("·") for reading in demo for name in reading.undeclared]
    assert {file for file, _, _ in undeclared} == {"25-特例-未登记的列.xlsx"}
    assert [column for _, _, column in undeclared] == ["当事人微信号", "内部信用评分", "录入人"]


def test_the_demonstration_is_made_again_with_the_same_content(tmp_path: Path) -> None:
    script = str(EXAMPLES / "make_inbox.py")
    before = sys.argv, sys.path[:]
    sys.argv = [script, str(tmp_path)]
    sys.path.insert(0, str(EXAMPLES))
    try:
        runpy.run_path(script, run_name="__main__")
    finally:
        sys.argv, sys.path[:] = before
    for folder in ("inbox", "broken"):
        made = {path.name: path for path in (tmp_path / folder).iterdir()}
        kept = {path.name: path for path in (EXAMPLES / folder).iterdir()}
        assert made.keys() == kept.keys()
        for name, path in made.items():
            assert _content(path) == _content(kept[name]), name


def _content(path: Path) -> Any:
    """Entries of archives: how well they are packed depends on the zlib at hand."""
    if not zipfile.is_zipfile(path):
        # of the truncated workbook only the size may differ, and by little
        return path.stat().st_size // 4096 if path.suffix == ".xlsx" else path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return [(e.filename, e.date_time, e.file_size, e.CRC) for e in archive.infolist()]


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("加密的工作簿.xlsx", "取消密码"),
        ("传输中断的工作簿.xlsx", "不完整"),
        ("压缩炸弹.xlsx", "压缩炸弹"),
        ("改名的网页.xls", "网页"),
        ("压缩包改名.xlsx", "不是 .xlsx"),
        ("空文件.csv", "空的"),
        ("图片改名.csv", "认不出"),
        ("没有列名.csv", "没有认出表头"),
        ("传输中断的数据.json", "JSON 不完整"),
        ("引号未闭合.csv", "引号没有闭合"),
        ("文书.docx", "Word"),
    ],
)
def test_an_unreadable_file_is_refused_in_one_sentence(file: str, words: str) -> None:
    reading = read(EXAMPLES / "broken" / file)
    assert words in reading.refused
    assert reading.refused.endswith("。")
    assert "\n" not in reading.refused
    assert reading.rows == reading.rejected == ()


def test_every_broken_example_is_tested_and_small() -> None:
    files = list((EXAMPLES / "broken").iterdir())
    assert len(files) == 11
    assert max(path.stat().st_size for path in files) < 200_000


# ------------------------------------------------------------------ formats


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_tables_in_all_encodings_and_delimiters(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = [["演示；数据,（虚构）"], *grid(ROW | {"违法事实": "第一，\n第二;第三,第四"})]
    row = one(read(text(tmp_path / "行政处罚.csv", rows, encoding, delimiter)))
    assert row.text("facts") == "第一，\n第二;第三,第四"
    assert row.number == "石壕罚决〔2024〕12号"


def test_a_text_table_named_xls_and_a_workbook_named_csv(tmp_path: Path) -> None:
    assert one(read(text(tmp_path / "处罚.xls", grid(ROW), "gb18030")))
    book = xlsx(tmp_path / "处罚.xlsx", ("表", grid(ROW)))
    assert one(read(book.rename(tmp_path / "处罚.csv")))


@pytest.mark.parametrize(
    "made",
    [
        json.dumps([ROW]),
        json.dumps([ROW], ensure_ascii=False, indent=2),
        json.dumps({"total": 1, "data": [ROW]}),
        json.dumps({"code": 0, "data": {"rows": [ROW]}}),
        json.dumps(ROW) + "\n",
        "\ufeff" + json.dumps(ROW) + "\n\n",
    ],
)
def test_json_in_all_its_shapes(tmp_path: Path, made: str) -> None:
    path = tmp_path / "处罚.json"
    path.write_text(made, encoding="utf-8")
    row = one(read(path))
    assert (row.agency, row.origin.row) == ("shihao", 1)


def test_a_bad_line_of_json_costs_only_itself(tmp_path: Path) -> None:
    lines = [json.dumps(ROW), "{broken", "[1]", json.dumps(ROW | {"处罚内容": ["列", "表"]})]
    path = tmp_path / "处罚.jsonl"
    path.write_text("\n".join([*lines, json.dumps(ROW)]), encoding="utf-8")
    reading = read(path)
    assert [row.origin.row for row in reading.rows] == [1, 5]
    assert sorted(r.origin.row for r in reading.rejected) == [2, 3, 4]


def test_a_row_cut_at_a_wrong_comma_is_not_trusted(tmp_path: Path) -> None:
    labels, good = grid(ROW)
    shifted = [*good[:1], "家住演示路1号", *good[1:]]
    reading = read(text(tmp_path / "处罚.csv", [labels, good, shifted]))
    assert len(reading.rows) == 1
    assert "比表头多" in reading.rejected[0].message


def test_a_cut_row_costs_only_itself_though_its_cells_run_over_lines(tmp_path: Path) -> None:
    labels, good = grid({**ROW, "违法事实": "第一行。\n第二行，有逗号。\n第三行。", "备注": "已核"})
    shifted = [*good[:1], "家住演示路1号", *good[1:]]
    for newline in ("\r\n", "\n", "\r"):
        path = text(tmp_path / "处罚.csv", [labels, good, shifted, good])
        path.write_bytes(path.read_bytes().replace(b"\r\n", newline.encode()))
        reading = read(path)
        assert not reading.refused, repr(newline)
        assert ["比表头多" in one.message for one in reading.rejected] == [True]
        assert len(reading.rows) == 2


def test_all_sheets_are_read_and_those_without_header_named(tmp_path: Path) -> None:
    notes = [["填表说明"], ["一、按列填写"]]
    data = [["甲", "乙", "丙"], ["1", "2", "3"], ["4", "5", "6"]]
    book = xlsx(
        tmp_path / "汇总.xlsx",
        ("行政处罚", grid(ROW)),
        ("行政处罚续", grid(ROW)),
        ("说明", notes),
        ("别的", data),
    )
    reading = read(book)
    assert [row.origin.sheet for row in reading.rows] == ["行政处罚", "行政处罚续"]
    assert [r.origin.sheet for r in reading.rejected] == ["别的"]


def test_a_hidden_sheet_is_named_and_not_read(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "处罚.xlsx", ("甲", grid(ROW)), ("乙", grid(ROW)))
    book = openpyxl.load_workbook(path)
    book["乙"].sheet_state = "hidden"
    book.save(path)
    reading = read(path)
    assert [row.origin.sheet for row in reading.rows] == ["甲"]
    assert "隐藏" in reading.rejected[0].message


def test_the_inbox_in_order_without_what_is_no_export(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", ".hidden.csv", "~$a.xlsx", "README.md", "Thumbs.db", "说明.txt"):
        text(tmp_path / name, grid(ROW))
    (tmp_path / "旧").mkdir()
    text(tmp_path / "旧" / "c.csv", grid(ROW))
    assert [reading.file for reading in read_inbox(tmp_path, AGENCIES)] == ["a.csv", "b.csv"]


def test_what_is_no_file_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    (tmp_path / "b.csv").symlink_to(tmp_path / "gone.csv")
    os.mkfifo(tmp_path / "c")
    found = list(read_inbox(tmp_path, AGENCIES))
    assert [reading.file for reading in found] == ["a.xlsx", "b.csv", "c"]
    assert all("不是普通文件" in reading.refused for reading in found)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("石壕镇-行政处罚-20261105143000.csv", "石壕镇-行政处罚-20261105143000.csv"),
        ("2026-11-05 处罚.csv", "2026-11-05 处罚.csv"),
        ("处罚50000019900307990X.csv", "处罚×.csv"),
        ("处罚５０００００１９９００３０７９９０６.csv", "处罚×.csv"),
        ("500000 19900307 9906处罚.csv", "×处罚.csv"),
        ("处罚138-1234-5678.csv", "处罚×.csv"),
        ("6228 4800 0000 0000 018.csv", "×.csv"),
        ("处罚\n甲.csv", "处罚?甲.csv"),
        ("处罚\udcff.csv", "处罚?.csv"),
    ],
)
def test_a_name_is_printed_on_one_line_without_personal_numbers(name: str, shown: str) -> None:
    assert presentable(name) == shown


def test_no_message_carries_a_number_from_a_file_or_sheet_name(tmp_path: Path) -> None:
    number = "500000199003079906"
    rows = grid(ROW, ROW | {"处罚决定日期": "昨天"}, ROW | {f"{number}的备注": "x"})
    rows[1:1] = [[number, "", "", "", ""]]
    reading = read(xlsx(tmp_path / f"{number}.xlsx", (f"处罚{number}", rows)))
    told = [reading.file, *reading.undeclared, *map(str, reading.rejected)]
    told += [str(row.origin) for row in reading.rows]
    assert len(told) >= 4
    assert not [line for line in told if number in line]
    empty = tmp_path / f"空{number}.xlsx"
    empty.touch()
    assert read(empty).file == "空×.xlsx"


def test_a_missing_inbox_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="没有收件文件夹"):
        list(read_inbox(tmp_path / "无", AGENCIES))


# ------------------------------------------------------------------ headers and kinds


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("行政相对人名称", "party"),
        (" * 行政相对人名称（必填）", "party"),
        ("行政相对人名称(CF_XDR_MC)", "party"),
        ("处罚决定\n日期（yyyy/mm/dd）", "decided_on"),
        ("罚款金额（万元）", "fine"),
        ("罚款数额（元）", "fine"),
        ("当事人姓名（名称）", "party"),
        ("文书编号", "number"),
        ("决定时间", "decided_on"),
        ("执行机关", "authority"),
        ("缴纳义务人", "party"),
        ("联系人电话", "phone"),
        ("cf_wsh", "number"),
        ("电话（内部）", None),
        ("录入人", None),
    ],
)
def test_labels_are_recognised_with_their_notes(label: str, key: str | None) -> None:
    field = declared(label)
    assert (field.key if field else None) == key


def test_a_header_under_titles_with_codes_below_and_repeated(tmp_path: Path) -> None:
    labels, good = grid(ROW)
    codes = ["CF_WSH", "CF_XDR_MC", "CF_JDRQ", "CF_CFJG"]
    rows = [
        ["演示"],
        [],
        ["单位：石壕镇"],
        labels,
        codes,
        good,
        [],
        labels,
        ["合计", "1件"],
        ["填表人：甲"],
    ]
    row = one(read(xlsx(tmp_path / "表.xlsx", ("表", rows))))
    assert row.origin.row == 6


def test_a_header_in_two_rows(tmp_path: Path) -> None:
    upper = [
        "行政处罚决定书文号",
        "被处罚人",
        "法定代表人",
        None,
        "相对人代码",
        None,
        "处罚决定日期",
        "处罚机关",
    ]
    lower = [None, None, "姓名", "证件号码", "统一社会信用代码", "别的代码", None, None]
    cells = ["演〔2024〕1号", "甲公司", "李演示", "D1", "", "X1", "2024-03-05", SHIHAO]
    reading = read(xlsx(tmp_path / "处罚.xlsx", ("表", [["题"], upper, lower, cells])))
    row = one(reading)
    assert (row.text("legal_representative"), row.text("legal_rep_id")) == ("李演示", "D1")
    assert [name.rsplit("·", 1)[1] for name in reading.undeclared] == ["相对人代码 别的代码"]


@pytest.mark.parametrize(
    ("label", "sheet", "file", "kind"),
    [
        ("强制决定书文号", "表", "表", Kind.COERCION),
        ("行政许可决定文书号", "处罚", "处罚", Kind.LICENCE),
        ("抽查任务编号", "表", "表", Kind.INSPECTION),
        ("征收决定书文号", "表", "表", Kind.LEVY),
        ("XK_WSH", "表", "表", Kind.LICENCE),
        ("文号", "行政检查结果", "处罚", Kind.INSPECTION),
        ("文号", "表", "2024年处罚", Kind.PENALTY),
        ("文号", "表", "许可和处罚", None),
        ("文号", "表", "表", None),
    ],
)
def test_the_kind_of_a_table(
    tmp_path: Path, label: str, sheet: str, file: str, kind: Kind | None
) -> None:
    cells = {
        label: "演〔2024〕1号",
        "当事人": "甲公司",
        "决定日期": "2024-03-05",
        "执法机关": SHIHAO,
    }
    reading = read(xlsx(tmp_path / f"{file}.xlsx", (sheet, grid(cells))))
    if kind:
        assert one(reading).kind == kind
    else:
        assert reading.rows == ()
        assert "哪一类" in reading.rejected[0].message


def test_a_table_without_a_needed_column_is_one_rejection(tmp_path: Path) -> None:
    rows = [{k: v for k, v in ROW.items() if k != "处罚决定日期"}] * 3
    reading = read(text(tmp_path / "处罚.csv", grid(*rows)))
    assert [r.message for r in reading.rejected] == [
        "缺少必须有的列“决定日期”，整张表没有读取；请补上该列后重新导出。"
    ]


# ------------------------------------------------------------------ cells


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2024-3-5", "2024-03-05"),
        ("2024/3/5", "2024-03-05"),
        ("2024.3.5", "2024-03-05"),
        ("20240305", "2024-03-05"),
        (20240305, "2024-03-05"),
        (20240305.0, "2024-03-05"),
        ("２０２４－０３－０５", "2024-03-05"),
        ("2024年3月5日", "2024-03-05"),
        (" 2024 年 3 月 5 日 9时30分", "2024-03-05"),
        ("二〇二四年三月五日", "2024-03-05"),
        ("二○二四年十二月三十一日", "2024-12-31"),
        ("二零二四年十月二十日", "2024-10-20"),
        ("2024-03-05 09:30:00", "2024-03-05"),
        ("2024-03-05T00:00:00", "2024-03-05"),
        ("2024-03-04T16:00:00.000Z", "2024-03-05"),
        ("2024-03-05T23:00:00+08:00", "2024-03-05"),
        (45356, "2024-03-05"),
        (45356.75, "2024-03-05"),
        ("45356", "2024-03-05"),
        (datetime(2024, 3, 5, 23, 59), "2024-03-05"),
        (date(2024, 3, 5), "2024-03-05"),
        ("2099/12/31", "2099-12-31"),
        ("长期", "2099-12-31"),
        ("9999-12-31", "2099-12-31"),
    ],
)
def test_dates(cell: Any, iso: str) -> None:
    assert iso_date(cell) == iso


@pytest.mark.parametrize(
    "cell",
    ["2024-02-30", "2023年2月29日", "2024-13-01", "2024-3", "24-3-5", "3月5日", "2024-3/5", 12, True,
     "1899-12-31", "2024-03-05至2024-03-06", "三月", "待定", 1e20],
)  # fmt: skip
def test_impossible_dates(cell: Any) -> None:
    with pytest.raises((ValueError, OverflowError)):
        iso_date(cell)


@pytest.mark.parametrize(
    ("heading", "cell", "yuan"),
    [
        ("罚款金额(万元)", 0.2, "2000"),
        ("罚款金额(万元)", "０.２", "2000"),
        ("罚款金额（元）", "2,000.50", "2000.5"),
        ("罚款金额", 0.2, "2000"),
        ("罚款金额(万元)", "2000元", "2000"),
        ("罚款金额(元)", "0.2万元", "2000"),
        ("罚款金额(元)", "人民币 2000 元整", "2000"),
        ("罚款金额(元)", "￥2，000", "2000"),
        ("罚款金额(万元)", 0.1 + 0.2, "3000"),
        ("罚款金额(元)", 0, "0"),
        ("罚款金额(元)", "/", ""),
        ("罚款金额(元)", None, ""),
    ],
)
def test_amounts_in_yuan(heading: str, cell: Any, yuan: str) -> None:
    assert converter(dictionary()["fine"], heading)(cell) == yuan


@pytest.mark.parametrize(
    "cell", ["两千", -1, "1e99", 10**12, True, date(2024, 3, 5), "1.2.3", "inf"]
)
def test_bad_amounts(cell: Any) -> None:
    with pytest.raises(Unfit):
        converter(dictionary()["fine"], "罚款金额(元)")(cell)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("石壕罚决[2024]12号", "石壕罚决〔2024〕12号"),
        ("石壕罚决（２０２４)12 号", "石壕罚决〔2024〕12号"),
        ("（2018)118号", "〔2018〕118号"),
        ("石壕罚决【2024】12号\u200b", "石壕罚决〔2024〕12号"),
        ("　石壕 罚决﹝2024﹞12号 ", "石壕罚决〔2024〕12号"),
        ("演罚字(试)[2024]1号", "演罚字（试）〔2024〕1号"),
        ("演许第0012号", "演许第0012号"),
    ],
)
def test_numbers_in_one_spelling(raw: str, number: str) -> None:
    assert normalise_number(raw) == number


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("[bookmark: _GoBack]甲乙", "甲乙"),
        ("甲\ud800乙", "甲乙"),  # half a character, as broken JSON has it
        ("甲[Bookmark: _GoBack]乙", "甲乙"),
        ("　　甲　乙　 ", "甲　乙"),
        ("甲_x000D_\n  乙\r\n丙 ", "甲\n乙\n丙"),
        ("甲\u200b\u202e乙\x07", "甲乙"),
        ("NULL", ""),
        ("/", ""),
        ("无", "无"),
        (13800000000.0, "13800000000"),
        (0.5, "0.5"),
        (None, ""),
    ],
)
def test_free_text(raw: Any, clean: str) -> None:
    assert free_text(raw) == clean


@pytest.mark.parametrize(
    ("code", "credit", "register"),
    [
        ("11500110DEM000030P", True, True),
        ("11500110DEM000030Q", False, True),
        ("110105194912310021", False, False),  # an identity number
        ("11010519491231002X", False, False),
        ("110105194912310021L1", False, False),  # a tax number made of one
        ("110105491231002", False, False),  # an old identity number
        ("15400000000", False, False),  # a mobile number
        ("500222699923458", False, True),
        ("渝綦民证字第010012号", False, True),
        ("12", False, False),
    ],
)
def test_no_personal_number_passes_for_a_code(code: str, credit: bool, register: bool) -> None:
    assert (is_credit_code(code), is_register_code(code)) == (credit, register)


def test_a_code_that_may_be_an_old_identity_number_is_left_out(tmp_path: Path) -> None:
    ambiguous, wrong = "110105491231002", "110105491231003"
    rows = grid(ROW | {"工商注册号": ambiguous}, ROW | {"工商注册号": wrong})
    reading = read(text(tmp_path / "处罚.csv", rows))
    assert [row.text("business_reg") for row in reading.rows] == [""]
    assert [r.column for r in reading.rejected] == ["工商注册号"]


@pytest.mark.parametrize(
    ("choice", "code", "identity", "party", "kind"),
    [
        ("sole_trader", "", "", "甲公司", PartyType.SOLE_TRADER),
        ("", "92500110DEM000030P", "", "某店", PartyType.SOLE_TRADER),
        ("", "91500110DEM000030P", "", "李演示", PartyType.ORGANISATION),
        ("", "", "D1", "李演示", PartyType.PERSON),
        ("", "", "", "演示建材有限公司", PartyType.ORGANISATION),
        ("", "", "", "綦江演示砂石厂", PartyType.ORGANISATION),
        ("", "", "", "演示投资中心（有限合伙）", PartyType.ORGANISATION),
        ("", "", "", "王社", PartyType.PERSON),
        ("", "", "", "说不清", PartyType.PERSON),
    ],
)
def test_party_types(choice: str, code: str, identity: str, party: str, kind: PartyType) -> None:
    assert party_type_of(choice, code, identity, party) == kind


@pytest.mark.parametrize(
    ("cell", "flag"), [("是", "是"), (1, "是"), (True, "是"), ("否", ""), (0, "")]
)
def test_flags(cell: Any, flag: str) -> None:
    assert converter(dictionary()["secret"], "是否涉密")(cell) == flag


# ------------------------------------------------------------------ rows


def test_a_vertical_merge_fills_its_rows_and_no_others(tmp_path: Path) -> None:
    rows = grid(*(ROW | {"行政处罚决定书文号": f"演〔2024〕{n}号"} for n in (1, 2, 3)))
    rows[2][3] = rows[3][3] = None
    reading = read(xlsx(tmp_path / "处罚.xlsx", ("表", rows), merges=("D2:D3", "F2:F9", "A8:A9")))
    assert [row.number for row in reading.rows] == ["演〔2024〕1号", "演〔2024〕2号"]
    assert [(r.origin.row, r.column) for r in reading.rejected] == [(4, "处罚机关")]


def test_an_identity_number_stored_as_a_float_is_kept_secret(tmp_path: Path) -> None:
    row = one(
        read(xlsx(tmp_path / "处罚.xlsx", ("表", grid(ROW | {"身份证号": 1.10105194912310e17}))))
    )
    assert row.text("id_number").startswith("110105194912310")
    assert "110105" not in repr(row)


@pytest.mark.parametrize("label", ["行政处罚决定书文号", "统一社会信用代码"])
def test_a_needed_number_that_lost_its_digits_is_rejected(tmp_path: Path, label: str) -> None:
    reading = read(xlsx(tmp_path / "处罚.xlsx", ("表", grid(ROW | {label: 1.10105194912310e17}))))
    assert [r.column for r in reading.rejected] == [label]
    assert "丢失" in reading.rejected[0].message


def test_an_identity_number_in_the_code_column_is_rejected(tmp_path: Path) -> None:
    value = "110105194912310021"
    reading = read(text(tmp_path / "处罚.csv", grid(ROW | {"统一社会信用代码": value})))
    assert reading.rows == ()
    assert value not in str(reading.rejected[0])


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"行政处罚决定书文号": ""}, "行政处罚决定书文号"),
        ({"行政处罚决定书文号": "详见附件"}, "行政处罚决定书文号"),
        ({"被处罚人": " / "}, "被处罚人"),
        ({"处罚决定日期": "2024-02-30"}, "处罚决定日期"),
        ({"处罚决定日期": "2099-12-31"}, "处罚决定日期"),
        ({"处罚机关": "别处的机关"}, "处罚机关"),
        ({"罚款金额(元)": "很多"}, "罚款金额(元)"),
        ({"是否涉密": "也许"}, "是否涉密"),
        ({"相对人类别": "动物"}, "相对人类别"),
        ({"公示日期": "昨天"}, "公示日期"),
    ],
)
def test_a_bad_row_costs_only_itself(tmp_path: Path, changed: dict[str, str], column: str) -> None:
    rows = grid(ROW | dict.fromkeys(changed, ""), ROW | changed, ROW | dict.fromkeys(changed, ""))
    for label in changed.keys() & ROW.keys():
        for row in (rows[1], rows[3]):
            row[rows[0].index(label)] = ROW[label]
    reading = read(text(tmp_path / "处罚.csv", rows))
    assert [row.origin.row for row in reading.rows] == [2, 4]
    assert [(r.origin.row, r.column) for r in reading.rejected] == [(3, column)]
    for value in filter(None, changed.values()):
        assert value.strip() not in reading.rejected[0].message or value == " / "


@pytest.mark.parametrize(
    ("name", "code", "slug"),
    [
        (" 重庆市綦江区 石壕镇人民政府", "", "shihao"),
        ("石壕镇", "", "shihao"),
        ("石壕镇综合行政执法大队", "", "shihao"),
        ("", "11500110DEM000030P", "shihao"),
        ("内设机构", "11500110dem000030p", "shihao"),
        (SHIHAO, "11140524DEM0000498", None),
        ("", "", None),
    ],
)
def test_the_agency_of_a_row(tmp_path: Path, name: str, code: str, slug: str | None) -> None:
    cells = ROW | {"处罚机关": name, "处罚机关统一社会信用代码": code}
    reading = read(text(tmp_path / "处罚.csv", grid(cells)))
    assert [row.agency for row in reading.rows] == ([slug] if slug else [])


def test_a_licence_without_number_goes_by_its_licence_number(tmp_path: Path) -> None:
    cells = {
        "行政许可决定文书号": "",
        "许可编号": "演证字(2024)7号",
        "当事人": "甲公司",
        "许可决定日期": "2024-03-05",
        "许可机关": SHIHAO,
    }
    row = one(read(text(tmp_path / "表.csv", grid(cells))))
    assert row.number == row.text("number") == "演证字〔2024〕7号"


def test_undeclared_columns_are_named_safely_and_never_read(tmp_path: Path) -> None:
    extra = {
        "当事人微信号": "wx_1",
        "备用13800000000号": "x",
        "备用138 0000 0000": "x",
        "很" * 40: "y",
        "许可内容": "z",
    }
    reading = read(text(tmp_path / "处罚.csv", grid(ROW | extra | {"序号": "1"})))
    assert reading.undeclared == (
        "处罚.csv·当事人微信号",
        "处罚.csv·备用×号",
        "处罚.csv·备用×",
        "处罚.csv·" + "很" * 30 + "…",
        "处罚.csv·许可内容",
    )
    assert one(reading).values.keys() == {"number", "party", "decided_on", "authority"}


def test_two_columns_of_one_field_are_both_known(tmp_path: Path) -> None:
    extra = {"联系电话": "15400000001", "手机号码": "15400000002", "案由": "甲", "案件名称": "甲"}
    row = one(read(text(tmp_path / "处罚.csv", grid(ROW | extra))))
    assert row.text("phone") == "15400000001；15400000002"
    assert row.text("case_name") == "甲"


# ------------------------------------------------------------------ row by row


@pytest.mark.parametrize("size", [1, 2, 7])
def test_a_table_gives_the_same_in_pieces_of_any_size(
    size: int, demo: list[FileReading], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[*ROW.values()] for _ in range(9)]
    rows[3][2:] = [None, None]
    head = [[*ROW, "", "联系人微信"]]
    merged = xlsx(tmp_path / "处罚.xlsx", ("处罚", [*head, *rows]), merges=("C4:C9", "D3:D9"))
    with_name = xlsx(tmp_path / "b-处罚.xlsx", ("处罚", [*head, *rows, [*rows[0], "没有列名"]]))
    whole = [read(merged), read(with_name)]
    assert [len(one.rows) for one in whole] == [9, 9]
    monkeypatch.setattr(columns, "PIECE", size)
    assert [read(merged), read(with_name)] == whole
    assert list(read_inbox(EXAMPLES / "inbox", AGENCIES)) == demo


def test_no_row_of_a_file_that_breaks_off_is_ever_given(tmp_path: Path) -> None:
    for n, end in enumerate((',"没有闭合', ',"a\n', '\n"')):
        path = text(tmp_path / f"{n}-处罚.csv", grid(*[ROW] * 3))
        path.write_bytes(path.read_bytes() + end.encode())
        export = Export(path, AGENCIES)
        assert list(export) == []
        assert "引号没有闭合" in export.reading.refused


def test_a_large_table_passes_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "PIECE", 100)
    rows = grid(*({**ROW, "违法事实": f"{n}" + "堆放杂物" * 300} for n in range(4000)))
    path = text(tmp_path / "处罚.csv", rows)
    del rows
    tracemalloc.start()
    try:
        count = sum(1 for _ in Export(path, AGENCIES))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 4000
    assert peak < 8_000_000 < path.stat().st_size / 1.5
