"""Is the built site whole, inert, stable, and without a trace of what is gone?"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ConfigurationError
from pipeline.fields import CORE, dictionary, public_details
from pipeline.inert import inert
from pipeline.model import Entry, Kind, PartyType, Publication, PublicDecision, Withdrawal
from pipeline.public import content, decisions, show, store
from pipeline.public.downloads import open_data
from pipeline.public.library.roster import Officer, State
from pipeline.public.pages import lists
from pipeline.public.read.documents import clean
from pipeline.slug import slug

ROOT = Path(__file__).resolve().parents[1]
CONTENT = ROOT / "content"
TODAY = date(2026, 11, 21)
KINDS = list(Kind)
AGENCY = "shihao"
BASE = "https://example.invalid"

DETAILS = {
    Kind.PENALTY: {
        "case_name": "未按规定处置建筑垃圾案",
        "credit_code": "91500110MADEMO001X",
        "violation": "未经核准擅自处置建筑垃圾",
        "basis": "《城市建筑垃圾管理规定》第七条第一款",
        "penalty_kinds": "罚款",
        "penalty": "罚款人民币一万二千元",
        "fine": "12000.5",
        "authority": "重庆市綦江区石壕镇人民政府",
    },
    Kind.LICENCE: {"licence": "准予使用人防工程", "valid_to": "2099-12-31"},
    Kind.COERCION: {"measure": "查封场所"},
    Kind.INSPECTION: {"inspection_items": "安全生产条件", "inspection_result": "未发现问题"},
    Kind.LEVY: {"levy_item": "易地建设费", "levy_amount": "350000"},
}


def entry(place: int, **changes: object) -> Entry:
    """The ``place``-th invented decision: one a week, kinds in turn."""
    kind = KINDS[place % 5]
    decided = date(2024, 12, 1) + timedelta(weeks=place)
    facts: dict[str, object] = {
        "slug": f"demo-{place:04d}",
        "agency": AGENCY,
        "kind": kind,
        "number": f"演示决〔{decided.year}〕{place}号",
        "party": f"演示第{place}砂石有限公司",
        "party_type": PartyType.ORGANISATION,
        "decided_on": decided,
        "details": DETAILS[kind],
    }
    withdrawal = changes.pop("withdrawal", None)
    publication = Publication(
        first_day=decided + timedelta(days=3),
        last_day=date(2031, 1, 31),
        window_rule="公开满5年后撤下",
        window_source="演示办法第二十九条",
        due=decided + timedelta(days=9),
        due_provisional=False,
        due_rule="自作出决定之日起7个工作日内",
        due_source="演示办法第二十八条",
    )
    decision = PublicDecision(**{**facts, **changes})  # type: ignore[arg-type]
    return Entry(decision=decision, publication=publication, withdrawal=withdrawal)  # type: ignore[arg-type]


PERSON = entry(50, party="冉某某", party_type=PartyType.PERSON)
WITHDRAWN = entry(
    51,
    party="",
    details={},
    withdrawal=Withdrawal(on=date(2026, 5, 6), reason="行政复议决定撤销"),
)
ENTRIES = [*(entry(i) for i in range(50)), PERSON, WITHDRAWN]


def pelican(
    output: Path,
    entries: Sequence[Entry] | None,
    *,
    where: Path = CONTENT,
    settings: str = "publishconf.py",
    seed: str = "0",
) -> subprocess.CompletedProcess[str]:
    """Real Pelican, as a process of its own, over a store filled with ``entries``."""
    database = output.parent / f"{output.name}.db"
    if entries is not None:
        store.write(database, entries, today=TODAY)
    environment = {**os.environ, "GONGSHI_STORE": str(database), "PYTHONHASHSEED": seed}
    command = [sys.executable, "-m", "pelican", str(where), "-o", str(output)]
    return subprocess.run(
        [*command, "-s", str(ROOT / settings)],
        env={**environment, "PYTHONUTF8": "1", "COLUMNS": "400"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def build(output: Path, entries: Sequence[Entry], **how: object) -> dict[str, bytes]:
    done = pelican(output, entries, **how)  # type: ignore[arg-type]
    assert done.returncode == 0, done.stdout + done.stderr
    return files(output)


def files(output: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(output.rglob("*")) if path.is_file())
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return build(tmp_path_factory.mktemp("site") / "out", ENTRIES)


class Reading(HTMLParser):
    """What a browser would make of a page: elements, links, ids and text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text, self._silent, self._main = [], 0, 0
        self.main: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._main += tag == "main"

    def handle_endtag(self, tag: str) -> None:
        self._main -= tag == "main"

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._main and data.strip():
            self.main.append(data.strip())

    def values(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def meta(self, name: str) -> list[str]:
        found = [a for tag, a in self.elements if tag == "meta" and a.get("name") == name]
        return [attributes["content"] for attributes in found]


def pages(built: Mapping[str, bytes]) -> dict[str, Reading]:
    return {path: Reading(body) for path, body in built.items() if path.endswith(".html")}


@pytest.fixture(scope="module")
def read(site: dict[str, bytes]) -> dict[str, Reading]:
    return pages(site)


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "404.html",
        "search/index.html",
        "agencies/index.html",
        "agencies/shihao/index.html",
        "agencies/shihao/officers/index.html",
        "agencies/shihao/checklists/inspection-items/index.html",
        "agencies/shihao/flowcharts/penalty-ordinary/index.html",
        "agencies/shihao/complaint/index.html",
        "agencies/shihao/rights/index.html",
        "agencies/shihao/decisions/index.html",
        "agencies/zhejiang/decisions/index.html",  # has none, and says so
        "decisions/index.html",
        "decisions/demo-0000/index.html",
        "decisions/withdrawn/index.html",
        *(f"decisions/kind/{kind.value}/index.html" for kind in Kind),
        "decisions/year/2024/index.html",
        "decisions/year/2025/index.html",
        "pages/about/index.html",
        "feeds/all.atom.xml",
        "feeds/shihao.atom.xml",
        "sitemap.xml",
        "robots.txt",
        "data/decisions.csv",
        "data/decisions.jsonl",
        "theme/css/site.css",
        "theme/js/site.js",
    ],
)
def test_every_kind_of_page_stands_at_its_address(site: dict[str, bytes], path: str) -> None:
    assert site[path]
    assert any(re.fullmatch(r"decisions/page/[^/]+/index.html", one) for one in site)


