"""The internal report: what it finds, what it never says, and what it holds back."""

from __future__ import annotations

import csv
import importlib
import json
import shutil
import stat
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import policy
from pipeline.calendar import Calendar
from pipeline.fields import dictionary
from pipeline.policy import Period
from pipeline.public import store
from pipeline.restricted.comply import checks, coverage
from pipeline.restricted.comply.checks import Check
from pipeline.restricted.comply.findings import Finding, State, finding_id
from pipeline.restricted.comply.frame import Frame
from pipeline.restricted.comply.matrix import matrix
from pipeline.restricted.comply.rules import FAILED, OUT, PASSED, UNKNOWN, World, judge
from pipeline.restricted.comply.run import Inputs, run
from pipeline.restricted.comply.silence import STRUCK, Silence
from pipeline.restricted.comply.tables import SideTables, table_types
from tests.conftest import DEMO_DAY, ROOT, Site
from tests.office import AGENCIES

EXAMPLES = ROOT / "examples" / "comply"
REGIMES = [name for name in policy.names() if name != "base"]


def comply(site: Site, *words: str) -> subprocess.CompletedProcess[str]:
    return site.pipeline("comply", "--state", str(site.state), "--today", DEMO_DAY, *words)


def found(site: Site, *words: str) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = json.loads(comply(site, "--json", *words).stdout)["findings"]
    return findings


def reports(site: Site) -> list[Path]:
    return sorted((site.state / "reports" / "comply").iterdir())


