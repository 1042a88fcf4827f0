"""Where the workers are: what ``--cluster`` may say."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple

from pipeline.errors import ConfigurationError

_MOST = 256
_LOCAL = re.compile(r"local:([1-9]\d{0,3})")
_REMOTE = re.compile(r"(tls|tcp)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([1-9]\d{0,4})")

IN_CLEAR = (
    "{} 不加密，个人信息会在网络上明文传输；请改用 tls:// 并配置证书（见 docs/scale.md），"
    "只有在与外界隔离的网络里才可加 --cluster-plaintext。"
)


class Local(NamedTuple):
    """Processes of this machine, started for the run and ended with it."""

    workers: int


class Remote(NamedTuple):
    """The scheduler of a cluster that others started."""

    address: str
    in_clear: bool

    @property
    def encrypted(self) -> bool:
        """Whether what is said to it is."""
        return self.address.startswith("tls://")


def parse(text: str, *, in_clear: bool = False) -> Local | Remote:
    """``local:N`` or the address of a scheduler. ``in_clear``: without TLS, too.

    Raises :class:`ConfigurationError` for anything else, and for ``tcp://`` to another
    machine unless ``in_clear``.
    """
    if (found := _LOCAL.fullmatch(text)) and (workers := int(found[1])) <= _MOST:
        return Local(workers)
    if text.startswith("local"):
        raise ConfigurationError(
            [f"--cluster local:N 的 N 应是 1 到 {_MOST} 的整数，例如 local:2。"]
        )
    if not (found := _REMOTE.fullmatch(text)) or int(found[3]) > 65535:
        raise ConfigurationError(
            ["--cluster 应写 local:N（本机 N 个进程）或调度程序的地址，例如 tls://10.0.0.5:8786。"]
        )
    if not in_clear and is_open(text):
        raise ConfigurationError([IN_CLEAR.format(text)])
    return Remote(text, in_clear)


def is_open(address: str) -> bool:
    """Whether what is said to this address can be read on its way to another machine."""
    scheme, _, place = address.partition("://")
    return scheme != "tls" and not _on_this_machine(place.rpartition(":")[0])


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