@pytest.mark.parametrize("name", ["archives", "authors", "categories", "tags", "author", "tag"])
def test_pelican_writes_nothing_of_its_own(site: dict[str, bytes], name: str) -> None:
    assert not [path for path in site if path.split("/")[0].removesuffix(".html") == name]


def test_no_link_is_broken(site: dict[str, bytes], read: dict[str, Reading]) -> None:
    broken = []
    for path, page in read.items():
        base = "" if path in ("404.html", "410.html") else path.rpartition("/")[0]
        for link in [*page.values("href"), *page.values("src"), *page.values("action")]:
            if problem := _broken(link, base, path, site, read):
                broken.append((path, link, problem))
    assert not broken


def _broken(
    link: str, base: str, path: str, site: Mapping[str, bytes], read: Mapping[str, Reading]
) -> str:
    parts = urlsplit(link.removeprefix(f"{BASE}/") if link.startswith(BASE) else link)
    if link.startswith(BASE):
        return "" if f"{parts.path}index.html" in site else "no such canonical address"
    if parts.scheme or parts.netloc:
        return "" if parts.scheme in ("mailto", "tel") else "leaves the site"
    target = path
    if parts.path:
        joined = os.path.normpath(f"/{base}/{unquote(parts.path)}").lstrip("/")
        target = f"{joined}/index.html".lstrip("/") if parts.path.endswith("/") else joined
    if target not in site:
        return "no such file"
    if parts.fragment and unquote(parts.fragment) not in read[target].values("id"):
        return "no such place on the page"
    return ""


def test_every_page_has_the_frame_a_government_site_needs(read: dict[str, Reading]) -> None:
    for path, page in read.items():
        assert ("html", {"lang": "zh-CN"}) in page.elements, path
        for name in ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnType"):
            assert page.meta(name), (path, name)
        assert sum(tag == "h1" for tag, _ in page.elements) == 1, path
        assert "演示数据，均为虚构。" in page.text, path


