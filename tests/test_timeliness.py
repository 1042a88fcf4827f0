"""In time, late, or not certain yet: what the public is told, and what the operator is."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from pipeline import policy
from pipeline.agencies import load_agencies
from pipeline.model import Kind, PartyType, Publication, PublicDecision, Timeliness
from pipeline.public import store
from pipeline.public.content import load
from pipeline.public.pages import timeliness as pages
from pipeline.restricted.agenda import channels
from pipeline.restricted.assess import Assessment, State
from pipeline.restricted.ledger import Kept
from pipeline.restricted.raw import Origin, RawDecision, Secret
from pipeline.restricted.timeliness import tally
from tests.conftest import ROOT, Site

AGENCIES = load_agencies(ROOT / "content")
TODAY = date(2026, 11, 20)
START = AGENCIES["shihao"].site_start
MARCH = {"decided_on": date(2026, 3, 2), "due": date(2026, 3, 11)}


class _Redacted:
    """The timetable asks a redaction for its public decision alone."""

    def __init__(self, decision: PublicDecision) -> None:
        self.decision = decision


def assessed(state: State, first: str = "2026-03-05", **changes: Any) -> Assessment:
    """A decision of 2 March 2026, due on 11 March, in this state on the day."""
    given = {**MARCH, "provisional": False, "recorded": True, "published_on": "", **changes}
    raw = RawDecision(
        agency="shihao",
        kind=given.get("kind", Kind.PENALTY),
        number="石壕罚决〔2026〕1号",
        decided_on=given["decided_on"],
        party_type=PartyType.ORGANISATION,
        values={k: Secret(given[k], k) for k in ("published_on",) if given[k]},
        origin=Origin("a.csv", "", 2),
    )
    decision = PublicDecision(
        slug="s",
        agency="shihao",
        kind=raw.kind,
        number=raw.number,
        party="甲",
        party_type=raw.party_type,
        decided_on=raw.decided_on,
        details={},
    )
    day = date.fromisoformat(first)
    publication = Publication(
        first_day=day,
        last_day=None,
        window_rule="",
        window_source="",
        due=given["due"],
        due_provisional=given["provisional"],
        due_rule="",
        due_source="",
    )
    fields: dict[str, Any] = dict.fromkeys(Kept._fields)
    kept = Kept(
        **{
            **fields,
            "slug": "s",
            "raw": raw,
            "digest": "",
            "first_day": day if given["recorded"] else None,
        }
    )
    return Assessment(kept, _Redacted(decision), state, publication)  # type: ignore[arg-type]


OLD = {"decided_on": date(2019, 3, 4), "due": date(2019, 3, 13), "first": "2019-03-13"}
CASES = [
    ("on the last lawful day", {"state": State.PUBLIC, "first": "2026-03-11"}, "on_time"),
    ("a day after it", {"state": State.PUBLIC, "first": "2026-03-12"}, "late"),
    ("late, and taken down since", {"state": State.EXPIRED, "first": "2026-03-12"}, "late"),
    ("late, and withdrawn since", {"state": State.WITHDRAWN, "first": "2026-03-12"}, "late"),
    ("still waiting for a reviewer", {"state": State.WAITING, "recorded": False}, "missing"),
    ("still held", {"state": State.HELD, "recorded": False}, "missing"),
    ("held, and not due yet", {"state": State.HELD, "due": TODAY, "recorded": False}, ""),
    ("not certain yet", {"state": State.PUBLIC, "provisional": True}, "provisional"),
    ("must not be published", {"state": State.WITHHELD, "recorded": False}, ""),
    ("the reviewer said no", {"state": State.REFUSED, "recorded": False}, ""),
    ("past its term before it came", {"state": State.EXPIRED, "recorded": False}, ""),
    ("backlog: its first day is presumed", {"state": State.PUBLIC, "due": date(2025, 3, 3), "first": "2025-03-03", "decided_on": date(2025, 2, 24)}, ""),
    ("backlog with its own 公示日期", {"state": State.PUBLIC, "due": date(2025, 3, 3), "first": "2025-03-04", "decided_on": date(2025, 2, 24), "published_on": "2025-03-04"}, "late"),
    ("more than two years ago", {"state": State.PUBLIC, "decided_on": date(2024, 11, 30), "due": date(2026, 3, 11)}, ""),
    ("in the first month that counts", {"state": State.PUBLIC, "decided_on": date(2024, 12, 1), "due": date(2026, 3, 11)}, "on_time"),
]  # fmt: skip


def test_the_cases_stand_on_both_sides_of_the_site_s_start() -> None:
    assert date(2025, 3, 3) < START <= MARCH["due"]


@pytest.mark.parametrize(("given", "column"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_each_decision_is_counted_once_or_not_at_all(given: dict[str, Any], column: str) -> None:
    found = tally([assessed(**given)], AGENCIES, TODAY)
    counted = {
        name: getattr(one, name)
        for one in found
        for name in ("on_time", "late", "missing", "provisional")
    }
    assert [name for name, count in counted.items() if count] == ([column] if column else [])
    assert sum(counted.values()) == bool(column)


def test_counts_are_by_agency_kind_and_month() -> None:
    both = [assessed(State.PUBLIC), assessed(State.PUBLIC, "2026-03-20")]
    licence = assessed(State.PUBLIC, kind=Kind.LICENCE)
    assert tally([*both, licence], AGENCIES, TODAY) == [
        Timeliness(agency="shihao", kind=Kind.LICENCE, month="2026-03", on_time=1),
        Timeliness(agency="shihao", kind=Kind.PENALTY, month="2026-03", on_time=1, late=1),
    ]


def counted(**counts: int) -> Timeliness:
    return Timeliness(agency="shihao", kind=Kind.PENALTY, month="2026-03", **counts)


@pytest.mark.parametrize(
    ("found", "share"),
    [
        ([counted(on_time=3, late=1)], "75%"),
        ([counted(on_time=999, late=1)], "99%"),  # never rounded up to a full 100%
        ([counted(on_time=2)], "100%"),
        ([counted(on_time=1, missing=1)], "50%"),
        ([counted(on_time=1, provisional=9)], "100%"),
        ([counted(provisional=1)], "—"),
        ([], "—"),
    ],
)
def test_the_share_in_time(found: Sequence[Timeliness], share: str) -> None:
    first, *_ = pages.pages(load(ROOT / "content").folders, found, TODAY)
    assert first.values["total"].share == share


def test_there_is_a_page_for_the_site_and_for_each_agency() -> None:
    made = {
        page.url: page.values
        for page in pages.pages(load(ROOT / "content").folders, [counted(late=2)], TODAY)
    }
    assert made.keys() == {"timeliness/", *(f"agencies/{slug}/timeliness/" for slug in AGENCIES)}
    assert (
        made["timeliness/"]["total"].late == made["agencies/shihao/timeliness/"]["total"].late == 2
    )
    assert made["agencies/zhejiang/timeliness/"]["total"].total == 0


LATE = {"行政处罚决定书文号": "石壕罚决〔2026〕8号", "处罚决定日期": "2026-09-01"}
HELD = {"行政处罚决定书文号": "石壕罚决〔2026〕9号", "处罚决定日期": "2026-10-09", "违法事实": "经查，该案另案处理。"}  # fmt: skip
CITIZEN = {"行政处罚决定书文号": "石壕罚决〔2026〕7号", "行政相对人名称": "覃测乐", "行政相对人类别": "自然人"}  # fmt: skip


def status(site: Site, today: str) -> tuple[int, dict[str, Any]]:
    folders = ("--state", str(site.state), "--content", str(site.content))
    done = site.pipeline("status", *folders, "--today", today, "--json")
    table = site.pipeline("status", *folders, "--today", today)
    assert table.returncode == done.returncode, table.stderr
    found = json.loads(done.stdout)
    assert all(task["number"] in table.stdout for task in (*found["late"], *found["due"]))
    return done.returncode, found


def acts(tasks: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(task["act"], task["number"][-2:]) for task in tasks]


def test_status_is_what_a_monitor_needs(site: Site) -> None:
    site.export("a.csv", {}, LATE, CITIZEN)
    assert site.publish().returncode == 0
    code, found = status(site, "2026-11-20")
    assert (code, found["late"], found["due"]) == (0, [], [])
    assert found["next_take_downs"][0]["last_day"] == "2028-11-20"
    elsewhere = found["next_take_downs"][0]["other_channels"]
    assert elsewhere == ["信用中国（轻微）：原则上不公示", "信用中国（一般）：2027-02-10至2027-11-10", "信用中国（严重）：2027-11-10至2029-11-10"]  # fmt: skip
    assert [row["due"] for row in found["annual"]] == ["2027-01-31"]
    # Still on the site after its last day: nobody has run publish.
    assert status(site, "2028-11-20")[0] == 0
    code, found = status(site, "2028-11-21")
    assert (code, acts(found["late"])) == (1, [("take_down", "7号")])
    site.publish("2028-11-21")
    assert status(site, "2028-11-21")[0] == 0


def test_status_watches_reviews_and_withdrawals(site: Site) -> None:
    site.export("a.csv", {}, HELD)
    site.publish()
    code, found = status(site, "2026-11-20")  # 7 working days after the National Day holidays
    assert (code, acts(found["late"])) == (1, [("publish", "9号")])
    folders = ("--state", str(site.state), "--content", str(site.content))
    (slug,) = {task["slug"] for task in found["late"]}
    site.pipeline("review", "refuse", slug, "--by", "甲", "--today", "2026-11-20", *folders)
    assert status(site, "2026-11-20")[0] == 0
    words = ("--reason", "行政复议撤销", "--by", "甲", "--today", "2026-11-20")
    site.pipeline("withdraw", "石壕罚决〔2026〕1号", *words, *folders)
    code, found = status(site, "2026-11-25")
    assert (code, acts(found["due"])) == (0, [("withdraw", "1号")])
    code, found = status(site, "2026-11-26")
    assert (code, acts(found["late"])) == (1, [("withdraw", "1号")])


def test_the_site_tells_what_was_late_and_names_nobody(site: Site) -> None:
    in_time = {"处罚决定日期": "2026-11-12"}
    site.export("a.csv", in_time, LATE, HELD, {**CITIZEN, **in_time})
    done = site.publish()
    assert done.returncode == 0, done.stdout + done.stderr
    for url in ("timeliness", "agencies/shihao/timeliness"):
        page = (site.output / url / "index.html").read_text()
        assert re.search(r"4 件中按时 2 件、逾期 1 件、到期未公开 1 件、期限暂定 0 件", page)
        assert "2026年9月" in page
        assert not [word for word in ("罚决", "綦江测试", "覃", "shihao-penalty") if word in page]
    assert 'href="../timeliness/"' in (site.output / "agencies/index.html").read_text()


def test_the_demonstration_is_on_time_for_the_most_part(demo: Site) -> None:
    """An office that is late with all it does would show nobody what the page is for."""
    found = store.timeliness(demo.state / "public" / "store.db")
    on_time, late, missing = (
        sum(getattr(one, name) for one in found) for name in ("on_time", "late", "missing")
    )
    assert on_time > 4 * late > 0
    assert 0 < missing < late


def test_other_channels_come_with_their_source() -> None:
    (told,) = channels(AGENCIES)
    assert "信用中国" in told
    assert "公示3个月至1年" in told
    assert "公示1年至3年" in told
    assert "第36号" in told


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2023-12-31", 2, "2024-02-29"),
        ("2026-12-05", 12, "2027-12-05"),
        ("2024-02-29", 36, "2027-02-28"),
    ],
)
def test_months_end_on_the_corresponding_day(day: str, months: int, end: str) -> None:
    assert policy.months_after(date.fromisoformat(day), months) == date.fromisoformat(end)