def said(path: Path) -> str:
    """All that a report file says."""
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8")
    book = openpyxl.load_workbook(path)
    cells = (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    return "\n".join(str(cell) for cell in cells)


def table(site: Site, name: str, *rows: dict[str, str]) -> None:
    """Write a side table as CSV."""
    path = site.state / "comply" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def handled(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The cases with planted faults, taken over, with their side tables."""
    site = Site(tmp_path_factory.mktemp("handled"))
    site.inbox.rmdir()
    site.inbox = EXAMPLES / "inbox"
    shutil.copytree(EXAMPLES / "tables", site.state / "comply")
    done = site.publish()
    assert done.returncode == 0, done.stdout + done.stderr
    return site


@pytest.fixture(scope="module")
def result(handled: Site) -> dict[str, Any]:
    """What ``comply --json`` says of them."""
    done = comply(handled, "--json")
    assert done.returncode == 6
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.mark.parametrize("regime", REGIMES)
def test_every_kind_of_finding_is_found(result: dict[str, Any], regime: str) -> None:
    asked = {(regime, check.id) for check in checks.load(regime)}
    seen = {(one["agency"], one["check"]) for one in result["findings"]}
    assert asked - seen == set()


def test_a_sound_case_has_no_finding(result: dict[str, Any]) -> None:
    """What is planted is found, and nothing else: most cases are in order in every respect."""
    findings = [one for one in result["findings"] if one["slug"] and one["severity"] != "hint"]
    by_case: dict[str, set[str]] = {}
    for one in findings:
        by_case.setdefault(one["slug"], set()).add(one["check"])
    assert len(by_case) < result["cases"] * 0.75
    assert max(map(len, by_case.values())) <= 6


def test_a_finding_says_what_one_needs_to_act(result: dict[str, Any]) -> None:
    for one in result["findings"]:
        assert one["subject"], one
        assert one["article"], one
        assert one["todo"].endswith("。"), one
        assert all(row in coverage.coverage().rows for row in one["rows"])
    late = next(one for one in result["findings"] if one["check"] == "served-in-time")
    assert "送达日期：2026-" in late["dates"]
    assert "期限至 2026-" in late["dates"]
    alike = next(one for one in result["findings"] if "30000 元" in one["dates"])
    assert alike["check"] == "like-cases"
    assert alike["dates"].count("号（1000元）") == 5


def test_the_reports_are_closed_and_agree(handled: Site, result: dict[str, Any]) -> None:
    findings = result["findings"]
    for path in reports(handled):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        text = said(path)
        assert all(one["id"] in text for one in findings)
    book = openpyxl.load_workbook(reports(handled)[1])
    lines = list(book["项目×机构×月份"].iter_rows(min_row=2, values_only=True))
    assert sum(int(line[-1]) for line in lines) == len(findings)
    assert len(list(book["问题清单"].iter_rows())) == len(findings) + 1


def test_the_page_loads_nothing(handled: Site, result: dict[str, Any]) -> None:
    text = said(reports(handled)[0])
    assert "<script" not in text
    assert "://" not in text
    assert "default-src 'none'" in text


def test_complainants_stand_in_no_output(handled: Site) -> None:
    named = openpyxl.load_workbook(EXAMPLES / "tables" / "投诉举报登记.xlsx").active
    assert named is not None
    people = [cell for row in named.iter_rows(min_row=2, values_only=True) for cell in row[2:4]]
    assert len(people) == 40
    done = [comply(handled), comply(handled, "--json")]
    texts = [*map(said, reports(handled)), *(one.stdout + one.stderr for one in done)]
    assert [str(p) for p in people if any(str(p) in text for text in texts)] == []


def test_a_complainant_is_struck_out_wherever_the_name_slips_in(site: Site) -> None:
    name = "仉测绿"
    site.export(
        "a.csv",
        {
            "投诉举报人": name,
            "承办机构": f"{name}投诉专班",
            "执法人员1": "甲测",
            "执法人员2": "",
            "听证日期": "2026-10-20",
            "送达日期": f"{name}签收",
        },
    )
    site.publish()
    table(site, "投诉举报登记", {"登记编号": f"{name}-1", "投诉人": name, "收到日期": "2026-03-02", "受理日期": ""})  # fmt: skip
    table(site, "x培训记录", {"姓名": name, "执法证件编号": name, "培训日期": "2025-03-02"})
    done = [comply(site), comply(site, "--json")]
    assert "two-officers" in done[1].stdout
    texts = [*map(said, reports(site)), *(one.stdout + one.stderr for one in done)]
    assert [text for text in texts if name in text] == []
    assert STRUCK in texts[0]


PROCESS = [field for field in dictionary().values() if field.process]


def test_what_is_about_handling_never_crosses_the_wall(site: Site) -> None:
    """Every column of a case's handling and every column of every side table, marked."""
    marks = {field.label: f"内部标记{n:03}号文字" for n, field in enumerate(PROCESS)}
    site.export("a.csv", marks)
    for kind in table_types().values():
        if kind.title != "执法人员名册":
            labels = [*(column.label for column in kind.columns.values()), *kind.hidden]
            table(site, kind.title, dict.fromkeys(labels, "内部标记999号文字"))
    done = site.publish()
    assert done.returncode == 0, done.stdout + done.stderr
    comply(site)
    assert len(site.pages()) == 1
    assert site.traces("内部标记") == []
    # Some totals are public by policy: numbers alone came over.
    public = site.state / "public" / "store.db"
    assert store.totals(public)
    assert "内部标记".encode() not in public.read_bytes()
    assert [label for label in marks if label in _pages(site)] == []


def _pages(site: Site) -> str:
    return "".join(
        p.read_text(encoding="utf-8") for p in site.output.glob("decisions/*/index.html")
    )


def test_a_process_field_must_be_private() -> None:
    assert PROCESS
    assert {field.sensitivity for field in PROCESS} == {"private"}
    with pytest.raises(ValueError, match="private"):
        type(PROCESS[0])(key="x", label="x", type="text", sensitivity="public", process=True)


REVIEWED = {
    "适用程序": "普通程序",
    "法制审核情形": "",
    "听证日期": "2026-10-20",
    "审核意见日期": "",
    "审核意见": "",
}


def test_a_decision_without_its_review_is_held_with_the_finding_as_reason(site: Site) -> None:
    site.export("a.csv", REVIEWED, {"行政处罚决定书文号": "石壕罚决〔2026〕2号"})
    site.publish()
    assert len(site.pages()) == 1
    listed = (site.state / "reports" / "review.csv").read_text(encoding="utf-8-sig")
    (finding,) = [one for one in found(site) if one["check"] == "review-done"]
    assert finding["id"] in listed
    assert "第二条所列六种情形有法制审核意见" in listed
    assert comply(site).returncode == 6
    folders = ("--state", str(site.state), "--today", DEMO_DAY)
    assert "暂缓" in site.pipeline("history", "石壕罚决〔2026〕1号", *folders).stdout
    # A reviewer may let it pass, as any other that is held.
    done = site.pipeline("review", "approve", finding["slug"], "--by", "审查员甲", *folders)
    assert done.returncode == 0, done.stderr
    site.publish()
    assert len(site.pages()) == 2


def test_a_word_on_a_finding_stays_and_only_a_resolved_one_holds_no_longer(site: Site) -> None:
    site.export("a.csv", REVIEWED)
    site.publish()
    (one,) = [one for one in found(site) if one["severity"] == "hold"]
    word = ("--state", str(site.state), "--today", DEMO_DAY, "--by", "经办人甲", "--note")
    assert site.pipeline("comply", "acknowledge", one["id"], *word, "正在补办").returncode == 0
    for _ in range(2):
        (again,) = [f for f in found(site) if f["id"] == one["id"]]
        assert (again["state"], again["note"]) == ("acknowledged", "正在补办")
    site.publish()
    assert site.pages() == []
    assert site.pipeline("comply", "resolve", one["id"], *word, "已补办审核").returncode == 0
    (again,) = [f for f in found(site) if f["id"] == one["id"]]
    assert (again["state"], again["by"]) == ("resolved", "经办人甲")
    site.publish()
    assert len(site.pages()) == 1
    assert "已补办审核" in said(reports(site)[0])
    checked = site.pipeline("ledger", "check", "--state", str(site.state))
    assert checked.returncode == 0, checked.stdout


def test_an_empty_cell_is_a_finding_and_a_missing_column_is_not(site: Site) -> None:
    site.export("a.csv", {"执法人员1": "甲测", "执法人员2": ""})
    site.publish()
    assert [one["check"] for one in found(site) if one["check"] == "two-officers"]
    site.export("a.csv", {"执法人员1": "甲测"})
    site.publish()
    assert not [one for one in found(site) if one["check"] == "two-officers"]
    tallies = json.loads(comply(site, "--json").stdout)["tallies"]
    (tally,) = [t for t in tallies if (t["agency"], t["check"]) == ("shihao", "two-officers")]
    assert (tally["passed"], tally["failed"], tally["not_assessable"]) == (0, 0, 1)
    assert tally["missing"] == ["执法人员2"]


def test_a_date_that_cannot_be_read_rejects_no_row_and_is_not_assessed(site: Site) -> None:
    site.export("a.csv", {"立案日期": "去年秋天", "送达日期": "2026年11月12日"})
    site.publish()
    assert len(site.pages()) == 1
    tallies = json.loads(comply(site, "--json").stdout)["tallies"]
    by_id = {t["check"]: t for t in tallies if t["agency"] == "shihao"}
    assert by_id["decided-in-time"]["not_assessable"] == 1
    assert by_id["served-in-time"]["passed"] == 1


def test_from_and_to_are_inclusive(site: Site) -> None:
    bad = {"执法人员1": "甲测", "执法人员2": ""}
    days = ("2026-11-09", "2026-11-10", "2026-11-11")
    site.export("a.csv", *({**bad, "行政处罚决定书文号": f"石壕罚决〔2026〕{n}号", "处罚决定日期": d} for n, d in enumerate(days, 1)))  # fmt: skip
    site.publish()
    span = ("--from", days[1], "--to", days[2])
    assert json.loads(comply(site, "--json", *span).stdout)["cases"] == 2
    two = [
        f for f in found(site, "--from", days[1], "--to", days[2]) if f["check"] == "two-officers"
    ]
    assert sorted(f["subject"] for f in two) == ["石壕罚决〔2026〕2号", "石壕罚决〔2026〕3号"]


def test_exit_codes_speak_to_a_monitor(site: Site) -> None:
    assert comply(site).returncode == 2  # no ledger yet
    in_time = {"处罚决定日期": "2026-11-17"}
    site.export("a.csv", in_time)
    site.publish()
    assert comply(site).returncode == 0
    table(site, "培训记录", {"甲": "1", "乙": "2"})
    done = comply(site)
    assert done.returncode == 4
    assert "培训记录.csv" in done.stdout
    (site.state / "comply" / "培训记录.csv").unlink()
    site.export("a.csv", in_time | {"执法人员1": "甲测", "执法人员2": ""})
    site.publish()
    assert comply(site).returncode == 5


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, one_agency: Path) -> Site:
    """One decision taken over, for calls that change nothing."""
    site = Site(tmp_path_factory.mktemp("published"), one_agency)
    site.export("a.csv", {})
    assert site.publish().returncode == 0
    return site


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--policy", "nirgends"], "没有名为"),
        (["--policy", "base"], "没有机关适用政策"),
        (["--from", "2026-05-01", "--to", "2026-04-01"], "--from 不能晚于 --to"),
        (["--from", "gestern"], "--from"),
        (["acknowledge", "x", "--by", "甲", "--note", "n"], "不是问题编号"),
        (["resolve", "bcdfghjklmnp", "--by", " ", "--note", "n"], "不能为空"),
        (["resolve", "bcdfghjklmnp", "--by", "甲"], "--note"),
        (["resolve", "bcdfghjklmnp", "--by", "甲", "--note", "n"], "没有编号为"),
        (["--policy"], "缺少值"),
    ],
)
def test_a_wrong_call_is_a_sentence_and_exit_2(
    published: Site, words: list[str], told: str
) -> None:
    folders = ["--state", str(published.state), "--today", DEMO_DAY]
    verb = words[:1] if words[0].isalpha() else []
    done = published.pipeline("comply", *verb, *folders, *words[len(verb) :])
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_lines_of_a_table_need_an_owner(site: Site) -> None:
    site.export("a.csv", {})
    site.publish()
    line = {"登记编号": "演诉-1", "收到日期": "2026-03-02", "受理日期": ""}
    table(site, "投诉举报登记", line, line)
    done = comply(site)
    assert "有2行看不出属于哪个机关" in done.stdout
    table(site, "投诉举报登记", {"机关": "石壕镇人民政府", **line})
    table(site, "shihao/投诉举报登记-二", line | {"登记编号": "演诉-2"})
    for words in ((), ("--policy", "shihao")):
        late = [f["subject"] for f in found(site, *words) if f["check"] == "complaint-accepted"]
        assert sorted(late) == ["演诉-1", "演诉-2"]
    late = [f for f in found(site, "--policy", "liaoning") if f["check"] == "complaint-accepted"]
    assert late == []


