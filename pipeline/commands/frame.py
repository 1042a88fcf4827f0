"""What all verbs share: their folders and day as options, and errors as sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from traceback import extract_tb
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


#: A day outside is a slip of the finger, and could take down a whole site.
_YEARS = range(1996, 2100)


def _day(given: datetime | None) -> date:
    """The day a verb works for: the one given, else today in Asia/Shanghai.

    The only place in the program that reads the clock.
    """
    day = given.date() if given else datetime.now(ZoneInfo("Asia/Shanghai")).date()
    if day.year not in _YEARS:
        raise click.BadParameter(f"年份应在 {_YEARS[0]} 与 {_YEARS[-1]} 之间。")
    return day


def now() -> date:
    """Today in Asia/Shanghai, for a verb that runs past midnight."""
    return _day(None)


@contextmanager
def sentences() -> Iterator[None]:
    """Turn the errors a person can meet into their sentences and exit codes.

    Of an error nobody foresaw, only its kind and place are shown: its text, and the
    traceback Python would print, could hold a raw value.
    """
    try:
        yield
    except ConfigurationError as error:
        for problem in error.problems:
            err.print(f"错误：{problem}", markup=False)
        raise SystemExit(2) from None
    except GongshiError as error:
        err.print(f"错误：{error}", markup=False)
        raise SystemExit(3) from None
    except BrokenPipeError:  # whoever reads has enough
        raise
    except OSError as error:
        err.print(f"错误：读写文件时出错（{error.strerror}）；请检查磁盘空间和权限。", markup=False)
        raise SystemExit(3) from None
    except Exception as error:
        places = [f"{Path(f.filename).name}:{f.lineno}" for f in extract_tb(error.__traceback__)]
        err.print(
            f"错误：程序内部错误 {type(error).__name__}（{' → '.join(places[-4:])}）；没有发布，"
            "原有站点保持不变。请把这一行告诉维护人员。",
            markup=False,
        )
        raise SystemExit(3) from None
