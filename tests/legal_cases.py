"""The table of legal cases: read, put through the program, and written out for a lawyer.

``legal_cases.csv`` says for each case what the decision is, what happened to it, and what
must hold on which day. Nothing here decides anything: rows go through the real redactor,
the reviewer's rules and :func:`pipeline.events.stand`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline import policy, timetable
from pipeline.calendar import Calendar, Day
from pipeline.errors import ConfigurationError
from pipeline.events import Act, Event, State, stand
from pipeline.model import Kind, PartyType
from pipeline.policy import Policy
from pipeline.restricted.ledger import Approval
from pipeline.restricted.raw import Origin, RawDecision, Secret
from pipeline.restricted.redact import Redacted, Redactor
from pipeline.restricted.review import decide_one, needs_two, word_on
from pipeline.timetable import Facts

TABLE = Path(__file__).with_suffix(".csv")
CALENDAR = Calendar()
SITE_START = "2026-01-01"

REGIMES = {
    "通用": "base",
    "辽宁": "liaoning",
    "明山": "mingshan",
    "石壕": "shihao",
    "陵川": "lingchuan",
    "浙江": "zhejiang",
}
KINDS = {kind.label: kind for kind in Kind}
PARTIES = {
    "单位": PartyType.ORGANISATION,
    "自然人": PartyType.PERSON,
    "个体工商户": PartyType.SOLE_TRADER,
}
STATES = {
    "公开": State.PUBLIC,
    "撤下说明": State.WITHDRAWN,
    "待审查": State.WAITING,
    "暂缓": State.HELD,
    "不予公开": State.WITHHELD,
    "审查未通过": State.REFUSED,
    "尚未公开": State.NOT_YET,
    "公示期满": State.EXPIRED,
}
#: What makes a decision special, as the row of an export would say it.
SPECIAL = {
    "未成年人": {"minor": "是"},
    "涉密": {"secret": "是"},
    "不予公开理由": {"withhold_reason": "经负责人批准不予公开"},
    "商业秘密": {"facts": "该公司未按规定存放材料，其配方属于商业秘密。"},
    "个人隐私": {"facts": "该公司未按规定保管资料，资料涉及个人隐私。"},
    "另案处理": {"facts": "该公司未按规定存放材料，同案单位另案处理。"},
    "影响社会稳定": {"facts": "该公司未按规定存放材料，公开可能影响社会稳定。"},
    "抽查未发现问题": {"case_name": "2026年度双随机抽查", "inspection_result": "未发现问题。"},
    "抽查发现问题": {"case_name": "2026年度双随机抽查", "inspection_result": "发现问题已责令改正"},
    "检查未发现问题": {"case_name": "投诉线索检查", "inspection_result": "未发现问题"},
}
NAMES = {PartyType.PERSON: "覃测乐", PartyType.SOLE_TRADER: "綦江测试小吃店"}
FALLS = frozenset({"撤销", "确认违法", "确认无效", "变更", "重新作出"})


class LegalCase(NamedTuple):
    """A line of the table; every cell as it stands there."""

    title: str
    regime: str
    kind: str
    party: str
    site_start: str
    decided_on: str
    formed_on: str
    published_on: str
    special: str
    events: str
    answers: str
    due: str
    down_by: str
    source: str

    @property
    def policy(self) -> Policy:
        return policy.load(REGIMES[self.regime])

    @property
    def facts(self) -> Facts:
        said = SPECIAL.get(self.special, {})
        name, result = said.get("case_name", ""), said.get("inspection_result", "")
        return Facts(
            kind=KINDS[self.kind],
            party_type=PARTIES[self.party],
            decided_on=date.fromisoformat(self.decided_on),
            formed_on=_day(self.formed_on),
            published_on=_day(self.published_on),
            clean_spot_check=self.policy.spot_check.is_clean(name, result),
        )

    @property
    def start(self) -> date:
        return date.fromisoformat(self.site_start or SITE_START)

    def raw(self) -> RawDecision:
        """The row an export would hold."""
        party = PARTIES[self.party]
        values = {
            "number": "测罚决〔2026〕1号",
            "party": NAMES.get(party, "綦江测试砂石有限公司"),
            "facts": "未按规定存放建筑材料。",
            "decided_on": self.decided_on,
        }
        if self.special.startswith("出生于"):
            values["birth_date"] = self.special.removeprefix("出生于")
        elif self.special:
            values |= SPECIAL[self.special]
        return RawDecision(
            agency=REGIMES[self.regime],
            kind=KINDS[self.kind],
            number=values["number"],
            decided_on=self.facts.decided_on,
            party_type=party,
            values={key: Secret(value, key) for key, value in values.items()},
            origin=Origin("案例.csv", "", 2),
        )

    def history(self, redacted: Redacted) -> tuple[Event, ...]:
        """The events of the line, each as the program's own rules take it."""
        found: list[Event] = []
        for day, what in _pairs(self.events):
            found += self._events(day, what, redacted, published=_published(found))
        return tuple(found)

    def _events(
        self, day: date, what: str, redacted: Redacted, *, published: bool
    ) -> Iterator[Event]:
        if what in FALLS:
            yield Event(day, Act.WITHDRAW)
        elif what == "更正重报":
            yield Event(day, Act.CHANGE)
        elif what == "清除":
            yield Event(day, Act.PURGE)
        elif what == "不批准":
            yield Event(day, Act.REFUSE)
        if "批准" in what and what != "不批准" and self._approved(what, redacted, day):
            yield Event(day, Act.APPROVE)
        if what.endswith("公开") and not published:
            begin = timetable.first_day(
                self.facts, self.policy, CALENDAR, site_start=self.start, today=day
            )
            yield Event(day, Act.PUBLISH, begin)

    def _approved(self, what: str, redacted: Redacted, day: date) -> bool:
        """Whether a reviewer's approval on that day counts, by the rules of the review."""
        grounds = [self.policy.withheld[r.code] for r in redacted.reasons if r.code in _grounds()]
        asked = {"经同意": "consent", "因公共利益": "public_interest"}
        for word, exception in asked.items():
            if what.startswith(word):
                assert grounds, f"{self.title}：没有需要例外的情形"
                assert all(exception in ground.lifted_by for ground in grounds), self.title
        try:
            word = decide_one(redacted, "approve", "测试审查员", day, what)
        except ConfigurationError:
            return False
        return _counts(redacted, word, self.policy)

    def expected(self) -> list[tuple[date, State]]:
        return [(day, STATES[state]) for day, state in _pairs(self.answers)]

    def state_on(self, day: date, redacted: Redacted) -> State:
        """What the program says of the case on ``day``."""
        return stand(
            self.facts,
            redacted.verdict,
            self.history(redacted),
            self.policy,
            CALENDAR,
            site_start=self.start,
            day=day,
        ).state

    def last_day_to_take_down(self) -> Day:
        fell = next(day for day, what in _pairs(self.events) if what in FALLS)
        return CALENDAR.after(fell, self.policy.withdrawal)


