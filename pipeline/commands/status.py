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
from pipeline.commands import frame
from pipeline.public import store
from pipeline.publish import judge
from pipeline.restricted.agenda import Agenda, Task, agenda
from pipeline.restricted.assess import State
from pipeline.restricted.comply.hold import hold
from pipeline.restricted.comply.run import side_tables
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.remembered import redact_ledger
from pipeline.restricted.take_downs import clocks
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
            tables = side_tables(folder.root, content, agencies)
            redacted = hold(
                redact_ledger(ledger, agencies), ledger, tables, agencies, calendar, today
            )
            found = judge(ledger, redacted, agencies, calendar, today).assessments
            released = store.read(folder.store) if folder.store.is_file() else ()
            running = clocks(ledger, found, agencies, calendar, today)
            summary = agenda(found, released, running, agencies, today)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(summary), indent=2))
    else:
        _print(summary)
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
    yearly = Table("机关", "最迟日期", "事项", "依据", title="年度执法数据")
    for row in summary.annual:
        yearly.add_row(row.agency, row.due.isoformat(), _YEARLY[row.act], row.source)
    out.print(yearly)
    for channel in summary.other_channels:
        out.print(f"其他渠道的公示期不由本站控制。{channel}", markup=False)


def _tasks(out: Console, title: str, tasks: list[Task]) -> None:
    table = Table("文号", "事项", "状态", "最迟日期", "依据", title=title)
    for task in tasks:
        due = f"{task.due}{'（暂定）' if task.provisional else ''}"
        table.add_row(task.number, _ACTS[task.act], State(task.state).label, due, task.rule)
    out.print(table if tasks else f"{title}：无")
