"""The forms a value can take in a built file; the tests and the benchmark plant each."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import urllib.parse
import zipfile
from collections.abc import Callable

Form = Callable[[str], bytes]

_FULL_WIDTH = str.maketrans("0123456789Xx", "０１２３４５６７８９Ｘｘ")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_BOLD = str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")


def _entities(value: str) -> str:
    return "".join(f"&#{ord(c)};" for c in value)


def _json_escapes(value: str) -> str:
    return "".join(f"\\u{ord(c):04x}" for c in value)


def _zip(value: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:t>{value[:2]}</w:t><w:t>{value[2:]}</w:t>")
    return buffer.getvalue()


#: Any value can be written like this.
ANY: dict[str, Form] = {
    "plain": lambda v: v.encode(),
    "between words": lambda v: f"证件{v}号".encode(),
    "upper case": lambda v: v.upper().encode(),
    "zero width": lambda v: "\u200b".join(v).encode(),
    "bidirectional": lambda v: f"\u202d{v[:2]}\u2066{v[2:]}\u202c".encode(),
    "combining": lambda v: "\u0336".join(v).encode(),
    "spaced with tags": lambda v: " ".join(f"<i>{c}</i>" for c in v).encode(),
    "no-break spaces": lambda v: "&nbsp;".join(v).encode(),
    "split by tags": lambda v: f"<b>{v[:2]}</b><i>{v[2:]}</i>".encode(),
    "split by tags with attributes": lambda v: "".join(
        f'<span class="c" data-n="{i}">{c}</span>' for i, c in enumerate(v)
    ).encode(),
    "between cells": lambda v: f"<td>2026</td><td>{v}</td><td>500</td>".encode(),
    "comment": lambda v: f"<p>公示</p><!-- {v} -->".encode(),
    "attribute": lambda v: f'<a title="{html.escape(v)}">公示</a>'.encode(),
    "entities": lambda v: _entities(v).encode(),
    "hexadecimal entities": lambda v: "".join(f"&#x{ord(c):X};" for c in v).encode(),
    "entities in a feed": lambda v: html.escape(f"<p>{_entities(v)}</p>").encode(),
    "percent": lambda v: "".join(f"%{b:02X}" for b in v.encode()).encode(),
    "percent twice": lambda v: urllib.parse.quote(
        "".join(f"%{b:02x}" for b in v.encode())
    ).encode(),
    "query": lambda v: f"?q={urllib.parse.quote(v)}&n=1".encode(),
    "json escapes": lambda v: _json_escapes(v).encode(),
    "json escapes in an attribute": lambda v: html.escape(
        json.dumps({"x": [v, "<b>"]}), quote=True
    ).encode(),
    "javascript escapes": lambda v: "".join(f"\\u{{{ord(c):x}}}" for c in v).encode(),
    "json": lambda v: json.dumps({"x": v}).encode(),
    "base64": lambda v: base64.b64encode(f"当事人证件 {v} 等".encode()),
    "base64 for urls": lambda v: base64.urlsafe_b64encode(f"当事人？证件 {v} 等".encode()),
    "base64 in lines": lambda v: base64.encodebytes(f"{'公示' * 20} {v} {'公示' * 20}".encode()),
    "base64 after a path": lambda v: b"data:x/y/" + base64.b64encode(f"当事人证件 {v} 等".encode()),
    "base64 of gzip": lambda v: b'"' + base64.b64encode(gzip.compress(v.encode())) + b'"',
    "gzip": lambda v: gzip.compress(v.encode()),
    "gzip in gzip": lambda v: gzip.compress(gzip.compress(v.encode())),
    "zip": _zip,
    "bzip2": lambda v: bz2.compress(v.encode()),
    "xz": lambda v: lzma.compress(v.encode()),
    "gb18030": lambda v: f"当事人{v}在公路旁".encode("gb18030"),
    "utf-16": lambda v: f"当事人{v}在公路旁".encode("utf-16"),
    "far into a large file": lambda v: b"<p>\xe5\x85\xac</p>" * 600_000 + v.encode(),
    "across two blocks": lambda v: b"a" * ((2 << 20) - 9) + _entities(v).encode() + b"b" * 99,
}

#: Names are also padded with blanks.
NAME_FORMS: dict[str, Form] = ANY | {
    "spaced": lambda v: " ".join(v).encode(),
    "wide spaces": lambda v: "\u3000".join(v).encode(),
}

#: Numbers are also grouped, and written with other digits.
NUMBER_FORMS: dict[str, Form] = ANY | {
    "full width": lambda v: v.translate(_FULL_WIDTH).encode(),
    "other digits": lambda v: v.translate(_ARABIC).encode(),
    "bold digits": lambda v: v.translate(_BOLD).encode(),
    "spaced": lambda v: f"{v[:3]} {v[3:7]} {v[7:]}".encode(),
    "spaced wide": lambda v: f"{v[:3]}　{v[3:7]}  {v[7:]}".encode(),
    "spaced before another": lambda v: f"{v[:3]} {v[3:7]} {v[7:]} 500".encode(),
    "hyphens": lambda v: f"{v[:3]}-{v[3:7]}–{v[7:]}".encode(),
    "dots": lambda v: f"{v[:3]}.{v[3:7]}·{v[7:]}".encode(),
    "line break": lambda v: f"{v[:9]}\n{v[9:]}".encode(),
    "after letters": lambda v: f"tel{v}x".encode(),
}
