"""Decisions as Word documents: what is read, what is refused, whose they are, what is shown."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline import policy
from pipeline.errors import UnreadableFile
from pipeline.model import Kind, PartyType
from pipeline.restricted import attach
from pipeline.restricted.attach import match
from pipeline.restricted.identity import slug
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.raw import Origin, RawDecision, Secret
from pipeline.restricted.read import read_inbox, word
from pipeline.restricted.read.attachments import Attachment, read_attachments, veiled
from pipeline.restricted.read.word import WordText, read_word
from pipeline.restricted.redact import Redactor
from tests.conftest import PENALTY, Site
from tests.test_read import AGENCIES

W = nsdecls("w")
TODAY = date(2026, 11, 20)
NUMBER = "石壕罚决〔2026〕3号"
PARTY = "綦江演示砂石有限公司"


def save(paper: object, path: Path) -> Path:
    paper.save(str(path))  # type: ignore[attr-defined]
    return path


def written(path: Path, *paragraphs: str, xml: str = "") -> Path:
    """A document of paragraphs, with ``xml`` as its last blocks."""
    paper = Document()
    for text in paragraphs:
        paper.add_paragraph(text)
    for block in parse_xml(f"<w:body {W}>{xml}</w:body>"):
        paper.element.body.insert(len(paper.element.body) - 1, block)
    return save(paper, path)


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def changed(path: Path, change: Callable[[str, bytes], bytes | None], **more: bytes) -> Path:
    """The document once more, each part as ``change`` returns it (None leaves it out)."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in more.items():
            new.writestr(name, data)
    path.write_bytes(made.getvalue())
    return path


# ------------------------------------------------------------------ what is read


def test_paragraphs_and_tables_come_in_their_order(tmp_path: Path) -> None:
    paper = Document()
    paper.add_paragraph("行政处罚决定书")
    table = paper.add_table(rows=2, cols=2)
    for n, text in enumerate(("当事人", "甲公司", "证人", "乙")):
        table.cell(n // 2, n % 2).text = text
    inner = table.cell(1, 1).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = "表中表"
    paper.add_paragraph("此后是正文。")
    done = read_word(save(paper, tmp_path / "a.docx"))
    assert done.shown.reveal() == "行政处罚决定书\n当事人 | 甲公司\n证人 | 乙\n表中表\n此后是正文。"
    assert not done.unseen
    assert not done.revised


STYLED = "<w:rStyle w:val='Veiled'/>"
PLAINLY = "<w:vanish w:val='0'/>"
UNSEEN = {
    "deletion": f"<w:p>{run('留')}<w:del w:id='1'><w:r><w:delText>秘</w:delText></w:r></w:del></w:p>",
    "stray deletion": f"<w:p>{run('留')}<w:r><w:delText>秘</w:delText></w:r></w:p>",
    "moved away": f"<w:p>{run('留')}<w:moveFrom w:id='1'>{run('秘')}</w:moveFrom></w:p>",
    "hidden": f"<w:p>{run('留')}{run('秘', '<w:vanish/>')}</w:p>",
    "hidden by style": f"<w:p>{run('留')}{run('秘', STYLED)}</w:p>",
    "hidden paragraph": f"<w:p>{run('留')}</w:p><w:p><w:pPr><w:pStyle w:val='Veiled'/></w:pPr>"
    f"{run('秘')}</w:p>",
    "deleted row": f"<w:p>{run('留')}</w:p><w:tbl><w:tr><w:trPr><w:del w:id='1'/></w:trPr>"
    f"<w:tc><w:p>{run('秘')}</w:p></w:tc></w:tr></w:tbl>",
    "pinyin": f"<w:p><w:r><w:ruby><w:rt>{run('秘')}</w:rt>"
    f"<w:rubyBase>{run('留')}</w:rubyBase></w:ruby></w:r></w:p>",
    "text box": f"<w:p>{run('留')}<w:r><w:pict><w:txbxContent><w:p>{run('秘')}</w:p>"
    "</w:txbxContent></w:pict></w:r></w:p>",
    "word art": f"<w:p>{run('留')}<w:r><w:pict><v:textpath xmlns:v='urn:schemas-microsoft-com:vml'"
    " string='秘'/></w:pict></w:r></w:p>",
    "link": f'<w:p>{run("留")}<w:r><w:instrText>HYPERLINK "mailto:秘"</w:instrText></w:r></w:p>',
}
VEILED = f"<w:style {W} w:type='character' w:styleId='Veiled'><w:rPr><w:vanish/></w:rPr></w:style>"


@pytest.mark.parametrize("xml", UNSEEN.values(), ids=UNSEEN.keys())
def test_what_a_reader_does_not_see_is_read_apart(tmp_path: Path, xml: str) -> None:
    path = written(tmp_path / "a.docx", xml=xml)
    paper = Document(str(path))
    paper.styles.element.append(parse_xml(VEILED))
    done = read_word(save(paper, path))
    assert done.shown.reveal() == "留"
    assert "秘" in done.unseen.reveal()


def test_header_footer_and_comments_are_read_apart(tmp_path: Path) -> None:
    paper = Document()
    paragraph = paper.add_paragraph("正文")
    paper.add_comment(paragraph.runs, text="批注里的话", author="甲")
    paper.sections[0].header.paragraphs[0].text = "页眉里的话"
    paper.sections[0].footer.paragraphs[0].text = "页脚里的话"
    done = read_word(save(paper, tmp_path / "a.docx"))
    assert done.shown.reveal() == "正文"
    assert all(part in done.unseen.reveal() for part in ("批注里的话", "页眉里的话", "页脚里的话"))


SEEN = {
    "insertion": f"<w:p>{run('前')}<w:ins w:id='1'>{run('后')}</w:ins></w:p>",
    "inserted paragraph": f"<w:p>{run('前')}</w:p><w:ins w:id='1'><w:p>{run('后')}</w:p></w:ins>",
    "content control": f"<w:sdt><w:sdtContent><w:p>{run('前')}{run('后')}</w:p></w:sdtContent></w:sdt>",
    "hyperlink": f"<w:p>{run('前')}<w:hyperlink>{run('后')}</w:hyperlink></w:p>",
    "field": f"<w:p>{run('前')}<w:fldSimple w:instr='DATE'>{run('后')}</w:fldSimple></w:p>",
    "not hidden after all": f"<w:p>{run('前')}{run('后', PLAINLY)}</w:p>",
    "row in a control": "<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc><w:p>"
    f"{run('前')}{run('后')}</w:p></w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
}


@pytest.mark.parametrize("xml", SEEN.values(), ids=SEEN.keys())
def test_what_a_reader_sees_is_text(tmp_path: Path, xml: str) -> None:
    shown = read_word(written(tmp_path / "a.docx", xml=xml)).shown.reveal()
    assert shown.replace("\n", "") == "前后"


def noted(path: Path, references: str, notes: str) -> Path:
    paper = Document()
    paper.add_paragraph("正文")
    paper.element.body.insert(1, parse_xml(f"<w:p {W}>{references}</w:p>"))
    body = f"<w:footnotes {W}>{notes}</w:footnotes>".encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, body, paper.part.package)
    paper.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    return save(paper, path)


