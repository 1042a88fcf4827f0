"""The forms a value can take in a built file: folding, and the views of a file's bytes."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import re
import unicodedata
import urllib.parse
import zlib
from collections.abc import Iterator

_TAG = re.compile(r"<[^<>]*>")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-](?=[\dx])")
_GZIP = b"\x1f\x8b"


def folded(text: str) -> str:
    """NFKC, case folded, without zero-width, bidirectional and other format characters."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return text if text.isascii() else "".join(c for c in text if unicodedata.category(c) != "Cf")


def views(data: bytes) -> Iterator[str]:
    """Every reading of a file in which a value could be found, folded.

    As it stands; with escapes resolved; with tags taken out (a value split by tags);
    with separators between digits taken out; and what compressed or base64 parts hold.
    """
    if data.startswith(_GZIP):
        yield from views(_gunzipped(data))
        return
    text = data.decode("utf-8", errors="replace")
    seen: set[str] = set()
    for reading in (text, *_decoded(text)):
        for bare in (reading, _TAG.sub("", reading)):
            plain = folded(bare)
            for view in (plain, _BETWEEN_DIGITS.sub("", plain)):
                if view not in seen:
                    seen.add(view)
                    yield view


def _gunzipped(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return b""


def _decoded(text: str) -> Iterator[str]:
    if "&" in text:
        yield html.unescape(text)
    if "%" in text:
        yield urllib.parse.unquote(text)
    if "\\u" in text:
        yield _JSON_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    for match in _BASE64.finditer(text):
        try:
            yield base64.b64decode(match[0] + "=" * (-len(match[0]) % 4)).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
