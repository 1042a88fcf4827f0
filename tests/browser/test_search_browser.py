"""Does a visitor find things, in a real browser, on a real site?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from lunr.query import Query, QueryPresence
from playwright.sync_api import Browser, Page, Route, expect

from pipeline.model import Entry, Kind, PartyType, Publication, PublicDecision, Withdrawal
from pipeline.public import store
from pipeline.public.search import Document, document_of, text, weights, write_index
from pipeline.slug import slug

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 21)
SIGNS = ("砚棠", "鹭川", "岑禾", "珩泽", "霁舟", "翊谷", "澜栎", "筠原")
TRADES = ("砂石", "建材", "餐饮管理", "木材加工", "物业服务")
VIOLATIONS = (
    "未按规定设置安全警示标志",
    "擅自占用人防工程设施",
    "露天焚烧秸秆",
    "超范围储存危险化学品",
)
AGENCIES = ("shihao", "lingchuan")
KINDS = (Kind.PENALTY, Kind.LICENCE)


def entry(at: int, **changes: Any) -> Entry:
    """The ``at``-th invented decision."""
    decided = date(2023, 1, 5) + timedelta(days=11 * at)
    violation = VIOLATIONS[at % 4]
    facts: dict[str, Any] = {
        "slug": f"demo-penalty-{'bcdfghjk'[at % 8]}{'lmnpqrst'[at // 8 % 8]}{'bcdfghjk'[at // 64]}"
        if at % 3
        else slug(AGENCIES[at % 2], KINDS[at % 5 == 0], f"演应急罚〔{decided.year}〕{at}号"),
        "agency": AGENCIES[at % 2],
        "kind": KINDS[at % 5 == 0],
        "number": f"演应急罚〔{decided.year}〕{at}号",
        "party": f"东湖{SIGNS[at % 8]}{TRADES[at % 5]}有限公司",
        "party_type": PartyType.ORGANISATION,
        "decided_on": decided,
        "details": {
            "credit_code": f"91500110DEM{at:06d}X",
            "violation": violation,
            "case_name": violation,
            "basis": f"《中华人民共和国安全生产法》第{'一二三四五六七八九'[at % 9]}十条",
            "facts": "，".join(SIGNS[(at + part) % 8] + violation for part in range(at % 7)) + "。",
        },
    }
    withdrawal = changes.pop("withdrawal", None)
    last_day = changes.pop("last_day", date(2099, 1, 1))
    publication = Publication(
        first_day=decided,
        last_day=last_day,
        window_rule="规则",
        window_source="出处",
        due=decided,
        due_provisional=False,
        due_rule="规则",
        due_source="出处",
    )
    decision = PublicDecision(**{**facts, **changes})
    return Entry(decision=decision, publication=publication, withdrawal=withdrawal)


EXPIRED = entry(121, party="东湖晚照砂石有限公司", last_day=date(2024, 1, 1))
GONE = entry(122, party="", details={}, withdrawal=Withdrawal(on=TODAY, reason="复议撤销"))
HOSTILE = entry(123, party="东湖<img src=x onerror=alert(1)>公司")
ENTRIES = [*(entry(at) for at in range(120)), EXPIRED, GONE, HOSTILE]
LIVING = [entry for entry in ENTRIES if entry is not EXPIRED]

#: Documents for an index with a base and, a day later, a delta.
BEFORE = [
    msgspec.structs.replace(document_of(entry(at % 120), "机关"), url=f"decisions/d-{at}/")
    for at in range(560)
]
EDITED = msgspec.structs.replace(
    BEFORE[5], fields={**BEFORE[5].fields, "party": "东湖霁舟木材加工（集团）有限公司"}
)
NOW = [*BEFORE[:5], EDITED, *BEFORE[12:], document_of(entry(12), "机关")]


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def served(folder: Path) -> Iterator[str]:
    """``folder`` on a local port, under a prefix as on a shared host."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real site, built by Pelican."""
    folder = tmp_path_factory.mktemp("site")
    store.write(folder / "store.db", ENTRIES, today=TODAY)
    command = [
        sys.executable,
        "-m",
        "pelican",
        str(ROOT / "content"),
        "-o",
        str(folder / "www" / "p"),
    ]
    done = subprocess.run(
        [*command, "-s", str(ROOT / "publishconf.py")],
        env={**os.environ, "GONGSHI_STORE": str(folder / "store.db"), "PYTHONUTF8": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    write_index(BEFORE, folder / "www" / "p" / "base" / "search")
    write_index(NOW, folder / "www" / "p" / "delta" / "search", folder / "www" / "p" / "base")
    for address in served(folder / "www"):
        yield f"{address}/p"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh page; an error of a script or a breach of the CSP fails the test."""
    context = chromium.new_context(locale="zh-CN")
    made = context.new_page()
    problems: list[str] = []
    made.on("pageerror", lambda error: problems.append(str(error)))
    made.on("console", lambda said: problems.append(said.text) if "Security" in said.text else None)
    made.on("dialog", lambda dialog: problems.append(dialog.message))
    yield made
    context.close()
    assert not problems


def search(page: Page, site: str, query: str, **more: str) -> list[str]:
    """Open the page of a search and wait; the titles found."""
    asked = "".join(f"&{name}={value}" for name, value in more.items())
    page.goto(f"{site}/search/?q={query}{asked}")
    return results(page)


def results(page: Page) -> list[str]:
    expect(page.locator("[data-search-results]")).to_have_attribute("aria-busy", "false")
    said = "[data-search-status]:not([hidden]), [data-search-message]:not([hidden])"
    expect(page.locator(said)).to_have_count(1)
    return page.locator("[data-search-results] > li .item-title").all_inner_texts()


def count(page: Page) -> int:
    return int(page.locator("[data-search-count]").inner_text())


def test_a_fragment_of_a_name_leads_to_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    page.get_by_label("查执法决定、企业名称、文号").fill("霁舟木材")
    page.keyboard.press("Enter")
    found = results(page)
    assert found
    assert all("霁舟木材" in title for title in found)
    links = page.locator("[data-search-results] > li a")
    assert links.count() == len(found) == count(page)
    links.first.click()
    expect(page.locator("h1")).to_contain_text("霁舟木材")
    page.go_back()
    assert results(page) == found


def test_what_scripts_rely_on(page: Page, site: str) -> None:
    """search/?q=, ol[data-search-results] with one link an item, aria-busy, [data-search-count]."""
    waiting: list[Route] = []
    page.route("**/b/*.bin", lambda route: waiting.append(route))
    page.goto(f"{site}/search/?q=霁舟木材&kind=penalty&sort=date", wait_until="commit")
    listed = page.locator("ol[data-search-results]")
    expect(listed).to_have_attribute("aria-busy", "true")
    page.wait_for_timeout(300)
    expect(listed).to_have_attribute("aria-busy", "true")
    for route in waiting:
        route.continue_()
    expect(listed).to_have_attribute("aria-busy", "false")
    items = listed.locator("> li").all()
    assert len(items) == int(page.locator("[data-search-count]").inner_text()) > 0
    for item in items:
        (link,) = item.get_by_role("link").all()
        assert page.request.get(f"{site}/search/{link.get_attribute('href')}").ok


def test_a_cold_query_loads_few_files_once(page: Page, site: str) -> None:
    loaded: list[str] = []
    page.on("response", lambda response: loaded.append(response.url))
    search(page, site, "霁舟木材加工")
    index = [url for url in loaded if "/search/index/" in url]
    assert 1 < len(index) == len(set(index)) <= 5


def test_typing_is_enough(page: Page, site: str) -> None:
    page.goto(f"{site}/search/")
    page.locator("[data-search-input]").press_sequentially("露天焚烧")
    expect(page.locator("[data-search-results] > li").first).to_be_visible()
    assert page.url.endswith("?q=%E9%9C%B2%E5%A4%A9%E7%84%9A%E7%83%A7")


@pytest.mark.parametrize(
    ("query", "party"),
    [
        ("演应急罚〔2023〕7号", "东湖筠原餐饮管理有限公司"),
        ("演应急罚[2023]第7号", "东湖筠原餐饮管理有限公司"),
        ("演應急罰〔２０２３〕７號", "东湖筠原餐饮管理有限公司"),
        ("91500110DEM000007X", "东湖筠原餐饮管理有限公司"),
        ("dem000007x", "东湖筠原餐饮管理有限公司"),
    ],
)
def test_an_exact_number_or_code_comes_first(page: Page, site: str, query: str, party: str) -> None:
    assert party in search(page, site, query)[0]


@pytest.mark.parametrize(
    "query",
    ["91500110DEM0001", "〔2024〕3", "川", "安全生产法第三十条", "砂石 焚烧", "限公", "2024"],
)
def test_what_is_found_is_what_brute_force_finds(page: Page, site: str, query: str) -> None:
    words = [folded(word) for word in query.split()]
    found = Counter(
        entry.decision.kind.value
        for entry in LIVING
        if all(any(word in line for line in lines_of(entry)) for word in words)
    )
    assert found
    for kind, right in found.items():
        search(page, site, query, kind=kind)
        assert count(page) == right


def lines_of(entry: Entry) -> list[str]:
    return [folded(value) for value in document_of(entry, "机关").fields.values()]


def folded(value: str) -> str:
    return " ".join(match[0] for match in text.RUN.finditer(text.normalise(value)))


@pytest.mark.parametrize(
    ("query", "title", "path"),
    [
        ("靳沐阳", "执法人员名册", "/officers/"),
        ("普通程序流程图", "流程图", "/flowcharts/"),
        ("投诉举报电话", "监督与投诉", "/complaint/"),
    ],
)
def test_other_pages_are_found_too(
    page: Page, site: str, query: str, title: str, path: str
) -> None:
    assert any(title in found for found in search(page, site, query))
    links = page.locator("[data-search-results] > li a").all()
    assert any(path in (link.get_attribute("href") or "") for link in links)


def test_suggestions_are_names_that_hold_what_was_typed(page: Page, site: str) -> None:
    page.goto(f"{site}/search/")
    box = page.get_by_role("combobox", name="查执法决定、企业名称、文号")
    box.press_sequentially("霁舟")
    offered = page.get_by_role("listbox", name="检索建议").get_by_role("option")
    expect(offered.first).to_be_visible()
    texts = offered.all_inner_texts()
    assert all("霁舟" in text for text in texts)
    assert len(texts) == len(set(texts)) <= 6
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(offered.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "suggestions-1")
    page.keyboard.press("Enter")
    expect(box).to_have_value(texts[1])
    expect(page.locator("#suggestions")).to_be_hidden()
    assert all(texts[1] in found for found in results(page))


def test_escape_and_leaving_close_the_suggestions(page: Page, site: str) -> None:
    page.goto(f"{site}/search/")
    box = page.locator("[data-search-input]")
    for leave in ("Escape", "Tab"):
        box.fill("")
        box.press_sequentially("霁舟" if leave == "Escape" else "露天")
        if leave == "Escape":
            expect(page.locator("#suggestions [role=option]").first).to_be_visible()
        page.keyboard.press(leave)
        expect(page.locator("[data-search-suggestions]")).to_be_hidden()
        expect(box).to_have_attribute("aria-expanded", "false")


SHOWN = [
    {"title": "东湖霁舟木材有限公司：露天焚烧", "number": "演罚〔2024〕15号"},
    {"title": "东湖霁舟木材有限公司：其他", "number": "演罚〔2024〕150号"},
    {"title": "别的公司：东湖霁舟的东西", "number": ""},
]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("霁舟", ["东湖霁舟木材有限公司"]),
        ("東湖", []),  # without the table of variants
        ("[2024]第15", ["演罚〔2024〕15号", "演罚〔2024〕150号"]),
        ("东湖霁舟木材有限公司", []),
        ("、、", []),
    ],
)
def test_suggestions_of_results(page: Page, site: str, typed: str, expected: list[str]) -> None:
    body = "return m.suggestions(v.typed, v.shown);"
    assert call(page, site, "suggest", body, {"typed": typed, "shown": SHOWN}) == expected


def test_nothing_found_says_so(page: Page, site: str) -> None:
    assert search(page, site, "查无此物") == []
    assert count(page) == 0
    expect(page.get_by_text("没有找到。可以换一种说法再试")).to_be_visible()


def test_the_expired_and_the_withdrawn(page: Page, site: str) -> None:
    assert search(page, site, "晚照") == []
    assert search(page, site, GONE.decision.number) == [f"{GONE.decision.number}（已撤下）"]


def test_filters_count_and_share(page: Page, site: str) -> None:
    search(page, site, "有限公司")
    everything = count(page)
    page.locator("summary").click()
    kind = page.locator("select[name=kind]")
    counted = kind.locator("option").all_inner_texts()
    assert sum(int(label.split("（")[1][:-1]) for label in counted[1:]) == everything
    kind.select_option("licence")
    results(page)
    licences = count(page)
    assert licences == sum(
        e.decision.kind is Kind.LICENCE and "有限公司" in e.decision.party for e in LIVING
    )
    assert "kind=licence" in page.url
    shared = page.context.new_page()
    shared.goto(page.url)
    results(shared)
    assert count(shared) == licences
    page.go_back()
    results(page)
    expect(page.locator("[data-search-count]")).to_have_text(str(everything))


def test_sorted_by_date_and_paged(page: Page, site: str) -> None:
    seen: list[str] = []
    search(page, site, "有限公司", sort="date", kind="penalty")
    pages = -(-count(page) // 10)
    for number in range(1, pages + 1):
        times = page.locator("[data-search-results] time")
        seen += [time.get_attribute("datetime") or "" for time in times.all()]
        assert times.count() <= 10
        if number < pages:
            page.get_by_role("link", name="下一页").click()
            expect(page.locator("[data-search-pager]")).to_contain_text(f"第 {number + 1} 页")
            results(page)
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == count(page)
    assert f"page={pages}" in page.url


def test_hits_are_marked_as_text(page: Page, site: str) -> None:
    assert search(page, site, "onerror") == [HOSTILE.decision.party + "：" + VIOLATIONS[3]]
    marks = page.locator("[data-search-results] mark")
    assert marks.first.inner_text() == "onerror"
    assert page.locator("[data-search-results] img").count() == 0


def test_a_snippet_shows_a_hit_in_the_text(page: Page, site: str) -> None:
    search(page, site, "安全生产法第三十条")
    snippet = page.locator("[data-search-snippet]").first
    expect(snippet).to_contain_text("《中华人民共和国安全生产法》第三十条")
    expect(snippet.locator("mark").first).to_have_text("安全生产法》第三十条")


IDENTITY = "11010519491231002X"  # the example of GB 11643


@pytest.mark.parametrize("typed", [IDENTITY, "１１０１０５ 19491231 002x", f"查 {IDENTITY}"])
def test_an_identity_number_is_neither_searched_nor_kept(page: Page, site: str, typed: str) -> None:
    requests: list[str] = []
    page.goto(f"{site}/search/")
    page.wait_for_load_state("networkidle")
    page.on("request", lambda request: requests.append(request.url))
    page.locator("[data-search-input]").fill(typed)
    page.keyboard.press("Enter")
    expect(page.get_by_text("您输入的像是居民身份证号码")).to_be_visible()
    assert [url for url in requests if not url.endswith("/search/suggest.js")] == []
    assert page.url == f"{site}/search/"
    assert page.evaluate("JSON.stringify(localStorage) + JSON.stringify(history.state)") == "{}null"
    expect(page.locator("[data-search-input]")).to_have_value("")


def test_an_identity_number_in_the_address_goes(page: Page, site: str) -> None:
    page.goto(f"{site}/search/?q={IDENTITY}")
    expect(page.get_by_text("您输入的像是居民身份证号码")).to_be_visible()
    assert page.url == f"{site}/search/"


@pytest.mark.parametrize(
    "query",
    [
        "安全" * 5_000,
        ".*(a+)+$ [^",
        "<script>alert(1)</script>",
        "\x00\x01\u202e\u200b安全",
        "' OR 1=1 --",
        "a " * 400,
        "𠮷𠮷𠮷",
        "%E0%A4%A",
        "__proto__ constructor",
    ],
)
def test_a_hostile_query_costs_little_and_breaks_nothing(page: Page, site: str, query: str) -> None:
    requests: list[str] = []
    page.goto(f"{site}/search/")
    page.on("request", lambda request: requests.append(request.url))
    page.locator("[data-search-input]").evaluate(
        "(input, value) => { input.value = value; }", query
    )
    page.locator("[data-search-form] button").click()
    results(page)
    assert len(requests) < 40


def test_a_missing_bucket_is_told_and_tried_again(page: Page, site: str) -> None:
    page.route("**/b/*.bin", lambda route: route.abort())
    page.goto(f"{site}/search/?q=霁舟")
    expect(page.get_by_text("检索数据没有完整载入")).to_be_visible()
    page.unroute("**/b/*.bin")
    page.locator("[data-search-form] button").click()
    expect(page.locator("[data-search-results] > li").first).to_be_visible()


def test_offline_is_told(page: Page, site: str) -> None:
    search(page, site, "霁舟")
    page.context.set_offline(True)
    page.locator("[data-search-input]").fill("露天焚烧秸秆")
    page.keyboard.press("Enter")
    expect(page.get_by_text("网络已断开")).to_be_visible()


def test_without_scripts_there_are_lists(page: Page, site: str) -> None:
    html = page.request.get(f"{site}/search/?q=霁舟").text()
    (fallback,) = re.findall(r"<noscript>(.*?)</noscript>", html, re.DOTALL)
    assert "检索需要浏览器运行脚本" in fallback
    links = re.findall(r'href="([^"]+)"', fallback)
    assert len(links) > 5
    assert all(page.request.get(f"{site}/search/{link}").ok for link in links)


# The client's modules against the index's own rules

QUERIES = ["安全生产", "演应急罚〔2024〕15号", "A公司b", "國際 貿易", "第十条", "一", "ＡＢＣ-１２"]


def call(page: Page, site: str, module: str, body: str, value: object) -> Any:
    """Run ``body`` with the module as ``m`` and the value as ``v``."""
    page.goto(f"{site}/404.html")
    script = f"async (v) => {{ const m = await import('{site}/theme/search/{module}.js'); {body} }}"
    return page.evaluate(script, value)


def test_texts_are_normalised_alike(page: Page, site: str) -> None:
    given = [*QUERIES, "Straße Ⅷ ㎡ ﾊﾝｶｸ İ", "〇号第", "繁體國際"]
    body = "const t = new Map(v.table); return v.given.map((x) => m.normalise(x, t));"
    found = call(page, site, "text", body, {"given": given, "table": list(text.variants().items())})
    assert [value.replace("i̇", "i̇") for value in found] == [
        text.normalise(value) for value in given
    ]


def test_addresses_follow_from_the_decision_as_when_it_was_stored(page: Page, site: str) -> None:
    numbers = ["演应急罚〔2024〕第015号", "x" * 300, "〔2024〕0012", "𠮷〔2024〕", "a" * 104]
    given = [("demo", kind.value, number) for kind in Kind for number in numbers]
    found = call(page, site, "slug", "return v.map((one) => m.slug(...one));", given)
    assert found == [slug(agency, Kind(kind), number) for agency, kind, number in given]


def test_terms_of_a_query_are_terms_of_documents_that_hold_it(page: Page, site: str) -> None:
    body = "return v.map((q) => m.groups(q).map((g) => g.terms));"
    for query, groups in zip(QUERIES, call(page, site, "text", body, QUERIES), strict=True):
        held = set(text.terms(query))
        for term in (term for group in groups for term in group):
            simplified = "".join(text.variants().get(c, c) for c in term["text"])
            starts = any(known.startswith(simplified) for known in held)
            assert simplified in held or (term["prefix"] and starts)


@pytest.mark.parametrize(("place", "documents"), [("base", BEFORE), ("delta", NOW)])
def test_scores_are_lunrs(page: Page, site: str, place: str, documents: list[Document]) -> None:
    """Whole result lists: the same documents, the same scores."""
    index = weights.lunr_builder([document.fields for document in documents]).build()
    body = """
      const { Index } = await import(v.site + "/theme/search/index.js");
      const index = await new Index(v.site + v.place + "/search/index/").open();
      const found = [];
      for (const query of v.queries) {
        const groups = (await import(v.site + "/theme/search/text.js")).groups(query);
        const { documents } = await m.find(index, query, { all: true });
        const lookups = await m.lookUp(index, groups, true);
        const scores = m.scored(index, lookups.flat());
        const shown = await index.results(documents);
        found.push(documents.map((at, i) => [shown[i].url, scores[at]]));
      }
      return [index.parts.length, found];
    """
    queries = ["砂石", "焚烧秸秆", "安全警示标志", "霁舟木材", "人防工程 建材"]
    given = {"site": site, "place": f"/{place}", "queries": queries}
    parts, answers = call(page, site, "rank", body, given)
    assert parts == (2 if place == "delta" else 1)
    for query, answer in zip(queries, answers, strict=True):
        terms = [term for word in query.split() for term in text.terms(word) if len(term) == 2]
        theirs = index.query(callback=lambda q, terms=terms: [required(q, term) for term in terms])
        scores = {documents[int(match["ref"])].url: match["score"] for match in theirs}
        ours = dict(answer)
        words = [folded(word) for word in query.split()]
        right = {
            document.url
            for document in documents
            if all(any(w in folded(t) for t in document.fields.values()) for w in words)
        }
        assert len(ours) == len(answer) > 0
        assert ours.keys() == right <= scores.keys()
        for url, score in ours.items():
            assert score == pytest.approx(scores[url], abs=0.01)
        ranked = [scores[url] for url in ours]
        assert all(before >= after - 0.01 for before, after in pairwise(ranked))


def required(query: Query, term: str) -> None:
    query.term(term, presence=QueryPresence.REQUIRED)
