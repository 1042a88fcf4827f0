"""``objection``: objections to what is published, and their answers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from pipeline import policy
from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.commands import frame, take_back
from pipeline.errors import ConfigurationError
from pipeline.restricted import objections
from pipeline.restricted.ledger import Ledger
from pipeline.state import StateFolder


@click.group()
def objection() -> None:
    """异议：登记、答复和查看对公示信息的异议。

    提出人和内容只存内部台账，不上网站，不进报告。
    """


@objection.command()
@take_back.which
@click.option("--about", metavar="内容", required=True, help="异议内容（不公开）。")
@click.option("--from", "objector", metavar="提出人", default="", help="提出人（不公开）。")
@click.option("--by", metavar="姓名", required=True, help="经办人姓名（不公开）。")
@frame.content
@frame.state
@frame.today
def record(
    number: str,
    agency: str | None,
    kind: str | None,
    about: str,
    objector: str,
    by: str,
    content: Path,
    state: Path,
    today: date,
) -> None:
    """登记一件当日收到的异议，给出编号和答复期限。"""
    with frame.sentences():
        agencies, calendar = load_agencies(content), load_calendar(content)
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            one = take_back.only(ledger.decisions(), number, agency, kind)
            given = objections.record(
                ledger,
                one.slug,
                objector=objector.strip(),
                about=about.strip(),
                person=by.strip(),
                received=today,
            )
            taken = next(o for o in objections.read(ledger) if o.id == given)
        if one.raw.agency not in agencies:
            raise ConfigurationError([f"内容目录中没有机关 {one.raw.agency}。"])
        rules = policy.load(agencies[one.raw.agency].policy).objection
        due = objections.due(taken, rules, calendar)
    until = f"请最迟在 {due.date} 前答复" if due else "请及时核实、答复"
    click.echo(f"已登记，编号 {given}。{until}（{rules.source}）。")


@objection.command()
@click.argument("objection_id", metavar="编号", type=int)
@click.option(
    "--outcome",
    type=click.Choice(list(objections.OUTCOMES)),
    metavar="结论",
    required=True,
    help="、".join(f"{key} {told}" for key, told in objections.OUTCOMES.items()) + "。",
)
@click.option(
    "--answer",
    "told",
    metavar="答复",
    required=True,
    help="对提出人的答复：理由和进一步申诉的途径（不公开）。",
)
@click.option("--by", metavar="姓名", required=True, help="经办人姓名（不公开）。")
@frame.state
@frame.today
def answer(objection_id: int, outcome: str, told: str, by: str, state: Path, today: date) -> None:
    """记录对异议的答复；不属实的也要说明理由。更正、撤下另用 correct、withdraw。"""
    with frame.sentences(), StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
        objections.answer(
            ledger, objection_id, outcome=outcome, told=told.strip(), person=by.strip(), day=today
        )
    click.echo("已记录答复。")


@objection.command("list")
@click.option("--open", "only_open", is_flag=True, help="只列未答复的。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
@frame.content
@frame.state
@frame.today
def list_all(only_open: bool, as_json: bool, content: Path, state: Path, today: date) -> None:
    """列出异议的编号、文号、日期和结论（不显示提出人和内容）。"""
    with frame.sentences():
        agencies, calendar = load_agencies(content), load_calendar(content)
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            kept = {one.slug: one for one in ledger.decisions()}
            found = [o for o in objections.read(ledger) if not (only_open and o.answered)]
    rows = []
    for one in found:
        raw = kept[one.slug].raw
        rules = policy.load(agencies[raw.agency].policy if raw.agency in agencies else "base")
        rows.append(_row(one, raw.number, objections.due(one, rules.objection, calendar), today))
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("编号", "文号", "收到", "答复期限", "答复", "结论")
    for row in rows:
        due = f"{row['due'] or '及时'}{'（已过）' if row['late'] else ''}"
        outcome = objections.OUTCOMES.get(row["outcome"] or "", "未答复")
        table.add_row(
            str(row["id"]), row["number"], row["received"], due, row["answered"] or "", outcome
        )
    Console(highlight=False).print(table if rows else "没有异议。")


@objection.command()
@click.argument("objection_id", metavar="编号", type=int)
@frame.state
def show(objection_id: int, state: Path) -> None:
    """显示一件异议的提出人、内容和答复（内部信息，不要截图外传）。"""
    with frame.sentences(), StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
        found = {one.id: one for one in objections.read(ledger)}
        if objection_id not in found:
            raise ConfigurationError(
                [f"没有编号为 {objection_id} 的异议；用 objection list 查看。"]
            )
    one = found[objection_id]
    for label, secret in (("提出人", one.objector), ("内容", one.about), ("答复", one.answer)):
        click.echo(f"{label}：{secret.reveal() or '（无）'}")


def _row(one: objections.Objection, number: str, due: Any, today: date) -> dict[str, Any]:
    last = due.date if due else None
    return {
        "id": one.id,
        "number": number,
        "received": one.received.isoformat(),
        "due": last.isoformat() if last else None,
        "provisional": bool(due and due.provisional),
        "answered": one.answered.isoformat() if one.answered else None,
        "outcome": one.outcome or None,
        "late": bool(last and (one.answered or today) > last),
    }
