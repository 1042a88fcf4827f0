"""E-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "email"
# The local part is bounded (RFC 5321), so that a long run of letters costs nothing.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}\s?(?:@|\(at\)|\[at\])\s?"
    r"[A-Za-z0-9\-]{1,63}(?:\s?[.。]\s?[A-Za-z0-9\-]{1,63}){1,5}"
)


def find(sheet: Sheet) -> Iterator[Finding]:
    """Everything with a sign for 'at' between two names, the second with a dot in it."""
    if "@" not in sheet.text and "at" not in sheet.text:
        return
    for match in _EMAIL.finditer(sheet.text):
        yield Finding(*match.span(), "email", NAME, 76)


EXAMPLES = (
    ("电子邮箱wennuan.mx@post.example.cn。", ("wennuan.mx@post.example.cn",)),
    ("邮箱 zhang @ mail.example.com", ("zhang @ mail.example.com",)),
)
COUNTER_EXAMPLES = ("电子邮箱见公告栏", "单价@12元")