def test_nothing_inline_and_nothing_from_elsewhere(read: dict[str, Reading]) -> None:
    for path, page in read.items():
        policies = [
            a for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policies[0]["content"].startswith("default-src 'self';"), path
        for tag, attributes in page.elements:
            assert tag != "style", path
            assert "style" not in attributes, path
            # Data is no script: nothing runs it.
            is_data = attributes.get("type") == "application/ld+json"
            assert tag != "script" or "src" in attributes or is_data, path
            assert not [name for name in attributes if name.startswith("on")], path


def test_a_decision_page_says_what_the_law_asks(read: dict[str, Reading]) -> None:
    page = read["decisions/demo-0000/index.html"]
    text = "".join(page.text)
    for expected in (
        "重庆市綦江区石壕镇人民政府于2024年12月1日对演示第0砂石有限公司"
        "就“未经核准擅自处置建筑垃圾”作出行政处罚决定：罚款人民币一万二千元。",
        "12,000.50 元",
        "2031年1月31日",
        "公开满5年后撤下",
        "演示办法第二十九条",
        "演示办法第二十八条",
        "023-48740007",
    ):
        assert expected in text
    assert page.meta("ArticleTitle") == ["演示第0砂石有限公司 行政处罚信息"]
    assert page.meta("PubDate") == ["2024-12-04 00:00"]
    assert page.meta("ContentSource") == ["重庆市綦江区石壕镇人民政府"]
    assert page.meta("robots") == ["unavailable_after: 2031-01-31T23:59:59+08:00"]
    assert ("article", {"class": "decision", "data-last-day": "2031-01-31"}) in page.elements
    assert "长期" in "".join(read["decisions/demo-0001/index.html"].text)


def test_every_public_field_is_shown_under_its_heading(tmp_path: Path) -> None:
    details = {field.key: f"值{i:03d}" for i, field in enumerate(public_details())}
    shown = {
        cell.heading: cell.value for cell in decisions.cells(entry(0, details=details).decision)
    }
    expected = [f for f in dictionary().values() if f.public or f.key in CORE]
    assert list(shown) == [f.heading for f in expected if f.key != "full_text"]
    for key, value in details.items():
        assert key == "full_text" or shown[dictionary()[key].heading] == value


def test_a_field_that_is_not_public_is_never_shown() -> None:
    secret = {key: "不该出现" for key, field in dictionary().items() if not field.public}
    cells = decisions.cells(entry(0, details=secret).decision)
    assert "不该出现" not in [cell.value for cell in cells]
    record = open_data.record(entry(0, details=secret), content.load(CONTENT).folders)
    assert "不该出现" not in record.values()


def test_a_natural_persons_page_is_not_for_search_engines(
    site: dict[str, bytes], read: dict[str, Reading]
) -> None:
    assert "noindex" in read["decisions/demo-0050/index.html"].meta("robots")
    assert b"demo-0050" not in site["sitemap.xml"]
    assert b"demo-0049" in site["sitemap.xml"]


def test_a_withdrawn_decision_shows_its_four_facts_only(
    site: dict[str, bytes], read: dict[str, Reading]
) -> None:
    page = read["decisions/demo-0051/index.html"]
    number = WITHDRAWN.decision.number
    assert page.main == [
        *("公示期已满", "这条信息已过公示期，不再展示。"),  # hidden until its last day is past
        *("这条信息已经撤下", "决定书文号", number, "决定种类", "行政许可"),
        *("撤下原因", "行政复议决定撤销", "撤下日期", "2026年5月6日"),
    ]
    assert page.meta("robots") == ["noindex"]
    assert not page.meta("ArticleTitle")
    body = site["decisions/demo-0051/index.html"].decode()
    body = body.replace(' data-last-day="2031-01-31"', "")  # for the script, not for readers
    decided = WITHDRAWN.decision.decided_on
    for hidden in ("石壕", "演示办法", decided.isoformat(), show.day(decided), "2031"):
        assert hidden not in body
    holders = {path for path, bytes_ in site.items() if b"demo-0051" in bytes_}
    assert holders == {"decisions/withdrawn/index.html"}


def test_the_feeds_hold_the_public_decisions(site: dict[str, bytes]) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(site["feeds/all.atom.xml"])
    for needed in ("id", "title", "updated"):
        assert feed.findtext(atom + needed)
    entries = feed.findall(f"{atom}entry")
    assert len(entries) == 50  # the newest of the 51 that are public
    assert entries[0].findtext(f"{atom}id") == "https://example.invalid/decisions/demo-0050/"
    assert entries[0].findtext(f"{atom}updated") == "2025-11-19T00:00:00+08:00"
    ids = [item.findtext(f"{atom}id") for item in entries]
    assert len(set(ids)) == len(ids)
    assert not ElementTree.fromstring(site["feeds/zhejiang.atom.xml"]).findall(f"{atom}entry")


def test_the_downloads_hold_the_public_decisions(site: dict[str, bytes]) -> None:
    table = site["data/decisions.csv"]
    assert table.startswith("\ufeff公布机关,决定种类,决定书文号".encode())
    rows = [json.loads(line) for line in site["data/decisions.jsonl"].splitlines()]
    assert len(rows) == 51
    assert tuple(rows[0]) == open_data.HEADINGS
    assert len(set(open_data.HEADINGS)) == len(open_data.HEADINGS)
    assert rows[0]["罚款金额"] == "12000.5"
    assert "决定书全文" not in rows[0]


def test_a_decision_page_is_small(site: dict[str, bytes]) -> None:
    assert max(len(body) for path, body in site.items() if "/demo-" in path) < 12_000
    assert len(site["theme/css/site.css"]) < 30_000


def test_the_same_inputs_give_the_same_bytes(site: dict[str, bytes], tmp_path: Path) -> None:
    assert build(tmp_path / "again", ENTRIES, seed="4242") == site


def test_a_new_decision_changes_the_newest_pages_only(
    site: dict[str, bytes], tmp_path: Path
) -> None:
    # Not a person: that one's page would be kept out of the sitemap.
    after = build(tmp_path / "more", [*ENTRIES, entry(52)])
    changed = {path for path in after if after[path] != site.get(path)}
    changed = {path for path in changed if not path.startswith("search/index/")}
    assert {path for path in site if not path.startswith("search/index/")} <= set(after)
    assert changed == {
        "index.html",
        "agencies/index.html",
        "agencies/shihao/index.html",
        "agencies/shihao/decisions/index.html",
        "decisions/index.html",
        "decisions/kind/coercion/index.html",
        "decisions/year/2025/index.html",
        "decisions/demo-0050/index.html",  # its neighbour
        "decisions/demo-0052/index.html",
        "agencies/shihao/screen/index.html",
        "data/SHA256SUMS",
        "data/datapackage.json",
        "data/decisions.csv",
        "data/decisions.jsonl",
        "data/decisions-2025.xlsx",
        "feeds/all.atom.xml",
        "feeds/kind-coercion.atom.xml",
        "feeds/shihao.atom.xml",
        "feeds/shihao-coercion.atom.xml",
        "sitemap.xml",
    }


def test_a_decision_taken_down_leaves_no_trace(tmp_path: Path) -> None:
    output = tmp_path / "out"
    build(output, ENTRIES)
    gone = ENTRIES[30].decision
    after = build(output, [one for one in ENTRIES if one.decision != gone])  # over the old one
    for trace in (gone.slug, gone.number, gone.party):
        needle = trace.encode()
        assert not [path for path, body in after.items() if needle in body or trace in path]


HOSTILE = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}{%x%}\x0b"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A site with hostile values in every field of every kind, and in what the office wrote."""
    folder = tmp_path_factory.mktemp("hostile")
    where = folder / "content"
    shutil.copytree(CONTENT, where)
    own = where / "agencies" / AGENCY
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    row = ["=1+1", HOSTILE, "职务", "演9", "类别", "区域", "2029-01-01", "执法人员", "在岗", "", ""]
    with (own / "officers.csv").open("a", encoding="utf-8") as file:
        file.write(",".join(quoted if cell == HOSTILE else cell for cell in row) + "\n")
    (own / "checklists" / "hostile.csv").write_text(f"{quoted}\n{quoted}\n", encoding="utf-8")
    (own / "rights.md").write_text(
        f"title: 权利{HOSTILE}\n\n# 一\n\n{HOSTILE}\n\n[点](javascript:alert(1))"
        '<a href="javascript:alert(1)" onclick="x()">x</a>',
        encoding="utf-8",
    )
    flowchart = f"""title = '''{HOSTILE[:-1]}'''\nsource = "演示"\n[[steps]]\nid = "a"
label = '''{HOSTILE[:-1]}'''\nwho = "javascript:alert(1)"\nnext = []\n"""
    (own / "flowcharts" / "hostile.toml").write_text(flowchart, encoding="utf-8")
    site_toml = (where / "site.toml").read_text(encoding="utf-8")
    (where / "site.toml").write_text(site_toml.replace("demo = true", "demo = false"))
    texts = [HOSTILE, "=cmd|' /C calc'!A0", "javascript:alert(1)", "\tx", "\u202e倒"]
    entries = [
        entry(
            i,
            kind=kind,
            number=f"{text}{kind.value}",
            party=text,
            details={field.key: text for field in public_details()},
            withdrawal=Withdrawal(on=TODAY, reason=text) if gone else None,
        )
        for i, (kind, text, gone) in enumerate(
            (kind, text, gone) for kind in Kind for text in texts for gone in (False, True)
        )
    ]
    return build(folder / "out", entries, where=where)


