"""Guiding cases (指导性案例): facts, result, analysis; a repealed one says so on every page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.agencies import Agency
from pipeline.public.library.laws import Changed
from pipeline.public.library.record import Case
from pipeline.public.page import Page, below


def pages(agency: Agency, cases: Sequence[Case], today: date, changed: Changed) -> Iterator[Page]:
    """The list – those in force first, the newest first – and a page a case."""
    if not cases:
        return
    newest = sorted(cases, key=lambda case: (case.published_on, case.name), reverse=True)
    values = {
        "valid": [case for case in newest if not repealed(case, today)],
        "repealed": [case for case in newest if repealed(case, today)],
    }
    yield (listed := below(agency, "cases/", "cases", "指导性案例", values))
    for case in newest:
        yield below(
            agency,
            f"cases/{case.name}/",
            "case",
            case.title,
            {
                "case": case,
                "repealed": repealed(case, today),
                "flags": changed(case.basis, case.published_on),
            },
            after=listed,
            indexable=not repealed(case, today),
        )


def repealed(case: Case, today: date) -> bool:
    """Whether the case is no reference any more on ``today``."""
    return case.repealed is not None and case.repealed.on <= today
