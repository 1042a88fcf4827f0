"""``sweep``: take what is due from a released site, on the web server itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.console import Console

from pipeline.commands import frame
from pipeline.public.sweep import sweep as swept_from

_EPILOG = "退出码：0 完成，或没有到期的；2 不是发布的网站，没有改动；4 已撤下，但仍有文件提到它们。"


@click.command(epilog=_EPILOG)
@click.argument("webroot", metavar="WEBROOT", type=click.Path(path_type=Path))
@frame.today
def sweep(webroot: Path, today: date) -> None:
    """撤下网站文件夹中公示期已满的决定，不需要内部数据。

    供网站服务器每晚自动运行：页面、列表、订阅、下载、检索、网站地图中到期的一并去掉，
    清单（manifest.json）随之更新，verify 仍可核对。
    """
    out = Console(highlight=False, soft_wrap=True)
    with frame.sentences():
        done = swept_from(webroot, today)
    if not (done.deleted or done.changed):
        out.print("没有到期的决定。")
        return
    out.print(
        f"撤下 {len(done.decisions)} 件：删除 {len(done.deleted)} 个文件，"
        f"修改 {len(done.changed)} 个文件。"
    )
    for slug in done.decisions:
        out.print(f"  · decisions/{slug}/", markup=False)
    if done.named:
        for name in done.named:
            out.print(f"仍提到已撤下的决定，请人工删除：{name}", markup=False)
        raise SystemExit(4)
