"""``status``: what is due, what is late, what comes down next."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.commands import frame
from pipeline.publish import judge
from pipeline.restricted.assess import Assessment, State
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.remembered import redact_ledger
from pipeline.state import StateFolder

_NEXT = 10


@click.command()
@frame.content
@frame.state
@frame.today
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
def status(content: Path, state: Path, today: date, as_json: bool) -> None:
    """列出各状态的件数、临近和超过公开期限的决定、即将撤下的决定。"""
    with frame.sentences():
        agencies, calendar = load_agencies(content), load_calendar(content)
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            redacted = redact_ledger(ledger, agencies)
            found = judge(ledger, redacted, agencies, calendar, today).assessments
    summary = _summary(found, today)
    if as_json:
        click.echo(json.dumps(summary, ensure_ascii=False, indent=2))
    else:
        _print(summary)


def _summary(found: tuple[Assessment, ...], today: date) -> dict[str, Any]:
    open_ones = [one for one in found if one.state in (State.WAITING, State.HELD)]
    open_ones.sort(key=lambda one: (one.publication.due, one.kept.slug))
    ending = [one for one in found if one.entry and one.publication.last_day]
    ending.sort(key=lambda one: (one.publication.last_day, one.kept.slug))
    states = Counter(one.state for one in found)
    return {
        "today": today.isoformat(),
        "states": {state.value: states[state] for state in State if states[state]},
        "late": [_due(one) for one in open_ones if one.publication.due < today],
        "due": [_due(one) for one in open_ones if one.publication.due >= today],
        "next_take_downs": [_ending(one) for one in ending[:_NEXT]],
    }


def _due(one: Assessment) -> dict[str, Any]:
    publication = one.publication
    return {
        **_who(one),
        "due": publication.due.isoformat(),
        "provisional": publication.due_provisional,
        "rule": f"{publication.due_rule}（{publication.due_source}）",
    }


def _ending(one: Assessment) -> dict[str, Any]:
    last = one.publication.last_day
    return {**_who(one), "last_day": last.isoformat() if last else None}


def _who(one: Assessment) -> dict[str, Any]:
    return {
        "slug": one.kept.slug,
        "number": one.redacted.decision.number,
        "state": one.state.value,
    }


def _print(summary: dict[str, Any]) -> None:
    out = Console(highlight=False)
    counts = Table("状态", "件数", title=f"截至 {summary['today']}")
    for state, count in summary["states"].items():
        counts.add_row(State(state).label, str(count))
    out.print(counts)
    for key, title in (("late", "已超过公开期限"), ("due", "待公开")):
        table = Table("文号", "状态", "最迟公开日", "依据", title=title)
        for row in summary[key]:
            mark = "（暂定）" if row["provisional"] else ""
            table.add_row(row["number"], State(row["state"]).label, row["due"] + mark, row["rule"])
        out.print(table if summary[key] else f"{title}：无")
    table = Table("文号", "最后公示日", title="最先撤下的决定")
    for row in summary["next_take_downs"]:
        table.add_row(row["number"], row["last_day"])
    out.print(table)
