"""Whether a zip container (xlsx) may be opened at all: bombs and broken archives."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from pipeline.errors import UnreadableFile

#: No entry, and not all together, may unpack to more than this.
MAX_UNPACKED_BYTES = 2 * 1024**3
#: Spreadsheet XML shrinks 5 to 60 times; a large entry beyond this ratio is a bomb.
MAX_RATIO = 200
#: Entries that unpack to less than this are harmless whatever their ratio.
RATIO_MATTERS_FROM = 16 * 1024**2
#: More entries than any export has.
MAX_ENTRIES = 5_000
#: A sheet that claims more cells than this would fill the memory with blanks.
MAX_CELLS = 60_000_000
#: The most that DEFLATE can pack into one byte.
_DEFLATE_LIMIT = 1_032

_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_TRUNCATED = "文件不完整或已损坏（压缩结构读不完），请重新导出或重新拷贝后再放入。"
_BOMB = "文件解压后大得异常，疑为压缩炸弹，没有打开；请核对来源，重新导出为正常的 .xlsx 文件。"
_SPARSE = "工作表的范围大得异常（多半是很远处误填了单元格），请删除多余的空行空列后另存。"


def check_archive(path: Path) -> frozenset[str]:
    """The names in the archive, once it is known to be whole and of sane size.

    Raises :class:`UnreadableFile`. Sizes come from the zip directory; where the packed
    bytes could hold more than allowed, the entries are also unpacked once and counted.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(entries)
            if sum(entry.compress_size for entry in entries) * _DEFLATE_LIMIT > MAX_UNPACKED_BYTES:
                _check_contents(archive)
            _check_dimensions(archive)
            return frozenset(archive.namelist())
    except UnreadableFile:
        raise
    except Exception:  # a damaged archive can fail in any way (zlib, struct, encoding …)
        raise UnreadableFile(_TRUNCATED) from None


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableFile(_BOMB)
    for entry in entries:
        large = entry.file_size > RATIO_MATTERS_FROM
        if large and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise UnreadableFile(_BOMB)


def _check_contents(archive: zipfile.ZipFile) -> None:
    """A directory may lie: reading checks each entry's true size and sum against it."""
    if archive.testzip() is not None:
        raise UnreadableFile(_TRUNCATED)


def _check_dimensions(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            with archive.open(name) as sheet:
                found = _DIMENSION.search(sheet.read(4096))
            if found and _column_number(found[1]) * int(found[2]) > MAX_CELLS:
                raise UnreadableFile(_SPARSE)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
