"""Where Dask comes in: processes of this machine started, or a scheduler reached.

Both over TLS: on this machine with a key made for the run, since whoever reaches a scheduler
without one, any local user for example, may run what he likes in its workers.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from pipeline.errors import ClusterFailed, ConfigurationError
from pipeline.restricted.cluster.address import Local, Remote

#: Nothing on the disk, and no web pages; how much memory is used is the operating system's.
_LOCAL: Mapping[str, object] = {
    **{f"distributed.worker.memory.{at}": False for at in ("target", "spill", "pause")},
    "distributed.worker.memory.terminate": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
_FILES = {
    "tls_ca_file": "distributed.comm.tls.ca-file",
    "tls_client_cert": "distributed.comm.tls.client.cert",
}


def need_dask() -> None:
    """Raise :class:`ConfigurationError` when Dask is not installed."""
    try:
        import distributed
    except ImportError:
        raise ConfigurationError(
            ["--cluster 需要 Dask：请在本程序的文件夹运行 pip install '.[cluster]'，再重试。"]
        ) from None
    # Its sentences are English, and its warnings are about what is checked here anyway.
    logging.getLogger(distributed.__name__).setLevel(logging.CRITICAL)


@contextmanager
def local(place: Local, scratch: Path) -> Iterator[Any]:
    """A client of so many processes of this machine; ``scratch`` is theirs, and is removed."""
    import dask
    from distributed import Client, LocalCluster, Security

    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        stack.enter_context(dask.config.set({**_LOCAL, "temporary-directory": str(scratch)}))
        try:
            cluster = LocalCluster(
                n_workers=place.workers,
                threads_per_worker=1,
                host="127.0.0.1",
                security=Security.temporary(),
                memory_limit=0,
                dashboard_address=None,
                local_directory=str(scratch),
                silence_logs=logging.CRITICAL,
            )
        except (OSError, RuntimeError) as error:
            raise ClusterFailed(
                f"不能启动本机的 {place.workers} 个工作进程（{type(error).__name__}）；"
                "请减少个数或检查内存。没有发布，原有站点保持不变。"
            ) from None
        stack.enter_context(cluster)
        yield stack.enter_context(Client(cluster, set_as_default=False))


@contextmanager
def remote(place: Remote, timeout: float) -> Iterator[Any]:
    """A client of the scheduler at an address; waits ``timeout`` seconds at most."""
    from distributed import Client

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            security = _credentials() if place.encrypted else None
            client = Client(place.address, timeout=timeout, security=security, set_as_default=False)
    except (OSError, TimeoutError):
        raise ClusterFailed(
            f"{timeout:.0f} 秒内连不上 {place.address}；请检查地址、防火墙和证书，"
            "以及 dask scheduler 是否在运行。没有发布，原有站点保持不变。"
        ) from None
    with client:
        yield client


def _credentials() -> Any:
    """The certificates that Dask's own configuration names."""
    from distributed import Security

    security = Security(require_encryption=True)
    missing = [
        f"{name}（{path or '没有设置'}）"
        for field, name in _FILES.items()
        if not (path := getattr(security, field)) or not Path(path).is_file()
    ]
    if missing:
        raise ConfigurationError(
            [f"tls:// 需要证书，Dask 的配置里缺：{'、'.join(missing)}；写法见 docs/scale.md。"]
        )
    return security
