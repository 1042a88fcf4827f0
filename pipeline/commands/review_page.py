"""``review serve``: the local page for reviewers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from click.core import ParameterSource

from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.commands import desk, frame
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.review.desk import Desk
from pipeline.restricted.review.page.keeper import Keeper
from pipeline.restricted.review.page.server import ReviewServer
from pipeline.state import StateFolder


@click.command()
@desk.reviewer
@frame.content
@frame.state
@frame.today
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="端口",
    default=0,
    help="本机端口；默认任取一个空闲的。",
)
@click.pass_context
def serve(
    context: click.Context, by: str, content: Path, state: Path, today: date, port: int
) -> None:
    """在本机打开审查页面：逐件看暂缓的决定，确认、显示或遮盖词语，批准或不批准。

    只在本机可见；地址中的随机串就是钥匙，不要转发。按 Ctrl+C 结束，两小时不用自动结束。
    """
    fixed = context.get_parameter_source("today") is not ParameterSource.DEFAULT
    with frame.sentences():
        agencies, calendar = load_agencies(content), load_calendar(content)

        def opening(ledger: Ledger, day: date) -> Desk:
            return desk.at(ledger, state, content, agencies, calendar, day)

        folder = StateFolder.existing(state)
        keeper = Keeper(folder, opening, lambda: today if fixed else frame.now())
        server = ReviewServer(keeper, desk.named(by), port)
        keeper.reading()
        click.echo(f"审查页面已打开，只在本机可见：\n{server.address}\n按 Ctrl+C 结束。")
        try:
            server.run()
        except KeyboardInterrupt:
            click.echo("审查页面已关闭；已记录的处理都在台账中。")
