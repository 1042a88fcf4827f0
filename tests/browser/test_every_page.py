"""Every kind of page in a real browser: can it be used by anyone, on anything, and is it quiet?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import serving
from tests.every_page import DECISION, KINDS

pytestmark = pytest.mark.browser
NOON = "2026-11-20T04:00:00Z"  # noon in China
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Everything that must be pressed with a finger; links within a text are as tall as its lines.
TARGETS = "button, input, select, textarea, summary, .columns-nav a, .chips a, .tiles a, .pager a"
WATCH = """
window.shifted = []; window.refused = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    if (!one.hadRecentInput) shifted.push([one.value, one.sources[0]?.node?.outerHTML?.slice(0, 60)]);
  }
}).observe({ type: "layout-shift", buffered: true });
document.addEventListener("securitypolicyviolation", (one) => {
  refused.push(`${one.violatedDirective} ${one.sourceFile}:${one.lineNumber}`);
});
"""
LOOK = """(targets) => ({
  width: document.documentElement.scrollWidth,
  shifted, refused,
  small: [...document.querySelectorAll(targets)]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
    .map((one) => `${one.tagName}.${one.className} ${one.textContent.slice(0, 9)}`),
})"""


class Seen(NamedTuple):
    """What was seen of a page."""

    width: int
    shifted: list[tuple[float, str]]
    refused: list[str]
    small: list[str]
    asked: list[str]
    errors: list[str]


@pytest.fixture(scope="module")
def address(every_page: Path) -> Iterator[str]:
    with serving(every_page) as found:
        yield found


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page on a wide screen, at noon of the demonstration's day."""
    with_context = opened(chromium, viewport={"width": 1440, "height": 900})
    yield with_context.new_page()
    with_context.close()


def opened(chromium: Browser, **how: Any) -> BrowserContext:
    context = chromium.new_context(locale="zh-CN", **how)
    if how.get("java_script_enabled", True):
        context.clock.set_fixed_time(NOON)
    return context


def settled(page: Page, url: str) -> None:
    """Open a page and wait for what its script looks for."""
    page.goto(url)
    if "?q=" in url:
        expect(page.locator("[data-search-results] > li").first).to_be_visible()
        page.wait_for_load_state("networkidle")


def look(chromium: Browser, address: str, width: int) -> dict[str, Seen]:
    """Every kind of page at a width of the screen."""
    context = opened(chromium, viewport={"width": width, "height": 800})
    context.add_init_script(WATCH)
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    found = {}
    for kind, url in KINDS.items():
        asked.clear()
        errors.clear()
        settled(page, address + url)
        # Two frames: what is painted is reported after it.
        page.evaluate("() => new Promise((go) => requestAnimationFrame(() => setTimeout(go, 50)))")
        found[kind] = Seen(**page.evaluate(LOOK, TARGETS), asked=[*asked], errors=[*errors])
    context.close()
    return found


NARROW, WIDE = 320, 1440
SETTLING = 0.01  # of the cumulative layout shift, where 0.1 counts as good


@pytest.fixture(scope="module")
def seen(chromium: Browser, address: str) -> dict[int, dict[str, Seen]]:
    return {width: look(chromium, address, width) for width in (NARROW, WIDE)}


def told(seen: dict[int, dict[str, Seen]], what: str) -> dict[str, object]:
    """The pages of which there is something to tell."""
    return {
        f"{kind} at {width}": found
        for width, kinds in seen.items()
        for kind, one in kinds.items()
        if (found := getattr(one, what))
    }


def test_no_page_is_scrolled_sideways(seen: dict[int, dict[str, Seen]]) -> None:
    for width, kinds in seen.items():
        assert {kind: one.width for kind, one in kinds.items() if one.width > width} == {}


def test_nothing_moves_once_it_was_seen(seen: dict[int, dict[str, Seen]]) -> None:
    """No layout shift, but that columns of a long table settle while it is still coming in."""
    for width, kinds in seen.items():
        for kind, one in kinds.items():
            assert sum(value for value, _ in one.shifted) < SETTLING, (kind, width, one.shifted)


def test_the_policy_of_the_server_refuses_nothing_that_a_page_does(
    seen: dict[int, dict[str, Seen]],
) -> None:
    """Scripts, styles and Trusted Types: what it would refuse is never tried."""
    assert told(seen, "refused") == {}
    assert told(seen, "errors") == {}


