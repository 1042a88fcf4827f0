"""The page's server: loopback only, a secret address, and nothing taken on trust.

A page of another site in the same browser can send requests here. It knows neither the
token in the address nor the secret in the page, cannot set the header that carries it,
and its ``Origin`` and ``Host`` (DNS rebinding) are refused besides.
"""

from __future__ import annotations

import asyncio
import hmac
import html
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import msgspec
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, Finish, RequestHandler

from pipeline.errors import Busy, ConfigurationError, GongshiError, NotAccepted, why
from pipeline.restricted.assess import State
from pipeline.restricted.review.desk import Case
from pipeline.restricted.review.page import answers
from pipeline.restricted.review.page.keeper import Keeper
from pipeline.restricted.rulings import KINDS

LOOPBACK = "127.0.0.1"
#: A page nobody uses goes away by itself.
IDLE = timedelta(hours=2)
_HERE = Path(__file__).parent
_FILES = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
_MAX_BODY = 64 * 1024
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "review",
}
_Asked = TypeVar("_Asked")


class ReviewServer:
    """One page for one reviewer. ``port`` 0 takes any that is free; see :attr:`address`."""

    def __init__(self, keeper: Keeper, reviewer: str, port: int = 0) -> None:
        self.keeper, self.reviewer = keeper, reviewer
        self.token, self.csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        try:
            self._sockets = bind_sockets(port, LOOPBACK)
        except OSError as error:
            raise ConfigurationError(
                [f"端口 {port} 不能使用（{why(error)}）；请用 --port 换一个。"]
            ) from None
        self.hosts = {f"{name}:{self.port}" for name in (LOOPBACK, "localhost")}

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._sockets[0].getsockname()[1])

    @property
    def address(self) -> str:
        """The address to open: whoever knows it may review."""
        return f"http://{LOOPBACK}:{self.port}/{self.token}/"

    def run(self) -> None:
        """Serve until interrupted, or until nobody has asked anything for :data:`IDLE`."""
        try:
            asyncio.run(self._serve())
        finally:
            self.keeper.close()

    async def _serve(self) -> None:
        over = asyncio.Event()
        server = HTTPServer(self._application(_Idle(over)), max_body_size=_MAX_BODY)
        server.add_sockets(self._sockets)
        await over.wait()
        server.stop()

    def _application(self, idle: _Idle) -> Application:
        given = {"review": self, "idle": idle}
        slug, key = r"([a-z0-9-]{1,80})", r"/[A-Za-z0-9_-]{20,80}"
        return Application(
            [
                (rf"{key}/", _Page, given),
                (rf"{key}/(page\.css|page\.js)", _File, given),
                (rf"{key}/cases", _List, given),
                (rf"{key}/cases/{slug}", _Case, given),
                (rf"{key}/cases/{slug}/words", _Words, given),
                (rf"{key}/cases/{slug}/back", _Back, given),
                (rf"{key}/cases/{slug}/sign", _Sign, given),
                (rf"{key}/clear", _Clear, given),
            ],
            default_handler_class=_Nothing,
            default_handler_args=given,
            log_function=lambda _handler: None,  # the address is a secret
        )


