"""What ``withdraw`` and ``correct`` share: which decision, why, and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline import policy
from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.commands import frame
from pipeline.errors import ConfigurationError
from pipeline.fields import dictionary
from pipeline.model import Kind, Withdrawal
from pipeline.restricted import assess
from pipeline.restricted.identity import slug
from pipeline.restricted.ledger import Kept, Ledger
from pipeline.restricted.read.number import is_number, normalise_number
from pipeline.restricted.redact import redact_record
from pipeline.state import StateFolder

_KINDS = "、".join(f"{kind.value} {kind.label}" for kind in Kind)


def which(command: Callable[..., None]) -> Callable[..., Any]:
    """The arguments that name one decision by its 文号."""
    for decorate in (
        click.option(
            "--kind",
            type=click.Choice([kind.value for kind in Kind]),
            metavar="种类",
            help=f"几类决定有同一文号时写明：{_KINDS}。",
        ),
        click.option("--agency", metavar="机关", help="几个机关有同一文号时，写明机关文件夹名。"),
        click.argument("number", metavar="文号"),
    ):
        command = decorate(command)
    return command


def arguments(command: Callable[..., None]) -> Callable[..., Any]:
    """The arguments of a verb that takes a decision back."""
    for decorate in (
        frame.today,
        frame.state,
        frame.content,
        click.option(
            "--on",
            "fell_on",
            type=click.DateTime(["%Y-%m-%d"]),
            metavar="YYYY-MM-DD",
            help="决定被撤销、变更的日期，3个工作日从次日起算；默认同 --today。",
        ),
        click.option("--by", metavar="姓名", required=True, help="经办人姓名（不公开）。"),
        click.option(
            "--reason",
            metavar="原因",
            required=True,
            help="向公众说明的原因，例如：行政复议撤销。",
        ),
        which,
    ):
        command = decorate(command)
    return command


def told(events: Iterable[str]) -> str:
    """The kinds of event as ``--as`` takes them, in words."""
    return "、".join(f"{event} {dictionary()['event'].choices[event][0]}" for event in events)


def record(
    number: str,
    agency: str | None,
    kind: str | None,
    reason: str,
    by: str,
    fell_on: datetime | None,
    content: Path,
    state: Path,
    today: date,
    event: str | None = None,
    new_number: str | None = None,
) -> None:
    """Write the withdrawal into the ledger and say until when it must be released."""
    with frame.sentences():
        agencies, calendar = load_agencies(content), load_calendar(content)
        fell = _fell(fell_on, today)
        if not by.strip():
            raise ConfigurationError(["经办人姓名不能为空。"])
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            kept = list(ledger.decisions())
            one = only(kept, number, agency, kind)
            if one.raw.agency not in agencies:
                raise ConfigurationError([f"内容目录中没有机关 {one.raw.agency}。"])
            rules = policy.load(agencies[one.raw.agency].policy)
            notice = Withdrawal(
                on=today,
                reason=_public_reason(reason.strip(), event, one, rules),
                successor=_successor(one, kept, new_number),
            )
            ledger.withdraw(one.slug, notice, by.strip(), fell_on=fell)
        due = calendar.after(fell, rules.withdrawal)
    provisional = "（暂定）" if due.provisional else ""
    late = "该日已过，请立即运行。" if due.date < today else ""
    until = f"请最迟在 {due.date}{provisional} 前运行 publish（{rules.withdrawal.source}）。"
    click.echo(f"已记录。{until}{late}")


def only(kept: Iterable[Kept], number: str, agency: str | None, kind: str | None) -> Kept:
    """The one decision that is meant; a sentence when there is none or more than one."""
    wanted = normalise_number(number)
    found = [
        one
        for one in kept
        if one.raw.number == wanted
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


#: Types of the field dictionary whose values say who.
_NAMING = frozenset({"party", "person", "id", "code"})


def _fell(given: datetime | None, today: date) -> date:
    fell = given.date() if given else today
    if fell > today:
        raise ConfigurationError(["--on 不能晚于 --today：决定还没有被撤销或者变更。"])
    return fell


def _successor(one: Kept, kept: Iterable[Kept], new_number: str | None) -> str:
    """The address of the new decision, which the ledger need not know yet."""
    if new_number is None:
        return ""
    number = normalise_number(new_number)
    if not is_number(number) or number == one.raw.number:
        raise ConfigurationError(["--new 应是新决定的文号，不能与原文号相同。"])
    known = [o for o in kept if o.raw.agency == one.raw.agency and o.raw.number == number]
    kind = known[0].raw.kind if len(known) == 1 else one.raw.kind
    return slug(one.raw.agency, kind, number)


def _public_reason(reason: str, event: str | None, one: Kept, rules: policy.Policy) -> str:
    """The reason as given; refused when redaction would change a character of it.

    And when it names whom the decision is about: a notice does not say that any more.
    """
    named = [s for key, s in one.raw.values.items() if dictionary()[key].type in _NAMING]
    if any(len(secret) > 1 and secret.reveal() in reason for secret in named):
        raise ConfigurationError(["撤回原因要公开，不能写当事人、法定代表人等的名称或姓名。"])
    done = redact_record({}, reason, rules)
    if not reason or done.text != reason:
        raise ConfigurationError(["撤回原因要公开，不能为空，也不能含姓名、号码等个人信息。"])
    return f"{assess.reason(event)}：{reason}" if event else reason