def test_notes_stand_below_the_text_and_those_nobody_refers_to_apart(tmp_path: Path) -> None:
    reference = "<w:r><w:footnoteReference w:id='2'/></w:r>"
    notes = "".join(
        f"<w:footnote w:id='{n}'><w:p>{run(text)}{reference}</w:p></w:footnote>"
        for n, text in ((1, "无人引用"), (2, "依据见卷宗"))
    )
    done = read_word(noted(tmp_path / "a.docx", reference, notes))
    assert done.shown.reveal().startswith("正文\n（注1）\n注1：依据见卷宗")
    assert "无人引用" not in done.shown.reveal()
    assert "无人引用" in done.unseen.reveal()


def test_a_name_that_changes_cut_in_two_is_read_whole_both_ways(tmp_path: Path) -> None:
    xml = (
        f"<w:p>{run('证人欧阳')}<w:del w:id='1'><w:r><w:delText>振华</w:delText></w:r></w:del>"
        f"<w:ins w:id='2'>{run('建国')}</w:ins>{run('作证。')}</w:p>"
    )
    done = read_word(written(tmp_path / "a.docx", xml=xml))
    assert done.shown.reveal() == "证人欧阳建国作证。"
    assert done.unseen.reveal() == "证人欧阳振华作证。"
    assert done.revised


# ------------------------------------------------------------------ what is refused


def _bomb(path: Path) -> Path:
    return changed(path, lambda name, data: data, **{"word/media/x.png": b"\0" * 150 * 1024**2})


def _ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le")


def _part(name: str, data: bytes) -> Callable[[Path], Path]:
    return lambda path: changed(path, lambda n, d: data if n == name else d)


