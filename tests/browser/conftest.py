"""One Chromium for all tests of a process; folders served as the web server would."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The installed Chromium, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    installed = next((found for name in names if (found := shutil.which(name))), None)
    path = os.environ.get("GONGSHI_CHROMIUM") or installed
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close what a test opened: a page left open goes on running, beside all later tests."""
    browser = request.getfixturevalue("chromium") if "chromium" in request.fixturenames else None
    before = set(browser.contexts) if browser else set()
    yield
    for context in set(browser.contexts) - before if browser else ():
        context.close()


def policy() -> str:
    """The Content-Security-Policy that the deployed nginx sends."""
    text = (ROOT / "deploy/nginx/site.conf").read_text("utf-8")
    found = re.search(r'add_header Content-Security-Policy "([^"]+)"', text)
    assert found
    return found[1]


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing, and sends the policy of the real server."""

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", policy())
        super().end_headers()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """``folder`` on a local port: its address, with a slash at the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
