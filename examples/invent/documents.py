"""Decisions as Word documents: one found by its file name, one by its text, one by a column."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date

from docx import Document
from docx.document import Document as Paper
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from invent.decisions import Office, Row
from invent.tables import TITLE
from invent.write import zip_entry

#: What file 99 says in its column 决定书文件.
CORRECTED = "更正后的决定书（定稿）.docx"

_W = nsdecls("w")
_TIMES = re.compile(rb'(?<=date=")[^"]*|(?<=>)\d{4}-\d\d-\d\dT[^<]*')
_MOMENT = b"2026-11-20T00:00:00Z"
_NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def document_files(offices: dict[str, Office]) -> dict[str, bytes]:
    """The files by name; their decisions stand in files 25 and 99."""
    by_name, by_text = (_made(offices["mingshan"], date(2026, 2, day)) for day in (3, 4))
    corrected = _corrected_row(offices["shihao"])
    stranger = "石壕罚决〔2026〕9999号"
    return {
        f"30-行政处罚决定书-{by_name['number']}.docx": _with_table(by_name),
        f"31-{by_text['legal_representative']}-处罚决定书.docx": _with_comments(by_text),
        CORRECTED: _with_changes(corrected),
        "33-没有对应数据的决定书.docx": _bytes(_paper(stranger, ["当事人：演示用品店。"])),
    }


def _made(office: Office, day: date) -> Row:
    return next(row for row in office.made if row["decided_on"] == day and row["full_text"])


def _corrected_row(office: Office) -> Row:
    recent = (row for row in office.made if row["decided_on"].year == 2026 and row["credit_code"])
    return next(recent)


def _paper(number: str, paragraphs: Sequence[str]) -> Paper:
    paper = Document()
    paper.sections[0].header.paragraphs[0].text = TITLE
    paper.add_heading("行政处罚决定书", level=1)
    paper.add_paragraph(number)
    for text in paragraphs:
        paper.add_paragraph(text)
    return paper


def _body(row: Row) -> list[str]:
    """The decision's paragraphs without the title and number it begins with."""
    lines = [line for line in row["full_text"].split("\n") if line.strip()]
    return [line for line in lines if line.strip() not in ("行政处罚决定书", row["number"])]


def _with_table(row: Row) -> bytes:
    """A table of the party, a footnote, and a clerk's name in the footer."""
    paper = _paper(row["number"], ())
    table = paper.add_table(rows=0, cols=2)
    for label, value in (
        ("当事人", row["party"]),
        ("法定代表人", row["legal_representative"]),
        ("身份证号", row["legal_rep_id"]),
        ("联系电话", row["phone"]),
    ):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, value
    for text in _body(row):
        paper.add_paragraph(text)
    paper.paragraphs[-1]._p.append(parse_xml(f'<w:r {_W}><w:footnoteReference w:id="1"/></w:r>'))
    _add_footnote(paper, f"罚款缴纳情况由{row['officer_1']}核对，缴款人电话{row['phone']}。")
    paper.sections[0].footer.paragraphs[0].text = f"承办人：{row['officer_1']}，{row['officer_2']}"
    return _bytes(paper)


def _add_footnote(paper: Paper, text: str) -> None:
    note = f'<w:footnote w:id="1"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
    body = f"<w:footnotes {_W}>{note}</w:footnotes>".encode()
    part = Part(PackURI("/word/footnotes.xml"), _NOTES, body, paper.part.package)
    paper.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _with_comments(row: Row) -> bytes:
    """A reviewer's comment that names the one who complained."""
    paper = _paper(row["number"], _body(row))
    runs = paper.paragraphs[-1].runs
    comment = "发布前请删去：举报人曹雪松（电话15400009911）要求保密。"
    paper.add_comment(runs, text=comment, author="审核", initials="审")
    return _bytes(paper)


def _with_changes(row: Row) -> bytes:
    """A witness struck out, another sentence put in, both still tracked."""
    paper = _paper(row["number"], _body(row))
    change = 'w:id="7" w:author="承办" w:date="2026-11-20T00:00:00Z"'
    paper.element.body.insert(
        len(paper.element.body) - 1,
        parse_xml(
            f"<w:p {_W}><w:r><w:t>更正说明：</w:t></w:r>"
            f"<w:del {change}><w:r><w:delText>原证人尉迟敬山的证言不再采信。</w:delText></w:r>"
            "</w:del>"
            f"<w:ins {change}><w:r><w:t>经复核，现场数据无误。</w:t></w:r></w:ins></w:p>"
        ),
    )
    return _bytes(paper)


def _bytes(paper: Paper) -> bytes:
    """The document without the time of its making."""
    made, rewritten = io.BytesIO(), io.BytesIO()
    paper.save(made)
    with (
        zipfile.ZipFile(made) as old,
        zipfile.ZipFile(rewritten, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist()):
            data = old.read(name)
            if name in ("docProps/core.xml", "word/comments.xml"):
                data = _TIMES.sub(_MOMENT, data)
            new.writestr(zip_entry(name), data)
    return rewritten.getvalue()