def test_hostile_values_are_inert_on_every_page(hostile: dict[str, bytes]) -> None:
    allowed = {"theme/js/site.js", "search/search.js"}
    for path, page in pages(hostile).items():
        for tag, attributes in page.elements:
            assert tag != "img", path
            assert not [name for name in attributes if name.startswith("on")], path
            for name in ("href", "src", "action", "data"):
                assert "javascript:" not in attributes.get(name, "").lower(), path
            if tag == "script" and attributes.get("type") != "application/ld+json":
                source = attributes["src"].replace("../", "").removeprefix("./").lstrip("/")
                assert source in allowed or source.startswith("theme/"), path
    body = "".join(Reading(hostile["decisions/demo-0000/index.html"]).text)
    assert "{{7*7}}" in body
    assert "49" not in body.replace("2049", "")


def test_hostile_values_are_inert_in_downloads(hostile: dict[str, bytes]) -> None:
    for cells in csv_rows(hostile["data/decisions.csv"]):
        assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell]
    for line in hostile["data/decisions.jsonl"].splitlines():
        json.loads(line)
    for path, body in hostile.items():
        if path.endswith(".xml"):
            ElementTree.fromstring(body)


def csv_rows(table: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def test_without_the_demo_flag_no_page_says_demo(hostile: dict[str, bytes]) -> None:
    assert not [path for path, body in hostile.items() if b'class="demo"' in body]


def test_without_a_store_a_preview_warns_and_a_release_refuses(tmp_path: Path) -> None:
    preview = pelican(tmp_path / "preview", None, settings="pelicanconf.py")
    assert preview.returncode == 0
    assert "还没有公开库" in preview.stdout + preview.stderr
    assert "目前没有公示中的执法决定" in (tmp_path / "preview" / "index.html").read_text("utf-8")
    release = pelican(tmp_path / "release", None)
    assert release.returncode != 0
    assert "找不到公开库" in release.stdout + release.stderr
    assert not (tmp_path / "release" / "index.html").exists()


def test_an_agency_without_a_folder_stops_the_build(tmp_path: Path) -> None:
    done = pelican(tmp_path / "out", [entry(0, agency="nowhere")])
    assert done.returncode != 0
    assert "content/agencies 下没有的机关：nowhere" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "就“未经核准擅自处置建筑垃圾”作出行政处罚决定：罚款人民币一万二千元。"),
        ({"details": {}}, "于2024年12月1日对演示第0砂石有限公司作出行政处罚决定。"),
        ({"details": {"penalty": "罚款。\n警告。"}}, "作出行政处罚决定：罚款。警告。"),
        ({"details": {"penalty": "长" * 300}}, "长" * 109 + "…。"),
        (
            {"kind": Kind.INSPECTION, "details": {"inspection_result": "合格"}},
            "行政检查结论：合格。",
        ),
    ],
)
def test_the_opening_sentence(changes: dict[str, object], expected: str) -> None:
    told = decisions.sentence(entry(0, **changes).decision, "某机关")
    assert told.endswith(expected)


