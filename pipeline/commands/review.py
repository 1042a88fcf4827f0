"""``review``: look at what waits for a person, and say a word on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click
from rich.console import Console
from rich.table import Table

from pipeline.commands import desk, frame
from pipeline.commands.review_file import export_file, import_file
from pipeline.commands.review_page import serve
from pipeline.errors import ConfigurationError, NotAccepted


@click.group()
def review() -> None:
    """审查：未经审查不得发布。"""


review.add_command(export_file)
review.add_command(import_file)
review.add_command(serve)


@review.command("list")
@frame.content
@frame.state
@frame.today
def list_waiting(content: Path, state: Path, today: date) -> None:
    """列出待审查和暂缓的决定及原因（只显示遮盖后的文字）。"""
    table = Table("编号", "文号", "状态", "原因")
    with frame.sentences(), desk.opened(content, state, today) as opened:
        for case in opened.cases():
            reasons = [*case.reasons, *(["须另一人再签字"] if case.two and case.approval else [])]
            number = case.redacted.decision.number
            label = case.assessment.state.label
            table.add_row(case.slug, number, label, "；".join(reasons))
    Console(highlight=False).print(table if table.row_count else "没有待审查的决定。")


def _one_decision(command: Callable[..., None]) -> Callable[..., Any]:
    """The arguments that a word on one decision takes."""
    for decorate in (frame.today, frame.state, frame.content, desk.note, desk.reviewer):
        command = decorate(command)
    return command


@review.command()
@click.argument("slug", metavar="[编号]", required=False)
@click.option("--all-clear", is_flag=True, help="一次批准所有没有疑问的决定；暂缓的只能逐件批准。")
@_one_decision
def approve(slug: str | None, all_clear: bool, **given: Any) -> None:
    """批准一件决定按遮盖后的文字发布（编号见 review list），或一次批准所有没有疑问的。"""
    if all_clear == bool(slug):
        raise click.UsageError("写明一个编号，或用 --all-clear 批准所有没有疑问的决定。")
    if slug:
        _decide("approve", slug, **given)
    else:
        _approve_clear(**given)


@review.command()
@click.argument("slug", metavar="编号")
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
        name = desk.named(by)
        with desk.opened(content, state, today) as opened:
            try:
                case = opened.sign(slug, act, name, note)
            except NotAccepted as problem:
                raise ConfigurationError([str(problem)]) from None
    more = case.two and case.open and act == "approve"
    click.echo(_ONE_MORE if more else "已记录，下次运行 publish 时生效。")


_ONE_MORE = "已记录第一个签字；这件决定须由另一名审查员再批准一次，才会发布。"


def _approve_clear(by: str, note: str, content: Path, state: Path, today: date) -> None:
    with frame.sentences():
        name = desk.named(by)
        with desk.opened(content, state, today) as opened:
            count = opened.approve_clear(name, note)
    click.echo(f"已批准没有疑问的决定 {count} 件，下次运行 publish 时生效。")
