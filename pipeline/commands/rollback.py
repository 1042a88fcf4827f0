"""``rollback``: take back every approval given after a day."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from pipeline.commands import frame
from pipeline.errors import ConfigurationError
from pipeline.restricted.ledger import Ledger
from pipeline.state import StateFolder


@click.command()
@click.option(
    "--to",
    "last",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    required=True,
    help="保留到这一天（含当日）为止作出的批准。",
)
@click.option("--by", metavar="姓名", required=True, help="经办人姓名。")
@frame.state
@frame.today
def rollback(last: datetime, by: str, state: Path, today: date) -> None:
    """回退：某日之后作出的批准全部作废，有关决定须逐件重新批准。

    只会减少公开的内容：已撤回、已清除、期满或者没有批准的决定，回退后仍不公开。
    """
    with frame.sentences():
        if not by.strip():
            raise ConfigurationError(["经办人姓名不能为空。"])
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            undone = {
                slug: word._replace(
                    act="refuse", reviewer=by.strip(), day=today, note=f"回退到{last.date()}"
                )
                for slug, word in ledger.approvals().items()
                if word.act == "approve" and word.day > last.date()
            }
            ledger.decide(undone)
    click.echo(
        f"作废批准 {len(undone)} 件；运行 publish 后撤下。"
        "需要公开的，用 review approve 逐件重新批准。"
    )
