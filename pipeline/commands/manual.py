"""``docs/命令.md``: every verb with its arguments, options and exit codes."""

from __future__ import annotations

from collections.abc import Iterator

import click

_HEAD = """# 命令

由 `pipeline/commands/` 生成，请勿手改。在站点文件夹里用 `./gongshi 命令`，
等于 `python -m pipeline 命令`；`--help` 显示同样的说明。
日期都写成 YYYY-MM-DD；`--today` 只在补办、试算时写。
"""


def verbs(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command under ``group`` with its whole name, groups before what is in them."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        words = (*before, name)
        yield " ".join(words), command
        if isinstance(command, click.Group):
            yield from verbs(command, words)


def document(app: click.Group) -> str:
    """The whole document (中文), as Markdown."""
    return _HEAD + "".join(_section(name, command) for name, command in verbs(app))


def _section(name: str, command: click.Command) -> str:
    arguments = [p.metavar for p in command.params if isinstance(p, click.Argument) and p.metavar]
    call = " ".join((name, *arguments))
    told = [
        "".join(map(str.strip, p.splitlines()))
        for p in (command.help or "").split("\n\n")
        if p.strip()
    ]
    options = [p for p in command.params if isinstance(p, click.Option)]
    rows = "".join(_row(option) for option in options)
    table = f"\n| 选项 | 说明 |\n|---|---|\n{rows}" if rows else ""
    epilog = f"\n{command.epilog}\n" if command.epilog else ""
    return f"\n## {call}\n\n" + "\n\n".join(told) + f"\n{table}{epilog}"


def _row(option: click.Option) -> str:
    names = "、".join(f"`{name}`" for name in option.opts)
    value = "" if option.is_flag or not option.metavar else f" {option.metavar}"
    notes = []
    if option.required:
        notes.append("必填")
    elif option.show_default and option.default:
        notes.append(f"默认 `{option.default}`")
    if option.multiple:
        notes.append("可以写几次")
    told = f"（{'，'.join(notes)}）" if notes else ""
    return f"| {names}{value} | {option.help}{told} |\n"
