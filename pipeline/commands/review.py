"""``review``: look at what waits for a person, and say a word on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click
from rich.console import Console
from rich.table import Table

from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.commands import frame
from pipeline.errors import ConfigurationError
from pipeline.publish import judge
from pipeline.restricted.assess import State
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.remembered import redact_ledger
from pipeline.restricted.review import decide_one
from pipeline.state import StateFolder


@click.group()
def review() -> None:
    """审查：未经审查不得发布。"""


@review.command("list")
@frame.content
@frame.state
@frame.today
def list_waiting(content: Path, state: Path, today: date) -> None:
    """列出待审查和暂缓的决定及原因（只显示遮盖后的文字）。"""
    table = Table("编号", "文号", "状态", "原因")
    with frame.sentences():
        agencies, calendar = load_agencies(content), load_calendar(content)
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            redacted = redact_ledger(ledger, agencies)
            judged = judge(ledger, redacted, agencies, calendar, today)
    for one in judged.assessments:
        if one.state in (State.WAITING, State.HELD):
            reasons = "；".join(dict.fromkeys(r.message for r in one.redacted.reasons))
            decision = one.redacted.decision
            table.add_row(decision.slug, decision.number, one.state.label, reasons)
    Console(highlight=False).print(table if table.row_count else "没有待审查的决定。")


def _one_decision(command: Callable[..., None]) -> Callable[..., Any]:
    """The arguments that a word on one decision takes."""
    for decorate in (
        frame.today,
        frame.state,
        frame.content,
        click.option("--note", metavar="说明", default="", help="说明（不要写入个人信息）。"),
        click.option("--by", metavar="姓名", required=True, help="审查人姓名。"),
        click.argument("slug", metavar="编号"),
    ):
        command = decorate(command)
    return command


@review.command()
@_one_decision
def approve(**given: Any) -> None:
    """批准一件决定按遮盖后的文字发布（编号见 review list）。"""
    _decide("approve", **given)


@review.command()
@_one_decision
def refuse(**given: Any) -> None:
    """不批准一件决定发布（编号见 review list）。"""
    _decide("refuse", **given)


def _decide(
    act: Literal["approve", "refuse"],
    slug: str,
    by: str,
    note: str,
    content: Path,
    state: Path,
    today: date,
) -> None:
    with frame.sentences():
        if not by.strip():
            raise ConfigurationError(["审查人姓名不能为空。"])
        agencies = load_agencies(content)
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            redacted = redact_ledger(ledger, agencies)
            if slug not in redacted:
                raise ConfigurationError([f"没有编号为 {slug} 的决定；用 review list 查看编号。"])
            word = decide_one(redacted[slug], act, by.strip(), today, note)
            ledger.decide({slug: word})
    click.echo("已记录，下次运行 publish 时生效。")
