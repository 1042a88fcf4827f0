"""``correct``: a decision was changed or made anew; its page becomes a notice that says so."""

from __future__ import annotations

from typing import Any

import click

from pipeline.commands import take_back

_EVENTS = ("changed", "redone")


@click.command()
@take_back.arguments
@click.option(
    "--as",
    "event",
    type=click.Choice(_EVENTS),
    metavar="情形",
    default="changed",
    help=f"{take_back.told(_EVENTS)}；默认是变更。",
)
@click.option(
    "--new",
    "new_number",
    metavar="新文号",
    help="新决定的文号；新决定公开后，公告与它互相链接。",
)
def correct(**given: Any) -> None:
    """变更一件决定：原页面改为公告，新决定另行公开。

    只是公示的文字有误、决定本身没有变的，不用本命令：改正后重新导出即可。
    """
    take_back.record(**given)
