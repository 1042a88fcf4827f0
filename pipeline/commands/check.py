"""``check``: everything that is wrong with content, configuration and inbox, in one go."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from pipeline import policy
from pipeline.agencies import Agency, load_agencies
from pipeline.commands import frame
from pipeline.errors import ConfigurationError
from pipeline.places import Places
from pipeline.public import advice, store
from pipeline.public import content as written
from pipeline.public.released import release, signature
from pipeline.restricted.comply.totals import chosen
from pipeline.restricted.read import read_inbox
from pipeline.restricted.read.attachments import read_attachments
from pipeline.state import StateFolder

_EPILOG = "退出码：0 没有错误（可能有提醒）；2 有错误，改好以前不能发布或者有文件读不出来。"
_SPACE = 1 << 30
_SHOWN_OF_A_FILE = 20


class Findings:
    """Errors (a release cannot go on, or misses something) and warnings, each once."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.warnings: list[str] = []

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Take over the problems of a :class:`ConfigurationError` and go on."""
        try:
            yield
        except ConfigurationError as error:
            self.errors += [told for told in error.problems if told not in self.errors]

    def warn(self, told: Iterable[str]) -> None:
        """Take over warnings, and what stops them from being found."""
        with self.collecting():
            self.warnings += [one for one in told if one not in self.warnings]


@click.command(epilog=_EPILOG)
@frame.inbox
@frame.content
@frame.state
@frame.output
@frame.today
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="GONGSHI_KEY",
    help="签名用的私钥：一并核对能否使用；也可用环境变量 GONGSHI_KEY。",
)
def check(
    inbox: Path, content: Path, state: Path, output: Path, today: date, key: Path | None
) -> None:
    """检查内容、配置和收件箱，一次说明全部问题；不发布，不改动任何文件。

    错误改好以前不能发布；提醒不影响发布，但应当处理（证件将到期、缺少明年的调休安排等）。
    """
    found, places = Findings(), Places(inbox, content, state, output)
    with frame.sentences():
        _policies(found)
        _content(found, places, today)
        _inbox(found, places)
        _folders(found, places, key)
    _tell("错误", found.errors)
    _tell("提醒", found.warnings)
    if not found.errors:
        click.echo("没有错误，可以运行 publish。")
    raise SystemExit(2 if found.errors else 0)


def _policies(found: Findings) -> None:
    for name in policy.names():
        with found.collecting():
            policy.load(name)
            chosen(name)


def _content(found: Findings, places: Places, today: date) -> None:
    content = places.content
    for folder in sorted(content.glob("agencies/*/")):
        if folder.is_dir() and not (folder / "agency.toml").is_file():
            found.errors.append(f"{folder.name}：缺少 agency.toml，这个机关不会公示；请补上。")
    found.warn(advice.of_files(content))
    with found.collecting():
        loaded = written.load(content)
        found.warn(advice.of_content(content, loaded, today))
        shown = StateFolder(places.state).store
        if shown.is_file():
            names = {e.decision.slug for e in store.read(shown)} | {
                g.slug for g in store.gone(shown)
            }
            found.warn(advice.of_links(content, loaded, names))


def _inbox(found: Findings, places: Places) -> None:
    agencies: dict[str, Agency] = {}
    with found.collecting():
        agencies = dict(load_agencies(places.content))
    with found.collecting():
        for reading in read_inbox(places.inbox, agencies):
            if reading.refused:
                found.errors.append(f"{reading.file}：{reading.refused}")
            found.warn(f"{column}：{_UNDECLARED}" for column in reading.undeclared)
            if agencies:
                found.warn(_cut(reading.file, [str(one) for one in reading.rejected]))
        for document in read_attachments(places.inbox):
            if document.refused:
                found.errors.append(f"{document.shown_as}：{document.refused}")


_UNDECLARED = "没有登记过的列，一律不公开；应当公开的，请把列名改成 docs/数据字典.md 中的写法。"


def _cut(file: str, told: list[str]) -> list[str]:
    if len(told) <= _SHOWN_OF_A_FILE:
        return told
    rest = Counter(one.split("：", 1)[-1] for one in told[_SHOWN_OF_A_FILE:]).most_common(1)[0]
    left = len(told) - _SHOWN_OF_A_FILE
    return [*told[:_SHOWN_OF_A_FILE], f"{file}：另有 {left} 行没有接受，最多的是：{rest[0]}"]


def _folders(found: Findings, places: Places, key: Path | None) -> None:
    with found.collecting():
        places.check_apart()
    with found.collecting():
        release.check_target(places.output)
    if key:
        with found.collecting():
            signature.private_key(key, (places.output, places.content))
    for name, folder in (("状态文件夹", places.state), ("网站文件夹", places.output.parent)):
        above = next(one for one in (folder, *folder.absolute().parents) if one.exists())
        if not os.access(above, os.W_OK | os.X_OK):
            found.errors.append(f"{name}不能写入；请检查 {above} 的权限和所有者。")
        if shutil.disk_usage(above).free < _SPACE:
            found.warn([f"{name}所在的磁盘剩余不足 1 GB；请清理，以免发布中断。"])
    if os.name != "nt":
        found.warn(_open_to_others(places))


def _open_to_others(places: Places) -> Iterator[str]:
    inside = places.inbox.resolve().is_relative_to(places.state.resolve())
    for folder in (places.state, *([] if inside else [places.inbox])):
        if folder.is_dir() and folder.stat().st_mode & 0o077:
            yield f"{folder} 对其他用户开放，其中有未遮盖的数据；请执行 chmod 700 {folder}。"


def _tell(title: str, told: list[str]) -> None:
    if not told:
        return
    click.echo(f"{title} {len(told)} 处：")
    for number, one in enumerate(told, 1):
        click.echo(f"{number:3}. {one}")
