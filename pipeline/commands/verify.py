"""``verify``: does a folder still say what was released?"""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from pipeline.commands import frame
from pipeline.public import release


@click.command()
@click.argument("output", metavar="OUTPUT", type=click.Path(path_type=Path))
def verify(output: Path) -> None:
    """对照清单（manifest.json）检查网站文件夹或其副本：多了、改了、少了哪些文件。"""
    out = Console(highlight=False, soft_wrap=True)
    with frame.sentences():
        difference = release.verify(output)
    if difference is None:
        out.print(f"{output} 中没有可读的 {release.MANIFEST}，无法核对。", markup=False)
        raise SystemExit(2)
    if not difference:
        out.print("与发布清单一致。")
        return
    for title, names in (
        ("多出的文件", difference.added),
        ("被改动的文件", difference.changed),
        ("缺失的文件", difference.lost),
    ):
        for name in names:
            out.print(f"{title}：{name}", markup=False)
    raise SystemExit(3)
