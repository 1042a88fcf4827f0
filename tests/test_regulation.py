"""Do regulations as they really come lose nothing, and has every article an address of its own?"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigurationError
from pipeline.public.library.regulation import Regulation, read_regulation
from pipeline.public.read import word
from pipeline.public.read.regulation_text import number_of, pieces
from pipeline.public.read.word_numbers import chinese

#: One invented document with every defect of the real ones.
DEFECTS = """﻿
 演示镇综合执法“几项制度”

演示镇公示制度
     第一条  写明目的。
第二条 写明范围：
（一）机构和人员；（二）期限。
[bookmark: _GoBack]第三条\xa0\xa0写明方式。第四条  写明时限，不得引用第二条规定的内容。
第8条 　阿拉伯数字的条号，前面缺了几条。
第九条、顿号的条号。
第十条规定的事项不在此列，这是正文。

附件2
演示镇全过程
记录制度
第一章　总　则
第一节  事前公开
第一条  重新编号。
第一条之一  插入的一条。
第二章监督
第二条  第二条的正文。

演示镇档案制度（试行）
为了演示，写下这一段。
一、立卷
（一）当天立卷。
1.写明日期。
三、归档
缺了第二项。
本制度自公布之日起施行。

附件1
演示镇任务表
序号\t任务\t要求\t完成时限\t
1\t公开\t在网站公开，
内容要全\t年底前
\t\t更新\t长期

