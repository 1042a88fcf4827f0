"""Decision pages: what happened to whom in plain words, every public field, and the rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from pipeline.fields import Field, dictionary
from pipeline.model import Entry, Kind, PartyType, PublicDecision
from pipeline.public import show
from pipeline.public.content import Folder
from pipeline.public.page import Crumb, Page

_REASON_LIMIT, _OUTCOME_LIMIT = 60, 110  # characters of the opening sentence


class Line(NamedTuple):
    """What lists, feeds and neighbours need to know of a decision."""

    slug: str
    agency: str
    kind: Kind
    number: str
    party: str
    party_type: PartyType
    decided_on: date
    first_day: date
    last_day: date | None
    subject: str
    outcome: str
    withdrawn_on: date | None = None
    reason: str = ""

    @property
    def url(self) -> str:
        """Address of the decision's page, from the site's root."""
        return f"decisions/{self.slug}/"

    @property
    def name(self) -> str:
        """How titles call it: the party and the kind, or the withdrawn number."""
        if self.withdrawn_on:
            return f"{self.number}（已撤下）"
        return f"{self.party} {self.kind.label}信息"


class Cell(NamedTuple):
    """A row of the page's table."""

    heading: str
    value: str
    type: str


class Wording(NamedTuple):
    """How a kind is told: the fields that say why and what, and the act's verb."""

    reasons: tuple[str, ...]
    outcomes: tuple[str, ...]
    act: str


WORDINGS = {
    Kind.PENALTY: Wording(("violation", "case_name"), ("penalty", "penalty_kinds"), "行政处罚决定"),
    Kind.LICENCE: Wording(
        ("case_name", "licence_kind"), ("licence", "licence_certificate"), "行政许可决定"
    ),
    Kind.COERCION: Wording(
        ("violation", "case_name"), ("measure", "measure_object"), "行政强制决定"
    ),
    Kind.INSPECTION: Wording(
        ("case_name", "inspection_items"), ("inspection_result",), "行政检查结论"
    ),
    Kind.LEVY: Wording(
        ("levy_item", "case_name"), ("levy_object", "performance"), "行政征收征用决定"
    ),
}


def line(entry: Entry) -> Line:
    """``entry`` as lists show it."""
    decision, publication, withdrawal = entry.decision, entry.publication, entry.withdrawal
    wording = WORDINGS[decision.kind]
    return Line(
        slug=decision.slug,
        agency=decision.agency,
        kind=decision.kind,
        number=decision.number,
        party=decision.party,
        party_type=decision.party_type,
        decided_on=decision.decided_on,
        first_day=publication.first_day,
        last_day=publication.last_day,
        subject=_first(decision, wording.reasons, _REASON_LIMIT),
        outcome=_first(decision, wording.outcomes, _OUTCOME_LIMIT),
        withdrawn_on=withdrawal.on if withdrawal else None,
        reason=withdrawal.reason if withdrawal else "",
    )


def sentence(decision: PublicDecision, agency: str) -> str:
    """谁对谁因何作出何决定, in one sentence; what a decision does not say is left out."""
    wording = WORDINGS[decision.kind]
    authority = show.shorten(decision.details.get("authority", ""), 40) or agency
    reason = _first(decision, wording.reasons, _REASON_LIMIT)
    outcome = _first(decision, wording.outcomes, _OUTCOME_LIMIT)
    told = f"{authority}于{show.day(decision.decided_on)}对{decision.party}"
    if reason:
        told += f"就“{reason}”"
    told += f"作出{wording.act}"
    return f"{told}：{outcome}。" if outcome else f"{told}。"


def cells(decision: PublicDecision, *, apart: Collection[str] = ()) -> list[Cell]:
    """The public fields that hold something, in the dictionary's order, but the full text.

    ``apart``: the keys of those that the page shows at a place of their own.
    """
    found = []
    for field in dictionary().values():
        value = _value(field, decision)
        if value and field.key != "full_text" and field.key not in apart:
            found.append(Cell(field.heading, value, field.type))
    return found


