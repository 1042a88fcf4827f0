"""The same pages for stock Pelican: one Markdown article a decision, a plain theme."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from benchmarks import build_project
from pipeline.model import Entry
from pipeline.public import decisions, show
from pipeline.public.content import Content

THEME = Path(__file__).parent / "pelican"


def project(folder: Path, content: Content, entries: Iterable[Entry], size: int, feed: int) -> None:
    """Write (or bring up to date) articles and settings in ``folder``."""
    articles = folder / "content"
    build_project.fill(articles, ".md", entries, partial(_article, content))
    (folder / "conf.py").write_text(_settings(content, size, feed), encoding="utf-8")


def command(folder: Path, output: Path) -> list[str]:
    """One build, as an operator runs it."""
    python = [sys.executable, "-m", "pelican", str(folder / "content")]
    return [*python, "-o", str(output), "-s", str(folder / "conf.py"), "-q"]


def _settings(content: Content, size: int, feed: int) -> str:
    site = content.site
    values = {
        "SITENAME": site.name,
        "SITEURL": f"https://{site.domain}",
        "THEME": str(THEME),
        "TIMEZONE": "Asia/Shanghai",
        "DEFAULT_LANG": "zh-cn",
        "DEFAULT_PAGINATION": size,
        "FEED_MAX_ITEMS": feed,
        "FEED_ALL_ATOM": "feeds/all.atom.xml",
        "CATEGORY_FEED_ATOM": "feeds/{slug}.atom.xml",
        "ARTICLE_URL": "decisions/{slug}/",
        "ARTICLE_SAVE_AS": "decisions/{slug}/index.html",
        "DIRECT_TEMPLATES": ["index"],
        "AUTHOR_SAVE_AS": "",
        "ID_CODE": site.id_code,
        "BANNER": site.banner,
        "ORGANISER": site.footer.organiser,
        "CACHE_CONTENT": False,
    }
    return "".join(f"{name} = {value!r}\n" for name, value in values.items())


def _article(content: Content, entry: Entry) -> str:
    decision, publication = entry.decision, entry.publication
    here, agency = decisions.line(entry), content.folders[decision.agency].agency
    head = {
        "Title": here.name,
        "Slug": decision.slug,
        "Date": decision.decided_on.isoformat(),
        "Category": agency.short_name,
        "Tags": f"{decision.kind.label}, {decision.decided_on.year}年",
        "Number": decision.number,
        "Label": decision.kind.label,
        "Party": decision.party,
        "Subject": here.subject,
        "Outcome": here.outcome,
        "Sentence": decisions.sentence(decision, agency.name),
        "Cells": "|".join(f"{cell.heading}^{cell.value}" for cell in decisions.cells(decision)),
        "First_iso": publication.first_day.isoformat(),
        "First": show.day(publication.first_day),
        "Last_iso": publication.last_day.isoformat() if publication.last_day else "",
        "Last": show.day(publication.last_day) if publication.last_day else "没有规定期限",
        "Window": f"{publication.window_rule}（{publication.window_source}）",
        "Due": f"{publication.due_rule}，{show.day(publication.due)}（{publication.due_source}）",
        "Object": f"可以向{agency.name}{agency.contact.unit}提出，电话{agency.contact.hotline}",
        "Agency": agency.name,
    }
    text = show.paragraphs(decision.details.get("full_text", ""))
    lines = [
        f"{name}: {json.dumps(value, ensure_ascii=False)[1:-1]}" for name, value in head.items()
    ]
    return "\n".join(lines) + "\n\n" + "\n\n".join(text) + "\n"
