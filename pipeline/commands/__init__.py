"""The command line: one file a verb.

Exit codes, on which scripts rely: 0 done (or nothing to do); 2 the call, the content
or a policy is wrong; 3 refused (a leak, a failed check, another run, a manifest that
does not match); 4 done, but an input could not be read.
"""

from __future__ import annotations

from importlib import import_module

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
    """Imports a verb when it is called: ``verify`` does not wait for the dictionaries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all verbs."""
        return list(_VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The verb called ``name``: in the module of that name, under that name."""
        if name not in _VERBS:
            return None
        command: click.Command = getattr(import_module(f"pipeline.commands.{name}"), name)
        return command


@click.group(cls=Verbs, epilog=_EXIT_CODES)
def app() -> None:
    """行政执法公示：把导出的执法决定遮盖个人信息后，生成可检索的公示网站。"""
