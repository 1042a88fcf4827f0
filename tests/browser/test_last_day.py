"""What is past its last day is not shown, in a real browser, although nobody has rebuilt."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.public.sweep import sweep
from tests.test_sweep import AFTER, DUE, LAST, STAYING, make_release

pytestmark = pytest.mark.browser
COMPANY, _, _, NEWEST, NOTICE = DUE
# Midnight in China lies at 16:00 of the day before in UTC.
BEFORE, MIDNIGHT = f"{LAST}T15:59:58Z", f"{LAST}T16:00:01Z"
#: Where visitors' clocks are a day ahead of China's, behind it, and the same.
ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Shanghai")


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def served(folder: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("released"))


@pytest.fixture(scope="module")
def address(released: Path) -> Iterator[str]:
    yield from served(released)


def visit(
    chromium: Browser, url: str, now: str, zone: str = "Asia/Shanghai", script: bool = True
) -> Page:
    context = chromium.new_context(timezone_id=zone, java_script_enabled=script)
    page = context.new_page()
    if script:
        page.clock.install(time=now)
    page.goto(url)
    return page


def everything(page: Page) -> str:
    """All that a visitor, or whoever saves the page, can read of it."""
    return f"{page.title()} {page.evaluate('document.documentElement.outerHTML')}"


@pytest.mark.parametrize("zone", ZONES)
def test_a_page_is_empty_from_midnight_in_china(chromium: Browser, address: str, zone: str) -> None:
    url = f"{address}decisions/{COMPANY.decision.slug}/"
    page = visit(chromium, url, BEFORE, zone)
    expect(page.get_by_role("heading", level=1)).to_contain_text(COMPANY.decision.party)
    expect(page.get_by_text("公示期已满")).to_be_hidden()
    page = visit(chromium, url, MIDNIGHT, zone)
    expect(page.get_by_role("heading", name="公示期已满")).to_be_visible()
    decision = COMPANY.decision
    for text in (decision.party, decision.number, *decision.details.values()):
        assert text not in everything(page)


def test_a_notice_goes_as_its_decision_would_have(chromium: Browser, address: str) -> None:
    page = visit(chromium, f"{address}decisions/{NOTICE.decision.slug}/", MIDNIGHT)
    expect(page.get_by_role("heading", name="公示期已满")).to_be_visible()
    assert NOTICE.decision.number not in everything(page)
    page = visit(chromium, f"{address}decisions/withdrawn/", MIDNIGHT)
    assert NOTICE.decision.number not in everything(page)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "path",
    ["", "decisions/", "decisions/page/*/", "decisions/year/2025/", "agencies/shihao/decisions/", "agencies/shihao/"],
)  # fmt: skip
def test_lists_name_nobody_who_is_past(
    chromium: Browser, released: Path, address: str, path: str, zone: str
) -> None:
    named = 0
    for found in released.glob(f"{path}index.html"):
        url = found.relative_to(released).as_posix().removesuffix("index.html")
        whole = everything(visit(chromium, f"{address}{url}", MIDNIGHT, zone))
        for one in DUE:
            assert one.decision.slug not in whole
            assert not one.decision.party or one.decision.party not in whole
        named += sum(one.decision.slug in whole for one in STAYING)
    assert named >= 4


def test_on_the_last_day_the_lists_still_name_them(chromium: Browser, address: str) -> None:
    page = visit(chromium, address, BEFORE)
    assert NEWEST.decision.party in everything(page)


def test_nothing_flashes_up_while_the_page_is_read(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script(
        "window.seen = ''; (function look() { window.seen += document.body?.innerText ?? '';"
        " requestAnimationFrame(look); })();"
    )
    page.clock.set_fixed_time(MIDNIGHT)
    page.goto(f"{address}decisions/{COMPANY.decision.slug}/")
    expect(page.get_by_role("heading", name="公示期已满")).to_be_visible()
    assert COMPANY.decision.party not in page.evaluate("window.seen")


def test_a_page_left_open_over_midnight_empties_itself(chromium: Browser, address: str) -> None:
    page = visit(chromium, f"{address}decisions/{COMPANY.decision.slug}/", BEFORE)
    page.clock.fast_forward("15:00")
    expect(page.get_by_role("heading", name="公示期已满")).to_be_visible()
    assert COMPANY.decision.party not in everything(page)


def test_without_script_the_page_says_its_last_day(chromium: Browser, address: str) -> None:
    page = visit(chromium, f"{address}decisions/{COMPANY.decision.slug}/", MIDNIGHT, script=False)
    # Playwright's locators by text pass over <noscript>, though the browser shows it.
    assert "公示到2026年11月30日（含当日）" in page.locator("main").inner_text()
    page = visit(chromium, f"{address}decisions/", MIDNIGHT, script=False)
    assert "您的浏览器没有运行脚本" in page.locator("main").inner_text()


def test_search_finds_it_until_midnight_in_china(chromium: Browser, address: str) -> None:
    url = f"{address}search/?q={COMPANY.decision.party}"
    for zone in ZONES:
        expect(visit(chromium, url, BEFORE, zone).locator("ol.items li")).to_have_count(1)
        page = visit(chromium, url, MIDNIGHT, zone)
        expect(page.get_by_text("没有找到")).to_be_visible()
        assert COMPANY.decision.number not in everything(page)


def test_after_a_sweep_search_finds_the_others(
    chromium: Browser, released: Path, tmp_path: Path
) -> None:
    site = Path(shutil.copytree(released, tmp_path / "site"))
    sweep(site, AFTER)
    for address in served(site):
        gone = visit(chromium, f"{address}search/?q={COMPANY.decision.party}", BEFORE)
        expect(gone.get_by_text("没有找到")).to_be_visible()
        for one in (STAYING[0], STAYING[-1]):
            page = visit(chromium, f"{address}search/?q={one.decision.party}", BEFORE)
            expect(page.locator("ol.items li")).to_have_count(1)


def test_an_emptied_list_says_so(chromium: Browser, address: str) -> None:
    page = visit(chromium, f"{address}decisions/kind/levy/", "2031-01-01T00:00:00Z")
    expect(page.locator(".empty")).to_contain_text("公示期已满")
    expect(page.locator("ol.items")).to_have_count(0)
