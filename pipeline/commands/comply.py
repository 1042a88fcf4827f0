"""``comply``: the office's internal report on how its cases were handled. Nothing is published."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from pipeline import policy
from pipeline.agencies import Agency, load_agencies
from pipeline.calendar import load_calendar
from pipeline.commands import frame
from pipeline.errors import ConfigurationError
from pipeline.restricted.comply import findings, report_html, report_xlsx
from pipeline.restricted.comply.exempt import withheld
from pipeline.restricted.comply.run import Inputs, Result, Span, run, side_tables
from pipeline.restricted.ledger import Ledger
from pipeline.state import StateFolder

_EXIT_CODES = (
    "退出码：0 没有待处理的问题；2 调用或配置有误；3 另一次运行正在进行；"
    "4 有台账无法读取；5 有待处理的问题；6 其中有须暂缓公开的。"
)


def _day(name: str, help_: str) -> Callable[..., Any]:
    return click.option(
        name,
        name[2:] + "_day",
        type=click.DateTime(["%Y-%m-%d"]),
        metavar="YYYY-MM-DD",
        help=help_,
    )


@click.group(invoke_without_command=True, epilog=_EXIT_CODES)
@frame.content
@frame.state
@frame.today
@click.option("--policy", "names", metavar="NAME", multiple=True, help="只查适用此政策的机关。")
@_day("--from", "只查此日以后（含）作出的决定和登记的事项。")
@_day("--to", "只查此日以前（含）作出的决定和登记的事项。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")
@click.pass_context
def comply(
    context: click.Context,
    content: Path,
    state: Path,
    today: date,
    names: tuple[str, ...],
    from_day: datetime | None,
    to_day: datetime | None,
    as_json: bool,
) -> None:
    """三项制度内部检查：人员、审核、记录、归档、投诉等，结果只存内部状态文件夹。

    台账（音像资料台账、培训记录、法制审核人员、证件事件、投诉举报登记、年度检查计划、
    案卷借阅等）放在状态文件夹的 comply/ 里，xlsx 或 csv 均可。
    """
    if context.invoked_subcommand:
        return
    span = Span(from_day.date() if from_day else None, to_day.date() if to_day else None)
    with frame.sentences():
        if span.first and span.last and span.first > span.last:
            raise ConfigurationError(["--from 不能晚于 --to。"])
        everyone = load_agencies(content)
        agencies = _chosen(everyone, names)
        with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
            inputs = _inputs(ledger, folder, content, everyone)._replace(agencies=agencies)
            result = run(inputs, today=today, span=span)
            written = _write(folder, result)
    _tell(result, written, as_json)
    raise SystemExit(result.exit_code)


def _inputs(
    ledger: Ledger, folder: StateFolder, content: Path, agencies: Mapping[str, Agency]
) -> Inputs:
    return Inputs(
        kept=ledger.decisions(),
        tables=side_tables(folder.root, content, agencies),
        agencies=agencies,
        calendar=load_calendar(content),
        exempt=withheld(ledger),
        words=findings.words(ledger),
    )


def _chosen(agencies: Mapping[str, Agency], names: tuple[str, ...]) -> dict[str, Agency]:
    if strange := [name for name in names if name not in policy.names()]:
        known = "、".join(policy.names())
        raise ConfigurationError([f"没有名为“{strange[0]}”的政策；可用的有：{known}。"])
    if unused := sorted(set(names) - {one.policy for one in agencies.values()}):
        raise ConfigurationError([f"没有机关适用政策“{unused[0]}”，没有可检查的案件。"])
    return {slug: one for slug, one in agencies.items() if not names or one.policy in names}


def _write(folder: StateFolder, result: Result) -> tuple[Path, Path]:
    target = folder.reports / "comply"
    target.mkdir(mode=0o700, exist_ok=True)
    book, page = (target / f"{result.today}.{suffix}" for suffix in ("xlsx", "html"))
    report_xlsx.write(book, result)
    report_html.write(page, result)
    return book, page


def _tell(result: Result, written: tuple[Path, Path], as_json: bool) -> None:
    if as_json:
        body = msgspec.json.format(msgspec.json.encode(result), indent=2)
        sys.stdout.buffer.write(body + b"\n")
        return
    missing = sum(tally.not_assessable for tally in result.tallies)
    held = sum(finding.severity == "hold" for finding in result.open)
    hints = sum(f.severity == "hint" and f.state == "open" for f in result.findings)
    click.echo(f"检查日：{result.today}　案件 {result.cases} 件　检查 {len(result.tallies)} 项")
    click.echo(f"待处理的问题 {len(result.open)} 项（其中须暂缓公开 {held}），提示 {hints} 项")
    click.echo(f"缺少列或者台账、未能检查的 {missing} 处（不计为合格）")
    if result.purged:
        click.echo(f"另有 {result.purged} 件的原始数据已按期清除，不再检查")
    for problem in result.problems:
        click.echo(f"· {problem}")
    click.echo("报告（内部资料，不得外传）：")
    for path in written:
        click.echo(f"  {path}")


def _word(act: findings.Act) -> Callable[..., None]:
    def command(finding: str, by: str, note: str, content: Path, state: Path, today: date) -> None:
        with frame.sentences():
            word = findings.Word(act, by.strip(), today, note.strip())
            findings.check(finding, word)
            agencies = load_agencies(content)
            with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
                found = run(_inputs(ledger, folder, content, agencies), today=today).findings
                if finding not in {one.id for one in found}:
                    raise ConfigurationError(
                        [f"现在没有编号为“{finding}”的问题；请核对编号，或重新检查。"]
                    )
                findings.say(ledger, finding, word)
        click.echo("已记录，下次检查时按此显示。")

    for decorate in (
        frame.today,
        frame.state,
        frame.content,
        click.option("--note", metavar="说明", required=True, help="说明（不要写入个人信息）。"),
        click.option("--by", metavar="姓名", required=True, help="经办人姓名。"),
        click.argument("finding", metavar="问题编号"),
    ):
        command = decorate(command)
    return command


comply.command("acknowledge", help="登记一个问题为已知（编号见报告）；须暂缓公开的仍暂缓。")(
    _word("acknowledge")
)
comply.command("resolve", help="登记一个问题为已解决（编号见报告）；不再因它暂缓公开。")(
    _word("resolve")
)