def _value(field: Field, decision: PublicDecision) -> str:
    text = decision.text_of(field.key) if field.public else ""
    if not text:
        return ""
    if field.type == "date":
        return show.day(text)
    return show.yuan(text) if field.type == "amount" else text


def _first(decision: PublicDecision, keys: Iterable[str], limit: int) -> str:
    """The first of the fields that is filled, on one line, without its closing stop."""
    filled = (decision.details[key] for key in keys if decision.details.get(key))
    return show.shorten(next(filled, "").strip().rstrip("。；;.，,"), limit)


def neighbours(lines: Iterable[Line]) -> dict[str, tuple[Line | None, Line | None]]:
    """For each decision the earlier and the later one of its agency, as lists show them."""
    found: dict[str, tuple[Line | None, Line | None]] = {}
    last: dict[str, Line] = {}
    for here in lines:
        if here.withdrawn_on:
            continue
        earlier = last.get(here.agency)
        if earlier:
            found[earlier.slug] = (found[earlier.slug][0], here)
        found[here.slug] = (earlier, None)
        last[here.agency] = here
    return found


def pages(
    entries: Iterable[Entry],
    folders: Mapping[str, Folder],
    beside: Mapping[str, tuple[Line | None, Line | None]],
    lines: Iterable[Line] = (),
) -> Iterator[Page]:
    """One page a decision; a withdrawn one gets the notice with its four facts.

    ``lines``: all decisions of the site, for the links between a notice and its successor.
    """
    by_slug = {line.slug: line for line in lines}
    for entry in entries:
        slug, agency = entry.decision.slug, entry.decision.agency
        yield page(entry, folders[agency], beside.get(slug, (None, None)), by_slug)


def page(
    entry: Entry,
    folder: Folder,
    beside: tuple[Line | None, Line | None],
    related: Mapping[str, Line],
) -> Page:
    """The page of a decision; ``related``: the lines of those it names (:func:`names`)."""
    here, agency = line(entry), folder.agency
    found = frame(folder, withdrawn=bool(entry.withdrawal), indexable=is_indexable(entry))
    values: dict[str, object]
    if entry.withdrawal:
        values = {"line": here, "successor": related.get(entry.withdrawal.successor)}
        return found._replace(url=here.url, title=here.name, values=values)
    decision = entry.decision
    values = {
        "line": here,
        "publication": entry.publication,
        "agency": agency,
        "sentence": sentence(decision, agency.name),
        "cells": cells(decision, apart=("basis",)),
        "basis": decision.details.get("basis", ""),
        "text": show.paragraphs(decision.details.get("full_text", "")),
        "earlier": beside[0],
        "later": beside[1],
        "replaced": [related[slug] for slug in entry.replaces if slug in related],
        "contested": entry.contested,
    }
    return found._replace(url=here.url, title=here.name, values=values)


def is_indexable(entry: Entry) -> bool:
    """Whether search engines may list its page: not a person's, and no notice."""
    return not entry.withdrawal and entry.decision.party_type is not PartyType.PERSON


def names(entry: Entry) -> tuple[str, ...]:
    """The slugs of other decisions that the page of ``entry`` names, if they are public."""
    if entry.withdrawal:
        return (entry.withdrawal.successor,) if entry.withdrawal.successor else ()
    return entry.replaces


def frame(folder: Folder, *, withdrawn: bool = False, indexable: bool = False) -> Page:
    """What the pages of an agency's decisions have in common, at an address of their depth."""
    agency = folder.agency
    here = (
        Crumb("撤下说明", "decisions/withdrawn/")
        if withdrawn
        else Crumb(agency.short_name, f"agencies/{agency.slug}/decisions/")
    )
    return Page(
        url="decisions/-/",
        template="withdrawn" if withdrawn else "decision",
        title="",
        values={},
        crumbs=(Crumb("执法决定", "decisions/"), here),
        section="decisions/",
        indexable=indexable,
    )