def test_no_page_asks_anyone_else(seen: dict[int, dict[str, Seen]], address: str) -> None:
    asked = {url for kinds in seen.values() for one in kinds.values() for url in one.asked}
    assert asked
    assert [url for url in asked if not url.startswith(address)] == []


def test_a_finger_finds_what_is_to_be_pressed(seen: dict[int, dict[str, Seen]]) -> None:
    assert told(seen, "small") == {}


def breaches(page: Page, *, only: str = "") -> list[str]:
    """What axe finds wrong with the page as it stands, by all rules or one of them."""
    chosen = [only] if only else {"type": "tag", "values": TAGS}
    options = {"runOnly": chosen, "resultTypes": ["violations"]}
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes'][:3]]}" for one in found]


@pytest.mark.long
def test_wcag_2_2_aa_holds_on_every_kind_of_page(chromium: Browser, address: str) -> None:
    """Every rule in light, then in dark what differs there: the colours."""
    context = opened(chromium, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    page, found = context.new_page(), {}
    for kind, url in KINDS.items():
        page.emulate_media(color_scheme="light")
        settled(page, address + url)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        found[kind] = breaches(page)
        page.emulate_media(color_scheme="dark")
        found[f"{kind} in dark"] = breaches(page, only="color-contrast")
    context.close()
    assert {kind: all_ for kind, all_ in found.items() if all_} == {}


@pytest.mark.long
def test_strong_contrast_is_strong(chromium: Browser, address: str) -> None:
    context = opened(chromium, contrast="more", reduced_motion="reduce")
    context.add_init_script(path=AXE)
    page, found = context.new_page(), {}
    for kind in ("index", "list", "decision (penalty)", "complaint", "statistics_year"):
        page.goto(address + KINDS[kind])
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found[kind, scheme] = breaches(page, only="color-contrast-enhanced")
    context.close()
    assert {kind: all_ for kind, all_ in found.items() if all_} == {}


def test_home_answers_on_one_screen(page: Page, address: str) -> None:
    page.goto(address)
    for part in (
        page.get_by_role("searchbox", name="查执法决定、企业名称、文号"),
        page.get_by_text("数据更新至2026年11月20日"),
        page.get_by_role("link", name="查看全部执法决定"),
        page.get_by_role("link", name="行政征收征用").first,
        page.get_by_role("link", name="核对证件"),
        page.get_by_role("link", name="向哪里提出、多久有答复"),
        page.get_by_role("link", name="年度执法数据").first,
        *page.get_by_role("region", name="按机关查看").get_by_role("listitem").all(),
    ):
        box = part.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 900, part
    figures = page.get_by_role("region", name="2026年数据")
    expect(figures).to_contain_text("35 件")
    expect(figures).to_contain_text("85%")
    expect(figures).to_contain_text("6.17 万元")


def test_ways_to_show_pages_are_kept(page: Page, address: str) -> None:
    page.goto(address)
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    ordinary = page.evaluate(size)
    for name in ("大字版", "高对比"):
        page.get_by_role("button", name=name).click()
    page.goto(address + DECISION)
    for name in ("大字版", "高对比"):
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(size) >= 1.3 * ordinary
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    tall = "parseFloat(getComputedStyle(document.body).lineHeight)"
    assert page.evaluate(tall) >= 1.5 * page.evaluate(size)
    page.get_by_role("button", name="大字版").click()
    page.reload()
    assert page.evaluate(size) == ordinary


def test_large_type_on_a_phone_is_not_scrolled_sideways(chromium: Browser, address: str) -> None:
    context = opened(chromium, viewport={"width": 360, "height": 640})
    context.add_init_script("localStorage.setItem('large-type', '1')")
    page = context.new_page()
    for kind in ("index", "list", "decision (penalty)", "agency", "officer_check", "complaint"):
        page.goto(address + KINDS[kind])
        assert page.evaluate("document.documentElement.scrollWidth") == 360, kind
    context.close()


def test_the_keyboard_alone_searches_and_reads(page: Page, address: str) -> None:
    page.goto(address)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()  # the first thing of the page itself
    assert "3px" in box.evaluate("(one) => getComputedStyle(one).outline")
    page.keyboard.type("演示第63砂石")
    page.keyboard.press("Enter")
    result = page.locator("[data-search-results] a").first
    expect(result).to_contain_text("演示第63砂石有限公司")
    page.locator("[data-search-input]").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if result.evaluate("(one) => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("演示第63砂石有限公司")


def test_the_keyboard_alone_filters(page: Page, address: str) -> None:
    page.goto(f"{address}search/?q=砂石")
    head = page.locator("[data-search-filters] summary")
    expect(head).to_be_visible()  # the filters come with the results; till then no key reaches them
    head.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-search-filters]")).to_have_attribute("open", "")
    kind = page.get_by_label("种类")
    counted = re.compile(r"（\d+）$")
    first = kind.get_by_role("option").nth(1)
    expect(first).to_have_text(counted)  # once it has been looked up; anew after each choice
    text = first.text_content() or ""  # what an option renders depends on the list being open
    told = re.fullmatch(r"(.+)（(\d+)）", text)
    assert told, text
    kind.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-search-results] .tag")).to_have_text([told[1]] * int(told[2]))


