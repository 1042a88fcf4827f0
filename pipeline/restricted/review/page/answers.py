"""What the page is told of a decision, and what it asks, as JSON."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from pipeline.errors import NotAccepted
from pipeline.restricted.assess import State
from pipeline.restricted.review.desk import Asked, Case, Desk
from pipeline.restricted.review.marks import Mark, Place
from pipeline.restricted.rulings import Act, guess_kind


class Word(msgspec.Struct, forbid_unknown_fields=True):
    """One thing asked: of a mark of the page, or of a stretch selected in a field.

    ``only``: of this one place (``place`` counts those of the mark), not of all the same.
    """

    act: Act
    kind: str = ""
    only: bool = False
    mark: str = ""
    place: int = 0
    field: str = ""
    start: int = 0
    end: int = 0


class Words(msgspec.Struct, forbid_unknown_fields=True):
    """What is asked of words of one decision, as seen in ``version``."""

    version: str
    asked: list[Word]


class Back(msgspec.Struct, forbid_unknown_fields=True):
    """Take back what was said on a mark."""

    version: str
    mark: str


class Sign(msgspec.Struct, forbid_unknown_fields=True):
    """A word on a whole decision: approve or refuse."""

    version: str
    act: Literal["approve", "refuse"]
    note: str = ""


def listed(case: Case) -> dict[str, Any]:
    """A line of the list: no raw text."""
    return {
        "slug": case.slug,
        "number": case.redacted.decision.number,
        "agency": case.agency.name,
        "kind": case.redacted.decision.kind.label,
        "held": case.assessment.state is State.HELD,
        "second": bool(case.two and case.approval),
        "due": case.assessment.publication.due.isoformat(),
    }


def told(case: Case) -> dict[str, Any]:
    """A decision in full, raw text and all."""
    return {
        **listed(case),
        "version": case.version,
        "state": case.assessment.state.label,
        "open": case.open,
        "reasons": case.reasons,
        "two": case.two,
        "signed": case.approval.reviewer if case.approval else "",
        "columns": [
            {"key": c.key, "label": c.label, "raw": c.raw, "masked": c.masked} for c in case.columns
        ],
        "marks": [_mark(mark) for mark in case.marks],
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "id": mark.id,
        "places": [(place.field, place.start, place.end) for place in mark.places],
        "standing": mark.standing,
        "replacement": mark.replacement,
        "why": mark.why,
        "suggestion": mark.suggestion,
        "said": mark.said,
        "by": mark.by,
    }


def asked(desk: Desk, case: Case, words: Words) -> list[Asked]:
    """The places that ``words`` speak of. Raises :class:`NotAccepted` for what is not there."""
    found: list[Asked] = []
    for word in words.asked:
        found += _of_mark(case, word) if word.mark else _of_selection(desk, case, word)
    return found


def mark_of(case: Case, number: str) -> Mark:
    """The mark called ``number``. Raises :class:`NotAccepted` when there is none."""
    mark = next((mark for mark in case.marks if mark.id == number), None)
    if mark is None:
        raise NotAccepted("这一处已有变动；请重新看过再处理。")
    return mark


def _of_mark(case: Case, word: Word) -> list[Asked]:
    mark = mark_of(case, word.mark)
    if word.act == "confirm" and mark.standing != "masked":
        raise NotAccepted("这个词语没有遮盖，不能“确认遮盖”；请选择“遮盖”或“显示”。")
    places = mark.places
    if word.only:
        places = mark.places[word.place : word.place + 1] or mark.places[:1]
    kind = "" if word.act == "show" else word.kind or mark.kind or guess_kind(mark.text)
    return [Asked(place, word.act, kind) for place in places]


def _of_selection(desk: Desk, case: Case, word: Word) -> list[Asked]:
    place = Place(word.field, word.start, word.end)
    places = [place] if word.only else desk.same_words(case.slug, place)
    raw = case.assessment.kept.raw.text(word.field)[word.start : word.end]
    return [Asked(one, word.act, word.kind or guess_kind(raw)) for one in places]
