"""The lobby screen turns by itself, stops when asked, and keeps still for who wants it still."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.public.library import library
from tests.conftest import ROOT
from tests.rendering import demo, rendered
from tests.test_library import TODAY, line

pytestmark = pytest.mark.browser
AFTER_ALL = "2031-11-06T12:00:00Z"  # past the last day of every decision on it


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("screen")
    shutil.copytree(ROOT / "theme" / "static", folder / "theme")
    own = {"shihao": demo().folders["shihao"]}
    made = rendered(library.pages(demo()._replace(folders=own), [line(n) for n in range(9)], TODAY))
    page = folder / "agencies/shihao/screen/index.html"
    page.parent.mkdir(parents=True)
    page.write_text(made["agencies/shihao/screen/"], encoding="utf-8")
    return page.as_uri()


def opened(
    chromium: Browser, address: str, at: str = "2026-11-20T02:00:00Z", **how: object
) -> Page:
    page = chromium.new_context(**how).new_page()  # type: ignore[arg-type]
    page.clock.install(time=at)
    page.goto(address)
    return page


def place(page: Page) -> str:
    return page.locator("[data-screen-place]").inner_text()


def test_it_turns_stops_and_goes_on(chromium: Browser, address: str) -> None:
    page = opened(chromium, address)
    assert place(page) == "第1屏，共7屏"
    assert page.locator(".slide:visible").count() == 1
    page.clock.run_for(12_100)
    assert place(page) == "第2屏，共7屏"
    pause = page.get_by_role("button", name="暂停翻页")
    pause.focus()
    page.keyboard.press("Enter")
    page.clock.run_for(60_000)
    assert place(page) == "第2屏，共7屏"
    expect(page.get_by_role("button", name="继续翻页")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert place(page) == "第3屏，共7屏"
    page.get_by_role("button", name="继续翻页").click()
    page.clock.run_for(5 * 12_100)
    assert place(page) == "第1屏，共7屏"


def test_it_keeps_still_for_who_asks_for_less_motion(chromium: Browser, address: str) -> None:
    page = opened(chromium, address, reduced_motion="reduce")
    page.clock.run_for(60_000)
    assert place(page) == "第1屏，共7屏"
    page.get_by_role("button", name="下一屏").click()
    assert place(page) == "第2屏，共7屏"
    name = page.evaluate("getComputedStyle(document.querySelector('.slide.on')).animationName")
    assert name == "none"


def test_without_a_script_everything_is_there(chromium: Browser, address: str) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    assert page.locator(".slide:visible").count() == 7
    assert page.get_by_role("button", name="暂停翻页").count() == 0


def test_it_skips_the_decisions_when_all_of_them_came_down(chromium: Browser, address: str) -> None:
    page = opened(chromium, address, at=AFTER_ALL)
    assert place(page) == "第1屏，共6屏"
    assert "演示第8公司" not in page.content()


@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_runs_out_of_the_screen(chromium: Browser, address: str, width: int) -> None:
    page = opened(chromium, address, viewport={"width": width, "height": 800})
    for _ in range(7):
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        page.get_by_role("button", name="下一屏").click()