def test_a_table_that_cannot_be_read_is_named_and_costs_itself_alone(site: Site) -> None:
    site.export("a.csv", {"处罚决定日期": "2026-11-17"})
    site.publish()
    line = {"登记编号": "演诉-1", "收到日期": "2026-03-02", "受理日期": ""}
    table(site, "shihao/投诉举报登记", line)
    folder = site.state / "comply"
    broken = {
        "音像资料台账.xlsx": b"PK\x03\x04 truncated",
        "培训记录.xls": b"\x00\x01",
        "案卷借阅.ods": b"PK",
        "年度检查计划.docx": b"PK",
        "证件事件.csv": b"",
        "法制审核人员.json": b'{"data": [',
    }
    for name, data in broken.items():
        (folder / name).write_bytes(data)
    (folder / "说明.txt").write_text("这里放台账", encoding="utf-8")
    (folder / "石壕").mkdir()
    (folder / "石壕" / "培训记录.csv").write_text("姓名,执法证件编号\n甲,1\n", encoding="utf-8")
    done = comply(site)
    assert done.returncode == 5
    assert [name for name in (*broken, "培训记录.csv") if f"· {name}：" not in done.stdout] == []
    assert done.stdout.count("· ") == len(broken) + 1
    assert [one["subject"] for one in found(site)] == ["演诉-1"]
    assert "案卷借阅.ods" in said(reports(site)[0])


