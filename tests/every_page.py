"""A small site that has a page of every kind, built once a session by the generator itself."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from pipeline.model import Entry, Kind, PartyType, Tally, Timeliness, Withdrawal
from pipeline.public import decisions, store
from pipeline.public.pages import lists
from tests.rendering import CONTENT, ROOT, TODAY
from tests.test_press import built
from tests.test_site import AGENCY, DETAILS
from tests.test_site import entry as invented

SIZE = 5  # decisions a page of a list: enough pages, few decisions
FIRST = 60  # a place in tests.test_site's row of decisions: from 2026 on, a penalty
TEXT = "当事人：演示公司\n经查明，当事人把建筑垃圾倒在路边。\n依据有关规定，决定罚款。"
WITHDRAWN, PERSON = 12, 11


def entry(place: int, **changes: object) -> Entry:
    """The ``place``-th invented decision, kinds in turn."""
    return invented(FIRST + place, **changes)


def _all() -> Iterator[Entry]:
    penalty = {**DETAILS[Kind.PENALTY], "full_text": TEXT}
    yield msgspec.structs.replace(entry(0, details=penalty), contested=True)
    yield from (entry(place) for place in range(1, PERSON))
    yield entry(PERSON, party="冉某某", party_type=PartyType.PERSON)
    gone = Withdrawal(on=TODAY, reason="原决定被撤销")
    yield entry(WITHDRAWN, party="", details={}, withdrawal=gone)


ENTRIES = [*_all()]


def build(folder: Path, entries: list[Entry] = ENTRIES, office: Path = CONTENT) -> Path:
    """The site in ``folder``/site, with the theme's files."""
    month = "2026-03"
    store.write(
        folder / "store.db",
        entries,
        today=TODAY,
        tallies=[
            Tally(agency=AGENCY, kind=kind, month=month, published=7, shown=6, on_time=6, late=1,
                  sums={"fine": 1234500, "罚款": 3})
            for kind in Kind
        ],
        timeliness=[
            Timeliness(agency=AGENCY, kind=kind, month=month, on_time=6, late=1) for kind in Kind
        ],
    )  # fmt: skip
    output = folder / "site"
    built(office, folder / "store.db", output, GONGSHI_BARE=False, GONGSHI_PAGE_SIZE=SIZE)
    shutil.copytree(ROOT / "theme/static", output / "theme")
    return output


def earliest(entries: Iterable[Entry], size: int) -> str:
    """The address of the page of all decisions that holds the oldest."""
    lines = (decisions.line(one) for one in entries if not one.withdrawal)
    order = sorted(lines, key=lambda one: (one.decided_on, one.number, one.slug))
    return f"decisions/page/{lists.split(order, size)[1].names[0]}/"


#: An address of each template that makes pages.
KINDS = {
    "index": "",
    "list": "decisions/",
    "list (earlier)": earliest(ENTRIES, SIZE),
    "list (kind)": "decisions/kind/penalty/",
    "list (empty)": "agencies/zhejiang/decisions/",
    **{f"decision ({e.decision.kind.value})": f"decisions/{e.decision.slug}/" for e in ENTRIES[:5]},
    "decision (person)": f"decisions/{ENTRIES[PERSON].decision.slug}/",
    "withdrawn": f"decisions/{ENTRIES[WITHDRAWN].decision.slug}/",
    "withdrawn_list": "decisions/withdrawn/",
    "agencies": "agencies/",
    "agency": "agencies/shihao/",
    "roster": "agencies/shihao/officers/",
    "officer_cards": "agencies/shihao/officers/cards/",
    "officer_check": "officers/",
    "checklists": "checklists/",
    "checklist": "agencies/zhejiang/checklists/matters/",
    "checklist (flagged)": "agencies/shihao/checklists/discretion/",
    "complaints": "complaint/",
    "complaint": "agencies/shihao/complaint/",
    "complaint_form": "agencies/shihao/complaint/form/",
    "flowchart": "agencies/zhejiang/flowcharts/penalty-ordinary/",
    "guides": "agencies/mingshan/guides/",
    "guide": "agencies/mingshan/guides/association/",
    "boards": "agencies/shihao/boards/",
    "board": "agencies/shihao/boards/law/",
    "board_a3": "agencies/shihao/boards/law/a3/",
    "screen": "agencies/shihao/screen/",
    "regulations": "agencies/shihao/regulations/",
    "regulation": "agencies/shihao/regulations/disclosure/",
    "cases": "agencies/shihao/cases/",
    "case": "agencies/shihao/cases/rubble/",
    "posts": "agencies/shihao/posts/",
    "conduct": "agencies/shihao/conduct/",
    "statistics": "statistics/",
    "statistics_year": "statistics/2026/",
    "timeliness": "timeliness/",
    "data": "data/",
    "search": "search/",
    "search (found)": "search/?q=%E7%BD%9A%E6%AC%BE",
    "page": "pages/about/",
    "page (rights)": "agencies/shihao/rights/",
    "site_map": "sitemap/",
    "404": "404.html",
    "410": "410.html",
}
DECISION = KINDS["decision (penalty)"]


def templates() -> Iterator[str]:
    """The templates that make pages: those that extend the frame."""
    for path in sorted((ROOT / "theme/templates").glob("*.html")):
        if re.search(r'{% extends "(?:base|board)\.html" %}', path.read_text("utf-8")):
            yield path.stem
