"""The pages over rosters: each agency's, cards with a QR code, and 'is this officer genuine?'.

The check is answered in the visitor's browser from one small file; nothing that is asked
leaves it. Every state carries its days, so that a page stays right without a rebuild.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import msgspec
from markupsafe import Markup

from pipeline.public.downloads.spreadsheet import csv_file, xlsx_file
from pipeline.public.library.roster import COLUMNS, Officer, Standing, State, shown
from pipeline.public.page import File, Page, below
from pipeline.public.pages.qr import qr
from pipeline.public.show import day as in_words

if TYPE_CHECKING:
    from pipeline.public.content import Content, Folder

CHECK = "officers/"
DATA = "officers/officers.json"


class Member(NamedTuple):
    """An officer as pages show one: where, with which columns, and the states to come."""

    officer: Officer
    folder: Folder
    standings: list[Standing]

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        """Key, heading and text of every column that the agency's policy publishes."""
        fields = [key for key in self.folder.policy.roster.fields if key in COLUMNS]
        told = ((key, COLUMNS[key], self.officer.cells[key]) for key in fields)
        return [(k, label, in_words(text) if k == "valid_to" else text) for k, label, text in told]

    def told(self, key: str) -> str:
        """The text of a column, empty when the agency's policy does not publish it."""
        return self.officer.cells[key] if key in self.folder.policy.roster.fields else ""


def members(folder: Folder, today: date) -> list[Member]:
    """The officers of one agency whom its policy shows, in the file's order."""
    fields = folder.policy.roster.fields
    return [
        Member(officer, folder, officer.standings(today))
        for officer in shown(folder.officers, fields)
    ]


def note(officer: Officer, standing: Standing) -> str:
    """What is said beside a state: until when it lasts, or since when."""
    if standing.state is State.SUSPENDED and officer.until:
        return f"至{in_words(officer.until)}"
    if standing.state is State.EXPIRED and officer.valid_to:
        return f"{in_words(officer.valid_to)}到期"
    if standing.state in (State.WITHDRAWN, State.VOID) and officer.since:
        return f"自{in_words(officer.since)}起"
    return ""


def pages(content: Content, today: date, base: str) -> Iterator[Page]:
    """Every agency's roster and cards, and the check over all of them."""
    everyone = {slug: members(folder, today) for slug, folder in content.folders.items()}
    for slug, folder in content.folders.items():
        yield (roster := _roster(folder, everyone[slug], today))
        yield _cards(folder, everyone[slug], base, roster)
    yield Page(
        url=CHECK,
        template="officer_check",
        title="核对执法人员",
        values={"everyone": everyone, "folders": content.folders, "note": note, "today": today},
        section=CHECK,
    )


def _roster(folder: Folder, own: Sequence[Member], today: date) -> Page:
    roster = folder.policy.roster
    groups: dict[str, list[Member]] = {}
    for member in own:
        groups.setdefault(member.officer.staff, []).append(member)
    return below(
        folder.agency,
        "officers/",
        "roster",
        "执法人员名册",
        {
            "columns": [(key, COLUMNS[key]) for key in roster.fields if key in COLUMNS],
            "groups": groups,
            "note": note,
            "source": roster.source,
            "suspension": folder.policy.suspension,
            "today": today,
        },
    )


def _cards(folder: Folder, own: Sequence[Member], base: str, roster: Page) -> Page:
    """Cards for those only who may enforce: nobody prints one for a withdrawn certificate."""
    valid = [member for member in own if member.standings[0].state is State.VALID]
    return below(
        folder.agency,
        "officers/cards/",
        "officer_cards",
        "执法人员核对卡",
        {"cards": [(member, code(member.officer, base)) for member in valid]},
        after=roster,
        indexable=False,
    )


def code(officer: Officer, base: str) -> Markup:
    """The QR code that leads to the check of this officer; the number is in the fragment,
    which a browser keeps to itself."""
    address = f"{base}/{CHECK}#{quote(officer.number)}"
    return qr(address, f"扫码核对证件{officer.cells['certificate']}")


def files(content: Content, today: date) -> Iterator[File]:
    """The data of the check, and each agency's roster as CSV and XLSX."""
    found = []
    for slug, folder in content.folders.items():
        own = members(folder, today)
        found += [_record(member) for member in own]
        headings = [label for _, label, _ in own[0].cells] if own else []
        columns = [*headings, "人员类别", "证件状态", "状态截至"]
        rows = [_row(member, today) for member in own]
        place = f"agencies/{slug}/officers/officers"
        yield File(f"{place}.csv", csv_file(columns, rows))
        yield File(f"{place}.xlsx", xlsx_file("执法人员名册", columns, rows))
    agencies = {
        slug: {"name": folder.agency.name, "hotline": folder.agency.contact.hotline}
        for slug, folder in content.folders.items()
    }
    yield File(DATA, msgspec.json.encode({"agencies": agencies, "officers": found}))


def _row(member: Member, today: date) -> list[str]:
    officer, standing = member.officer, member.standings[0]
    cells = [officer.cells[key] for key, _, _ in member.cells]
    said = f"{standing.state.value}{note(officer, standing)}"
    return [*cells, officer.staff, said, today.isoformat()]


def _record(member: Member) -> dict[str, object]:
    """What the check needs: the number as it is looked up, what is shown, and the states."""
    return {
        "number": member.officer.number,
        "agency": member.folder.agency.slug,
        "staff": member.officer.staff,
        "cells": [[label, text] for _, label, text in member.cells if text],
        "states": [
            {
                "state": one.state.name.lower(),
                "label": one.state.value,
                "note": note(member.officer, one),
                "first": one.first.isoformat() if one.first else "",
                "last": one.last.isoformat() if one.last else "",
            }
            for one in member.standings
        ],
    }