class _Idle:
    """Ends the server when nobody has asked anything for :data:`IDLE`."""

    def __init__(self, over: asyncio.Event) -> None:
        self._over = over
        self._timer = self._begin()

    def used(self) -> None:
        """Somebody asked something."""
        self._timer.cancel()
        self._timer = self._begin()

    def _begin(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(IDLE.total_seconds(), self._over.set)


class _Handler(RequestHandler):
    """Checks every request before anything else, and answers without telling a value."""

    def initialize(self, review: ReviewServer, idle: _Idle) -> None:
        self._review, self._idle = review, idle

    def set_default_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        asked, review = self.request, self._review
        if asked.host not in review.hosts:
            self._refuse(403)
        given = asked.path.split("/")[1]
        if not hmac.compare_digest(given.encode(), review.token.encode()):
            self._refuse(404)
        if asked.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            self._refuse(403)
        if asked.method == "POST":
            self._check_post()
        self._idle.used()

    def _check_post(self) -> None:
        headers = self.request.headers
        if headers.get("Origin") != f"http://{self.request.host}":
            self._refuse(403)
        if headers.get("Content-Type", "").partition(";")[0] != "application/json":
            self._refuse(415)
        given = headers.get("X-Review-Csrf", "")
        if not hmac.compare_digest(given.encode(), self._review.csrf.encode()):
            self._refuse(403)

    def _refuse(self, status: int, message: str = "不能访问。") -> NoReturn:
        self.set_status(status)
        self._answer({"message": message})
        raise Finish

    def _answer(self, told: object) -> None:
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(msgspec.json.encode(told))

    def _asked(self, shape: type[_Asked]) -> _Asked:
        try:
            return msgspec.json.decode(self.request.body, type=shape)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._refuse(400, "请求不完整；请刷新页面再试。")

    def _fresh(self, case: Case, version: str) -> None:
        """Refuse an act on what is no longer as the reviewer saw it."""
        if case.version != version:
            self._refuse(409, "这件决定刚有变动，已重新载入；请重新看过再处理。")

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        message = "审查程序出错，没有记录；请把当时的操作告诉维护人员。"
        if isinstance(error, Busy):
            status_code, message = 423, "另一次运行正在进行；请等它结束后再试。"
        elif isinstance(error, NotAccepted | ConfigurationError):
            status_code, message = 400, str(error)
        elif isinstance(error, GongshiError):
            message = str(error)
        elif status_code < 500:
            message = "不能访问。"
        self.set_status(status_code)
        self._answer({"message": message})

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Say nothing: a traceback could hold a raw value."""


class _Nothing(_Handler):
    def get(self, *_: str) -> None:
        self._refuse(404)

    post = get


class _Page(_Handler):
    def get(self) -> None:
        page = (_HERE / "page.html").read_text(encoding="utf-8")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page.replace("{csrf}", html.escape(self._review.csrf)))


class _File(_Handler):
    def get(self, name: str) -> None:
        self.set_header("Content-Type", _FILES[name])
        self.finish((_HERE / name).read_bytes())


class _List(_Handler):
    def get(self) -> None:
        cases = self._review.keeper.reading().cases()
        self._answer(
            {
                "reviewer": self._review.reviewer,
                "today": self._review.keeper.today.isoformat(),
                "kinds": list(KINDS.items()),
                "clear": sum(case.assessment.state is State.WAITING for case in cases),
                "cases": [answers.listed(case) for case in cases],
            }
        )


class _Case(_Handler):
    def get(self, slug: str) -> None:
        self._answer(answers.told(self._review.keeper.reading().case(slug)))


class _Words(_Handler):
    def post(self, slug: str) -> None:
        words = self._asked(answers.Words)
        with self._review.keeper.writing() as desk:
            case = desk.case(slug)
            self._fresh(case, words.version)
            asked = answers.asked(desk, case, words)
            self._answer(answers.told(desk.rule(slug, asked, self._review.reviewer)))


class _Back(_Handler):
    def post(self, slug: str) -> None:
        back = self._asked(answers.Back)
        with self._review.keeper.writing() as desk:
            case = desk.case(slug)
            self._fresh(case, back.version)
            places = answers.mark_of(case, back.mark).places
            self._answer(answers.told(desk.take_back(slug, places)))


class _Sign(_Handler):
    def post(self, slug: str) -> None:
        sign = self._asked(answers.Sign)
        with self._review.keeper.writing() as desk:
            self._fresh(desk.case(slug), sign.version)
            case = desk.sign(slug, sign.act, self._review.reviewer, sign.note[:200])
            self._answer(answers.told(case))


class _Clear(_Handler):
    def post(self) -> None:
        with self._review.keeper.writing() as desk:
            self._answer({"count": desk.approve_clear(self._review.reviewer)})
