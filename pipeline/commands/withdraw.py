"""``withdraw``: take a decision back at once, with a public reason."""

from __future__ import annotations

from typing import Any

import click

from pipeline.commands import take_back

_EVENTS = ("revoked", "unlawful", "void")


@click.command()
@take_back.arguments
@click.option(
    "--as",
    "event",
    type=click.Choice(_EVENTS),
    metavar="情形",
    help=f"决定为何失效：{take_back.told(_EVENTS)}。写明后，公告先说情形，再说原因。",
)
def withdraw(**given: Any) -> None:
    """撤回一件决定：下次运行后，页面只留文号、种类、原因和日期。

    依行政处罚法第四十八条，应在3个工作日内撤回并公开说明理由。
    """
    take_back.record(**given)
