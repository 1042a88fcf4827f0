"""``rollback``: take back every approval given after a day."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from pipeline.commands import frame
from pipeline.errors import ConfigurationError
from pipeline.restricted.ledger import Approval, Ledger
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
        name, day = by.strip(), last.date()
        if not name:
            raise ConfigurationError(["经办人姓名不能为空。"])
        if day > today:
            raise ConfigurationError(["--to 不能晚于 --today。"])
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            # Never recorded before what it undoes, or the history would tell it the other way.
            undone = {
                slug: Approval(word.digest, "refuse", name, max(today, signed), f"回退到{day}")
                for slug, word in ledger.approvals().items()
                if word.act == "approve" and (signed := _last_signed(word)) > day
            }
            ledger.decide(undone)
    click.echo(
        f"作废批准 {len(undone)} 件；运行 publish 后撤下。"
        "需要公开的，用 review approve 逐件重新批准。"
    )


def _last_signed(word: Approval) -> date:
    """An approval that needs two signatures is one since the second."""
    return max(word.day, date.fromisoformat(word.second_day)) if word.second else word.day
