"""``ledger``: proofs about the private ledger."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.commands import frame
from pipeline.restricted.ledger import Ledger
from pipeline.state import StateFolder


@click.group()
def ledger() -> None:
    """台账：核对历史记录。"""


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
