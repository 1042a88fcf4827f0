"""The page's server opens for nobody but the reviewer at this machine."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from pipeline.restricted.ledger import Ledger
from tests.conftest import ROOT
from tests.test_review import PHONE, TODAY, WAYBILL, raw

FACTS = f"证人覃测乐到场，覃测乐称其不知情。经办记录{WAYBILL}。"
EVIL = '<img src=x onerror="alert(1)">&amp;'


class Running(NamedTuple):
    """A server of its own process, and its address."""

    process: subprocess.Popen[str]
    address: str
    state: Path

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: Any = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request, with exactly these headers."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        data = json.dumps(body).encode() if body is not None else None
        connection.putrequest(method, path, skip_host=True)
        for name, value in ({"Host": self.host} | (headers or {})).items():
            connection.putheader(name, value)
        if data is not None:
            connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        answer = connection.getresponse()
        got = answer.status, dict(answer.getheaders()), answer.read()
        connection.close()
        return got

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        """What the page itself sends, with changes to its headers."""
        page = self.ask("GET", self.path)[2].decode()
        csrf = re.search(r'name="csrf" content="([^"]+)"', page)
        assert csrf
        own = {
            "Origin": f"http://{self.host}",
            "Content-Type": "application/json",
            "X-Review-Csrf": csrf[1],
        }
        changed = {k: v for k, v in (own | headers).items() if v}
        status, _, answer = self.ask("POST", self.path + path, changed, body)
        return status, json.loads(answer)

    def get(self, path: str) -> Any:
        return json.loads(self.ask("GET", self.path + path)[2])


def rows() -> list[Any]:
    return [
        raw(FACTS, case_name="覃测乐占道案"),
        raw("堆放杂物。", number=2, phone=PHONE),
        raw(f"另案处理。{EVIL}联系电话{PHONE}。", number=3),
    ]


def serve(folder: Path, *given: Any) -> Iterator[Running]:
    """``review serve`` over a ledger of invented rows."""
    state = folder / "private"
    with Ledger(state / "ledger.db") as ledger:
        ledger.take_over(given or rows(), TODAY)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "pipeline", "review", "serve", "--by", "审查员甲"),
            *("--state", str(state), "--content", str(ROOT / "content")),
            *("--today", TODAY.isoformat()),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdout
    address = ""
    while not address.startswith("http://"):
        line = process.stdout.readline()
        assert line, process.stderr and process.stderr.read()
        address = line.strip()
    try:
        yield Running(process, address, state)
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert "覃测乐" not in out + err
        assert "Traceback" not in err


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from serve(tmp_path_factory.mktemp("review"))


def test_it_listens_on_the_loopback_alone(page: Running) -> None:
    assert page.address.startswith("http://127.0.0.1:")
    assert len(page.path) > 40
    port = int(page.host.rpartition(":")[2])
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port)}
    for other in others - {"127.0.0.1", "127.0.1.1", "::1"}:
        with socket.socket(socket.AF_INET6 if ":" in str(other) else socket.AF_INET) as knocking:
            knocking.settimeout(2)
            assert knocking.connect_ex((str(other), port)) != 0


def test_every_answer_is_closed_to_others_and_kept_nowhere(page: Running) -> None:
    for path in ("", "page.js", "page.css", "cases", "cases/none", "nothing"):
        _, headers, _ = page.ask("GET", page.path + path)
        assert headers["Cache-Control"] == "no-store", path
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert not any(name.startswith("Access-Control") for name in headers)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 404),
        ("/wrongtokenwrongtokenwrongtokenwrongtoken0/", {}, 404),
        ("/wrongtokenwrongtokenwrongtokenwrongtoken0/cases", {}, 404),
        ("TOKEN/cases", {"Host": "evil.example"}, 403),
        ("TOKEN/cases", {"Host": "127.0.0.1"}, 403),
        ("TOKEN/cases", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("TOKEN/cases", {"Sec-Fetch-Site": "same-site"}, 403),
        ("TOKEN/../cases", {}, 404),
        ("TOKEN/page.html", {}, 404),
        ("TOKEN/cases/..%2f..", {}, 404),
    ],
)
def test_who_does_not_belong_gets_nothing(
    page: Running, path: str, headers: dict[str, str], status: int
) -> None:
    got, _, body = page.ask("GET", path.replace("TOKEN", page.path.rstrip("/")), headers)
    assert got == status
    assert "石壕" not in body.decode()


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Origin": ""}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"X-Review-Csrf": ""}, 403),
        ({"X-Review-Csrf": "x"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_no_other_site_can_act(page: Running, changed: dict[str, str], status: int) -> None:
    slug = page.get("cases")["cases"][0]["slug"]
    version = page.get(f"cases/{slug}")["version"]
    got, _ = page.post(f"cases/{slug}/sign", {"version": version, "act": "approve"}, **changed)
    assert got == status
    assert page.get(f"cases/{slug}")["version"] == version


def test_reading_changes_nothing(page: Running) -> None:
    for path in ("clear", "cases/x/sign", "cases/x/words"):
        assert page.ask("GET", page.path + path)[0] == 405


@pytest.mark.parametrize("body", [{}, [], {"version": "x"}, {"version": "x", "act": "delete"}])
def test_a_malformed_request_is_one_sentence(page: Running, body: Any) -> None:
    slug = page.get("cases")["cases"][0]["slug"]
    status, told = page.post(f"cases/{slug}/sign", body)
    assert status == 400
    assert "刷新" in told["message"]


def test_a_body_of_any_size_is_not_read(page: Running) -> None:
    before = page.get("cases")
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
        assert page.post("clear", {"x": "y" * 200_000})[0] == 400
    assert page.get("cases") == before


def test_an_act_on_what_has_changed_is_not_taken(page: Running) -> None:
    slug = page.get("cases")["cases"][0]["slug"]
    status, told = page.post(f"cases/{slug}/sign", {"version": "0" * 16, "act": "approve"})
    assert status == 409
    assert "重新看过" in told["message"]


def test_an_unlawful_wish_is_answered_with_the_reason(page: Running) -> None:
    (slug,) = [c["slug"] for c in page.get("cases")["cases"] if "〕3号" in c["number"]]
    case = page.get(f"cases/{slug}")
    (mark,) = [m for m in case["marks"] if m["replacement"] == "［电话］"]
    asked = {"version": case["version"], "asked": [{"mark": mark["id"], "act": "show"}]}
    status, told = page.post(f"cases/{slug}/words", asked)
    assert status == 400
    assert "不能显示" in told["message"]
    assert PHONE not in told["message"]


def test_a_nightly_run_is_not_shut_out_and_shuts_out(page: Running) -> None:
    from pipeline.state import StateFolder

    with StateFolder(page.state):
        status, told = page.post("clear", {})
    assert status == 423
    assert "另一次运行" in told["message"]
