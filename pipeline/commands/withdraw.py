"""``withdraw``: take a decision back at once, with a public reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from pipeline import policy
from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.commands import frame
from pipeline.errors import ConfigurationError
from pipeline.model import Kind, Withdrawal
from pipeline.restricted.ledger import Kept, Ledger
from pipeline.restricted.read.number import normalise_number
from pipeline.restricted.redact import redact_record
from pipeline.state import StateFolder


@click.command()
@click.argument("number", metavar="文号")
@click.option(
    "--reason", metavar="原因", required=True, help="向公众说明的原因，例如：行政复议撤销。"
)
@click.option("--by", metavar="姓名", required=True, help="经办人姓名（不公开）。")
@click.option("--agency", metavar="机关", help="几个机关有同一文号时，写明机关文件夹名。")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    metavar="种类",
    help="几类决定有同一文号时写明：" + "、".join(f"{k.value} {k.label}" for k in Kind) + "。",
)
@frame.content
@frame.state
@frame.today
def withdraw(
    number: str,
    reason: str,
    by: str,
    agency: str | None,
    kind: str | None,
    content: Path,
    state: Path,
    today: date,
) -> None:
    """撤回一件决定：下次运行后，页面只留文号、种类、原因和日期。

    依行政处罚法第四十八条，应在3个工作日内撤回并公开说明理由。
    """
    with frame.sentences():
        agencies, calendar = load_agencies(content), load_calendar(content)
        if not by.strip():
            raise ConfigurationError(["经办人姓名不能为空。"])
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            one = _only(ledger.decisions(), normalise_number(number), agency, kind)
            rules = policy.load(agencies[one.raw.agency].policy)
            public = _public_reason(reason.strip(), rules)
            ledger.withdraw(one.slug, Withdrawal(on=today, reason=public), by.strip())
        due = calendar.after(today, rules.withdrawal)
    provisional = "（暂定）" if due.provisional else ""
    click.echo(
        f"已记录。请最迟在 {due.date}{provisional} 前运行 publish（{rules.withdrawal.source}）。"
    )


def _only(kept: Iterable[Kept], number: str, agency: str | None, kind: str | None) -> Kept:
    found = [
        one
        for one in kept
        if one.raw.number == number
        and agency in (None, one.raw.agency)
        and kind in (None, one.raw.kind.value)
    ]
    if not found:
        raise ConfigurationError(["台账中没有这个文号的决定；请核对文号、--agency 和 --kind。"])
    if len(found) > 1:
        places = "、".join(f"{one.raw.agency}/{one.raw.kind.value}" for one in found)
        raise ConfigurationError(
            [f"有几件决定是这个文号（{places}）；请用 --agency、--kind 写明。"]
        )
    return found[0]


def _public_reason(reason: str, rules: policy.Policy) -> str:
    """The reason as given; refused when redaction would change a character of it."""
    done = redact_record({}, reason, rules)
    if not reason or done.text != reason:
        raise ConfigurationError(["撤回原因要公开，不能为空，也不能含姓名、号码等个人信息。"])
    return reason