@pytest.mark.parametrize(
    ("show_as", "value", "expected"),
    [
        (show.day, "2026-03-05", "2026年3月5日"),
        (show.day, date(2026, 12, 31), "2026年12月31日"),
        (show.day, "2099-12-31", "长期"),
        (show.day, "不详", "不详"),
        (show.yuan, "2000", "2,000 元"),
        (show.yuan, "2000.00", "2,000 元"),
        (show.yuan, "1234567.5", "1,234,567.50 元"),
        (show.yuan, "0", "0 元"),
        (show.yuan, "若干", "若干"),
        (show.yuan, "NaN", "NaN"),
        (show.wan, "669700.00", "66.97 万元"),
        (show.wan, "10000", "1 万元"),
        (show.wan, "123456789", "12,345.68 万元"),
        (show.wan, "9999", "9,999 元"),
        (show.wan, "若干", "若干"),
        (show.wan, "NaN", "NaN"),
        (show.paragraphs, " 一\n\n　　二 \r\n三", ["一", "二", "三"]),
    ],
)
def test_values_read_the_chinese_way(
    show_as: Callable[[object], object], value: object, expected: object
) -> None:
    assert show_as(value) == expected


LINES = [decisions.line(entry(i)) for i in range(130)]


SIZES = st.integers(1, 25)


