"""``history``: what happened to a decision, and where it stood or will stand on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from pipeline import policy
from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.commands import desk, frame, take_back
from pipeline.errors import ConfigurationError
from pipeline.events import Act, Event, Stand, State, stand
from pipeline.restricted.assess import facts
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.review import needs_two
from pipeline.restricted.takedown import replay
from pipeline.state import StateFolder

_ACTS = {
    Act.APPROVE: "批准",
    Act.REFUSE: "不批准",
    Act.CHANGE: "文字有变，须重新审查",
    Act.PUBLISH: "首次发布",
    Act.WITHDRAW: "撤回",
    Act.PURGE: "清除原始数据",
}


@click.command()
@take_back.which
@frame.content
@frame.state
@frame.today
def history(
    number: str, agency: str | None, kind: str | None, content: Path, state: Path, today: date
) -> None:
    """一件决定经过了什么，在某一天（过去或将来）是否公开、依据哪一条。"""
    with frame.sentences():
        agencies, calendar = load_agencies(content), load_calendar(content)
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            one = take_back.only(ledger.decisions(), number, agency, kind)
            if one.raw.agency not in agencies:
                raise ConfigurationError([f"内容目录中没有机关 {one.raw.agency}。"])
            everything = desk.redacted(ledger, folder.root, content, agencies, calendar, today)
            redacted = everything[one.slug]
            rules = policy.load(agencies[one.raw.agency].policy)
            happened = replay.events(ledger, one, two=needs_two(redacted, rules))
        found = stand(
            facts(one, rules)._replace(recorded_first_day=None),
            redacted.verdict,
            happened,
            rules,
            calendar,
            site_start=agencies[one.raw.agency].site_start,
            day=today,
        )
    _print(happened, found, today)


def _print(happened: list[Event], found: Stand, today: date) -> None:
    out = Console(highlight=False)
    table = Table("日期", "经过", title=None)
    for event in happened:
        table.add_row(event.day.isoformat(), _ACTS[event.act])
    out.print(table if happened else "还没有审查记录。")
    publication = found.publication
    mark = "（暂定）" if publication.due_provisional else ""
    lines = [
        f"{today.isoformat()}：{found.state.label}",
        f"最迟公开日 {publication.due}{mark}：{publication.due_rule}（{publication.due_source}）",
    ]
    if found.state in (State.PUBLIC, State.WITHDRAWN, State.EXPIRED, State.NOT_YET):
        last = publication.last_day or "没有规定"
        lines.append(
            f"自 {publication.first_day} 起算，最后公示日 {last}："
            f"{publication.window_rule}（{publication.window_source}）"
        )
    out.print("\n".join(lines), markup=False, soft_wrap=True)
