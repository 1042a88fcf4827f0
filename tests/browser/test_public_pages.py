"""Rosters, lists and complaints in a real browser: they answer, and tell nobody what was asked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline import policy
from pipeline.calendar import Calendar
from pipeline.public.library import checklist
from pipeline.public.pages import complaint, roster_pages
from tests.browser.test_last_day import served
from tests.rendering import BASE, ROOT, TODAY, demo, rendered

pytestmark = pytest.mark.browser
NOON = "T04:00:00Z"  # noon in China


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages of this round with their files and the theme, without Pelican."""
    folder = tmp_path_factory.mktemp("pages")
    whole = demo()
    pages = [
        *roster_pages.pages(whole, TODAY, BASE),
        *complaint.pages(whole, TODAY),
        *(page for own in whole.folders.values() for page in checklist.pages(own, whole, TODAY)),
    ]
    paths = {page.url: page.path for page in pages}
    for url, html in rendered(pages).items():
        write(folder / paths[url], html.encode())
    for file in (*roster_pages.files(whole, TODAY), *complaint.files(whole, TODAY)):
        write(folder / file.path, file.body)
    shutil.copytree(ROOT / "theme" / "static", folder / "theme")
    yield from served(folder)


def write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


class Visit:
    """A page with a clock, and every request it made."""

    def __init__(self, browser: Browser, url: str, day: str, script: bool = True) -> None:
        self.context = browser.new_context(java_script_enabled=script)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.page.on(
            "request", lambda request: self.asked.append(f"{request.method} {request.url}")
        )
        if script:
            self.page.clock.install(time=day + NOON)
        self.page.goto(url)

    def told(self, *words: str) -> list[str]:
        """Requests that say one of these words, or that send anything at all."""
        bad = (*words, "?", *(word.encode().hex() for word in words), "%E")
        return [
            one for one in self.asked if not one.startswith("GET ") or any(w in one for w in bad)
        ]


@pytest.mark.parametrize(
    ("typed", "day", "expected"),
    [
        ("演50011001", "2026-11-20", "名册中有这个证件，今天有效。"),
        (" 演5001－1001 ", "2026-11-20", "今天有效。"),
        ("演50011007", "2026-12-05", "但暂扣证件（至2026年12月5日），今天不能持证执法。"),
        ("演50011007", "2026-12-06", "今天有效。"),
        ("演50011001", "2028-10-31", "今天有效。"),
        ("演50011001", "2028-11-01", "但证件已过期（2028年10月31日到期），今天不能持证执法。"),
        ("演辅33000008", "2026-11-20", "这是辅助人员，不能单独执法。"),
        ("演辅50011008", "2026-11-20", "名册中没有这个编号。"),  # the town publishes officers only
        ("演99999999", "2026-11-20", "名册中没有这个编号。"),
        ("<b>x</b>", "2026-11-20", "名册中没有这个编号。"),
    ],
)
def test_is_this_officer_genuine(
    chromium: Browser,
    address: str,
    typed: str,
    day: str,
    expected: str,
) -> None:
    visit = Visit(chromium, f"{address}officers/", day)
    visit.page.get_by_label("执法证件编号", exact=True).fill(typed)
    visit.page.get_by_role("button", name="核对", exact=True).click()
    expect(visit.page.get_by_role("status").first).to_contain_text(expected)
    assert not visit.told("50011", "3300")
    visit.context.close()


def test_a_scanned_card_is_answered_at_once_and_by_keyboard(
    chromium: Browser,
    address: str,
) -> None:
    visit = Visit(chromium, f"{address}officers/#%E6%BC%9450011001", "2026-11-20")
    expect(visit.page.get_by_role("status").first).to_contain_text("今天有效")
    box = visit.page.get_by_label("执法证件编号", exact=True)
    box.fill("演50011006")
    box.press("Enter")
    expect(visit.page.get_by_role("status").first).to_contain_text("证件已过期")
    link = visit.page.get_by_role("status").first.get_by_role("link", name="投诉举报")
    link.click()
    expect(visit.page.get_by_label("执法证件编号（知道时填写）")).to_have_value("演50011006")
    assert not visit.told("50011006")
    visit.context.close()


def test_a_roster_changes_by_itself_on_the_day(chromium: Browser, address: str) -> None:
    for day, expected in (
        ("2026-12-05", "暂扣证件"),
        ("2026-12-06", "有效"),
        ("2028-08-01", "过期"),
    ):
        visit = Visit(chromium, f"{address}agencies/shihao/officers/", day)
        cell = visit.page.locator('[id="演50011007"] [data-label="证件状态"]')
        expect(cell.locator(".state:visible")).to_have_count(1)
        expect(cell.locator(".state:visible")).to_contain_text(expected)
        visit.context.close()


def test_without_a_script_the_list_is_there(chromium: Browser, address: str) -> None:
    visit = Visit(chromium, f"{address}officers/", "2026-11-20", script=False)
    expect(visit.page.locator("[data-check]")).to_be_hidden()
    expect(visit.page.locator('[id="演50011001"]')).to_be_visible()
    expect(visit.page.locator("[hidden] .state").first).to_be_hidden()
    visit.page.goto(f"{address}agencies/shihao/complaint/")
    expect(visit.page.locator("[data-days]")).to_be_hidden()
    expect(visit.page.get_by_text("2026年11月27日")).to_be_visible()
    visit.context.close()


