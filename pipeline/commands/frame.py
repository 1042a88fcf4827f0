"""What all verbs share: their folders and day as options, and errors as sentences."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console

from pipeline.errors import ConfigurationError, GongshiError, whereabouts, why

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


_BROKEN = (
    "状态文件夹里有数据库文件损坏，或者不是本程序的。先运行 ledger check：台账损坏的请恢复备份；"
    "台账完好的，删去状态文件夹下的 public 文件夹，再运行 publish，会重新生成。"
)


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
        place = _file_of(error)
        err.print(f"错误：{place}读写出错（{why(error)}）；请检查磁盘空间和权限。", markup=False)
        raise SystemExit(3) from None
    except sqlite3.Error:
        err.print(f"错误：{_BROKEN}", markup=False)
        raise SystemExit(3) from None
    except Exception as error:
        err.print(
            f"错误：程序内部错误 {whereabouts(error)}；没有发布，原有站点保持不变。"
            "请把这一行告诉维护人员。",
            markup=False,
        )
        raise SystemExit(3) from None


def _file_of(error: OSError) -> str:
    """Which file it was, as a report may print it; "文件" when the system does not say."""
    if not isinstance(error.filename, str | Path):
        return "文件"
    from pipeline.restricted.read.presentable import presentable

    return f"{presentable(str(error.filename))} "
