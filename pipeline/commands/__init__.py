"""The command line: one file a verb.

Exit codes, on which scripts rely: 0 done (or nothing to do); 2 the call, the content
or a policy is wrong; 3 refused (a leak, a failed check, another run, a manifest that
does not match); 4 done, but an input could not be read.
"""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import click

_EXIT_CODES = "退出码：0 完成；2 调用或配置有误；3 拒绝（原站点不变）；4 有输入无法读取。"
_VERBS = (
    "check",
    "comply",
    "correct",
    "history",
    "init",
    "ledger",
    "objection",
    "publish",
    "redact",
    "review",
    "rollback",
    "status",
    "sweep",
    "verify",
    "withdraw",
)


class Verbs(click.Group):
    """Imports a verb when it is called: ``verify`` and ``--help`` do not wait for dictionaries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all verbs."""
        return list(_VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The verb called ``name``: in the module of that name, under that name."""
        if name not in _VERBS:
            return None
        command: click.Command = getattr(import_module(f"pipeline.commands.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every verb with the first line of its help."""
        with formatter.section("命令"):
            formatter.write_dl([(name, _first_line(name)) for name in self.list_commands(ctx)])


def _first_line(name: str) -> str:
    """What the verb called ``name`` says of itself, read from its file without importing it."""
    source = Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    functions = (one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef))
    verb = next(one for one in functions if one.name == name)
    return (ast.get_docstring(verb) or "").partition("\n")[0]


@click.group(cls=Verbs, epilog=_EXIT_CODES)
def app() -> None:
    """行政执法公示：把导出的执法决定遮盖个人信息后，生成可检索的公示网站。"""
