"""The text of a Word document that an office puts under ``content/``, read without trust.

Nothing of it is run, loaded or expanded. What a reader of the printed page would not see
(comments, deletions, hidden revisions) has no place in a published text: a document that
still carries tracked changes is refused.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from pipeline.errors import ConfigurationError
from pipeline.public.read.tables import place_of
from pipeline.public.read.word_numbers import Numbers, W

_FILE_LIMIT = 20 * 1024 * 1024
_UNPACKED_LIMIT = 100 * 1024 * 1024
_PARTS_LIMIT = 2_000
_BODY, _NUMBERING = "word/document.xml", "word/numbering.xml"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def read_word(path: Path) -> str:
    """Paragraphs and tables (cells apart by tabs) as lines; raises :class:`ConfigurationError`."""
    place, raw = place_of(path), path.read_bytes()
    if len(raw) > _FILE_LIMIT:
        raise ConfigurationError([f"{place}：文件超过20 MB，请拆成几个文件。"])
    problem = _problem(raw)
    if problem:
        raise ConfigurationError([f"{place}：{problem}"])
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            body = fromstring(archive.read(_BODY)).find(f"{W}body")
            listed = _NUMBERING in archive.namelist()
            numbers = Numbers(fromstring(archive.read(_NUMBERING)) if listed else None)
        return "\n".join(_lines(body if body is not None else [], numbers))
    except DefusedXmlException:
        told = "文档含有不允许的定义（DTD），请用 Word 重新另存。"
    except (ParseError, KeyError, ValueError, zipfile.BadZipFile):
        told = "Word 文档内部损坏，请重新另存为 .docx。"
    raise ConfigurationError([f"{place}：{told}"])


def _problem(raw: bytes) -> str:
    """Why the document is not opened; "" when it may be."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > _PARTS_LIMIT or sum(p.file_size for p in parts) > _UNPACKED_LIMIT:
                return "文档解开后过大，请删去图片等内容后重新另存。"
            names = {part.filename for part in parts}
            if _BODY not in names:
                return "不是 Word 文档（.docx），请用 Word 或者 WPS 另存为 .docx。"
            if any("vbaproject" in name.lower() for name in names):
                return "文档带有宏，请另存为不带宏的 .docx。"
            xml = archive.read(_BODY)
            if b"<w:del " in xml or b"<w:ins " in xml:
                return "文档还有修订痕迹，请先接受或者拒绝全部修订再保存。"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return "打不开：不是 .docx、已加密或者已损坏，请用 Word 或者 WPS 另存为 .docx。"
    return ""


def _lines(body: Iterable[Element], numbers: Numbers) -> Iterator[str]:
    """A line a paragraph, with the number that Word would print before it; a line a row."""
    for block in body:
        if block.tag == f"{W}p":
            yield numbers.before(block) + _text(block)
        elif block.tag == f"{W}tbl":
            for row in block.iter(f"{W}tr"):
                cells = [" ".join(_text(cell).split()) for cell in row.findall(f"{W}tc")]
                yield "\t".join([*cells, ""] if len(cells) == 1 else cells)
        elif block.tag == f"{W}sdt":
            yield from _lines(block.findall(f"{W}sdtContent/*"), numbers)


def _text(block: Element) -> str:
    return "".join(_words(block))


def _words(block: Element) -> Iterator[str]:
    for part in block:
        if part.tag == f"{W}t":
            yield part.text or ""
        elif part.tag in _SIGNS:
            yield _SIGNS[part.tag]
        elif part.tag != _FALLBACK:
            yield from _words(part)
            if part.tag == f"{W}p":
                yield " "
