"""``status``: what is due, what is late, what comes down next."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.commands import desk, frame
from pipeline.errors import ConfigurationError
from pipeline.public import content as written
from pipeline.public import store
from pipeline.public.library import checklist, figures
from pipeline.restricted.agenda import Agenda, Task, agenda
from pipeline.restricted.assess import State
from pipeline.restricted.judge import judge
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.takedown.clocks import clocks
from pipeline.state import StateFolder

_EPILOG = "退出码：0 没有逾期；1 有逾期未办的（公开、撤下或撤回）；2 调用或配置有误。"
_ACTS = {"publish": "公开", "take_down": "撤下（公示期满）", "withdraw": "撤回"}
_YEARLY = {"publish": "公布", "hand_in": "报送"}


@click.command(epilog=_EPILOG)
@frame.content
@frame.state
@frame.today
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
def status(content: Path, state: Path, today: date, as_json: bool) -> None:
    """列出逾期的、临近期限的和即将撤下的决定；供监控程序按退出码告警。"""
    with frame.sentences():
        agencies, calendar = load_agencies(content), load_calendar(content)
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            redacted = desk.redacted(ledger, folder.root, content, agencies, calendar, today)
            found = judge(ledger, redacted, agencies, calendar, today).assessments
            released = store.read(folder.store) if folder.store.is_file() else ()
            running = clocks(ledger, found, agencies, calendar, today)
            told = figures.years(content, agencies)
            summary = agenda(found, released, running, agencies, today, told)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(summary), indent=2))
    else:
        _print(summary)
        _lists(content, today)
    raise SystemExit(1 if summary.late else 0)


def _print(summary: Agenda) -> None:
    out = Console(highlight=False)
    counts = Table("状态", "件数", title=f"截至 {summary.today}")
    for state, count in summary.states.items():
        counts.add_row(State(state).label, str(count))
    out.print(counts)
    _tasks(out, "已逾期", summary.late)
    _tasks(out, "待办", summary.due)
    ending = Table("文号", "最后公示日", title="最先撤下的决定")
    for one in summary.next_take_downs:
        ending.add_row(one.number, one.last_day.isoformat())
    out.print(ending)
    yearly = Table("机关", "最迟日期", "事项", "填报情况", "依据", title="年度执法数据")
    for row in summary.annual:
        years = (row.due.year - 2, row.due.year - 1)
        told = "\n".join(f"{y}年{'已' if y in row.told else '未'}填报" for y in years)
        yearly.add_row(row.agency, row.due.isoformat(), _YEARLY[row.act], told, row.source)
    out.print(yearly)
    for channel in summary.other_channels:
        out.print(f"其他渠道的公示期不由本站控制。{channel}", markup=False, soft_wrap=True)


def _lists(content: Path, today: date) -> None:
    """The rows of checklists whose law changed (R048); no decision waits for them."""
    try:
        rows = checklist.following(written.load(content))
    except ConfigurationError:
        return  # ``publish`` says what is wrong with the content
    title = "应随依据变动更新的清单事项"
    table = Table("机关", "清单", "行", "依据的变动", "最迟日期", title=title)
    for one in rows:
        late = "，已逾期" if one.due < today else ""
        due = f"{one.due}{'（暂定）' if one.provisional else ''}{late}"
        table.add_row(one.agency, one.checklist, str(one.row), one.law, due)
    if rows:
        Console(highlight=False).print(table)


def _tasks(out: Console, title: str, tasks: list[Task]) -> None:
    table = Table("文号", "事项", "状态", "最迟日期", "依据", title=title)
    for task in tasks:
        due = f"{task.due}{'（暂定）' if task.provisional else ''}"
        table.add_row(task.number, _ACTS[task.act], State(task.state).label, due, task.rule)
    out.print(table if tasks else f"{title}：无")