def of(regime: str, check: str) -> Check:
    return next(one for one in checks.load(regime) if one.id == check)


def outcome(regime: str, check: str, **row: str) -> int:
    world = World(policy.load(regime), Calendar(), date(2026, 11, 20), {})
    base = {"kind": "penalty", "party_type": "organisation"}
    return int(judge(of(regime, check), Frame.of([base | row]), world).outcomes[0])


@pytest.mark.parametrize(
    ("party_type", "fine", "expected"),
    [
        ("organisation", "49999.99", OUT),
        ("organisation", "50000", FAILED),
        ("sole_trader", "50000", FAILED),
        ("person", "19999.99", OUT),
        ("person", "20000", FAILED),
        ("person", "", OUT),
    ],
)
def test_lingchuan_s_thresholds(party_type: str, fine: str, expected: int) -> None:
    row = {"party_type": party_type, "fine": fine, "penalty": "罚款", "penalty_kinds": "罚款"}
    assert outcome("lingchuan", "review-done", review_opinion_on="", review_opinion="", **row) == expected  # fmt: skip


@pytest.mark.parametrize(
    ("penalty", "expected"),
    [("责令停产停业整顿", FAILED), ("吊销许可证", FAILED), ("责令停止施工", FAILED), ("警告", OUT)],
)
def test_lingchuan_s_heavy_penalties(penalty: str, expected: int) -> None:
    row = {"fine": "", "penalty": penalty, "penalty_kinds": "其他"}
    assert outcome("lingchuan", "review-done", review_opinion_on="", review_opinion="", **row) == expected  # fmt: skip