def test_on_a_phone_a_result_shows_what_was_looked_for(chromium: Browser, address: str) -> None:
    context = opened(chromium, viewport={"width": 360, "height": 800})
    page = context.new_page()
    settled(page, address + KINDS["search (found)"])
    hits = page.locator("[data-search-snippet] mark:first-of-type").all()
    assert hits
    for hit in hits:
        assert hit.evaluate(
            """(hit) => hit.getBoundingClientRect().bottom
                 <= hit.parentElement.getBoundingClientRect().bottom + 1"""
        )
    context.close()


def test_nothing_is_focused_out_of_order_or_unseen(page: Page, address: str) -> None:
    """Tab goes down the page as it is read, and what is focused can be seen."""
    for kind in ("index", "decision (penalty)", "officer_check"):
        page.goto(address + KINDS[kind])
        order = page.evaluate(
            """() => [...document.querySelectorAll("a[href], button, input, select, summary")]
                 .filter((one) => one.checkVisibility() && one.tabIndex !== 0).length"""
        )
        assert order == 0, kind
    page.goto(address + DECISION)
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(
            """() => { const box = document.activeElement.getBoundingClientRect();
                 const style = getComputedStyle(document.activeElement);
                 return box.height > 0 && box.bottom > 0 && box.top < innerHeight
                   && style.outlineStyle === "solid"; }"""
        )


def test_paper_gets_the_decision_and_not_the_frame(page: Page, address: str) -> None:
    page.goto(address + DECISION)
    page.emulate_media(media="print")
    for shown in ("公示内容", "决定书全文", "依据和公示期", "对内容有异议"):
        expect(page.get_by_role("heading", name=shown)).to_be_visible()
    expect(page.locator(".cite")).to_contain_text(f"{address}{DECISION}")
    for hidden in (".columns-nav", ".crumbs", ".ease", ".tools", ".neighbours", ".footer-links"):
        expect(page.locator(hidden)).to_be_hidden()


@pytest.mark.parametrize(
    ("kind", "pages", "size"),
    [("decision (penalty)", 2, (595, 842)), ("board", 1, (595, 842)), ("board_a3", 1, (1191, 842))],
)
def test_paper_has_the_size_and_the_sheets_it_should(
    page: Page, address: str, kind: str, pages: int, size: tuple[int, int]
) -> None:
    page.goto(address + KINDS[kind])
    sheet = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b(?!s)", sheet)) <= pages
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)
    assert box
    assert (round(float(box[1])), round(float(box[2]))) == size


def test_without_a_script_every_page_is_there(chromium: Browser, address: str) -> None:
    context = opened(chromium, java_script_enabled=False)
    page = context.new_page()
    for kind, url in KINDS.items():
        page.goto(address + url)
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator(".ease, .by-script, [data-print]").locator("visible=true")).to_have_count(0)  # fmt: skip
        assert len(page.locator("main").inner_text()) > 30, kind
    page.goto(f"{address}search/")
    page.get_by_role("link", name="行政许可").click()
    expect(page.locator(".item")).to_have_count(3)
    context.close()


def test_what_is_gone_says_why_and_what_one_can_do(page: Page, address: str) -> None:
    page.goto(f"{address}410.html")
    expect(page.get_by_role("heading", level=1)).to_have_text("这条信息已经撤下")
    for way in ("撤下说明", "执法机关", "信息检索"):
        expect(page.locator("main").get_by_role("link", name=way)).to_have_count(1)
