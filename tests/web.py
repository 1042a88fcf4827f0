"""The real nginx with the deployed configuration over a folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

NGINX = shutil.which("nginx", path=os.pathsep.join((os.environ["PATH"], "/usr/sbin")))


@contextmanager
def serving(root: Path, place: Path) -> Iterator[str]:
    """nginx over ``root``, its own files in ``place``: the address it answers at."""
    assert NGINX, "nginx is missing: install it (Debian: nginx-light)"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("gone.conf", "site.conf"):
        text = (ROOT / "deploy/nginx" / name).read_text(encoding="utf-8")
        text = text.replace("/srv/gongshi/output", str(root)).replace(":8080", f":{port}")
        (place / name).write_text(text)
    temporary = "".join(
        f"{kind}_temp_path {place};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""
    (place / "nginx.conf").write_text(
        f"{user} worker_processes 1; daemon off; pid {place}/pid; error_log {place}/log;"
        f"events {{}} http {{ access_log off; {temporary} include {place}/gone.conf;"
        f" include {place}/site.conf; }}"
    )
    started = subprocess.Popen(
        [NGINX, "-p", place, "-c", place / "nginx.conf", "-e", place / "log"]
    )
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        started.terminate()
        started.wait(10)


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not start")


def reload(place: Path) -> None:
    """Have the nginx that works in ``place`` read its configuration and the gone list again."""
    assert NGINX
    words = [NGINX, "-p", place, "-c", place / "nginx.conf", "-e", place / "log", "-s", "reload"]
    subprocess.run(words, check=True, capture_output=True)