@pytest.mark.parametrize(
    ("regime", "last", "late"),
    [
        ("mingshan", "2026-03-11", "2026-03-12"),
        ("shihao", "2026-03-09", "2026-03-10"),
        ("lingchuan", "2026-03-11", "2026-03-12"),
    ],
)
def test_each_regime_reviews_in_its_own_time(regime: str, last: str, late: str) -> None:
    given_ = {"review_sent_on": "2026-03-02", "review_extended_on": ""}
    assert outcome(regime, "review-in-time", review_opinion_on=last, **given_) == PASSED
    assert outcome(regime, "review-in-time", review_opinion_on=late, **given_) == FAILED


def test_an_extension_nobody_can_see_is_not_held_against_a_case() -> None:
    row = {"review_sent_on": "2026-03-02", "review_opinion_on": "2026-03-13"}
    assert outcome("mingshan", "review-in-time", **row) == UNKNOWN
    assert (
        outcome("mingshan", "review-in-time", **row | {"review_opinion_on": "2026-03-20"}) == FAILED
    )


@pytest.mark.parametrize(
    ("recorded", "stored", "expected"),
    [
        ("2026-03-02 10:00", "2026-03-03 10:00", PASSED),
        ("2026-03-02 10:00", "2026-03-03 10:01", FAILED),
        ("2026-03-02", "2026-03-02", PASSED),
        ("2026-03-02", "2026-03-03", UNKNOWN),  # without a time of day nobody can tell
        ("2026-03-02", "2026-03-04", FAILED),
        ("2026-03-02 10:00", "", FAILED),
        ("2026-11-20 10:00", "", OUT),  # still running
        ("", "", OUT),
        ("2026-03-02 约10:30", "2026-03-03 10:00", UNKNOWN),
        ("2026-03-02 10:00", "2026-03-03 25:10", UNKNOWN),
        ("2026-03-02 10:00", "第二天上午", UNKNOWN),
    ],
)
def test_twenty_four_hours(recorded: str, stored: str, expected: int) -> None:
    row = {"recorded_at": recorded, "stored_at": stored}
    assert outcome("mingshan", "recording-stored", **row) == expected


@pytest.mark.parametrize(
    ("name", "public_on", "expected"),
    [
        ("2026年度双随机抽查", "2026-04-01", PASSED),  # 20 working days from its end
        ("2026年度双随机抽查", "2026-04-02", FAILED),
        ("投诉线索检查", "2026-03-13", PASSED),
        ("投诉线索检查", "2026-03-16", FAILED),
    ],
)
def test_a_clean_spot_check_has_its_own_deadline(name: str, public_on: str, expected: int) -> None:
    row = {"kind": "inspection", "case_name": name, "inspection_result": "未发现问题"}
    days = {"decided_on": "2026-03-02", "formed_on": "2026-03-04", "public_on": public_on}
    assert outcome("mingshan", "published-in-time", **row, **days) == expected


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ({"evidence": "否", "long_term": ""}, FAILED),
        ({"evidence": "是", "long_term": ""}, OUT),
        ({"evidence": "", "long_term": "当事人有异议"}, OUT),
        ({"evidence": "否"}, UNKNOWN),  # no column says whether it is kept for long
    ],
)
def test_what_must_be_kept_is_not_due(kept: dict[str, str], expected: int) -> None:
    row = {"recorded_at": "2025-01-06", "deleted_on": "", **kept}
    assert outcome("mingshan", "recording-term-over", **row) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-02-28", PASSED),
        ("2026-03-01", FAILED),
        ("2026-03-31", FAILED),
        ("2026-04-01", PASSED),
    ],
)
def test_a_suspension_lasts_thirty_days_from_its_first(day: str, expected: int) -> None:
    tables = {
        "officers": Frame.of([{"certificate": "演1"}, {"certificate": "演2"}]),
        "certificates": Frame.of([{"certificate": "演1", "event": "暂扣", "since": "2026-03-01"}]),
    }
    world = World(policy.load("liaoning"), Calendar(), date(2026, 11, 20), tables)
    row = {"officer_1_certificate": "演1", "officer_2_certificate": "演2", "decided_on": day}
    frame = Frame.of([{"kind": "penalty", **row}])
    judged = judge(of("liaoning", "certificate-not-suspended"), frame, world)
    assert judged.outcomes[0] == expected
    assert judged.tell(0) == ("证件号：演1" if expected == FAILED else "")


