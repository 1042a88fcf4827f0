"""Withdrawn, corrected, rolled back, restored: what comes down stays down, and leads on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from pipeline import policy
from pipeline.commands import app
from pipeline.events import Act, State, stand
from pipeline.model import Withdrawal
from pipeline.restricted import objections
from pipeline.restricted.assess import facts
from pipeline.restricted.identity import slug
from pipeline.restricted.judge import judge
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.raw import RawDecision
from pipeline.restricted.remembered import redact_ledger
from pipeline.restricted.takedown import clocks as take_downs
from pipeline.restricted.takedown import replay
from tests.conftest import ROOT, Site
from tests.office import AGENCIES, CALENDAR, Office, row, states

DAY = date(2026, 9, 28)
ONE, TWO = "石壕罚决〔2026〕1号", "石壕罚决〔2026〕2号"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    one = Office(tmp_path)
    yield one
    one.ledger.__exit__(None, None, None)


def call(office: Office, *words: str, today: date = DAY, content: bool = True) -> Result:
    folders = ["--state", str(office.private), "--today", today.isoformat()]
    folders += ["--content", str(ROOT / "content")] if content else []
    return CliRunner().invoke(app, [*words, *folders])


def addresses(office: Office) -> dict[str, str]:
    return {one.raw.number: one.slug for one in office.ledger.decisions()}


def test_a_corrected_decision_leads_to_the_new_one_and_back(office: Office) -> None:
    office.night(DAY, [row(1)])
    new = ["correct", ONE, "--reason", "罚款数额计算有误", "--by", "甲", "--new", TWO]
    done = call(office, *new)
    assert done.exit_code == 0, done.output
    assert "2026-10-08" in done.output  # the day itself and the holiday do not count
    assert "该日已过" in call(office, *new, "--on", "2026-09-21").output
    assert call(office, *new).exit_code == 0  # said again: the last word counts
    (notice,) = office.night(DAY).entries
    assert notice.withdrawal
    assert notice.withdrawal.reason == "原决定被变更：罚款数额计算有误"
    assert notice.withdrawal.successor == ""  # not public yet: no link
    assert notice.decision.party == ""
    assert notice.decision.details == {}
    linked = {e.decision.number: e for e in office.night(DAY, [row(2)]).entries}
    there = addresses(office)
    assert linked[ONE].withdrawal
    assert linked[ONE].withdrawal.successor == there[TWO]
    assert linked[TWO].replaces == (there[ONE],)


def test_the_export_s_own_columns_do_the_same(office: Office) -> None:
    office.night(DAY, [row(1)])
    fallen = row(1, event="redone", event_on="2026-09-25", new_number="石壕罚决[2026] 2 号")
    linked = {e.decision.number: e for e in office.night(DAY, [fallen, row(2)]).entries}
    there = addresses(office)
    assert linked[ONE].withdrawal == Withdrawal(
        on=date(2026, 9, 25), reason="原决定被责令重新作出", successor=there[TWO]
    )
    assert linked[TWO].replaces == (there[ONE],)


@pytest.mark.parametrize("held", [{"facts": "该案另案处理。"}, {"secret": "是"}])
def test_a_new_decision_that_is_not_public_is_not_named(
    office: Office, held: dict[str, str]
) -> None:
    found = office.night(DAY, [row(1, event="changed", new_number=TWO), row(2, **held)])
    (notice,) = found.entries
    assert notice.withdrawal
    assert notice.withdrawal.successor == ""
    assert slug("shihao", row(2).kind, TWO) not in repr(found.entries)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--new", ONE], "不能与原文号相同"),
        (["--new", "没有号码"], "新决定的文号"),
        (["--on", "2026-09-29"], "不能晚于"),
        (["--as", "revoked"], "--as"),
        (["--reason", "应綦江测试砂石有限公司的申请"], "不能写当事人"),
        (["--reason", "应覃测乐（身份证号500000199003079906）的申请"], "个人信息"),
    ],
)
def test_a_wrong_correction_is_a_sentence(office: Office, words: list[str], told: str) -> None:
    office.night(DAY, [row(1)])
    done = call(office, "correct", ONE, "--reason", "改判", "--by", "甲", *words)
    assert done.exit_code == 2
    assert told in done.output
    assert states(office.night(DAY)) == {ONE: State.PUBLIC}


@pytest.mark.parametrize(
    ("fell", "released", "due", "late"),
    [
        ("2026-09-28", "2026-09-28", "2026-10-08", False),  # 29, 30, then past the holiday
        ("2026-09-28", "2026-10-08", "2026-10-08", False),
        ("2026-09-28", "2026-10-09", "2026-10-08", True),
        ("2026-09-30", "2026-10-10", "2026-10-10", False),  # a Saturday that is worked
        ("2026-09-22", "2026-09-28", "2026-09-28", True),
    ],
)
def test_three_working_days_from_the_day_it_fell(
    office: Office, fell: str, released: str, due: str, late: bool
) -> None:
    """行政处罚法第四十八条 with 第八十五条; a take-down that is still to come is late by today."""
    office.night(date(2026, 9, 21), [row(1)])
    (kept,) = office.ledger.decisions()
    when = date.fromisoformat(released)
    notice = Withdrawal(on=when, reason="行政复议撤销")
    office.ledger.withdraw(kept.slug, notice, "甲", fell_on=date.fromisoformat(fell))
    judged = office.night(when)
    for today in (when, when + timedelta(400)):
        running = take_downs.clocks(office.ledger, judged.assessments, AGENCIES, CALENDAR, today)
        (clock,) = running
        assert (clock.done, clock.due) == (when, date.fromisoformat(due))
        assert clock.late_on(today) is (when > clock.due) or late


def test_a_take_down_that_nobody_released_is_late(office: Office) -> None:
    """Also of one that was off for a while, long before, and had come back."""
    office.night(DAY, [row(1)])
    office.night(DAY, [row(1, facts="另有事实。")], approve=False)
    office.night(DAY)
    assert [act for _, act, _, _ in office.ledger.lines("take_down", "put_back")] == [
        "take_down",
        "put_back",
    ]
    (kept,) = office.ledger.decisions()
    office.ledger.withdraw(kept.slug, Withdrawal(on=DAY, reason="行政复议撤销"), "甲")
    redacted = redact_ledger(office.ledger, AGENCIES)
    for today, late in ((date(2026, 10, 8), False), (date(2026, 10, 9), True)):
        judged = judge(office.ledger, redacted, AGENCIES, CALENDAR, today)
        running = take_downs.clocks(office.ledger, judged.assessments, AGENCIES, CALENDAR, today)
        assert [clock.late_on(today) for clock in running] == [late]
        assert running[0].done is None


@pytest.mark.parametrize(
    ("told", "came", "due", "late"),
    [
        ("2026-09-29", "2026-10-09", "2026-10-09", False),  # 30, then past the holiday
        ("2026-09-29", "2026-10-10", "2026-10-09", True),
        ("", "2026-10-09", "2026-10-13", False),  # no day told: from the night it came
    ],
)
def test_a_withdrawal_that_the_export_brings_has_the_same_clock(
    office: Office, told: str, came: str, due: str, late: bool
) -> None:
    night = date.fromisoformat(came)
    office.night(DAY, [row(1)])
    judged = office.night(night, [row(1, event="revoked", event_on=told)])
    (clock,) = take_downs.clocks(office.ledger, judged.assessments, AGENCIES, CALENDAR, night)
    assert (clock.started.isoformat(), clock.due.isoformat()) == (told or came, due)
    assert (clock.done, clock.late_on(night)) == (night, late)


def test_what_came_already_withdrawn_has_no_clock(office: Office) -> None:
    judged = office.night(DAY, [row(1, event="revoked", event_on="2026-01-05")])
    assert states(judged) == {ONE: State.WITHDRAWN}
    assert take_downs.clocks(office.ledger, judged.assessments, AGENCIES, CALENDAR, DAY) == []


def test_a_window_counts_from_where_the_law_begins_it_from_the_first_night_on(
    office: Office,
) -> None:
    """The day the export tells; of a backlog the last lawful one; else the night itself."""
    rows = [row(1), row(2, published_on="2026-09-21"), row(3, decided_on="2024-03-04")]
    for tonight in (DAY, DAY + timedelta(1)):
        begun = [e.publication.first_day for e in office.night(tonight, rows).entries]
        assert sorted(begun) == [date(2024, 3, 13), date(2026, 9, 21), DAY]


def test_a_run_for_an_earlier_day_does_not_bring_back_what_was_withdrawn(office: Office) -> None:
    office.night(DAY, [row(1)])
    (kept,) = office.ledger.decisions()
    later = DAY + timedelta(10)
    office.ledger.withdraw(kept.slug, Withdrawal(on=later, reason="行政复议撤销"), "甲")
    office.night(later)
    assert states(office.night(DAY)) == {ONE: State.WITHDRAWN}


def test_a_rollback_only_takes_down(office: Office) -> None:
    """Approvals after the day are void, and a nightly approval in bulk does not renew them."""
    later = DAY + timedelta(9)
    office.night(DAY, [row(1), row(3), row(4)])
    there = addresses(office)
    office.ledger.withdraw(there[ONE], Withdrawal(on=later, reason="行政复议撤销"), "甲")
    refused = office.ledger.approvals()[there["石壕罚决〔2026〕4号"]]
    office.ledger.decide({there["石壕罚决〔2026〕4号"]: refused._replace(act="refuse", day=later)})
    before = office.night(later, [row(2)])
    assert states(before)[TWO] is State.PUBLIC
    done = call(
        office, "rollback", "--to", DAY.isoformat(), "--by", "甲", today=later, content=False
    )
    assert done.exit_code == 0, done.output
    assert "1 件" in done.output
    after = states(office.night(later))
    assert after == {
        ONE: State.WITHDRAWN,
        TWO: State.REFUSED,
        "石壕罚决〔2026〕3号": State.PUBLIC,
        "石壕罚决〔2026〕4号": State.REFUSED,
    }
    shown = {entry.decision.slug for entry in before.entries if not entry.withdrawal}
    assert {s for s, state in after.items() if state is State.PUBLIC} <= {
        number for number, address in there.items() if address in shown
    }


def test_an_approval_is_given_with_its_second_signature_and_rolled_back_with_it(
    office: Office,
) -> None:
    later = DAY + timedelta(9)
    office.night(DAY, [row(1), row(2)])
    there = addresses(office)
    first = office.ledger.approvals()[there[ONE]]
    signed = first._replace(second="审查员乙", second_day=later.isoformat())
    office.ledger.decide({there[ONE]: signed})
    (kept,) = [one for one in office.ledger.decisions() if one.raw.number == ONE]
    acts = [(one.act, one.day) for one in replay.events(office.ledger, kept, two=True)]
    assert acts == [(Act.PUBLISH, DAY), (Act.APPROVE, later)]
    words = ("rollback", "--to", DAY.isoformat(), "--by", "甲")
    done = call(office, *words, today=later, content=False)
    assert "1 件" in done.output
    assert states(office.night(later)) == {ONE: State.REFUSED, TWO: State.PUBLIC}
    early = call(office, "rollback", "--to", "2026-11-01", "--by", "甲", content=False)
    assert (early.exit_code, "--to 不能晚于" in early.output) == (2, True)
    for two in (True, False):
        last = replay.events(office.ledger, kept, two=two)[-1]
        assert (last.act, last.day) == (Act.REFUSE, later)


def test_a_rollback_is_never_recorded_before_what_it_undoes(office: Office) -> None:
    """A clock that goes wrong must not make the history say that it is public."""
    office.night(DAY, [row(1)])
    words = ("rollback", "--to", "2026-09-20", "--by", "甲")
    assert call(office, *words, today=DAY - timedelta(2), content=False).exit_code == 0
    (kept,) = office.ledger.decisions()
    last = replay.events(office.ledger, kept)[-1]
    assert (last.act, last.day) == (Act.REFUSE, DAY)


def test_a_ledger_from_a_backup_does_not_bring_back_what_was_taken_down(office: Office) -> None:
    """Withdrawn since: withdrawn again, word for word. Refused since: a person must say so."""
    rows = [row(n) for n in (1, 2, 3)]
    office.night(DAY, rows)
    there = addresses(office)
    copy = office.private / "backup.db"
    done = call_backup(office, copy)
    assert done.exit_code == 0, done.output
    later = DAY + timedelta(11)
    office.ledger.withdraw(there[ONE], Withdrawal(on=later, reason="行政复议撤销"), "甲")
    word = office.ledger.approvals()[there[TWO]]
    office.ledger.decide({there[TWO]: word._replace(act="refuse", day=later)})
    before = office.night(later)
    office.ledger.__exit__(None, None, None)
    for path in office.private.glob("ledger.db*"):
        path.unlink()
    shutil.copy(copy, office.private / "ledger.db")
    office.ledger = Ledger(office.private / "ledger.db")
    after = office.night(later + timedelta(1))
    assert office.restored == 2
    assert states(after) == {
        ONE: State.WITHDRAWN,
        TWO: State.REFUSED,
        "石壕罚决〔2026〕3号": State.PUBLIC,
    }
    notices = [[e.withdrawal for e in judged.entries if e.withdrawal] for judged in (before, after)]
    assert notices[0] == notices[1]
    office.night(later + timedelta(2))
    assert office.restored == 0


def call_backup(office: Office, target: Path, *words: str) -> Result:
    folders = ["--state", str(office.private), "--content", str(ROOT / "content")]
    return CliRunner().invoke(app, ["ledger", "backup", str(target), *folders, *words])


def test_a_backup_made_while_a_run_writes_is_whole_and_closed(office: Office) -> None:
    office.night(DAY, [row(n) for n in range(1, 20)])
    target = office.private / "夜间.db"
    with office.ledger.recording() as db:  # a run in the middle of its work
        office.ledger.append(DAY, "import", "half", "done")
        db.execute("DELETE FROM approval")
        assert call_backup(office, target).exit_code == 0
    assert target.stat().st_mode & 0o777 == 0o600
    with Ledger(target) as copy:
        assert copy.broken_history() is None
        assert len(list(copy.decisions())) == 19
        assert len(copy.approvals()) == 19  # what was not finished is not in it
        assert not list(copy.ask("SELECT 1 FROM history WHERE slug = 'half'"))
    assert not list(office.private.glob(".*"))


def test_a_backup_never_lies_in_a_public_place_nor_over_another(office: Office) -> None:
    office.night(DAY, [row(1)])
    output = office.private.parent / "out"
    web = office.private.parent / "www" / "data"
    for folder in (output, web):
        folder.mkdir(parents=True)
    (web.parent / "index.html").write_text("网站")
    there = office.private / "already.db"
    there.write_text("x")
    places = (output / "a.db", web / "a.db", ROOT / "content/a.db", ROOT / "theme/static/a.db")
    for target in (*places, there, office.private / "no" / "folder.db"):
        done = call_backup(office, target, "--output", str(output))
        assert done.exit_code == 2, target
        assert target.exists() is (target == there)
    assert there.read_text() == "x"


def test_a_broken_ledger_is_not_backed_up(office: Office) -> None:
    office.night(DAY, [row(1)])
    with office.ledger.recording() as db:
        db.execute(
            "INSERT INTO history (day, act, slug, detail, chain) VALUES ('', '', '', '', '')"
        )
    done = call_backup(office, office.private / "b.db")
    assert done.exit_code == 2
    assert "没有生成备份" in done.output
    assert not list(office.private.glob("*b.db*.part"))
    assert not (office.private / "b.db").exists()


def test_any_past_day_can_be_replayed_and_any_future_day_asked_about(office: Office) -> None:
    """The history answers for each past night what that night itself had judged."""
    person = {"person": True}
    told: dict[date, dict[str, State]] = {}

    def night(today: date, *rows: RawDecision, approve: bool = True) -> None:
        told[today] = dict(states(office.night(today, rows, approve=approve)))

    night(DAY, row(1), row(2, **person), row(3, facts="该案另案处理。"), approve=False)
    night(DAY + timedelta(1))
    night(DAY + timedelta(2), row(1, facts="另有事实。"), approve=False)
    night(DAY + timedelta(3), row(4, event="void", event_on="2026-09-21"))
    there = addresses(office)
    day = DAY + timedelta(10)
    office.ledger.withdraw(there[ONE], Withdrawal(on=day, reason="行政复议撤销"), "甲")
    night(day)
    for past in (732, 733, 733 + 90):
        night(DAY + timedelta(past))
    assert office.purged
    redacted = redact_ledger(office.ledger, AGENCIES)
    for one in office.ledger.decisions():
        happened = replay.events(office.ledger, one)
        first_seen = next(day for day, known in told.items() if one.raw.number in known)
        for today in (d for d in told if d >= first_seen):
            found = stand(
                facts(one, policy.load("shihao"))._replace(recorded_first_day=None),
                "clear" if one.purged_on else redacted[one.slug].verdict,
                happened,
                policy.load("shihao"),
                CALENDAR,
                site_start=AGENCIES["shihao"].site_start,
                day=today,
            )
            assert found.state is told[today][one.raw.number], (one.raw.number, today)
    ahead = call(office, "history", "石壕罚决〔2026〕3号", today=date(2040, 1, 1))
    assert "暂缓" in ahead.output
    back = call(office, "history", TWO, today=DAY + timedelta(1))
    assert "2026-09-29：公开" in back.output
    assert "石壕镇行政执法公示制度第十二条" in back.output
    assert "覃测乐" not in back.output


PRIVATE = ("覃测友", "住址写错了")


def test_an_objection_is_recorded_and_answered_in_private(office: Office) -> None:
    judged = office.night(DAY, [row(1)])
    before = judged.entries
    record = ["objection", "record", ONE, "--about", PRIVATE[1], "--from", PRIVATE[0], "--by", "甲"]
    done = call(office, *record)
    assert done.exit_code == 0, done.output
    assert "编号 1" in done.output
    assert "第十四条" in done.output  # 石壕: 及时, no number of days
    assert office.night(DAY).entries == before  # the page says nothing of it
    listed = call(office, "objection", "list", "--open")
    assert ONE in listed.output
    answer = ["objection", "answer", "1", "--outcome", "unfounded", "--by", "甲"]
    assert call(office, *answer, "--answer", " ", content=False).exit_code == 2  # reasons, always
    early = call(office, *answer, "--answer", "无误", today=DAY - timedelta(1), content=False)
    assert early.exit_code == 2
    assert call(office, *answer, "--answer", "经核实无误", content=False).exit_code == 0
    assert call(office, *answer, "--answer", "改口", content=False).exit_code == 2
    assert "没有异议" in call(office, "objection", "list", "--open").output
    everything = call(office, "objection", "list", "--json").output + listed.output + done.output
    history = repr(list(office.ledger.ask("SELECT * FROM history")))
    for value in (*PRIVATE, "经核实无误"):
        assert value not in everything + history + repr(objections.read(office.ledger))
        assert value.encode() not in office.store.read_bytes()
    shown = CliRunner().invoke(app, ["objection", "show", "1", "--state", str(office.private)])
    assert PRIVATE[0] in shown.output
    assert office.ledger.broken_history() is None


def test_a_policy_may_set_days_and_let_the_page_say_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = policy.load
    rules = policy.Objection(days=20, noted=True, source="测试规则第一条")
    monkeypatch.setattr(policy, "load", lambda name: replace(load(name), objection=rules))
    office.night(DAY, [row(1), row(2)])
    done = call(office, "objection", "record", ONE, "--about", "有误", "--by", "甲")
    assert "2026-10-30" in done.output
    contested = {e.decision.number: e.contested for e in office.night(DAY).entries}
    assert contested == {ONE: True, TWO: False}
    late = call(office, "objection", "list", "--json", today=date(2026, 10, 31))
    assert '"late": true' in late.output
    call(
        office,
        "objection",
        "answer",
        "1",
        "--outcome",
        "unfounded",
        "--answer",
        "无误",
        "--by",
        "甲",
        content=False,
    )
    assert not any(e.contested for e in office.night(DAY).entries)


def test_the_notice_and_the_new_decision_lead_to_each_other_on_the_site(site: Site) -> None:
    new = {"行政处罚决定书文号": "石壕罚决〔2026〕2号", "违法事实": "该公司在河道旁倾倒渣土。"}
    site.export("a.csv", {}, new)
    site.publish()
    folders = ("--state", str(site.state), "--content", str(site.content), "--today", "2026-11-20")
    call_ = (
        "石壕罚决〔2026〕1号",
        "--reason",
        "改变处罚种类",
        "--by",
        "甲",
        "--new",
        "石壕罚决〔2026〕2号",
    )
    assert site.pipeline("correct", *call_, *folders, "--on", "2026-11-10").returncode == 0
    done = site.publish()
    assert done.returncode == 0, done.stdout + done.stderr
    pages = {s: (site.output / "decisions" / s / "index.html").read_text() for s in site.pages()}
    (notice,) = (s for s, body in pages.items() if "原决定被变更：改变处罚种类" in body)
    (fresh,) = set(pages) - {notice}
    assert f'href="../../decisions/{fresh}/"' in pages[notice]
    assert f'href="../../decisions/{notice}/"' in pages[fresh]
    assert "綦江测试砂石" not in pages[notice]
    assert "应于 2026-11-13 前撤下" in done.stdout
    assert site.report()["late_take_downs"]
