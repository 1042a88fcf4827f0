"""Files that cannot be read, each for one reason."""

from __future__ import annotations

import io
import zipfile
from random import Random

from invent.write import Sheet, delimited, xls, xlsx, zip_entry

_NOTE = [["演示数据（虚构）：本文件故意做坏，用来检验读取时的处理"]]
_BOMB_BYTES = 150 * 1024**2


def broken_files(good: bytes, rng: Random) -> dict[str, bytes]:
    """File names with contents; ``good`` is a workbook to be cut short."""
    noise = rng.randbytes(6000)
    return {
        "加密的工作簿.xlsx": _encrypted(noise),
        "传输中断的工作簿.xlsx": good[: len(good) // 2],
        "压缩炸弹.xlsx": _bomb(),
        "改名的网页.xls": _page(),
        "压缩包改名.xlsx": _archive(),
        "空文件.csv": b"",
        "图片改名.csv": b"\x89PNG\r\n\x1a\n" + noise,
        "没有列名.csv": delimited(
            [["演示数据（虚构）"], ["甲", "乙"], ["1", "2"]], encoding="utf-8"
        ),
        "传输中断的数据.json": '[{"决定书文号": "演示〔2026〕1号", "当事人": "演示'.encode(),
        "引号未闭合.csv": '决定书文号,当事人,决定日期\r\n演示〔2026〕1号,"演示'.encode(),
        "文书.docx": _document(),
    }


def _encrypted(noise: bytes) -> bytes:
    """The container Excel writes around an encrypted workbook: its one stream renamed."""
    container = xls([Sheet("演示", _NOTE)])
    old, new = "Workbook".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    at = container.index(old + b"\0" * 16)
    entry = bytearray(container[at : at + 128])
    entry[: len(new)] = new
    entry[64:66] = (len(new) + 2).to_bytes(2, "little")
    body = bytearray(container)
    body[at : at + 128] = entry
    body[512 : 512 + 4096] = noise[:4096]
    return bytes(body)


def _bomb() -> bytes:
    """A workbook whose one sheet unpacks to 150 MB of blanks."""
    made = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(xlsx([Sheet("演示", _NOTE)])))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in good.namelist():
            data = good.read(name)
            if name.startswith("xl/worksheets/"):
                data = data.replace(b"<sheetData>", b"<sheetData>" + b" " * _BOMB_BYTES)
            bomb.writestr(zip_entry(name), data)
    return made.getvalue()


def _page() -> bytes:
    table = "<table><tr><th>决定书文号</th><th>当事人</th></tr></table>"
    return f"<html><meta charset='utf-8'>演示数据（虚构）{table}</html>\n".encode()


def _archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zip_entry("演示.txt"), "演示数据（虚构）")
    return made.getvalue()


def _document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zip_entry("[Content_Types].xml"), "<Types/>")
        archive.writestr(zip_entry("word/document.xml"), "<document/>")
    return made.getvalue()
