"""The Markdown that an office writes: front matter, then text; cleaned of everything active."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import markdown
import nh3
from markdown.extensions.toc import slugify_unicode
from markupsafe import Markup

from pipeline.errors import ConfigurationError
from pipeline.public.read.tables import place_of, read_text

_TEXT = {"p", "a", "strong", "em", "code", "pre", "blockquote", "abbr", "sup", "sub", "hr", "br"}
_LISTS = {"ul", "ol", "li", "dl", "dt", "dd"}
_TABLES = {"table", "thead", "tbody", "tr", "th", "td", "caption"}
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    **{heading: {"id"} for heading in _HEADINGS},
}


class Document(NamedTuple):
    """A text of ``content/``: ``name`` is its address, ``body`` safe HTML."""

    name: str
    title: str
    order: int
    body: Markup


def read_document(path: Path) -> Document:
    """The Markdown file at ``path``; raises :class:`ConfigurationError` with every problem."""
    reader = markdown.Markdown(
        extensions=["meta", "tables", "sane_lists", "def_list", "toc"],
        extension_configs={"toc": {"baselevel": 2, "slugify": slugify_unicode}},
        output_format="html",
    )
    html = reader.convert(read_text(path))
    meta = {key: " ".join(lines).strip() for key, lines in vars(reader)["Meta"].items()}
    problems = []
    if not meta.get("title"):
        problems.append(f"{place_of(path)}：开头应有一行“title: 标题”。")
    if not (meta.get("order") or "0").isdecimal():
        problems.append(f"{place_of(path)}：开头的 order 应为整数。")
    if problems:
        raise ConfigurationError(problems)
    return Document(
        name=meta.get("slug") or path.stem,
        title=meta["title"].strip("\"'"),
        order=int(meta.get("order") or 100),
        body=Markup(clean(html)),  # noqa: S704 - nh3 has just cleaned it
    )


def clean(html: str) -> str:
    """``html`` with text, links and tables left, and nothing that acts or loads."""
    return nh3.clean(
        html,
        tags=_TEXT | _LISTS | _TABLES | _HEADINGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel", "decision"},
        link_rel="noopener noreferrer",
    )
