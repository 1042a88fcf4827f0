"""A decision as a Word document (.docx): whether it may be opened, and its text."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any, NamedTuple
from xml.parsers import expat

from pipeline.errors import UnreadableFile
from pipeline.restricted.raw import Secret
from pipeline.restricted.read.archive import check_archive
from pipeline.restricted.read.cells import free_text
from pipeline.restricted.read.word_text import Walk, local

#: A decision with photographs is a few megabytes.
MAX_FILE_BYTES = 50 * 1024**2
#: All parts unpacked, pictures included.
MAX_UNPACKED_BYTES = 200 * 1024**2
#: The text, its tables and styles: a decision has less than one.
MAX_XML_BYTES = 20 * 1024**2
#: Longer than any decision; a whole register was pasted in.
MAX_CHARACTERS = 500_000

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_PARTS = (b"/relationships/aFChunk", b"/relationships/subDocument")
_STRICT = b"http://purl.oclc.org/ooxml/"

EMPTY = "文件是空的，没有任何内容；请重新放入。"
TOO_LARGE = "文书大得异常（超过50 MB，或解开后过大），没有打开；请压缩图片后另存，或核对来源。"
LOCKED = "文书设了打开密码，无法读取；请在 Word 中取消密码后另存为 .docx 再放入。"
OLD = "这是旧版 .doc（或 WPS 旧格式）文书，不能读取；请另存为 .docx 再放入。"
MACROS = "文书带有宏，没有打开；请另存为不带宏的 .docx 再放入。"
NOT_WORD = "不是 .docx 文书；请在 Word 或 WPS 中打开，另存为 .docx 再放入。"
BROKEN = "文书不完整或已损坏，无法读取；请在 Word 中打开修复，另存为 .docx 再放入。"
ENTITIES = "文书里写有 DTD 或实体声明（Word 从不这样写），没有打开；请核对来源，重新另存为 .docx。"
STRICT = "这是“严格 Open XML”格式，不能读取；请在 Word 中另存为普通的“Word 文档 (*.docx)”。"
PARTS = "文书的正文分在别的文件里（插入的子文档），读不完整；请在 Word 中合并成一个文件再放入。"
NO_TEXT = "文书里没有文字，可能只有扫描图片；请放入能复制文字的 .docx。"
TOO_LONG = "文书超过50万字，不像一份决定书，没有采用；请核对。"


class WordText(NamedTuple):
    """``shown``: what may go through the engine to the page. ``unseen``: what else it says.

    ``revised``: it carries tracked changes, which were read as accepted.
    """

    shown: Secret
    unseen: Secret
    revised: bool


def read_word(path: Path) -> WordText:
    """The text of a .docx. Raises :class:`UnreadableFile`, whatever stands in the file."""
    check_word(path)
    try:
        return _text(path)
    except UnreadableFile:
        raise
    except Exception:  # python-docx fails in as many ways as a package can be broken
        raise UnreadableFile(BROKEN) from None


def check_word(path: Path) -> None:
    """Refuse what is no .docx, and what must not be opened; nothing is parsed into a tree."""
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile(EMPTY)
    if size > MAX_FILE_BYTES:
        raise UnreadableFile(TOO_LARGE)
    with path.open("rb") as stream:
        head = stream.read(len(_OLE))
    if head == _OLE:
        raise UnreadableFile(LOCKED if _ENCRYPTED in path.read_bytes() else OLD)
    if not head.startswith(_ZIP):
        raise UnreadableFile(NOT_WORD)
    names = check_archive(path)
    if not any(name.startswith("word/") for name in names):
        raise UnreadableFile(NOT_WORD)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_entries(archive)
    except UnreadableFile:
        raise
    except Exception:
        raise UnreadableFile(BROKEN) from None


def _check_entries(archive: zipfile.ZipFile) -> None:
    """A zip never unpacks an entry beyond the size its directory states."""
    entries = archive.infolist()
    markup = [e for e in entries if e.filename.casefold().endswith((".xml", ".rels"))]
    if (
        sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES
        or sum(entry.file_size for entry in markup) > MAX_XML_BYTES
    ):
        raise UnreadableFile(TOO_LARGE)
    if any(entry.filename.casefold().endswith("vbaproject.bin") for entry in entries):
        raise UnreadableFile(MACROS)
    for entry in markup:
        data = archive.read(entry)
        if entry.filename == "[Content_Types].xml" and b"macroEnabled" in data:
            raise UnreadableFile(MACROS)
        if entry.filename.endswith(".rels"):
            if _STRICT in data:
                raise UnreadableFile(STRICT)
            if any(part in data for part in _PARTS):
                raise UnreadableFile(PARTS)
        _check_markup(data)


def _check_markup(data: bytes) -> None:
    """Well-formed, and without a document type: no entity can be declared, let alone fetched."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        raise UnreadableFile(BROKEN) from None


def _refuse_doctype(*_: object) -> None:
    raise UnreadableFile(ENTITIES)


def _text(path: Path) -> WordText:
    from docx import Document  # takes a third of a second, and most inboxes hold no document

    part = Document(io.BytesIO(path.read_bytes())).part
    related = [rel for rel in part.rels.values() if not rel.is_external]
    stories = {kind: _roots(related, kind) for kind in _STORIES}
    walk = Walk(next(iter(stories["styles"]), None))
    body = next(child for child in part.element if local(child) == "body")
    notes = [note for kind in ("footnotes", "endnotes") for root in stories[kind] for note in root]
    shown = free_text("\n".join(walk.lines(body, notes)))
    for kind in ("header", "footer", "comments"):
        for root in stories[kind]:
            walk.unseen(root)
    for rel in part.rels.values():
        if rel.is_external:
            walk.link(rel.target_ref)
    unseen = free_text("\n".join(dict.fromkeys(walk.aside)))
    if not shown:
        raise UnreadableFile(NO_TEXT)
    if len(shown) + len(unseen) > MAX_CHARACTERS:
        raise UnreadableFile(TOO_LONG)
    return WordText(Secret(shown, "full_text"), Secret(unseen, "unseen_text"), walk.revised)


_STORIES = ("styles", "header", "footer", "comments", "footnotes", "endnotes")


def _roots(related: list[Any], kind: str) -> list[Any]:
    from docx.oxml import parse_xml

    parts = (rel.target_part for rel in related if rel.reltype.endswith(f"/{kind}"))
    return [parse_xml(part.blob) for part in sorted(parts, key=lambda part: str(part.partname))]