2\t记录\t全程\t长期
"""


def read(tmp_path: Path, text: str, name: str = "x.md") -> Regulation:
    path = tmp_path / "agencies" / "demo" / "regulations" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_regulation(path)


def marks(regulation: Regulation) -> list[tuple[str, str, str]]:
    kinds = ("title", "chapter", "section", "article")
    return [
        (n.piece.kind, n.piece.label, n.anchor) for n in regulation.nodes if n.piece.kind in kinds
    ]


def test_every_defect_is_read_as_it_is_meant(tmp_path: Path) -> None:
    found = read(tmp_path, DEFECTS)
    assert found.title == "演示镇综合执法“几项制度”"
    assert marks(found) == [
        ("title", "", "t-1"),
        ("article", "第一条", "a-1"),
        ("article", "第二条", "a-2"),
        ("article", "第三条", "a-3"),
        ("article", "第四条", "a-4"),
        ("article", "第8条", "a-8"),
        ("article", "第九条", "a-9"),
        ("title", "", "t-2"),
        ("chapter", "第一章", "c-1"),
        ("section", "第一节", "s-1"),
        ("article", "第一条", "p2-a-1"),
        ("article", "第一条之一", "p2-a-1-1"),
        ("chapter", "第二章", "c-2"),
        ("article", "第二条", "p2-a-2"),
        ("title", "", "t-3"),
        ("article", "一、", "p3-a-1"),
        ("article", "三、", "p3-a-3"),
        ("title", "", "t-4"),
    ]
    titles = [node.piece.text for node in found.nodes if node.piece.kind == "title"]
    assert titles == [
        "演示镇公示制度",
        "附件2 演示镇全过程 记录制度",
        "演示镇档案制度（试行）",
        "附件1",
    ]
    assert found.gaps == ("第8条", "三、")


def test_a_reference_within_a_sentence_begins_no_article(tmp_path: Path) -> None:
    texts = {n.anchor: n.piece.text for n in read(tmp_path, DEFECTS).nodes}
    assert texts["a-4"] == "写明时限，不得引用第二条规定的内容。"
    plain = [n.piece.text for n in read(tmp_path, DEFECTS).nodes if n.piece.kind == "text"]
    assert "第十条规定的事项不在此列，这是正文。" in plain


def test_merged_cells_of_a_table_are_filled(tmp_path: Path) -> None:
    (table,) = [
        p for p in pieces("表\n一\t二\t三\n1\t公开\t甲\n\t\t乙\n2\t记录\t\n") if p.kind == "table"
    ]
    assert table.rows == (
        ("一", "二", "三"),
        ("1", "公开", "甲"),
        ("1", "公开", "乙"),
        ("2", "记录", ""),
    )


def squeezed(text: str) -> str:
    text = re.sub(r"\[bookmark:[^\]\n]*\]", "", text)
    return re.sub(r"[\s　﻿、.．:：#|-]", "", text)


def kept(text: str) -> str:
    """All that the pieces say; a filled cell says again what stands above it."""
    out = []
    for piece in pieces(text):
        out.append(piece.label + piece.text)
        above: tuple[str, ...] = ()
        for row in piece.rows:
            same = next((i for i, cell in enumerate(row) if above[i : i + 1] != (cell,)), 0)
            out += row[same:] if above and all(row[:same]) else row
            above = row
    return squeezed("".join(out))


def test_nothing_but_bookmarks_is_lost() -> None:
    assert kept(DEFECTS) == squeezed(DEFECTS)


@given(st.lists(st.sampled_from(DEFECTS.splitlines()), max_size=30))
def test_nothing_is_lost_in_any_order(lines: list[str]) -> None:
    # Tables apart: what their rows fill in depends on their order.
    text = "\n".join(line for line in lines if "\t" not in line)
    assert kept(text) == squeezed(text)


@given(st.lists(st.sampled_from([*DEFECTS.splitlines(), "第一条 又一次", "第一条之一 又一次"])))
def test_no_two_pieces_share_an_address(tmp_path_factory, lines: list[str]) -> None:
    text = "title: 标题\n正文。\n" + "\n".join(lines)
    anchors = [n.anchor for n in read(tmp_path_factory.mktemp("r"), text).nodes if n.anchor]
    assert len(set(anchors)) == len(anchors)


@pytest.mark.skipif(
    "GONGSHI_SOURCES" not in os.environ, reason="names the source documents' folder"
)
def test_the_source_documents_go_through_whole() -> None:
    paths = sorted(Path(os.environ["GONGSHI_SOURCES"]).glob("*.txt"))
    assert paths
    for path in paths:
        text = path.read_text(encoding="utf-8")
        found = read_regulation(path)
        assert found.title, path.name
        anchors = [node.anchor for node in found.nodes if node.anchor]
        assert len(set(anchors)) == len(anchors), path.name
        lines = text.splitlines()
        numbered = sum(
            bool(re.match(r"[\s　]*(\[.*?\])?第[一二三四五六七八九十百\d]+条[\s　、]", line))
            for line in lines
        )
        assert sum(n.piece.label.startswith("第") for n in found.articles) >= numbered, path.name
        assert "bookmark" not in kept(text), path.name
        assert kept(text) == squeezed(text) or "\t" in text, path.name


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("三十六", 36),
        ("一百零二", 102),
        ("36", 36),
        ("３６", 36),
        ("条", 0),
    ],
)
def test_numbers(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "title"),
        ("title: 一\n", "没有正文"),
        ("title: 一\nupdated: 昨天\n正文。\n", "updated"),
        ("title: 一\norder: 先\n正文。\n", "order"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        read(tmp_path, text)


def document(path: Path, **change: bytes) -> Path:
    """A small Word document, with parts of it replaced."""
    made = Document()
    for line in ("演示办法", "第一条 甲。", "第二条 乙。"):
        made.add_paragraph(line)
    table = made.add_table(rows=2, cols=2)
    for row, cells in zip(table.rows, (("序号", "任务"), ("1", "公开")), strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    body = io.BytesIO()
    made.save(body)
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(body) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name])
    return path


def test_a_word_document_is_read(tmp_path: Path) -> None:
    found = read_regulation(document(tmp_path / "agencies/demo/regulations/x.docx"))
    assert found.title == "演示办法"
    assert [n.piece.label for n in found.articles] == ["第一条", "第二条"]
    assert found.nodes[-1].piece.rows == (("序号", "任务"), ("1", "公开"))


def test_numbers_that_word_counts_itself_are_read(tmp_path: Path) -> None:
    def paragraph(text: str, depth: int | None = None) -> str:
        level = f"<w:ilvl w:val='{depth}'/><w:numId w:val='7'/>"
        number = "" if depth is None else f"<w:pPr><w:numPr>{level}</w:numPr></w:pPr>"
        return f"<w:p>{number}<w:r><w:t>{text}</w:t></w:r></w:p>"

    items = [("甲", 0), ("款", 1), ("项", 1), ("乙", 0), ("款", 1), ("没有编号", None), ("丙", 0)]
    body = "".join(paragraph(text, depth) for text, depth in [("演示办法", None), *items])
    levels = "".join(
        f"<w:lvl w:ilvl='{i}'><w:start w:val='1'/><w:numFmt w:val='{fmt}'/><w:lvlText w:val='{text}'/></w:lvl>"
        for i, (fmt, text) in enumerate([("chineseCounting", "第%1条"), ("decimal", "（%2）")])
    )
    head = XML.decode().replace("w:document", "w:numbering")
    numbering = (
        f"{head}<w:abstractNum w:abstractNumId='3'>{levels}</w:abstractNum>"
        "<w:num w:numId='7'><w:abstractNumId w:val='3'/></w:num></w:numbering>"
    )
    change = {
        BODY: XML + f"<w:body>{body}</w:body></w:document>".encode(),
        "word/numbering.xml": numbering.encode(),
    }
    found = read_regulation(document(tmp_path / "x.docx", **change))
    assert [n.piece.label + n.piece.text for n in found.nodes] == [
        *("第一条甲", "（1） 款", "（2） 项", "第二条乙", "（1） 款", "没有编号", "第三条丙"),
    ]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (36, "三十六"),
        (100, "一百"),
        (103, "一百零三"),
        (117, "一百一十七"),
    ],
)
def test_numbers_are_said_and_read_alike(number: int, said: str) -> None:
    assert chinese(number) == said
    assert number_of(said) == number


BODY = "word/document.xml"
XML = b'<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"word/vbaProject.bin": b"x"}, "宏"),
        ({BODY: b'<!DOCTYPE a [<!ENTITY b "c">]>' + XML}, "DTD"),
        ({BODY: XML + b"<w:body><w:p><w:ins w:id='1'/></w:p></w:body></w:document>"}, "修订"),
        ({BODY: XML}, "损坏"),
    ],
)
def test_a_document_that_is_not_safe_is_refused(
    tmp_path: Path, change: dict[str, bytes], told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        read_regulation(document(tmp_path / "x.docx", **change))


def test_no_word_document_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(ConfigurationError, match="打不开"):
        read_regulation(path)
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("a.txt", "x")
    with pytest.raises(ConfigurationError, match="不是 Word 文档"):
        read_regulation(path)
    monkeypatch.setattr(word, "_UNPACKED_LIMIT", 100)
    with pytest.raises(ConfigurationError, match="过大"):
        read_regulation(document(path))
