"""What has to happen so often a year, counted: one row an officer, a reviewer, an agency.

Only years that are over are counted, from the first year that the table speaks of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from pipeline.restricted.comply.frame import Frame
from pipeline.restricted.comply.tables import rows_of

#: The counts that checks may run over, beside the side tables: their titles.
COUNTS = {
    "officer_years": "执法人员年度",
    "reviewer_years": "法制审核人员年度",
    "agency_years": "机关年度",
}
_OFFICER = "执法人员"
_SPECIAL, _STUDY = ("专门", "专业"), ("学习日",)


def count(tables: Mapping[str, Frame], today: date) -> dict[str, Frame]:
    """The yearly counts of one agency that its tables allow."""
    training = tables.get("training")
    found = {"agency_years": Frame.of(_agency_years(tables, today))}
    if training is not None:
        found["officer_years"] = Frame.of(_officer_years(tables, training, today))
        found["reviewer_years"] = Frame.of(_reviewer_years(tables, training, today))
    return {key: frame for key, frame in found.items() if len(frame)}


def _officers(tables: Mapping[str, Frame]) -> list[str]:
    roster = tables.get("officers")
    if roster is None:
        return []
    return sorted(c for c, staff in rows_of(roster, ("certificate", "staff")) if staff == _OFFICER)


def _officer_years(
    tables: Mapping[str, Frame], training: Frame, today: date
) -> list[dict[str, str]]:
    keys = ("certificate", "trained_on", "category", "hours")
    general: defaultdict[tuple[str, int], float] = defaultdict(float)
    special: defaultdict[tuple[str, int], float] = defaultdict(float)
    for certificate, day, category, hours in rows_of(training, keys):
        bucket = special if any(word in category for word in _SPECIAL) else general
        bucket[certificate, _year(day)] += _hours(hours)
    return [
        {
            "certificate": certificate,
            "year": str(year),
            "general_hours": f"{general[certificate, year]:g}",
            "special_hours": f"{special[certificate, year]:g}",
            "hours": f"{general[certificate, year] + special[certificate, year]:g}",
        }
        for certificate in _officers(tables)
        for year in _years(training, "trained_on", today)
    ]


def _reviewer_years(
    tables: Mapping[str, Frame], training: Frame, today: date
) -> list[dict[str, str]]:
    reviewers = tables.get("reviewers")
    if reviewers is None:
        return []
    taken = {(name, _year(day)) for name, day in rows_of(training, ("name", "trained_on"))}
    return [
        {"name": name, "year": str(year), "trainings": str(int((name, year) in taken))}
        for (name,) in rows_of(reviewers, ("name",))
        for year in _years(training, "trained_on", today)
    ]


def _agency_years(tables: Mapping[str, Frame], today: date) -> list[dict[str, str]]:
    """Counts of the last full year; the staffing figures are those of today."""
    row = {"year": str(today.year - 1)}
    if _officers(tables):
        row["officers"] = str(len(_officers(tables)))
    if (reviewers := tables.get("reviewers")) is not None:
        counsel = reviewers.filled("counsel")
        own = int((~counsel).sum())
        row |= {"reviewers": str(own), "counsel": str(int(counsel.sum()))}
        if "officers" in row:
            row["reviewer_share"] = f"{own / int(row['officers']):.4f}"
    if (training := _last_year(tables.get("training"), "trained_on", today)) is not None:
        study = {day[:7] for day, category in training if any(w in category for w in _STUDY)}
        row |= {"trainings": str(len({day for day, _ in training}))}
        row |= {"study_months": str(len(study))}
    if (supervision := _last_year(tables.get("supervision"), "checked_on", today)) is not None:
        reviews = sum("评查" in category for _, category in supervision)
        row |= {"file_reviews": str(reviews), "supervisions": str(len(supervision) - reviews)}
    return [row] if len(row) > 1 else []


def _last_year(table: Frame | None, key: str, today: date) -> list[tuple[str, ...]] | None:
    """Day and category of last year's lines; None where the table does not reach back so far."""
    if table is None or today.year - 1 not in _years(table, key, today):
        return None
    return [line for line in rows_of(table, (key, "category")) if _year(line[0]) == today.year - 1]


def _years(table: Frame, key: str, today: date) -> range:
    years = [_year(day) for (day,) in rows_of(table, (key,)) if _year(day)]
    return range(min(years, default=today.year), today.year)


def _year(day: str) -> int:
    return int(day[:4]) if day[:4].isdigit() else 0


def _hours(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
