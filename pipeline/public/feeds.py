"""What machines read of the site's changes: Atom feeds, the sitemap, robots.txt.

A feed's entry says until when it is public (``dcterms:valid``, a DCMI period). What was
taken down lately is named by a tombstone (RFC 6721), for readers that keep entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from xml.etree import ElementTree

from pipeline.model import Gone
from pipeline.public import show
from pipeline.public.content import Content
from pipeline.public.decisions import Line
from pipeline.public.page import File

_ATOM = "http://www.w3.org/2005/Atom"
_TERMS = "http://purl.org/dc/terms/"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
#: Days after its take-down for which a decision keeps a tombstone.
_REMEMBERED = 30
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_SITEMAP_SIZE = 50_000  # addresses a file, the protocol's limit
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(
    content: Content,
    lines: Sequence[Line],
    base: str,
    today: date,
    size: int,
    gone: Sequence[Gone] = (),
) -> Iterator[File]:
    """The newest ``size`` public decisions of all agencies, and of each one; what is gone."""
    since = today - timedelta(days=_REMEMBERED)
    lately = sorted((one for one in gone if one.on > since), key=lambda one: (one.on, one.slug))
    shown = [line for line in lines if not line.withdrawn_on]
    shown.sort(key=lambda line: (line.first_day, line.decided_on, line.number, line.slug))
    names = {slug: folder.agency.name for slug, folder in content.folders.items()}
    site = content.site.name
    yield _feed("all", site, shown[-size:], names, base, today, lately)
    for slug, name in names.items():
        own = [line for line in shown if line.agency == slug]
        dead = [one for one in lately if one.agency == slug]
        yield _feed(slug, f"{name} - {site}", own[-size:], names, base, today, dead)


def _feed(
    name: str,
    title: str,
    lines: Sequence[Line],
    names: dict[str, str],
    base: str,
    today: date,
    gone: Sequence[Gone],
) -> File:
    address = f"{base}/feeds/{name}.atom.xml"
    newest = max((*(line.first_day for line in lines), *(one.on for one in gone)), default=today)
    spaces = {"xmlns": _ATOM, "xmlns:dcterms": _TERMS, "xmlns:at": _TOMBSTONES}
    feed = ElementTree.Element("feed", {**spaces, "xml:lang": "zh-CN"})
    _text(feed, "id", address)
    _text(feed, "title", title)
    _text(feed, "updated", _moment(newest))
    ElementTree.SubElement(feed, "link", rel="self", href=address)
    ElementTree.SubElement(feed, "link", rel="alternate", href=f"{base}/decisions/")
    for line in reversed(lines):
        entry = ElementTree.SubElement(feed, "entry")
        _text(entry, "id", f"{base}/{line.url}")
        _text(entry, "title", f"{line.name} {line.number}")
        _text(entry, "updated", _moment(line.first_day))
        ElementTree.SubElement(entry, "link", rel="alternate", href=f"{base}/{line.url}")
        _text(ElementTree.SubElement(entry, "author"), "name", names[line.agency])
        ElementTree.SubElement(entry, "category", term=line.kind.value, label=line.kind.label)
        until = f"公示期至{show.day(line.last_day)}。" if line.last_day else ""
        about = [part for part in (line.subject, line.outcome) if part]
        _text(entry, "summary", "".join(f"{part}。" for part in about) + until)
        if line.last_day:
            _text(entry, "dcterms:valid", f"end={line.last_day}; scheme=W3C-DTF;")
    for one in reversed(gone):
        feed.append(tombstone(f"{base}/decisions/{one.slug}/", one.on, expired=one.expired))
    return File(f"feeds/{name}.atom.xml", _xml(feed))


def tombstone(address: str, on: date, *, expired: bool) -> ElementTree.Element:
    """The ``at:deleted-entry`` of what is gone since ``on``."""
    dead = ElementTree.Element("at:deleted-entry", {"ref": address, "when": _moment(on)})
    _text(dead, "at:comment", "公示期满" if expired else "已撤下")
    return dead


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+08:00"


def _text(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = _NOT_XML.sub("", text)


def _xml(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def sitemap(urls: Iterable[str], base: str) -> Iterator[File]:
    """``sitemap.xml``, as an index of several when one file cannot hold all."""
    ordered = sorted(urls)
    parts = [ordered[i : i + _SITEMAP_SIZE] for i in range(0, len(ordered), _SITEMAP_SIZE)]
    if len(parts) <= 1:
        yield File("sitemap.xml", _locations("urlset", "url", ordered, base))
        return
    names = [f"sitemaps/{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield File(name, _locations("urlset", "url", part, base))
    yield File("sitemap.xml", _locations("sitemapindex", "sitemap", names, base))


def _locations(root: str, item: str, urls: Sequence[str], base: str) -> bytes:
    top = ElementTree.Element(root, {"xmlns": _SITEMAP})
    for url in urls:
        _text(ElementTree.SubElement(top, item), "loc", f"{base}/{url}")
    return _xml(top)


def robots(base: str) -> File:
    """Everything may be read; pages that must not be listed say so themselves."""
    return File("robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n".encode())
