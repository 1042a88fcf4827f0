"""The forms a value can take in a built file: folding, escapes, tags, base64."""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]

#: Stands where a tag stood, until the reading across tags drops it: no character.
BOUNDARY = "\ufdd0"

#: Most names and numbers: characters that folding leaves as they are.
_PLAIN = re.compile("[0-9a-z\u4e00-\u9fa5]+")

_TAG = re.compile(r"(<[^<>]*>)")
_CELL = re.compile(r"</?(?:td|th|tr|li|dd|dt)\b[^<>]*>", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}(?:\r?\n[A-Za-z0-9+/_-]{8,})*")
_BREAKS = re.compile(r"[\r\n]")
_URL_SAFE = str.maketrans("-_", "+/")
_ESCAPE = re.compile(
    r"\\u\{([0-9a-fA-F]{1,6})\}"
    r"|((?:\\u[0-9a-fA-F]{4})+)"
    r"|\\x([0-9a-fA-F]{2})"
    r"|\\(/)"
)
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_ESCAPES = re.compile(r"[&%\\]")
#: Characters from an escape to the far end of a value of which it is a part.
_NEAR = 1024
#: In UTF-16, markup and digits make at least every so-many-th byte a zero.
_NULS = 20
_ROUNDS = 3  # JSON in an attribute of a page in a feed is three escapes deep

# The table below: what one character is folded to; these two are no characters.
_DROPPED, _LONGER = 0x110000, 0x110001
# Where NFKC, case and categories have something to say; beyond, characters stay.
_BLOCKS = (range(0x20000), range(0x2F800, 0x2FA20), range(0xE0000, 0xE1000))
_HANGUL = range(0xAC00, 0xD7A4)


def folded(text: str) -> str:
    """Compatibility forms, case, dashes, blanks and digits of all scripts made one.

    Zero-width, bidirectional and combining characters vanish.
    """
    return text if is_plain(text) else text_of(fold(text))


def is_plain(text: str) -> bool:
    """Whether folding leaves ``text`` as it is, by the look of it; nothing in it is blank."""
    return _PLAIN.fullmatch(text) is not None


def fold(text: str) -> Codes:
    """:func:`folded` as an array of code points."""
    raw = _codes(text)
    codes = _table()[raw]
    if codes.size and int(codes.max()) >= _DROPPED:
        codes = _lengthened(codes, raw)
        codes = codes[codes < _DROPPED]
    return codes


def _lengthened(codes: Codes, raw: Codes) -> Codes:
    """``codes`` of ``raw``, the characters in place that are folded to several."""
    (at,) = np.nonzero(codes == _LONGER)
    if not at.size:
        return codes
    longer = {code: _table()[_codes(_folded_char(chr(code)))] for code in {*raw[at].tolist()}}
    lengths = np.ones(codes.size, np.intp)
    for code, several in longer.items():
        lengths[at[raw[at] == code]] = several.size
    found, begins = np.repeat(codes, lengths), np.cumsum(lengths) - lengths
    for code, several in longer.items():
        for place, one in enumerate(several):
            found[begins[at[raw[at] == code]] + place] = one
    return found


def text_of(codes: Codes) -> str:
    """The text of an array of code points."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


@cache
def _table() -> Codes:
    table = np.arange(0x110000, dtype=np.uint32)
    for block in _BLOCKS:
        for code in block:
            to = _folded_char(chr(code))
            table[code] = ord(to) if len(to) == 1 else _LONGER if to else _DROPPED
    return table


def _folded_char(char: str) -> str:
    if ord(char) in _HANGUL:
        return char
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd" or char == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    if char.isascii():
        return char.lower()
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(c for c in parts if unicodedata.category(c) not in {"Cf", "Mn", "Me"})


class Reading(NamedTuple):
    """A text taken apart: what a visitor reads, and what stands in its tags.

    ``body`` has a :data:`BOUNDARY` where tags stood, so that a value can be looked for
    both across tags and between them. ``tags`` each stand once.
    """

    body: str
    tags: frozenset[str]


def readings(text: str, *, cells: bool = False) -> Iterator[Reading]:
    """``text`` as it stands, and what is around its escapes with them resolved.

    ``cells``: nothing is read across the end of a table's cell or of an item of a list.
    """
    yield _apart(text, cells=cells)
    escaped = _around_escapes(text)
    plain = resolved(escaped)
    if plain != escaped:
        yield _apart(plain, cells=cells)


def _around_escapes(text: str) -> str:
    """The parts of ``text`` near an escape; apart from each other."""
    parts: list[str] = []
    start = end = 0
    for match in _ESCAPES.finditer(text):
        if match.start() > end:
            parts.append(text[start:end])
            start = max(match.start() - _NEAR, 0)
        end = match.end() + _NEAR
    return "\0".join((*parts, text[start:end]))


def _apart(text: str, *, cells: bool) -> Reading:
    if "<" not in text:
        return Reading(text, frozenset())
    if cells:
        text = _CELL.sub("\0", text)
    parts = _TAG.split(text)
    return Reading(BOUNDARY.join(parts[::2]), frozenset(parts[1::2]))


def resolved(text: str) -> str:
    """``text`` without HTML, JSON, JavaScript and percent escapes, however nested."""
    for _ in range(_ROUNDS):
        before = text
        if "&" in text:
            text = html.unescape(text)
        if "\\" in text:
            text = _ESCAPE.sub(_unescaped, text)
        if "%" in text:
            text = unquoted(text)
        if text == before:
            break
    return text


def unquoted(text: str) -> str:
    """:func:`urllib.parse.unquote`, which is slow where digits and letters stand in noise."""
    return _PERCENT.sub(_from_percent, text)


def _from_percent(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "replace")


def _unescaped(match: re.Match[str]) -> str:
    point, units, byte, slash = match.groups()
    if units:
        pairs = bytes.fromhex(units.replace("\\u", ""))
        return pairs.decode("utf-16-be", "replace")
    if slash:
        return slash
    code = int(point or byte, 16)
    return chr(code) if code <= 0x10FFFF else ""


def texts(data: bytes) -> Iterator[str]:
    """``data`` as text: UTF-8, and where it is not, the encodings that offices also use.

    A block may begin and end within a character.
    """
    begin = next((at for at in range(min(4, len(data))) if data[at] & 0xC0 != 0x80), 0)
    try:
        yield data[begin:].decode()
        return
    except UnicodeDecodeError as error:
        yield data.decode("utf-8", "replace")
        if error.start >= len(data) - begin - 3:
            return
    yield data.decode("gb18030", "ignore")
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or data.count(0) * _NULS > len(data):
        for order in ("utf-16-le", "utf-16-be"):
            yield data.decode(order, "ignore")


def base64_runs(text: str) -> set[str]:
    """The stretches of ``text`` that could be base64, each once."""
    return set(_BASE64.findall(text))


def from_base64(run: str) -> Iterator[bytes]:
    """What a run may hold; it may begin up to three characters late."""
    run = _BREAKS.sub("", run).translate(_URL_SAFE)
    for late in range(4):
        part = run[late:]
        whole = len(part) - len(part) % 4
        with suppress(binascii.Error):
            yield base64.b64decode(part[:whole] + _filled(part[whole:]))


def _filled(rest: str) -> str:
    """An incomplete last group, filled up; a single left-over character says nothing."""
    return rest.ljust(4, "=") if len(rest) > 1 else ""