@given(st.integers(0, 129), SIZES)
def test_pages_are_counted_from_the_oldest(count: int, size: int) -> None:
    chunks, (ends, names) = lists.split(LINES[:count], size)
    assert [line for chunk in chunks for line in chunk] == LINES[:count]
    assert ends == [sum(map(len, chunks[: n + 1])) for n in range(len(chunks) - 1)]
    assert names == [lists.named(chunk[-1].slug) for chunk in chunks[:-1]]
    assert len(chunks[-1]) >= min((size + 1) // 2, count)
    more = lists.split(LINES[: count + 1], size)[0]
    assert more[: len(chunks) - 1] == chunks[:-1]


def test_pages_have_about_the_size_that_was_asked_for() -> None:
    lines = [LINES[0]._replace(slug=slug("demo", Kind.PENALTY, str(i))) for i in range(20_000)]
    chunks = lists.split(lines, 20)[0]
    lengths = sorted(map(len, chunks[:-1]))
    assert lengths[0] >= 15
    assert 19 < len(lines) / len(chunks) < 21
    assert lengths[-1] <= 80


def test_what_leaves_or_enters_moves_the_pages_near_it_alone() -> None:
    lines = [LINES[0]._replace(slug=slug("demo", Kind.PENALTY, str(i))) for i in range(600)]

    def pages(own: list[decisions.Line]) -> set[tuple[decisions.Line, ...]]:
        return {tuple(chunk) for chunk in lists.split(own, 20)[0]}

    whole = pages(lines)
    moved = [len(whole - pages([*lines[:at], *lines[at + 1 :]])) for at in range(0, 500, 3)]
    assert sum(moved) / len(moved) < 1.5
    assert max(moved) < 8


def test_neighbours_stay_within_the_agency_and_pass_over_what_is_withdrawn() -> None:
    a, b, c = (decisions.line(entry(i, agency="a")) for i in (0, 1, 4))
    other = decisions.line(entry(2, agency="b"))
    gone = decisions.line(entry(3, agency="a", withdrawal=Withdrawal(on=TODAY, reason="撤销")))
    found = decisions.neighbours([a, b, other, gone, c])
    assert found == {a.slug: (None, b), b.slug: (a, c), other.slug: (None, None), c.slug: (b, None)}


@pytest.mark.parametrize(
    ("state", "since", "until", "valid_to", "expected"),
    [
        (State.VALID, None, None, "2026-11-21", State.VALID),  # the last day still counts
        (State.VALID, None, None, "2026-11-20", State.EXPIRED),
        (State.VALID, None, None, None, State.VALID),
        (State.SUSPENDED, "2026-11-21", "2026-12-20", "2029-01-01", State.SUSPENDED),
        (State.SUSPENDED, "2026-11-22", "2026-12-21", "2029-01-01", State.VALID),
        (State.SUSPENDED, "2026-10-22", "2026-11-21", "2029-01-01", State.SUSPENDED),
        (State.SUSPENDED, "2026-10-21", "2026-11-20", "2029-01-01", State.VALID),
        (State.SUSPENDED, "2026-10-21", "2026-11-20", "2026-11-01", State.EXPIRED),
        (State.WITHDRAWN, None, None, "2029-01-01", State.WITHDRAWN),
        (State.WITHDRAWN, "2026-01-01", None, "2026-01-02", State.WITHDRAWN),
    ],
)
def test_an_officers_state_goes_by_the_day(
    state: State, since: str | None, until: str | None, valid_to: str | None, expected: State
) -> None:
    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    officer = Officer({}, "执法人员", day(valid_to), state, day(since), day(until))
    assert officer.standing(TODAY) is expected


def test_the_roster_shows_the_policys_columns_only(read: dict[str, Reading]) -> None:
    text = "".join(read["agencies/shihao/officers/index.html"].main)
    assert "姓名执法证件编号执法类别证件状态" in text
    assert "副大队长" not in text  # 职务 is not among the town's fields
    assert "证件已过期" in text
    assert "暂扣证件" in text


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT, tmp_path / "content")
    return tmp_path / "content"


