"""How invented cases were handled: mostly well, with one planted fault of every kind that the
checks of a regime look for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from invent.decisions import Office, Row
from invent.handling_layouts import COERCION, INSPECTION, PENALTY
from invent.layouts import Layout
from invent.people import People
from invent.staff import EXPIRED, REVIEWERS, SUSPENDED, UNITS, WITHDRAWN
from invent.tables import TITLE, cells, labels
from invent.words import words
from invent.write import delimited

SEED = 20261121

#: Two working days' cases, and one on which some certificates no longer stand.
_DAY, _LATE_DAY = date(2026, 8, 3), date(2026, 11, 9)
_PERSONS = ("organisation", "organisation", "person", "sole_trader")

Fault = Callable[[Row], Row]


def _days(row: Row, days: int) -> date:
    day: date = row["decided_on"]
    return day + timedelta(days=days)


#: What is wrong with a penalty, by the check that must find it.
_PENALTY_FAULTS: dict[str, Fault] = {
    "two-officers": lambda _: {"officer_2": "", "officer_2_certificate": ""},
    "certificate-listed": lambda _: {"officer_2_certificate": "演00000000"},
    "certificate-in-date": lambda row: _on_late_day(row, EXPIRED),
    "certificate-not-suspended": lambda row: _on_late_day(row, SUSPENDED),
    "certificate-not-withdrawn": lambda row: _on_late_day(row, WITHDRAWN),
    "officers-recorded": lambda _: {"officer_1_certificate": ""},
    "review-done": lambda row: _unreviewed(row, review_ground="听证", hearing_on=_days(row, -20)),
    "review-ordinary": lambda row: _unreviewed(row),
    "review-before-decision": lambda row: {"review_opinion_on": _days(row, 2)},
    "review-in-time": lambda row: {"review_sent_on": _days(row, -25)},
    "review-inside-limit": lambda row: {"filed_on": _days(row, -130)},
    "review-sent-at-once": lambda row: {"investigated_on": _days(row, -20)},
    "review-bundle": lambda _: {"review_bundle": "证据"},
    "review-bundle-hearing": lambda row: {"hearing_on": _days(row, -20)},
    "review-opinion-filed": lambda _: {"review_copies": "0"},
    "review-opinion-kind": lambda _: {"review_opinion": "已阅"},
    "review-disagreement": lambda _: {
        "review_opinion": "不同意",
        "review_settled": "承办机构自行处理",
    },
    "review-passed": lambda _: {"review_opinion": "移送", "review_settled": ""},
    "review-unsettled": lambda _: {"review_opinion": "不同意", "review_settled": ""},
    "reviewer-recusal": lambda row: {"reviewer": row["officer_2"]},
    "officer-recusal": lambda row: {"legal_representative": row["officer_1"]},
    "officer-2-recusal": lambda row: {"legal_representative": row["officer_2"]},
    "decided-in-time": lambda row: {"filed_on": _days(row, -120)},
    "served-in-time": lambda row: {"served_on": _days(row, 16)},
    "service-recorded": lambda _: {"service_mode": ""},
    "service-mode": lambda _: {"service_mode": "口头通知"},
    "service-receipt": lambda _: {"service_receipt": ""},
    "service-recorded-av": lambda _: {"service_mode": "留置送达", "recording_no": ""},
    "recording-of-hearing": lambda row: {"hearing_on": _days(row, -20), "recording_no": ""},
    "recording-registered": lambda _: {"recording_no": "演录-没有登记"},
    "urgent-papered": lambda row: {
        "urgent_start_at": f"{_days(row, -30)} 20:00",
        "urgent_papered_at": f"{_days(row, -28)} 09:00",
    },
    "start-form": lambda _: {"start_reason": ""},
    "simple-procedure": lambda _: {"procedure": "简易程序", "simple_filed_on": ""},
    "performance-recorded": lambda _: {"performed_on": ""},
    "rectification-checked": lambda row: {
        "penalty": row["penalty"] + "责令改正。",
        "rectified_on": "",
    },
    "file-archived": lambda row: {"archived_on": _days(row, 70)},
    "file-long-kept": lambda _: {"contested": "行政复议", "retention": "10年"},
    "published-in-time": lambda row: {"published_on": _days(row, 40)},
    "guiding-case-not-cited": lambda row: {"facts": row["facts"] + "参照指导性案例处理。"},
}


def _on_late_day(row: Row, cards: dict[str, str]) -> Row:
    after = dict.fromkeys(("closed_on", "archived_on", "performed_on", "rectified_on"), "")
    return {
        "decided_on": _LATE_DAY,
        "officer_1_certificate": cards[row["slug"]],
        "served_on": _LATE_DAY + timedelta(days=2),
        "published_on": _LATE_DAY + timedelta(days=3),
        "filed_on": _LATE_DAY - timedelta(days=30),
        **after,
    }


def _unreviewed(row: Row, **more: Any) -> Row:
    empty = ("review_opinion_on", "review_opinion", "review_sent_on", "reviewer")
    return {**dict.fromkeys(empty, ""), **more}


def handling_files() -> dict[str, bytes]:
    """Exports that carry the columns about handling, by name."""
    rng = Random(SEED)
    people = People(rng)
    offices = {slug: Office(slug, rng, people) for slug in words()["agency"]}
    penalties: list[Row] = []
    coercions: list[Row] = []
    inspections: list[Row] = []
    for slug, office in offices.items():
        penalties += _penalties(slug, office)
        coercions += _coercions(slug, office)
        inspections += _inspections(slug, office)
    return {
        "30-案件办理-行政处罚.csv": _table(penalties, PENALTY),
        "31-案件办理-行政强制.csv": _table(coercions, COERCION),
        "32-案件办理-行政检查.csv": _table(inspections, INSPECTION),
    }


def _table(rows: list[Row], layout: Layout) -> bytes:
    table = [[TITLE], labels(layout), *(cells(row, layout) for row in rows)]
    return delimited(table, encoding="utf-8-sig")


def _penalties(slug: str, office: Office) -> list[Row]:
    """One case a fault, six that are in order, and seven alike of which one is not."""
    rows = []
    for n, fault in enumerate((*_PENALTY_FAULTS.values(), *[lambda _: {}] * 6)):
        row = _handled(slug, n, office.penalty(_PERSONS[n % 4], day=_DAY + timedelta(days=n % 5)))
        rows.append(row | fault(row))
    alike = {"basis": "《演示条例》第一条", "discretion_tier": "一般"}
    for n in range(7):
        row = _handled(slug, 90 + n, office.penalty("organisation", day=_DAY))
        fine = 30000 if n == 6 else 1000
        rows.append(row | alike | {"fine": fine, "penalty": f"罚款人民币{fine}元。"})
    if slug == "lingchuan":  # R079: a body's fine of just 50,000 元, not reviewed
        row = _handled(slug, 98, office.penalty("organisation", day=_DAY))
        rows.append(row | _unreviewed(row) | {"fine": 50000})
    return rows


def _coercions(slug: str, office: Office) -> list[Row]:
    rows = []
    for n in range(3):
        row = _handled(slug, 100 + n, office.coercion("organisation", day=_DAY)) | {
            "measure": "扣押财物"
        }
        rows.append(row | ({"recording_no": ""} if n == 2 else {}))
    return rows


def _inspections(slug: str, office: Office) -> list[Row]:
    rows = []
    for n in range(4):
        row = _handled(slug, 110 + n, office.inspection("organisation", day=_DAY))
        row |= {"plan_no": "演计划-1", "hearing_on": _DAY if n == 2 else ""}
        faults: dict[int, Row] = {2: {"recording_no": ""}, 3: {"plan_no": "演计划-9"}}
        rows.append(row | faults.get(n, {}))
    return rows


def _handled(slug: str, n: int, row: Row) -> Row:
    """A case that is in order in every respect."""
    return row | {
        "slug": slug,
        "handling_unit": UNITS[slug][n % 2],
        "procedure": "普通程序",
        "case_source": "巡查发现",
        "start_reason": "涉嫌违法，有立案必要",
        "filed_on": _days(row, -30),
        "investigated_on": _days(row, -8),
        "statement_record": "当事人无异议",
        "review_bundle": "法制审核申请书、情况说明、拟作出的决定书、相关证据",
        "review_sent_on": _days(row, -8),
        "reviewer": REVIEWERS[slug],
        "review_opinion_on": _days(row, -5),
        "review_opinion": "同意",
        "review_online": "否",
        "review_copies": "2",
        "discretion_tier": "一般",
        "recording_no": f"演录-{slug}-1",
        "served_on": _days(row, 2),
        "service_mode": "直接送达",
        "service_receipt": f"演回-{n + 1}",
        "performed_on": _days(row, 7),
        "rectified_on": _days(row, 8),
        "contested": "否",
        "closed_on": _days(row, 10),
        "archived_on": _days(row, 20),
        "retention": "30年",
        "published_on": _days(row, 4),
    }
