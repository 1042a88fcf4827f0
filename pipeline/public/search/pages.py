"""The pages beside decisions as documents: rosters, checklists, flowcharts, guides, notices.

Their text is taken from the page as it is shown, so that nothing can be found that is not
published there, and a new kind of page needs one line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser

from pipeline.public.content import Folder
from pipeline.public.page import Page
from pipeline.public.search.document import Document

#: For each template that is searched: key and name of the kind of document.
KINDS = {
    "agency": ("agency", "执法机关"),
    "roster": ("officers", "执法人员"),
    "checklist": ("checklist", "公示清单"),
    "flowchart": ("flowchart", "执法流程"),
    "complaint": ("complaint", "监督投诉"),
    "complaints": ("complaint", "监督投诉"),
    "complaint_form": ("complaint", "监督投诉"),
    "checklists": ("checklist", "公示清单"),
    "officer_check": ("officers", "执法人员"),
    "page": ("page", "办事说明"),
    "guide": ("guide", "服务指南"),
    "board": ("board", "岗位公示牌"),
    "regulation": ("regulation", "制度文件"),
    "case": ("case", "指导性案例"),
    "posts": ("conduct", "岗位与准则"),
    "conduct": ("conduct", "岗位与准则"),
    "statistics_year": ("statistics", "年度执法数据"),
}
#: Their pages repeat what is found by itself: the newest decisions, all rosters.
_NAME_ONLY = {"agency", "officer_check"}
_SKIPPED = {"script", "style", "button", "nav", "svg"}
_VOID = {"br", "hr", "img", "input", "link", "meta", "wbr", "area", "base", "col", "source"}
_INLINE = {"a", "strong", "em", "span", "abbr", "time", "code", "sup", "sub", "mark"}


class _Main(HTMLParser):
    """Collects the text in ``<main>``, a line a block, and the text of its ``<h1>``."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.unseen: list[str] = []  # the elements open since one that is hidden
        self.heading: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if self.unseen or ("hidden" in dict(attributes) and tag not in _VOID):
            self.unseen += [tag] if tag not in _VOID else []
            return
        if tag in _SKIPPED or tag in {"main", "h1"}:
            self.open.append(tag)
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.unseen:
            del self.unseen[-1:]
            return
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if self.unseen or "main" not in self.open or _SKIPPED.intersection(self.open):
            return
        (self.heading if "h1" in self.open else self.text).append(data)

    def _break(self, tag: str) -> None:
        if tag not in _INLINE:
            self.text.append("\n")


def document_of_page(page: Page, html: str, folders: Mapping[str, Folder]) -> Document | None:
    """``page`` as a document, None when pages of its template are not searched."""
    if page.template not in KINDS:
        return None
    kind, name = KINDS[page.template]
    main = _Main()
    main.feed(html)
    slug = page.url.split("/")[1] if page.url.startswith("agencies/") else ""
    title = " ".join("".join(main.heading).split()) or page.title
    agency = folders[slug].agency.short_name if slug in folders else ""
    lines = (" ".join(line.split()) for line in "".join(main.text).splitlines())
    text = "" if page.template in _NAME_ONLY else "\n".join(line for line in lines if line)
    return Document(
        url=page.url,
        title=title if agency in title else f"{agency}：{title}",
        fields={"title": title, "text": text} if text else {"title": title},
        agency=slug if agency else "",
        agency_name=agency,
        kind=kind,
        kind_name=name,
    )
