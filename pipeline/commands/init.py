"""``init``: a new site folder for one's own agency."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline import new_site, policy
from pipeline.commands import frame
from pipeline.new_site import Question


def _options(command: Callable[..., None]) -> Callable[..., Any]:
    """One option a question, in the order they are asked."""
    for question in reversed(new_site.questions()):
        name = question.key.replace("-", "_")
        command = click.option(
            f"--{question.key}", name, metavar=question.label[:6], help=question.help
        )(command)
    return command


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_options
@click.option("--yes", is_flag=True, help="不提问：没有写明的用默认值，缺少必需的就说明。")
@frame.today
def init(folder: Path, yes: bool, today: date, **given: str | None) -> None:
    """为本机关建一个新的站点文件夹：内容、收件箱、状态文件夹和运行程序的命令。

    在终端里逐项提问，直接回车用默认值；也可以全部用选项写明。已有内容的文件夹不会覆盖。
    """
    with frame.sentences():
        new_site.check_free(folder)
        answers = {key.replace("_", "-"): value for key, value in given.items()}
        if not yes and sys.stdin.isatty():
            _ask(answers)
        written = new_site.make(folder, new_site.completed(answers), today)
    click.echo(f"已建好 {folder}（{len(written)} 个文件）。接下来：")
    click.echo(f"  cd {shlex.quote(str(folder))}")
    click.echo("  ./gongshi check       列出还要填的内容（Windows：gongshi check）")
    click.echo("  ./gongshi publish     生成网站到 output/；导出文件放进 private/inbox/")


def _ask(answers: dict[str, str | None]) -> None:
    """Ask what no option said, one after the other, until the answer can be taken."""
    click.echo("直接回车采用方括号里的值；“待填写”的以后在文件里改。")
    for question in new_site.questions():
        if answers.get(question.key) is not None:
            continue
        if question.key == "policy":
            for name in policy.names():
                click.echo(f"  {name}  {policy.load(name).title}")
        known = {key: value for key, value in answers.items() if value is not None}
        answers[question.key] = click.prompt(
            question.label,
            default=new_site.default(question, {"name": "", **known}),
            value_proc=_taken(question),
            prompt_suffix="：",
        )


def _taken(question: Question) -> Callable[[str], str]:
    def taken(answer: str) -> str:
        if said := question.fault(answer):
            raise click.UsageError(said)
        return answer.strip()

    return taken
