"""``review``: look at what waits for a person, and say a word on it."""

from __future__ import annotations

from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.commands import frame
from pipeline.errors import ConfigurationError
from pipeline.publish import judge, redact_ledger
from pipeline.restricted import review
from pipeline.restricted.assess import State
from pipeline.restricted.ledger import Ledger
from pipeline.state import StateFolder

app = typer.Typer(no_args_is_help=True, help="审查：未经审查不得发布。")

Slug = Annotated[str, typer.Argument(metavar="编号", help="review list 中的编号")]
By = Annotated[str, typer.Option("--by", metavar="姓名", help="审查人姓名")]
Note = Annotated[str, typer.Option("--note", help="说明（不要写入个人信息）")]


@app.command("list")
def list_waiting(
    content: frame.Content = frame.CONTENT,
    state: frame.State = frame.STATE,
    today: frame.Today = None,
) -> None:
    """列出待审查和暂缓的决定及原因（只显示遮盖后的文字）。"""
    table = Table("编号", "文号", "状态", "原因")
    with frame.sentences():
        agencies, calendar = load_agencies(content), load_calendar(content)
        with StateFolder(state) as folder, Ledger(folder.ledger) as ledger:
            redacted = redact_ledger(ledger, agencies)
            judged = judge(ledger, redacted, agencies, calendar, frame.day(today))
    for one in judged.assessments:
        if one.state in (State.WAITING, State.HELD):
            reasons = "；".join(dict.fromkeys(r.message for r in one.redacted.reasons))
            decision = one.redacted.decision
            table.add_row(decision.slug, decision.number, one.state.label, reasons)
    Console(highlight=False).print(table if table.row_count else "没有待审查的决定。")


@app.command()
def approve(
    slug: Slug,
    by: By,
    note: Note = "",
    content: frame.Content = frame.CONTENT,
    state: frame.State = frame.STATE,
    today: frame.Today = None,
) -> None:
    """批准一件决定按遮盖后的文字发布。"""
    _decide("approve", slug, by, note, content, state, today)


@app.command()
def refuse(
    slug: Slug,
    by: By,
    note: Note = "",
    content: frame.Content = frame.CONTENT,
    state: frame.State = frame.STATE,
    today: frame.Today = None,
) -> None:
    """不批准一件决定发布。"""
    _decide("refuse", slug, by, note, content, state, today)


def _decide(
    act: Literal["approve", "refuse"],
    slug: str,
    by: str,
    note: str,
    content: frame.Content,
    state: frame.State,
    today: frame.Today,
) -> None:
    with frame.sentences():
        if not by.strip():
            raise ConfigurationError(["审查人姓名不能为空。"])
        agencies = load_agencies(content)
        with StateFolder(state) as folder, Ledger(folder.ledger) as ledger:
            redacted = redact_ledger(ledger, agencies)
            if slug not in redacted:
                raise ConfigurationError([f"没有编号为 {slug} 的决定；用 review list 查看编号。"])
            word = review.decide_one(redacted[slug], act, by.strip(), frame.day(today), note)
            ledger.decide({slug: word})
    typer.echo("已记录，下次运行 publish 时生效。")
