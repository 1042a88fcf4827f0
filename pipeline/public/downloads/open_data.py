"""All public decisions as a table to download."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.fields import public_details
from pipeline.model import Entry
from pipeline.public.content import Folder

_DETAILS = tuple(field for field in public_details() if field.key != "full_text")
_BEFORE = ("公布机关", "决定种类", "决定书文号", "行政相对人名称", "相对人类别", "决定日期")
#: The column that says until when a row may be shown; a sweep goes by it.
LAST_DAY = "公示期至"
_AFTER = ("首次公开日期", LAST_DAY, "公示期限依据", "页面")

#: The columns of the downloads, in order.
HEADINGS = (*_BEFORE, *(field.heading for field in _DETAILS), *_AFTER)


def record(entry: Entry, folders: Mapping[str, Folder]) -> dict[str, str]:
    """A decision by the headings of its columns; the full text stays on its page."""
    decision, publication = entry.decision, entry.publication
    last_day = publication.last_day
    values = (
        folders[decision.agency].agency.name,
        decision.kind.label,
        decision.number,
        decision.party,
        decision.party_type.label,
        decision.decided_on.isoformat(),
        *(decision.details.get(field.key, "") for field in _DETAILS),
        publication.first_day.isoformat(),
        last_day.isoformat() if last_day else "",
        publication.window_source,
        f"decisions/{decision.slug}/",
    )
    return dict(zip(HEADINGS, values, strict=True))
