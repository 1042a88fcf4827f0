"""What all verbs share: their folders and day as options, and errors as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from pipeline.errors import Busy, ConfigurationError, GongshiError

err = Console(stderr=True, highlight=False, soft_wrap=True)

Inbox = Annotated[Path, typer.Option("--inbox", help="放导出文件的文件夹", show_default=True)]
Content = Annotated[Path, typer.Option("--content", help="网站内容文件夹", show_default=True)]
State = Annotated[Path, typer.Option("--state", help="内部状态文件夹（不公开，仅本人可读）")]
Output = Annotated[Path, typer.Option("--output", help="发布的网站文件夹")]
Today = Annotated[
    datetime | None,
    typer.Option(
        "--today",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="按哪一天计算期限；默认今天（北京时间）",
        show_default=False,
    ),
]

INBOX, CONTENT, STATE, OUTPUT = (
    Path("private/inbox"),
    Path("content"),
    Path("private"),
    Path("output"),
)


def day(given: datetime | None) -> date:
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
        raise typer.Exit(2) from None
    except Busy as error:
        err.print(f"错误：{error}", markup=False)
        raise typer.Exit(3) from None
    except GongshiError as error:
        err.print(f"错误：{error}", markup=False)
        raise typer.Exit(3) from None
