"""Feeds, sitemap and downloads without what is past its last day."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date, timedelta
from xml.etree import ElementTree

import msgspec

from pipeline.public.downloads.open_data import LAST_DAY
from pipeline.public.downloads.spreadsheet import csv_rows
from pipeline.public.feeds import tombstone

_ENTRY = re.compile(r"\s*<entry>.*?</entry>", re.DOTALL)
_ID = re.compile(r"<id>([^<]*/decisions/([^/<]+)/)</id>")
_VALID = re.compile(r"<dcterms:valid>[^<]*end=(\d{4}-\d\d-\d\d)")
_UPDATED = re.compile(r"(<updated>)([^<]*)(</updated>)")
_ADDRESS = re.compile(r"\s*<url>\s*<loc>[^<]*/decisions/([^/<]+)/</loc>.*?</url>", re.DOTALL)


def feed(body: str, due: Mapping[str, date], today: date) -> str:
    """An Atom feed whose past entries became tombstones. ``due``: slug → last day."""
    dead: dict[str, date] = {}

    def drop(entry: re.Match[str]) -> str:
        address, valid = _ID.search(entry[0]), _VALID.search(entry[0])
        last = date.fromisoformat(valid[1]) if valid else None
        if address and last is None:
            last = due.get(address[2])
        if not address or last is None or last >= today:
            return entry[0]
        dead[address[1]] = last + timedelta(days=1)
        return ""

    swept = _ENTRY.sub(drop, body)
    if not dead or "xmlns:at=" not in swept:
        return swept
    graves = [tombstone(address, on, expired=True) for address, on in sorted(dead.items())]
    for grave in graves:
        ElementTree.indent(grave, level=1)
    stones = "".join(f"  {ElementTree.tostring(grave, 'unicode')}\n" for grave in graves)
    newest = max(grave.attrib["when"] for grave in graves)
    swept = _UPDATED.sub(lambda m: m[1] + max(m[2], newest) + m[3], swept, count=1)
    return swept.replace("</feed>", f"{stones}</feed>")


def sitemap(body: str, due: Mapping[str, date]) -> str:
    """A sitemap without the pages of what is due."""
    return _ADDRESS.sub(lambda found: "" if found[1] in due else found[0], body)


def table(body: bytes, today: str) -> bytes:
    """A CSV download without its past rows; one that has no last day comes back as it is."""
    rows = csv_rows(body)
    if not rows or LAST_DAY not in rows[0]:
        return body
    at = rows[0].index(LAST_DAY)
    kept = [row for row in rows if len(row) <= at or not _past(row[at], today)]
    if len(kept) == len(rows):
        return body
    text = io.StringIO(newline="")
    csv.writer(text).writerows(kept)
    return b"\xef\xbb\xbf" * body.startswith(b"\xef\xbb\xbf") + text.getvalue().encode()


def lines(body: bytes, today: str) -> bytes:
    """A JSON lines download without its past lines."""
    kept = (line for line in body.splitlines(keepends=True) if not _past(_last(line), today))
    return b"".join(kept)


def _last(line: bytes) -> str:
    found = msgspec.json.decode(line) if line.strip() else None
    return str(found.get(LAST_DAY, "")) if isinstance(found, dict) else ""


def _past(last: str, today: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", last)) and last < today
