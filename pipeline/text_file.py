"""The text of a file as Windows saves it: UTF-8 with or without BOM, GB18030, or UTF-16."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import ConfigurationError, why

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: Path, place: str) -> str:
    """The text at ``path``, which messages call ``place``.

    Raises :class:`ConfigurationError` when it cannot be read or is in none of these
    encodings, FileNotFoundError when it is not there.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigurationError(
            [f"{place}：不能读取（{why(error)}）；请检查文件和权限。"]
        ) from None
    for encoding in ("utf-16",) if raw.startswith(_UTF_16) else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ConfigurationError([f"{place}：文字编码不是 UTF-8 或 GB18030，请另存为 UTF-8。"])
