"""``ledger``: proofs about the private ledger."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.build import THEME
from pipeline.commands import frame
from pipeline.restricted.backup import back_up
from pipeline.restricted.ledger import Ledger
from pipeline.state import StateFolder


@click.group()
def ledger() -> None:
    """台账：核对历史记录，备份。"""


@ledger.command()
@frame.state
def check(state: Path) -> None:
    """核对历史记录的哈希链是否完整。"""
    with frame.sentences(), StateFolder.existing(state) as folder, Ledger(folder.ledger) as book:
        broken = book.broken_history()
    if broken is not None:
        click.echo(f"历史记录第 {broken} 条与前文不符：有记录被改动或丢失。请停止使用并恢复备份。")
        raise SystemExit(3)
    click.echo("历史记录完整。")


@ledger.command()
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@frame.content
@frame.state
@frame.output
def backup(file: Path, content: Path, state: Path, output: Path) -> None:
    """备份台账到一个新文件（仅本人可读）；运行中也可以备份。

    备份含未遮盖的数据：不要放进网站，超过保存期限的旧备份要删除。
    """
    with frame.sentences():
        source = StateFolder.existing(state).ledger
        back_up(source, file, (output, content, THEME))
    click.echo(f"已备份到 {file}，并核对了历史记录。")
