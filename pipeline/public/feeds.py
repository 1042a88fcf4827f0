"""What machines read of the site's changes: Atom feeds, the sitemap, robots.txt.

A feed's entry says until when it is public (``dcterms:valid``, a DCMI period). What was
taken down lately is named by a tombstone (RFC 6721), for readers that keep entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from pipeline.model import Gone, Kind
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
_DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"
# What XML 1.0 (section 2.2) has no character for; listing what is allowed takes ten times longer.
_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def atom(
    content: Content,
    lines: Sequence[Line],
    base: str,
    today: date,
    size: int,
    gone: Sequence[Gone] = (),
) -> Iterator[File]:
    """The newest ``size`` public decisions of all agencies, of each kind, of each agency, and
    of each agency and kind; and what is gone."""
    since = today - timedelta(days=_REMEMBERED)
    lately = sorted((one for one in gone if one.on > since), key=lambda one: (one.on, one.slug))
    shown = [line for line in lines if not line.withdrawn_on]
    shown.sort(key=lambda line: (line.first_day, line.decided_on, line.number, line.slug))
    names = {slug: folder.agency.name for slug, folder in content.folders.items()}
    site = content.site.name
    entries: dict[str, str] = {}
    for feed in every_feed(names):
        own = [line for line in shown if feed.holds(line.agency, line.kind)]
        dead = [one for one in lately if feed.holds(one.agency, _kind(one))]
        title = f"{feed.title} - {site}" if feed.title else site
        for line in own[-size:]:
            if line.slug not in entries:  # it stands in four feeds
                entries[line.slug] = _entry(line, names[line.agency], base)
        yield _feed(feed.name, title, own[-size:], entries, base, today, dead)


class Feed(NamedTuple):
    """A feed: its file's name, its title, and whose decisions it holds ("" and None: all)."""

    name: str
    title: str
    agency: str = ""
    kind: Kind | None = None

    def holds(self, agency: str, kind: Kind | None) -> bool:
        """Whether a decision of this agency and kind belongs to it."""
        return self.agency in ("", agency) and self.kind in (None, kind)


def every_feed(agencies: Mapping[str, str]) -> list[Feed]:
    """All feeds of the site; ``agencies``: their names by slug."""
    return [
        Feed("all", ""),
        *(Feed(f"kind-{kind.value}", kind.label, kind=kind) for kind in Kind),
        *(Feed(slug, name, slug) for slug, name in agencies.items()),
        *(
            Feed(f"{slug}-{kind.value}", f"{name}{kind.label}", slug, kind)
            for slug, name in agencies.items()
            for kind in Kind
        ),
    ]


def _kind(one: Gone) -> Kind | None:
    """The kind that a decision's address tells."""
    word = one.slug.rsplit("-", 2)[-2:][0]
    return Kind(word) if word in set(Kind) else None


def _feed(
    name: str,
    title: str,
    lines: Sequence[Line],
    entries: Mapping[str, str],
    base: str,
    today: date,
    gone: Sequence[Gone],
) -> File:
    address = f"{base}/feeds/{name}.atom.xml"
    newest = max((*(line.first_day for line in lines), *(one.on for one in gone)), default=today)
    spaces = {"xmlns": _ATOM, "xmlns:dcterms": _TERMS, "xmlns:at": _TOMBSTONES}
    top = ElementTree.tostring(ElementTree.Element("feed", {**spaces, "xml:lang": "zh-CN"}))
    head = ElementTree.Element("feed")
    _text(head, "id", address)
    _text(head, "title", title)
    _text(head, "updated", _moment(newest))
    ElementTree.SubElement(head, "link", rel="self", href=address)
    ElementTree.SubElement(head, "link", rel="alternate", href=f"{base}/decisions/")
    graves = (
        tombstone(f"{base}/decisions/{one.slug}/", one.on, expired=one.expired)
        for one in reversed(gone)
    )
    parts = (
        _DECLARATION,
        top.decode().removesuffix(" />"),
        ">\n",
        *map(_part, head),
        *(entries[line.slug] for line in reversed(lines)),
        *map(_part, graves),
        "</feed>\n",
    )
    return File(f"feeds/{name}.atom.xml", "".join(parts).encode())


def _entry(line: Line, agency: str, base: str) -> str:
    """A decision's entry, as ElementTree would write it, in a tenth of its time."""
    address = f"{base}/{line.url}"
    until = f"公示期至{show.day(line.last_day)}。" if line.last_day else ""
    about = "".join(f"{part}。" for part in (line.subject, line.outcome) if part) + until
    kind = f"term={quoteattr(line.kind.value)} label={quoteattr(line.kind.label)}"
    parts = [
        _leaf("id", address),
        _leaf("title", f"{line.name} {line.number}"),
        _leaf("updated", _moment(line.first_day)),
        f'<link rel="alternate" href={quoteattr(address)} />',
        f"<author>\n      {_leaf('name', agency)}\n    </author>",
        f"<category {kind} />",
        _leaf("summary", about),
    ]
    if line.last_day:
        parts.append(_leaf("dcterms:valid", f"end={line.last_day}; scheme=W3C-DTF;"))
    return "  <entry>\n    " + "\n    ".join(parts) + "\n  </entry>\n"


def _leaf(tag: str, text: str) -> str:
    shown = escape(_NOT_XML.sub("", text))
    return f"<{tag}>{shown}</{tag}>" if shown else f"<{tag} />"


def _part(element: ElementTree.Element) -> str:
    """An element of a feed's second level, as a text of its own."""
    ElementTree.indent(element, level=1)
    return f"  {ElementTree.tostring(element, 'unicode')}\n"


def tombstone(address: str, on: date, *, expired: bool) -> ElementTree.Element:
    """The ``at:deleted-entry`` of what is gone since ``on``."""
    dead = ElementTree.Element("at:deleted-entry", {"ref": address, "when": _moment(on)})
    _text(dead, "at:comment", "公示期满" if expired else "已撤下")
    return dead


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+08:00"


def _text(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = _NOT_XML.sub("", text)


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
    begin, middle, end = f"  <{item}>\n    <loc>{escape(base)}/", "</loc>\n", f"  </{item}>\n"
    found = escape("\0".join(urls)).split("\0") if urls else ()
    inner = "".join(f"{begin}{url}{middle}{end}" for url in found)
    top = f'{_DECLARATION}<{root} xmlns="{_SITEMAP}"'
    return (f"{top}>\n{inner}</{root}>\n" if inner else f"{top} />\n").encode()


def robots(base: str) -> File:
    """Everything may be read; pages that must not be listed say so themselves."""
    return File("robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base}/sitemap.xml\n".encode())