def test_all_problems_of_all_files_come_at_once(copied: Path) -> None:
    own = copied / "agencies" / AGENCY
    header = (own / "officers.csv").read_text("utf-8-sig").splitlines()[0]
    (own / "officers.csv").write_text(
        f"{header}\n甲某,队,员,演1,类,区,明年,执法人员,在岗,,\n"
        f"乙某,队,员,演1,类,区,2028-01-01,执法人员,休假,,\n",
        encoding="utf-8",
    )
    (own / "checklists" / "matters.csv").write_text("甲,乙\n一\n", encoding="utf-8")
    (own / "checklists" / "own.csv").write_text("甲,乙\n一\n", encoding="utf-8")
    (own / "rights.md").write_text("没有标题", encoding="utf-8")
    (copied / "site.toml").write_text('name = "x"\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        content.load(copied)
    problems = "\n".join(caught.value.problems)
    for expected in (
        "shihao/officers.csv：第2行“有效期至”应为日期",
        "shihao/officers.csv：第3行“状态”应为在岗、暂扣、收回、注销、遗失作废之一",
        "shihao/officers.csv：第3行“执法证件编号”与第2行重复",
        "shihao/checklists/matters.csv：找不到列名，应有一行写明：事项名称、",
        "shihao/checklists/own.csv：第2行有1列，应为2列",
        "shihao/rights.md：开头应有一行“title: 标题”",
        "site.toml：",
    ):
        assert expected in problems
    assert "甲某" not in problems
    assert "明年" not in problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_tables_are_read_as_excel_saves_them(copied: Path, encoding: str) -> None:
    path = copied / "agencies" / AGENCY / "officers.csv"
    text = path.read_text("utf-8-sig").replace("2028-10-31", "2028/10/31")
    path.write_text(text, encoding=encoding)
    officers = content.load(copied).folders[AGENCY].officers
    assert officers[0].cells["name"] == "冉牧之"
    assert officers[0].valid_to == date(2028, 10, 31)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<script>x</script>文", "文"),
        ('<a href="javascript:x">点</a>', '<a rel="noopener noreferrer">点</a>'),
        ('<p onclick="x" style="color:red">文</p>', "<p>文</p>"),
        ('<img src="https://example.invalid/x.png">文', "文"),
        ('<h2 id="一">一</h2>', '<h2 id="一">一</h2>'),
    ],
)
def test_markdown_comes_out_clean(html: str, expected: str) -> None:
    assert clean(html) == expected


def test_cells_that_look_like_formulas_are_quoted() -> None:
    for sign in "=+-@＝＋－＠\t\r\n":
        assert inert(f"{sign}1") == f"'{sign}1"
    assert inert("罚款=1") == "罚款=1"


def test_the_theme_asks_nothing_of_other_hosts() -> None:
    for path in (ROOT / "theme").rglob("*"):
        if path.suffix in (".css", ".js", ".html"):
            found = re.findall(r"https?://[^\s\"')]+", path.read_text("utf-8"))
            # Names, not addresses that anything is fetched from.
            assert set(found) <= {"http://www.w3.org/2000/svg", "https://schema.org"}, path