def test_a_list_is_filtered_chosen_from_and_sorted(chromium: Browser, address: str) -> None:
    visit = Visit(chromium, f"{address}agencies/zhejiang/checklists/work-table/", "2026-11-20")
    page, rows = visit.page, visit.page.locator("tbody tr:visible")
    expect(rows).to_have_count(24)
    page.get_by_label("查找").fill("秘书处 清单")
    expect(rows).to_have_count(3)
    expect(page.get_by_text("符合条件的 3 项，共 24 项")).to_be_visible()
    page.get_by_label("查找").fill("")
    page.get_by_role("combobox", name="状态").select_option("进行中")
    expect(rows).to_have_count(2)
    page.get_by_role("combobox", name="状态").select_option("")
    head = page.get_by_role("columnheader", name="序号")
    number = page.locator("tbody tr:visible td:first-child").first
    for order, first in (("ascending", "1"), ("descending", "24")):
        head.get_by_role("button").focus()
        page.keyboard.press("Enter")
        expect(head).to_have_attribute("aria-sort", order)
        expect(number).to_have_text(first)
    assert not visit.told("秘书处")
    visit.context.close()


def test_a_phone_can_sort_too(chromium: Browser, address: str) -> None:
    visit = Visit(chromium, f"{address}agencies/zhejiang/checklists/matters/", "2026-11-20")
    visit.page.set_viewport_size({"width": 360, "height": 800})
    visit.page.get_by_role("combobox", name="排序").select_option("执法类别")
    kinds = visit.page.locator('[data-label="执法类别"]').all_inner_texts()
    assert kinds == sorted(
        kinds, key=["行政处罚", "行政检查", "行政强制", "行政许可", "行政征收征用"].index
    )
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 360
    visit.context.close()


def test_the_browser_counts_as_the_site_does(chromium: Browser, address: str) -> None:
    calendar, rules = Calendar(), policy.load("shihao").complaint
    received = [date(2025, 1, 1) + timedelta(days=3 * n) for n in range(240)]  # into 2027 and on
    visit = Visit(chromium, f"{address}agencies/shihao/complaint/", "2026-11-20")
    counted = visit.page.evaluate(
        """async ([days, calendar, rules]) => {
             const { limits } = await import("/theme/js/working-days.js");
             return days.map((day) => limits(day, "", rules, calendar));
           }""",
        [
            [day.isoformat() for day in received],
            complaint.workdays(calendar, TODAY),
            {
                "accept": rules.accept_working_days,
                "close": rules.close_calendar_days,
                "extend": rules.extension_calendar_days,
            },
        ],
    )
    for day, found in zip(received, counted, strict=True):
        wanted = complaint.limits(day, rules, calendar)
        for name in ("accept", "close", "extended"):
            last = getattr(wanted, name)
            said = {"day": last.date.isoformat(), "provisional": last.provisional}
            assert found[name] == said, (day, name)
    visit.context.close()


def test_the_visitors_day_gives_real_dates_and_goes_nowhere(
    chromium: Browser,
    address: str,
) -> None:
    visit = Visit(chromium, f"{address}agencies/shihao/complaint/", "2026-11-20")
    page = visit.page
    page.get_by_label("收到投诉举报的日期").fill("2026-09-28")
    expect(page.locator("[data-day=accept]")).to_have_text("2026年10月10日")
    expect(page.locator("[data-day=close]")).to_have_text("2026年11月9日")
    page.get_by_label("受理日期（知道时填写）").fill("2026-09-29")
    expect(page.locator("[data-day=close]")).to_have_text("2026年10月29日")
    page.get_by_label("收到投诉举报的日期").fill("2026-12-21")
    expect(page.locator("[data-day=extended]")).to_contain_text("日期暂定")
    assert not visit.told("2026-09", "2026-12-21")
    visit.context.close()


def test_what_is_typed_into_the_form_stays_there(chromium: Browser, address: str) -> None:
    visit = Visit(chromium, f"{address}agencies/shihao/officers/", "2026-11-20")
    page = visit.page
    page.locator('[id="演50011004"]').get_by_role("link", name="投诉举报").click()
    expect(page.get_by_label("单位或者执法人员")).to_have_value("犹小满")
    page.get_by_label("姓名或者名称").fill("试试看")
    page.get_by_label("姓名或者名称").press("Enter")
    page.get_by_label("事情经过、事实依据").fill("试试看")
    page.reload()
    expect(page.get_by_label("姓名或者名称")).to_have_value("")
    page.goto(
        f"{address}agencies/shihao/complaint/form/#decision=" + "%E3%80%942026%E3%80%951%E5%8F%B7"
    )
    page.reload()
    expect(page.get_by_label("有关的决定书文号（知道时填写）")).to_have_value("〔2026〕1号")
    assert not visit.told("试试看", "50011004")
    assert json.dumps(visit.context.storage_state()).count("试试看") == 0
    visit.context.close()


CONTRAST = """() => {
  const part = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const colour = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = colour(getComputedStyle(at).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const told = (one) => [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const weak = [];
  for (const one of document.querySelectorAll("main *")) {
    if (!one.offsetParent || !told(one)) continue;
    const [a, b] = [light(colour(getComputedStyle(one).color)), light(ground(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) weak.push(`${one.tagName}.${one.className} ${ratio.toFixed(2)}`);
  }
  return weak;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read(chromium: Browser, address: str, scheme: str) -> None:
    context = chromium.new_context(color_scheme=scheme)
    page = context.new_page()
    for url in (
        "officers/#%E6%BC%9450011007",
        "agencies/zhejiang/officers/",
        "agencies/shihao/officers/cards/",
        "agencies/shihao/checklists/discretion/",
        "agencies/shihao/complaint/",
        "agencies/shihao/complaint/form/",
    ):
        page.goto(address + url)
        assert page.evaluate(CONTRAST) == [], url  # WCAG AA
    context.close()
