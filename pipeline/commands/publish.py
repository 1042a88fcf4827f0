"""``publish``: one whole run."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from pipeline import publish as run
from pipeline import report as reports
from pipeline.commands import frame


def publish(
    inbox: frame.Inbox = frame.INBOX,
    content: frame.Content = frame.CONTENT,
    state: frame.State = frame.STATE,
    output: frame.Output = frame.OUTPUT,
    today: frame.Today = None,
    approve_as: Annotated[
        str, typer.Option("--approve-as", metavar="姓名", help="以此人名义批准所有无疑问的决定")
    ] = "",
) -> None:
    """完成一次完整运行：读取、遮盖、审查、计算期限、生成网站、检查泄露、发布。"""
    places = run.Places(inbox, content, state, output)
    with frame.sentences(), frame.err.status("准备") as status:
        report = run.publish(
            places,
            today=frame.day(today),
            approve_as=approve_as.strip(),
            tell=status.update,
        )
    Console(highlight=False, soft_wrap=True).print(reports.in_words(report), markup=False)
    raise typer.Exit(report.exit_code)