def _inserted(old: bytes, new: bytes) -> Callable[[Path], Path]:
    return lambda path: changed(path, lambda _, data: data.replace(old, new))


def _raw(data: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return write


_ENTITY = (
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><w:document '
    b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">&e;</w:document>'
)
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACRO = b"application/vnd.ms-word.document.macroEnabled.main+xml"
_CHUNK = (
    b'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/aFChunk" Target="x.html"/></Relationships>'
)
BROKEN: dict[str, tuple[Callable[[Path], Path], str]] = {
    "empty": (_raw(b""), word.EMPTY),
    "encrypted": (_raw(_ole("EncryptedPackage")), word.LOCKED),
    "old binary": (_raw(_ole("WordDocument")), word.OLD),
    "rtf": (_raw(b"{\\rtf1 x}"), word.NOT_WORD),
    "pdf": (_raw(b"%PDF-1.7"), word.NOT_WORD),
    "bomb": (_bomb, "压缩炸弹"),
    "macros": (
        lambda p: changed(p, lambda _, data: data, **{"word/vbaProject.bin": b"x"}),
        word.MACROS,
    ),
    "macro type": (_inserted(_MAIN, _MACRO), word.MACROS),
    "broken XML": (_part("word/document.xml", b"<w:document"), word.BROKEN),
    "no body": (_part("word/document.xml", b"<document/>"), word.BROKEN),
    "entity": (_part("word/document.xml", _ENTITY), word.ENTITIES),
    "entity in a header": (_part("word/styles.xml", _ENTITY), word.ENTITIES),
    "part missing": (
        lambda p: changed(p, lambda n, d: None if n == "word/document.xml" else d),
        word.BROKEN,
    ),
    "strict": (
        _inserted(b"http://schemas.openxmlformats.org/officeDocument/", word._STRICT),
        word.STRICT,
    ),
    "parts elsewhere": (
        lambda p: changed(
            p,
            lambda n, d: d.replace(b"</Relationships>", _CHUNK) if "document.xml.rels" in n else d,
            **{"word/x.html": b"<p>x</p>"},
        ),
        word.PARTS,
    ),
    "no text": (
        lambda p: written(p, xml="<w:p/>"),
        word.NO_TEXT,
    ),
}


@pytest.mark.parametrize(("spoil", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_a_document_that_must_not_be_read_is_refused(
    tmp_path: Path, spoil: Callable[[Path], Path], words: str
) -> None:
    path = spoil(written(tmp_path / "a.docx", "正文"))
    with pytest.raises(UnreadableFile) as refusal:
        read_word(path)
    assert words in str(refusal.value)
    assert str(refusal.value).endswith("。")


def test_a_truncated_document_is_refused_wherever_it_ends(tmp_path: Path) -> None:
    whole = written(tmp_path / "a.docx", "正文").read_bytes()
    for part in range(1, 20):
        (tmp_path / "b.docx").write_bytes(whole[: len(whole) * part // 20])
        with pytest.raises(UnreadableFile):
            read_word(tmp_path / "b.docx")


def test_a_workbook_is_no_document_and_a_document_no_workbook(tmp_path: Path) -> None:
    books = sorted((Path(__file__).parents[1] / "examples" / "inbox").glob("01*.xlsx"))
    with pytest.raises(UnreadableFile, match=r"不是 \.docx"):
        read_word(books[0])
    written(tmp_path / "a.docx", "正文").rename(tmp_path / "a.xlsx")
    (reading,) = read_inbox(tmp_path, AGENCIES)
    assert "Word" in reading.refused


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MAX_FILE_BYTES", 100, word.TOO_LARGE),
        ("MAX_UNPACKED_BYTES", 100, word.TOO_LARGE),
        ("MAX_XML_BYTES", 100, word.TOO_LARGE),
        ("MAX_CHARACTERS", 3, word.TOO_LONG),
    ],
)
def test_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, words: str
) -> None:
    path = written(tmp_path / "a.docx", "四个字呢")
    monkeypatch.setattr(word, limit, value)
    with pytest.raises(UnreadableFile) as refusal:
        read_word(path)
    assert words in str(refusal.value)


# ------------------------------------------------------------------ the inbox


def test_documents_lie_in_the_inbox_or_in_a_folder_of_it(tmp_path: Path) -> None:
    for name in ("b.docx", "附件/a.docx", "附件/c.pdf", "~$b.docx", "别处/d.docx", "e.doc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        written(tmp_path / name, "正文")
    found = [(one.name.reveal(), one.text is not None) for one in read_attachments(tmp_path)]
    assert found == [("b.docx", True), ("e.doc", True), ("a.docx", True), ("c.pdf", True)]
    assert list(read_inbox(tmp_path, AGENCIES)) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王铁柱-行政处罚决定书.docx", "…-行政处罚决定书.docx"),
        ("石壕罚决〔2026〕3号 王铁柱.docx", "…〔2026〕3号 ….docx"),
        ("03_决定书（定稿）.DOCX", "03_决定书(定稿).docx"),
        ("15400001111.docx", "….docx"),
        ("决定书.王铁柱", "决定书"),
        ("Tom.docx", "….docx"),
    ],
)
def test_a_report_shows_of_a_name_what_is_nobodys(name: str, shown: str) -> None:
    assert veiled(name) == shown


# ------------------------------------------------------------------ whose it is


def row(
    number: str = NUMBER, party: str = PARTY, agency: str = "shihao", **more: str
) -> RawDecision:
    values = {"number": number, "party": party, **more}
    return RawDecision(
        agency=agency,
        kind=Kind.PENALTY,
        number=number,
        decided_on=date(2026, 9, 1),
        party_type=PartyType.ORGANISATION,
        values={key: Secret(value, key) for key, value in values.items()},
        origin=Origin("a.xlsx", "", 2),
    )


def paper(name: str, text: str, unseen: str = "") -> Attachment:
    whole = WordText(Secret(text, "full_text"), Secret(unseen, "unseen_text"), False)
    return Attachment(veiled(name), Secret(name, "attachment"), whole)


def decided(tmp_path: Path, rows: list[RawDecision], *papers: Attachment) -> attach.Matching:
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.take_over(rows, TODAY)
        return match(papers, ledger.decisions(), AGENCIES)


BODY = f"行政处罚决定书\n{NUMBER}\n当事人：{PARTY}。"
PLAIN = f"行政处罚决定书\n当事人：{PARTY}。"
OTHER = "石壕罚决〔2026〕4号"
MATCHES = {
    "by its text": ("x.docx", BODY),
    "by its text, labelled": ("x.docx", f"文号：石壕罚决[2026]03号\n{PARTY}"),
    "by a cell of its text": ("x.docx", f"编号 | {NUMBER}\n{PARTY}"),
    "on the line of its title": ("x.docx", f"行政处罚决定书（石壕罚决〔2026〕3号）\n{PARTY}"),
    "by its name": (f"{NUMBER}.docx", PLAIN),
    "by its name among words": ("01 行政处罚决定书石壕罚决（2026）3号（某公司）.docx", PLAIN),
    "by the export's column": ("定稿.docx", PLAIN),
}


@pytest.mark.parametrize(("name", "text"), MATCHES.values(), ids=MATCHES.keys())
def test_a_document_finds_its_decision(tmp_path: Path, name: str, text: str) -> None:
    rows = [row(attachment="C:\\文书\\定稿.DOCX"), row(OTHER)]
    done = decided(tmp_path, rows, paper(name, text))
    assert done.refused == ()
    assert list(done.found) == [slug("shihao", Kind.PENALTY, NUMBER)]


REFUSED = {
    "nothing says it": ("x.docx", PLAIN, attach.UNKNOWN),
    "a number only cited": ("x.docx", f"{PLAIN}依据{NUMBER}作出。", attach.UNKNOWN),
    "a longer number": ("綦石壕罚决〔2026〕3号.docx", PLAIN, attach.UNKNOWN),
    "a number that goes on": (
        "石壕罚决〔2026〕3号.docx",
        f"石壕罚决〔2026〕33号\n{PARTY}",
        attach.OTHER_NUMBER,
    ),
    "name and text differ": (f"{OTHER}.docx", BODY, attach.OTHER_NUMBER),
    "column and text differ": ("定稿.docx", f"{OTHER}\n{PARTY}", attach.OTHER_NUMBER),
    "another agency": (f"{NUMBER}.docx", f"陵川县应急管理局\n{PLAIN}", attach.OTHER_AGENCY),
    "another party": (f"{NUMBER}.docx", "当事人：别的公司。", attach.OTHER_PARTY),
    "two in the name": (f"{NUMBER} {OTHER}.docx", PLAIN, attach.SEVERAL),
    "two in the text": ("x.docx", f"{NUMBER}\n{OTHER}\n{PARTY}", attach.SEVERAL),
}


@pytest.mark.parametrize(("name", "text", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_a_document_that_could_be_anothers_is_not_used(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    done = decided(tmp_path, [row(attachment="定稿"), row(OTHER)], paper(name, text))
    assert done.found == {}
    assert [why in sentence for sentence in done.refused] == [True]


def test_one_number_of_two_agencies_asks_for_the_agency(tmp_path: Path) -> None:
    rows = [row(), row(agency="lingchuan")]
    assert attach.SEVERAL in decided(tmp_path, rows, paper("x.docx", BODY)).refused[0]
    named = decided(tmp_path, rows, paper("x.docx", f"陵川县应急管理局\n{BODY}"))
    assert list(named.found) == [slug("lingchuan", Kind.PENALTY, NUMBER)]


def test_two_documents_of_one_decision_are_both_left(tmp_path: Path) -> None:
    done = decided(tmp_path, [row()], paper("1.docx", BODY), paper("2.docx", BODY + "另页"))
    assert done.found == {}
    assert [attach.TWICE in sentence for sentence in done.refused] == [True, True]
    assert decided(tmp_path, [row()], paper("1.docx", BODY), paper("2.docx", BODY)).found


# ------------------------------------------------------------------ what is shown


def test_a_document_takes_the_place_of_the_exports_text(tmp_path: Path) -> None:
    found = slug("shihao", Kind.PENALTY, NUMBER)
    texts = {found: (Secret("文书的正文"), Secret("批注"))}
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.take_over([row(full_text="导出的正文")], TODAY)
        (before,) = ledger.decisions()
        assert [ledger.attach(texts, TODAY), ledger.attach(texts, TODAY)] == [1, 0]
        (after,) = ledger.decisions()
        assert ledger.take_over([row(full_text="导出的正文")], TODAY).same == 1
        assert ledger.broken_history() is None
    assert after.digest != before.digest
    assert after.raw.text("full_text") == "文书的正文"
    assert after.raw.text("unseen_text") == "批注\n导出的正文"


def test_names_from_unseen_parts_are_masked_in_the_text_and_watched_for() -> None:
    raw = row(
        full_text=f"当事人：{PARTY}。当日尉迟敬山不在。",
        unseen_text="举报人：端木若兰，电话15400009911。证人尉迟敬山的证言不再采信。",
    )
    (done,) = Redactor(policy.load("base")).redact_all([raw], ["s"])
    shown = "".join(done.decision.details.values())
    assert "敬山" not in shown
    assert "端木若兰" not in shown
    assert "unseen_text" not in done.spans
    secrets = {secret.reveal() for secret in done.secrets}
    assert {"端木若兰", "尉迟敬山", "15400009911"} <= secrets


def test_a_comment_that_speaks_of_secrets_holds_the_decision() -> None:
    phrase = next(p for g in policy.load("base").withheld.values() for p in g.phrases)
    raw = row(full_text=f"当事人：{PARTY}。", unseen_text=f"此处{phrase}，请核。")
    (done,) = Redactor(policy.load("base")).redact_all([raw], ["s"])
    assert done.verdict == "held"


def test_a_documents_text_is_published_and_nothing_else_of_it(site: Site) -> None:
    site.export("a.csv", {})
    number, party = PENALTY["行政处罚决定书文号"], PENALTY["行政相对人名称"]
    folder = site.inbox / "附件"
    folder.mkdir()
    paper = Document()
    paper.add_paragraph(number)
    last = paper.add_paragraph(f"当事人：{party}。证人端木若兰陈述属实，电话15400009911。")
    paper.add_comment(last.runs, text="举报人宇文拓疆要求保密。", author="甲")
    save(paper, folder / "尉迟敬山案决定书.docx")
    written(folder / "别的案子.docx", "当事人：别的公司。独一无二的文字。")
    done = site.publish()
    assert done.returncode == 0, done.stdout + done.stderr
    (page,) = site.output.glob("decisions/*-*-*/index.html")
    assert "证人端木某某陈述属实，电话［电话］。" in page.read_text()
    hidden = ("若兰", "15400009911", "宇文拓疆", "要求保密", "尉迟敬山", "独一无二", ".docx")
    assert [site.traces(text) for text in hidden] == [[]] * len(hidden)
    report = site.report()
    assert (report["attached"], report["attached_now"], len(report["unattached"])) == (1, 1, 1)
    assert not any(name in str(report) for name in ("尉迟敬山", "别的案子", "宇文拓疆"))
    assert site.publish().returncode == 0
    assert site.report()["outcome"] == "unchanged"
