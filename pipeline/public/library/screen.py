"""The lobby screen (电子信息屏): one page of slides that turns by itself, and can be stopped.

Without a script all slides stand below each other. Decisions on it carry their last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.public.page import Page, below

if TYPE_CHECKING:
    from pipeline.public.content import Folder
    from pipeline.public.decisions import Line

_NEWEST = 6  # decisions on the screen


def pages(folders: Iterable[Folder], lines: Sequence[Line]) -> Iterator[Page]:
    """The screen of each agency."""
    for folder in folders:
        slug = folder.agency.slug
        own = [line for line in lines if line.agency == slug and not line.withdrawn_on]
        values = {
            "folder": folder,
            "newest": list(reversed(own[-_NEWEST:])),
            "limits": folder.policy.complaint,
        }
        # Not indexable: it repeats other pages.
        yield below(folder.agency, "screen/", "screen", "电子信息屏", values, indexable=False)
