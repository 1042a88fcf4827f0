"""What a file is, by its content; its extension is only believed when both agree."""

from __future__ import annotations

import codecs
from enum import Enum
from pathlib import Path

from pipeline.errors import UnreadableFile
from pipeline.restricted.read.archive import check_archive

_BLOCK = 1 << 20
#: In so many characters a control character shows that this is no text.
_SHORT = 1 << 16
#: Larger files are refused; an export of 200,000 decisions stays well below.
MAX_FILE_BYTES = 1024**3

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_ACCEPTED = "可用的格式有 .xlsx、.xls、.csv（UTF-8 或 GB18030）、.json、.jsonl"


class Format(Enum):
    """The formats that are read."""

    EXCEL = "excel"
    DELIMITED = "delimited"
    JSON = "json"


def sniff(path: Path) -> tuple[Format, str]:
    """The format of a file, with the encoding of its text unless it is a workbook.

    Raises :class:`UnreadableFile` with the sentence for the operator.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile("文件是空的，没有任何内容；请重新导出。")
    if size > MAX_FILE_BYTES:
        raise UnreadableFile("文件超过 1 GB，没有打开；请按年份或机关分成几个文件导出。")
    with path.open("rb") as stream:
        head = stream.read(len(_OLE))
    if head.startswith(_ZIP):
        _check_workbook(path)
        return Format.EXCEL, ""
    if head.startswith(_OLE):
        _check_container(path.read_bytes())
        return Format.EXCEL, ""
    encoding, start = _decoded(path, head)
    return _text_format(start), encoding


def _check_workbook(path: Path) -> None:
    names = check_archive(path)
    if any(name.startswith("word/") for name in names):
        raise UnreadableFile(
            "这是 Word 文档，不是数据表；决定书请以 .docx 为扩展名放入，数据请导出为表格。"
        )
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(f"这是压缩文件，但不是 .xlsx 工作簿；{_ACCEPTED}。")


def _check_container(data: bytes) -> None:
    if _ENCRYPTED in data:
        raise UnreadableFile("工作簿设了打开密码，无法读取；请在 Excel 中取消密码后另存再放入。")
    if not any(name in data for name in _WORKBOOKS):
        raise UnreadableFile(f"这是旧版 Office 文件，但不是 Excel 工作簿；{_ACCEPTED}。")


def _decoded(path: Path, head: bytes) -> tuple[str, str]:
    """The encoding in which the whole file is text, and that text's beginning.

    The beginning is as long as what lies before the first character, and then some.
    """
    encodings = ("utf-16",) if head.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            start = _beginning(path, encoding)
        except UnicodeDecodeError:
            continue
        if _is_binary(start[:_SHORT]):
            break
        return encoding, start
    raise UnreadableFile(f"认不出文件的格式或编码；{_ACCEPTED}，请重新导出。")


def _beginning(path: Path, encoding: str) -> str:
    """Decode a file to its end, a block at a time; raises UnicodeDecodeError."""
    decoder = codecs.getincrementaldecoder(encoding)()
    start = ""
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            text = decoder.decode(block)
            if not start.strip():
                start += text
        return start + decoder.decode(b"", final=True)


def _is_binary(text: str) -> bool:
    return any(c < " " and c not in "\t\n\r\f" for c in text) or "\x7f" in text


def _text_format(text: str) -> Format:
    start = text.lstrip()[:1]
    if not start:
        raise UnreadableFile("文件里只有空白，没有任何内容；请重新导出。")
    if start == "<":
        raise UnreadableFile(
            "这是网页（HTML/XML），只是改了扩展名；请在 Excel 中打开，另存为 .xlsx 再放入。"
        )
    if text.startswith(("%PDF", "{\\rtf")):
        raise UnreadableFile(f"这是排好版的文档，不是数据表；{_ACCEPTED}。")
    return Format.JSON if start in "[{" else Format.DELIMITED