def _grounds() -> set[str]:
    return set(policy.load("base").withheld)


def _counts(redacted: Redacted, word: Approval, rules: Policy) -> bool:
    return word_on(redacted, word, two=needs_two(redacted, rules)) == "approved"


def _published(found: Sequence[Event]) -> bool:
    return any(event.act is Act.PUBLISH for event in found)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _pairs(text: str) -> list[tuple[date, str]]:
    """``2026-03-05 公开；2026-03-06 公示期满`` as days and words."""
    parts = (part.split(" ", 1) for part in text.split("；") if part)
    return [(date.fromisoformat(day), what) for day, what in parts]


def written(day: Day) -> str:
    """A deadline as the table writes it."""
    return f"{day.date}{'（暂定）' if day.provisional else ''}"


def load() -> list[LegalCase]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [LegalCase(*row) for row in csv.reader(file)][1:]


def redact(cases: Sequence[LegalCase]) -> list[Redacted]:
    """Every case's row through the redactor of its regime."""
    found: dict[int, Redacted] = {}
    for regime in REGIMES:
        own = [n for n, case in enumerate(cases) if case.regime == regime]
        redactor = Redactor(policy.load(REGIMES[regime]))
        done = redactor.redact_all([cases[n].raw() for n in own], [f"case-{n}" for n in own])
        found |= dict(zip(own, done, strict=True))
    return [found[n] for n in range(len(cases))]


def markdown() -> str:
    """The table as a lawyer reads it (docs/法律期限案例.md)."""
    head = (
        "# 法律期限案例\n\n由 `tests/legal_cases.csv` 生成，请勿手改；每次测试都用程序逐条核对。\n\n"
        "没有写建站日的，以2026年1月1日为建站日。“批准公开”指审查批准并于当夜发布；"
        "“撤下说明”指页面只留文号、种类、原因和日期；“暂定”指期限跨入尚未公布放假安排的年份。\n"
    )
    return head + "".join(_section(regime) for regime in REGIMES)


def _section(regime: str) -> str:
    own = [(n, case) for n, case in enumerate(load(), 1) if case.regime == regime]
    title = policy.load(REGIMES[regime]).title
    rows = "".join(f"| {' | '.join(_cells(n, case))} |\n" for n, case in own)
    return f"\n## {title}\n\n| 编号 | 情形 | 决定 | 经过 | 应当 | 依据 |\n|---|---|---|---|---|---|\n{rows}"


def _cells(number: int, case: LegalCase) -> tuple[str, ...]:
    what = [f"{case.kind}，{case.party}", f"{case.decided_on}作出"]
    for label, value in (
        ("形成于", case.formed_on),
        ("公示日期", case.published_on),
        ("建站日", case.site_start),
        ("", case.special),
    ):
        what += [f"{label}{value}"] if value else []
    due = [f"最迟公开日{case.due}"] if case.due else []
    down = [f"最迟撤下日{case.down_by}"] if case.down_by else []
    answers = [part for part in case.answers.split("；") if part]
    happened = "<br>".join(part for part in case.events.split("；") if part) or "导入，未审查"
    if not case.answers:
        happened = ""
    return (
        str(number),
        case.title,
        "<br>".join(what),
        happened,
        "<br>".join([*answers, *due, *down]),
        case.source,
    )
