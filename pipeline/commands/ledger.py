"""``ledger``: proofs about the private ledger."""

from __future__ import annotations

import typer

from pipeline.commands import frame
from pipeline.restricted.ledger import Ledger
from pipeline.state import StateFolder

app = typer.Typer(no_args_is_help=True, help="台账：核对历史记录。")


@app.callback()
def main() -> None:
    """台账：核对历史记录。"""


@app.command()
def check(state: frame.State = frame.STATE) -> None:
    """核对历史记录的哈希链是否完整。"""
    with frame.sentences(), StateFolder(state) as folder, Ledger(folder.ledger) as ledger:
        broken = ledger.broken_history()
    if broken is not None:
        typer.echo(f"历史记录第 {broken} 条与前文不符：有记录被改动或丢失。请停止使用并恢复备份。")
        raise typer.Exit(3)
    typer.echo("历史记录完整。")
