"""``review export`` and ``review import``: the spreadsheet that goes out and comes back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from pipeline.commands import desk, frame
from pipeline.errors import ConfigurationError
from pipeline.restricted.review.back import take_back
from pipeline.restricted.review.out import private_target, write

_FILE = click.Path(path_type=Path)
#: Folders of the repository that are public by nature.
_PUBLIC = ("output", "preview", "content", "theme", "docs", "examples")


@click.command("export")
@click.argument("file", metavar="FILE.xlsx", type=_FILE)
@frame.content
@frame.state
@frame.output
@frame.today
def export_file(file: Path, content: Path, state: Path, output: Path, today: date) -> None:
    """导出审查表（Excel）：含未遮盖的原文，仅本人可读，不能写入公开的文件夹。"""
    with frame.sentences():
        private_target(file, [content, output, *map(Path, _PUBLIC)])
        with desk.opened(content, state, today) as opened:
            cases = opened.cases()
            words = write(file, cases)
    click.echo(
        f"已写入 {file}：待审查 {len(cases)} 件，待看的词语 {words} 行。文件含个人信息，用完即删。"
    )


@click.command("import")
@click.argument("file", metavar="FILE.xlsx", type=_FILE)
@desk.reviewer
@frame.content
@frame.state
@frame.today
def import_file(file: Path, by: str, content: Path, state: Path, today: date) -> None:
    """导入填好的审查表：好的行照常记录，有问题的行逐行说明原因和办法。"""
    with frame.sentences():
        name = desk.named(by)
        if not file.is_file():
            raise ConfigurationError([f"找不到文件 {file}。"])
        with desk.opened(content, state, today) as opened:
            outcome = take_back(file, opened, name)
    click.echo(
        f"已记录：词语 {outcome.words} 行，整件 {outcome.decisions} 件；"
        f"此前已有同样记录 {outcome.same} 行；未接受 {len(outcome.refused)} 行。"
    )
    for rejection in outcome.refused:
        frame.err.print(f"未接受：{rejection}", markup=False)
    raise SystemExit(4 if outcome.refused else 0)
