"""A notice leads to the new decision and the new decision back, when both are public.

And what else an entry says of others: that an objection to it is under examination.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from pipeline.model import Entry


def linked(entries: Sequence[Entry], contested: Collection[str] = ()) -> list[Entry]:
    """``entries`` with each link set on both ends; links to what is not public are dropped.

    ``contested``: the slugs whose page says that an objection is open.
    """
    shown = {entry.decision.slug for entry in entries}
    replaced: dict[str, list[str]] = {}
    for entry in entries:
        successor = _successor(entry, shown)
        if successor:
            replaced.setdefault(successor, []).append(entry.decision.slug)
    return [_with_links(entry, shown, replaced, contested) for entry in entries]


def _successor(entry: Entry, shown: set[str]) -> str:
    slug = entry.withdrawal.successor if entry.withdrawal else ""
    return slug if slug in shown and slug != entry.decision.slug else ""


def _with_links(
    entry: Entry, shown: set[str], replaced: dict[str, list[str]], contested: Collection[str]
) -> Entry:
    if entry.withdrawal:
        notice = replace(entry.withdrawal, successor=_successor(entry, shown))
        return replace(entry, withdrawal=notice)
    back = tuple(sorted(replaced.get(entry.decision.slug, ())))
    open_ = entry.decision.slug in contested
    return replace(entry, replaces=back, contested=open_) if back or open_ else entry