@given(st.dates(date(2020, 1, 1), date(2026, 6, 1)), st.integers(0, 40))
def test_within_counts_as_the_calendar_does(start: date, days: int) -> None:
    """A term in working days ends on the calendar's own last day, whatever the start."""
    last = Calendar().after(start, Period(days=7, unit="working_day", source="检查")).date
    end = start + timedelta(days=days)
    got = outcome("base", "served-in-time", decided_on=str(start), served_on=str(end))
    assert got == (PASSED if end <= last else FAILED)


@given(
    st.lists(st.text("甲乙丙丁", min_size=2, max_size=4), max_size=5),
    st.text("甲乙丙丁戊", max_size=30),
)
def test_no_name_survives_silence(names: list[str], text: str) -> None:
    left = Silence(names)(text)
    assert not any(name in part for name in names for part in left.split(STRUCK))


def test_two_lines_of_one_day_are_two_findings() -> None:
    """A word on one of them says nothing on the other."""
    line = {"certificate": "演1", "trained_on": "2026-03-02", "hours": "8", "category": "上岗"}
    tables = SideTables({"liaoning": {"training": Frame.of([line, line])}})
    found = run(Inputs((), tables, AGENCIES, Calendar()), today=date(2026, 11, 20)).findings
    ids = [one.id for one in found if one.check == "training-before-post"]
    assert len(ids) == len(set(ids)) == 2
    again = run(Inputs((), tables, AGENCIES, Calendar()), today=date(2027, 1, 4)).findings
    assert ids == [one.id for one in again if one.check == "training-before-post"]


def finding(subject: str, month: str, state: State) -> Finding:
    return Finding(
        id=finding_id("a", "c", subject),
        check="c",
        title="t",
        article="a",
        rows=(),
        severity="report",
        agency="a",
        unit="u",
        month=month,
        subject=subject,
        dates="",
        todo="",
        state=state,
    )


def test_the_matrix_counts_what_is_not_resolved() -> None:
    table = matrix(
        [
            finding("1", "2026-01", "open"),
            finding("2", "2026-03", "acknowledged"),
            finding("3", "2026-03", "open"),
            finding("4", "2026-02", "resolved"),
        ]
    )
    assert table.months == ("2026-01", "2026-03")
    assert [line.months for line in table.lines] == [(1, 2)]
    assert table.lines[0].total == 3


def test_the_demonstration_is_made_again_with_the_same_content(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    handling = importlib.import_module("invent.handling")
    tables = importlib.import_module("invent.side_tables")
    for folder, made in (("inbox", handling.handling_files()), ("tables", tables.side_tables())):
        kept = {p.relative_to(EXAMPLES / folder).as_posix(): p for p in _files(EXAMPLES / folder)}
        assert made.keys() == kept.keys()
        for name, data in made.items():
            assert name.endswith(".xlsx") or kept[name].read_bytes() == data, name


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_every_row_has_a_check_or_a_reason() -> None:
    told, by_row = coverage.coverage(), coverage.checks_by_row()
    assert set(told.rows) == {f"R{n:03}" for n in (*range(76, 127), 129, 130, 140, 141, 142)}
    assert set(told.rows) == by_row.keys() | told.reasons.keys()
    assert by_row.keys() & told.reasons.keys() == set()
    assert told.beyond.keys() <= by_row.keys()


def test_the_coverage_document_is_current() -> None:
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert text.startswith(coverage.document()), "run: inv docs"
