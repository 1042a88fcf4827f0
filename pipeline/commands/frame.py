"""What all verbs share: their folders and day as options, and errors as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from pipeline.errors import ConfigurationError, GongshiError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

err = Console(stderr=True, highlight=False, soft_wrap=True)


def _folder(name: str, default: str, help_: str) -> Decorator:
    kind = click.Path(path_type=Path)
    return click.option(
        name, type=kind, metavar="DIR", default=default, show_default=True, help=help_
    )


inbox = _folder("--inbox", "private/inbox", "放导出文件的文件夹。")
content = _folder("--content", "content", "网站内容文件夹。")
state = _folder("--state", "private", "内部状态文件夹（不公开，仅本人可读）。")
output = _folder("--output", "output", "发布的网站文件夹。")
today = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    callback=lambda _context, _option, given: _day(given),
    help="按哪一天计算期限；默认今天（北京时间）。",
)


def _day(given: datetime | None) -> date:
    """The day a verb works for: the one given, else today in Asia/Shanghai.

    The only place in the program that reads the clock.
    """
    return given.date() if given else datetime.now(ZoneInfo("Asia/Shanghai")).date()


@contextmanager
def sentences() -> Iterator[None]:
    """Turn the errors a person can meet into their sentences and exit codes."""
    try:
        yield
    except ConfigurationError as error:
        for problem in error.problems:
            err.print(f"错误：{problem}", markup=False)
        raise SystemExit(2) from None
    except GongshiError as error:
        err.print(f"错误：{error}", markup=False)
        raise SystemExit(3) from None
