"""Service guides (服务指南): one page a matter, and the list of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.agencies import Agency
from pipeline.public.library.laws import Changed
from pipeline.public.library.record import Guide, label
from pipeline.public.page import Page, below

#: What a guide says, in the order of its page; long lists have sections of their own.
_FACTS = (
    *("kind", "basis", "accepts", "decides", "conditions", "limit", "certificate", "forms"),
    *("benefits", "relief", "hours", "address", "phone", "inquiry", "progress"),
    *("supervision", "complaint", "liability", "remedies"),
)


class Fact(NamedTuple):
    """A line of the guide: its heading and what it says, one item or several."""

    heading: str
    items: tuple[str, ...]
    key: str


def facts(guide: Guide, agency: Agency) -> list[Fact]:
    """The guide's short facts; office hours, address and phone default to the agency's."""
    contact = agency.contact
    own = {
        "hours": guide.hours or contact.hours,
        "address": guide.address or contact.address,
        "phone": guide.phone or contact.hotline,
    }
    found = []
    for key in _FACTS:
        value = own.get(key) or getattr(guide, key)
        items = value if isinstance(value, tuple) else (value,)
        found.append(Fact(label("guide", key), items, key))
    return found


def pages(
    agency: Agency, guides: tuple[Guide, ...], charts: set[str], changed: Changed
) -> Iterator[Page]:
    """The agency's guides; ``charts`` are the names of its flowcharts."""
    if not guides:
        return
    yield (listed := below(agency, "guides/", "guides", "服务指南", {"guides": guides}))
    for guide in guides:
        yield below(
            agency,
            f"guides/{guide.name}/",
            "guide",
            guide.title,
            {
                "guide": guide,
                "facts": facts(guide, agency),
                "flags": changed(guide.basis, guide.updated),
                "chart": guide.flowchart if guide.flowchart in charts else "",
            },
            after=listed,
        )
