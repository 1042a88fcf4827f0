"""A reviewer at work in a real browser: with the keys, with the mouse, on a small screen."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.restricted.assess import State
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.review.desk import Case, Desk
from tests.conftest import ROOT
from tests.test_review import TODAY, WAYBILL, raw
from tests.test_review_page import EVIL, Running, serve

pytestmark = pytest.mark.browser
#: Where pictures go when somebody wants to look at them.
PICTURES = os.environ.get("GONGSHI_PICTURES", "")
NAMED = f"证人覃测乐到场，覃测乐称其不知情。船尾写着𠮷字的老船长可以证明。\n经办记录{WAYBILL}。"


#: Each test works on a decision of its own: starting a server takes seconds.
OWN = range(10, 22)


def rows() -> list[Any]:
    return [
        *(raw(NAMED, number=number, case_name="覃测乐占道案") for number in OWN),
        raw(f"该线索另案处理。{EVIL}开户行账号9030 7121 0010 0000 5523 88。", number=2),
        raw("堆放杂物。", number=3),
        raw("倾倒垃圾。", number=4),
    ]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from serve(tmp_path_factory.mktemp("review"), *rows())


@pytest.fixture
def page(chromium: Browser, server: Running) -> Iterator[Page]:
    """The page, open; an error of a script or a breach of the CSP fails the test."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    made = context.new_page()
    problems: list[str] = []
    made.on("pageerror", lambda error: problems.append(str(error)))
    made.on("console", lambda said: problems.append(said.text) if "Security" in said.text else None)
    made.on("dialog", lambda dialog: problems.append(dialog.message))
    made.goto(server.address)
    expect(made.locator("#case")).to_have_attribute("aria-busy", "false")
    yield made
    context.close()
    assert not problems


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png")


def opened(page: Page, number: int) -> None:
    page.locator("#list button", has_text=f"〕{number}号").click()
    settled(page)
    expect(page.locator("#case h2")).to_contain_text(f"〕{number}号")


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        settled(page)


def settled(page: Page) -> None:
    """What was asked has been answered."""
    expect(page.locator("body")).not_to_have_attribute("data-busy", "true")


def status(page: Page) -> str:
    return page.locator("#status").inner_text()


def in_ledger(server: Running, number: int) -> Case:
    """What the ledger says now, as the next night's run will read it."""
    agencies, calendar = load_agencies(ROOT / "content"), load_calendar(ROOT / "content")
    with Ledger(server.state / "ledger.db") as ledger:
        desk = Desk(ledger, agencies, calendar, TODAY)
        found = (desk.case(one.slug) for one in ledger.decisions())
        return next(c for c in found if f"〕{number}号" in c.assessment.kept.raw.number)


def facts(server: Running, number: int = 1) -> str:
    return in_ledger(server, number).redacted.decision.details["facts"]


def select(page: Page, text: str, field: str = "facts") -> None:
    """Select ``text`` in a field, as a mouse would."""
    page.evaluate(
        """([text, field]) => {
          const root = document.querySelector(`.text[data-field=${field}]`);
          const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const at = node.data.indexOf(text);
            if (at < 0) continue;
            getSelection().setBaseAndExtent(node, at, node, at + text.length);
            return;
          }
          throw new Error("not found");
        }""",
        [text, field],
    )


def test_one_held_decision_with_the_keys_alone(page: Page, server: Running) -> None:
    opened(page, 10)
    picture(page, "1440")
    expect(page.locator("mark.masked")).to_have_count(3)
    expect(page.locator("mark.doubt")).to_have_text(WAYBILL)
    expect(page.locator("mark.current")).to_have_text(WAYBILL)  # what asks for a person first
    press(page, "m")
    assert status(page) == "已遮盖。"
    press(page, "k")
    while page.locator("mark.current").inner_text() != "覃测乐":
        press(page, "k")
    press(page, "u")
    expect(page.locator("mark.shown")).to_have_count(3)
    picture(page, "1440-shown")
    assert facts(server, 10).startswith("证人覃测乐到场，覃测乐称")
    assert "［号码］" in facts(server, 10)
    press(page, "z")
    assert status(page) == "已撤销。"
    press(page, "c")
    assert facts(server, 10).startswith("证人覃某某到场，覃某某称")
    press(page, "a")
    assert status(page) == "已批准。"
    assert in_ledger(server, 10).assessment.state is State.PUBLIC


def test_one_place_alone(page: Page, server: Running) -> None:
    opened(page, 11)
    page.locator(".text[data-field=facts] mark", has_text="覃测乐").nth(1).click()
    press(page, "ou")
    assert facts(server, 11).startswith("证人覃某某到场，覃测乐称")


