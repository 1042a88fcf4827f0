"""``publish``: one whole run."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import click
from rich.console import Console

from pipeline import publish as run
from pipeline import report as reports
from pipeline.commands import frame
from pipeline.commands.bars import bars
from pipeline.places import Places
from pipeline.restricted.cluster.hire import hire


@click.command()
@frame.inbox
@frame.content
@frame.state
@frame.output
@frame.today
@click.option("--approve-as", metavar="姓名", default="", help="以此人名义批准所有无疑问的决定。")
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    envvar="GONGSHI_KEY",
    help="给发布清单签名的私钥（Ed25519，PEM，仅本人可读）；也可用环境变量 GONGSHI_KEY。",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    default="",
    help="遮盖交给 Dask 集群：local:N（本机 N 个进程）或调度程序的地址 tls://主机:端口；"
    "需要 pip install '.[cluster]'，见 docs/scale.md。",
)
@click.option(
    "--cluster-plaintext",
    is_flag=True,
    help="允许不加密的 tcp:// 连接其他机器（个人信息明文传输，只限与外界隔离的网络）。",
)
def publish(
    inbox: Path,
    content: Path,
    state: Path,
    output: Path,
    today: date,
    approve_as: str,
    key: Path | None,
    cluster: str,
    cluster_plaintext: bool,
) -> None:
    """完成一次完整运行：读取、遮盖、审查、计算期限、生成网站、检查泄露、发布。"""
    places = Places(inbox, content, state, output)
    with (
        frame.sentences(),
        bars(frame.err) as watch,
        closing(hire(cluster, state, in_clear=cluster_plaintext)) as hands,
    ):
        report = run.publish(
            places,
            today=today,
            approve_as=approve_as.strip(),
            key=key,
            hands=hands,
            watch=watch,
        )
    Console(highlight=False, soft_wrap=True).print(reports.in_words(report), markup=False)
    raise SystemExit(report.exit_code)
