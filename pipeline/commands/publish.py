"""``publish``: one whole run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.console import Console

from pipeline import publish as run
from pipeline import report as reports
from pipeline.commands import frame


@click.command()
@frame.inbox
@frame.content
@frame.state
@frame.output
@frame.today
@click.option("--approve-as", metavar="姓名", default="", help="以此人名义批准所有无疑问的决定。")
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="GONGSHI_KEY",
    help="给发布清单签名的私钥（Ed25519，PEM，仅本人可读）；也可用环境变量 GONGSHI_KEY。",
)
def publish(
    inbox: Path,
    content: Path,
    state: Path,
    output: Path,
    today: date,
    approve_as: str,
    key: Path | None,
) -> None:
    """完成一次完整运行：读取、遮盖、审查、计算期限、生成网站、检查泄露、发布。"""
    places = run.Places(inbox, content, state, output)
    with frame.sentences(), frame.err.status("准备") as status:
        report = run.publish(
            places,
            today=today,
            approve_as=approve_as.strip(),
            key=key,
            tell=status.update,
        )
    Console(highlight=False, soft_wrap=True).print(reports.in_words(report), markup=False)
    raise SystemExit(report.exit_code)