def test_more_is_masked_by_selecting_it(page: Page, server: Running) -> None:
    opened(page, 12)
    select(page, "老船长")
    page.get_by_role("button", name="遮盖 M", exact=True).click()
    expect(page.locator("mark", has_text="老船长")).to_have_class(re.compile("masked said"))
    assert "船尾写着𠮷字的老某某可以证明" in facts(server, 12)
    select(page, "不知情")
    page.get_by_label("属于").select_option("other")
    press(page, "m")
    assert "称其［略］。" in facts(server, 12)


def test_two_sign_where_a_number_is_shown_and_markup_is_text(page: Page, server: Running) -> None:
    opened(page, 2)
    assert EVIL in page.locator(".text[data-field=facts]").inner_text()
    while "9030" not in page.locator("mark.current").inner_text():
        press(page, "j")
    press(page, "u")
    expect(page.locator(".meta", has_text="两名审查员")).to_be_visible()
    press(page, "a")
    assert "还须另一名审查员" in status(page)
    picture(page, "two")
    press(page, "a")
    assert "同一人不能签两次" in status(page)
    assert in_ledger(server, 2).assessment.state is State.HELD


def test_an_approval_with_open_doubts_is_asked_for_twice(page: Page, server: Running) -> None:
    opened(page, 13)
    press(page, "a")
    assert "还有 1 处没有确认" in status(page)
    assert in_ledger(server, 13).assessment.state is State.HELD
    press(page, "a")
    assert in_ledger(server, 13).assessment.state is State.PUBLIC


def test_clear_ones_together_and_held_ones_never(page: Page, server: Running) -> None:
    page.get_by_role("button", name="批准全部没有疑问的（2 件）").click()
    expect(page.locator("#list button", has_text="待审查")).to_have_count(0)
    assert in_ledger(server, 3).assessment.state is State.PUBLIC
    assert in_ledger(server, 20).assessment.state is State.HELD
    expect(page.locator("#clear")).to_be_hidden()


def test_refused_with_a_note_and_on_to_the_next(page: Page, server: Running) -> None:
    opened(page, 14)
    page.get_by_label("说明").fill("须先征求意见")
    page.keyboard.press("Escape")
    press(page, "r")
    expect(page.locator("#case h2")).not_to_contain_text("〕14号")
    case = in_ledger(server, 14)
    assert case.assessment.state is State.REFUSED
    assert case.approval
    assert (case.approval.reviewer, case.approval.note) == ("审查员甲", "须先征求意见")
    press(page, "np")
    expect(page.locator("#list button[aria-current]")).to_have_count(1)


def test_letters_in_the_note_are_letters(page: Page, server: Running) -> None:
    opened(page, 15)
    page.get_by_label("说明").press_sequentially("arumc")
    expect(page.get_by_label("说明")).to_have_value("arumc")
    assert in_ledger(server, 15).approval is None


def test_what_changed_meanwhile_is_shown_anew(page: Page, server: Running) -> None:
    opened(page, 16)
    with Ledger(server.state / "ledger.db") as ledger:
        ledger.take_over([raw(NAMED + "另查明一事。", number=16, case_name="覃测乐占道案")], TODAY)
    press(page, "m")
    assert "重新看过" in status(page)
    expect(page.locator(".text[data-field=facts]")).to_contain_text("另查明一事")
    assert in_ledger(server, 16).rulings.holding == ()


@pytest.mark.parametrize(("width", "own"), [(360, 17), (768, 18), (1024, 19), (1440, 20)])
def test_it_works_on_every_screen(page: Page, server: Running, width: int, own: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.reload()
    expect(page.locator("#case")).to_have_attribute("aria-busy", "false")
    opened(page, own) if width > 900 else page.locator("#list-title").click()
    if width <= 900:
        opened(page, own)
    picture(page, f"width-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator("mark.current").bounding_box()
    bar = page.locator(".bar").bounding_box()
    assert box
    assert bar
    assert 0 <= box["y"] < bar["y"]  # the word stands above the bar, in sight
    assert bar["height"] < 740 * 0.56
    page.get_by_role("button", name="遮盖", exact=True).or_(
        page.get_by_role("button", name="遮盖 M", exact=True)
    ).click()
    settled(page)
    assert "［号码］" in facts(server, own)
    page.get_by_role("button", name="看公开后的文字").click()
    expect(page.locator(".after").first).to_be_visible()
    picture(page, f"width-{width}-preview")


def test_help_is_a_key_away(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    picture(page, "help")
    page.keyboard.press("a")  # says nothing while the help is open
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_stopped_server_says_so(page: Page, server: Running) -> None:
    opened(page, 21)
    server.process.kill()
    server.process.wait()
    press(page, "c")
    assert "连不上审查程序" in status(page)
