"""Every page as a document: valid, well told to machines, inert whatever stands in it, and small."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from defusedxml import ElementTree
from justhtml import JustHTML

from pipeline.fields import public_details
from pipeline.model import Withdrawal
from pipeline.public.theme import environment
from tests.every_page import DECISION, ENTRIES, KINDS, SIZE, build, entry, templates
from tests.rendering import BASE, CONTENT, ROOT, TODAY

IDS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "list")
NAMED = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


class Document:
    """A page as the HTML standard says it is to be read."""

    def __init__(self, html: str) -> None:
        found = JustHTML(html, collect_errors=True, sanitize=False)
        self.errors = [str(error) for error in found.errors]
        self.nodes = [node for node in found.query("*") if node.name]

    def all(self, *names: str) -> list[JustHTML]:
        return [node for node in self.nodes if node.name in names]

    def values(self, attribute: str) -> list[str]:
        return [n.attrs[attribute] or "" for n in self.nodes if attribute in (n.attrs or {})]

    def meta(self, name: str) -> list[str]:
        return [n.attrs["content"] for n in self.all("meta") if n.attrs.get("name") == name]

    def shape(self) -> list[tuple[str, ...]]:
        """Its elements in order, each with the names of its attributes, but those of drawings."""
        drawn = {id(node) for node in self.drawn()}
        return [_kind(node) for node in self.nodes if id(node) not in drawn]

    def drawn(self) -> list[JustHTML]:
        """What drawings are made of: how much of it there is depends on how long a text is."""
        return [node for svg in self.all("svg") for node in svg.query("*")]


def _kind(node: JustHTML) -> tuple[str, ...]:
    return (node.name, *sorted(node.attrs or ()))


@cache
def read(path: Path) -> Document:
    return Document(path.read_text("utf-8"))


def pages(folder: Path) -> Iterator[tuple[str, Document]]:
    for path in sorted(folder.rglob("*.html")):
        yield path.relative_to(folder).as_posix(), read(path)


def at(folder: Path, kind: str) -> Document:
    place = folder / KINDS[kind].split("?")[0]
    return read(place / "index.html" if place.is_dir() else place)


def test_every_template_is_among_the_kinds() -> None:
    """All tests of every kind of page rest on this."""
    assert {*templates()} == {kind.split(" (")[0] for kind in KINDS}


def test_every_page_is_valid(every_page: Path) -> None:
    for name, page in pages(every_page):
        assert page.errors == [], name
        ids = page.values("id")
        assert [one for one, count in Counter(ids).items() if count > 1] == [], name
        for attribute in IDS:
            named = {one for value in page.values(attribute) for one in value.split()}
            assert named <= {*ids}, (name, attribute)


def test_headings_go_down_by_single_steps(every_page: Path) -> None:
    for name, page in pages(every_page):
        levels = [NAMED[node.name] for node in page.all(*NAMED)]
        assert levels.count(1) == 1, name
        seen = 0
        for level in levels:
            # What stands before the first heading in the source (a hidden note) starts at two.
            assert level <= max(seen, 1) + 1, (name, levels)
            seen = level


def test_every_field_has_a_label(every_page: Path) -> None:
    for name, page in pages(every_page):
        labelled = {*page.values("for")}
        inside = {id(node) for label in page.all("label") for node in label.query("*")}
        for node in page.all("input", "select", "textarea"):
            has = node.attrs.get("id") in labelled or id(node) in inside
            assert has or node.attrs.get("aria-label"), (name, node.attrs)


def test_every_page_tells_what_it_is(every_page: Path) -> None:
    """The tags of 政府网站发展指引, and what search engines and readers go by."""
    titles = Counter[str]()
    for name, page in pages(every_page):
        (html,) = page.all("html")
        assert html.attrs["lang"] == "zh-CN"
        titles[page.all("title")[0].to_text()] += 1
        for tag in ("SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnType",
                    "ColumnDescription", "ColumnKeywords", "description", "viewport"):  # fmt: skip
            (content,) = page.meta(tag)
            assert content, (name, tag)
    assert [title for title, count in titles.items() if count > 1] == []  # told apart


@pytest.mark.parametrize("kind", ["decision (penalty)", "decision (person)", "case", "regulation", "guide"])  # fmt: skip
def test_every_article_tells_its_date_and_source(every_page: Path, kind: str) -> None:
    page = at(every_page, kind)
    (title,) = page.meta("ArticleTitle")
    assert title in page.all("title")[0].to_text()
    (day,) = page.meta("PubDate")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", day)
    (source,) = page.meta("ContentSource")
    assert re.search("政府|局|办公室", source)


def test_what_may_be_listed_says_where_it_stands(every_page: Path) -> None:
    """Canonical address, Open Graph and sitemap name the same pages; others have none of them."""
    listed = {}
    for name, page in pages(every_page):
        canonical = [n.attrs["href"] for n in page.all("link") if n.attrs.get("rel") == "canonical"]
        graph = {n.attrs["property"]: n.attrs["content"] for n in page.all("meta") if "property" in n.attrs}  # fmt: skip
        if any("noindex" in one for one in page.meta("robots")):
            assert not canonical, name
            assert not graph, name
            continue
        assert canonical == [f"{BASE}/{name.removesuffix('index.html')}"]
        assert graph["og:url"] == canonical[0]
        assert graph["og:title"]
        listed[canonical[0]] = name
    sitemap = ElementTree.fromstring((every_page / "sitemap.xml").read_bytes())
    assert sorted(one.text for one in sitemap.iter() if one.tag.endswith("loc")) == sorted(listed)


def test_the_feed_holds_what_the_lists_hold(every_page: Path) -> None:
    atom = ElementTree.fromstring((every_page / "feeds/all.atom.xml").read_bytes())
    told = {one.text for one in atom.iter() if one.tag.endswith("}id")} - {f"{BASE}/feeds/all.atom.xml"}  # fmt: skip
    shown = [one.decision.slug for one in ENTRIES if not one.withdrawal]
    assert told == {f"{BASE}/decisions/{slug}/" for slug in shown}
    listed = [
        target
        for path in [every_page / "decisions/index.html", *every_page.glob("decisions/page/*/index.html")]
        for target in re.findall(r'class="item-title"><a href="[./]*decisions/([^/"]+)/"', path.read_text("utf-8"))
    ]  # fmt: skip
    assert sorted(listed) == sorted(shown)
    assert len(shown) > SIZE


@pytest.mark.parametrize(
    ("kind", "type_"),
    [("index", "WebSite"), ("agency", "GovernmentOrganization"), ("data", "DataCatalog")],
)
def test_data_for_machines_is_data(every_page: Path, kind: str, type_: str) -> None:
    (one,) = data(at(every_page, kind))
    assert one["@context"] == "https://schema.org"
    assert one["@type"] == type_
    assert one["name"]
    if kind == "data":
        assert all(d["distribution"][0]["contentUrl"].startswith(BASE) for d in one["dataset"])


def data(page: Document) -> list[dict[str, object]]:
    found = [n for n in page.all("script") if n.attrs.get("type") == "application/ld+json"]
    return [json.loads(node.children[0].data) for node in found]


# ---- whatever stands in it ------------------------------------------------------------

BLAND = "甲乙丙"
HOSTILE = (
    "\"></script></title></textarea></style><!-- </main><svg onload=alert(1)><script>x</script>'",
    "javascript:alert(1)//{{7*7}}{% x %}' onclick='x",
    "\u202e倒过来\u2066<b>粗</b>\u200f&lt;i&gt;&#60;script&#62;",
    "长" * 60 + "UNTRENNBARLANG" * 12,
)


def filled(text: str) -> list[object]:
    """A decision of every kind, shown and withdrawn, with ``text`` in every field."""
    keys = [
        field.key for field in public_details() if field.type not in ("date", "amount", "number")
    ]
    facts = {"number": f"{text}号", "party": text, "details": dict.fromkeys(keys, text)}
    return [
        *(entry(place, **facts) for place in range(5)),
        *(entry(p, number=f"{text}{p}号", party="", details={},
                withdrawal=Withdrawal(on=TODAY, reason=text)) for p in range(5, 10)),
    ]  # fmt: skip


#: Keys whose values are no free text: names of things, numbers with a check, lists to choose from.
FIXED = {
    *("slug", "policy", "id", "to", "shape", "domain", "id_code", "language", "credit_code"),
    *(
        "hotline",
        "phone",
        "postcode",
        "email",
        "enforcement_report_line",
        "corrections",
        "organ_mark",
        "calendar",
    ),
    *("kind", "kinds"),
}
#: Columns of free text, of rosters and checklists.
FREE = {
    *("姓名", "单位", "职务", "事项名称", "依据", "职责权限", "承办机构", "实施主体", "职权名称"),
    *(
        "责任事项",
        "追责情形",
        "违法行为",
        "适用范围",
        "裁量幅度",
        "备案情况",
        "检查对象",
        "检查内容",
    ),
}


def office(folder: Path, text: str) -> Path:
    """The demonstration's content with ``text`` in every field of free text an agency writes."""
    where = folder / "content"
    shutil.copytree(CONTENT, where)
    own = where / "agencies" / "shihao"
    for path in (where / "site.toml", *sorted(own.rglob("*.toml"))):
        path.write_text(settings(path.read_text("utf-8"), text), encoding="utf-8")
    for path in (own / "officers.csv", *sorted((own / "checklists").glob("*.csv"))):
        rows = [*csv.DictReader(path.read_text("utf-8-sig").splitlines())]
        rows = [
            {key: text if key in FREE and old else old for key, old in row.items()} for row in rows
        ]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    for path in sorted((own / "regulations").glob("*.md")):
        lines = path.read_text("utf-8").splitlines()
        lines = [f"{line}{text}" if line.startswith("第") else line for line in lines]
        path.write_text("\n".join(lines), encoding="utf-8")
    return where


def settings(body: str, text: str) -> str:
    """A TOML file with ``text`` for every string of a key that is not fixed."""
    shown, key, lines = json.dumps(text, ensure_ascii=False), "", []
    for line in body.splitlines():
        if found := re.match(r"(\w+) = ", line):
            key = found[1]
        is_text = key not in FIXED and not re.search(r"\bto = ", line)
        filled = re.sub(r'"[^"\n]+"', lambda _: shown, line)
        lines.append(filled if is_text and not line.startswith(("#", "[")) else line)
    return "\n".join(lines)


@pytest.fixture(scope="module")
def bland(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bland")
    return build(folder, filled(BLAND), office(folder, BLAND))


@pytest.mark.parametrize(
    "text",
    [pytest.param(one, marks=[pytest.mark.long] * (at > 1)) for at, one in enumerate(HOSTILE)],
    ids=range(len(HOSTILE)),
)
def test_no_value_changes_what_a_page_is_made_of(bland: Path, tmp_path: Path, text: str) -> None:
    """Element by element, attribute by attribute: a hostile page is shaped as a harmless one."""
    site = build(tmp_path, filled(text), office(tmp_path, text))
    seen = 0
    harmless = dict(pages(bland))
    strokes = {_kind(node) for page in harmless.values() for node in page.drawn()}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        page = Document(path.read_text("utf-8"))
        assert page.shape() == harmless[name].shape(), name
        assert {_kind(node) for node in page.drawn()} <= strokes, name
        for attribute in ("href", "src", "action"):
            schemes = {value.split(":")[0] for value in page.values(attribute) if ":" in value.split("/")[0]}  # fmt: skip
            assert schemes <= {"https", "tel", "mailto"}, name
        assert all(one["@context"] for one in data(page))
        seen += text[:20] in "".join(node.to_text() for node in page.all("main"))
    assert seen > 20


def test_every_template_escapes_what_it_is_given() -> None:
    assert environment(ROOT / "theme").autoescape is True
    for path in (ROOT / "theme/templates").glob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape|Markup", path.read_text("utf-8")), path.name


# ---- small ----------------------------------------------------------------------------


def weight(folder: Path, url: str) -> int:
    """Bytes, each file compressed, of a page with all that it loads by itself."""
    html = (folder / url / "index.html").read_bytes()
    loaded = re.findall(
        rb'<(?:link rel="(?:stylesheet|icon|preload)"|script)[^>]*?(?:href|src)="([^"]+)"', html
    )
    files = [folder / url / name.decode() for name in loaded]
    assert len(files) > 3
    return len(gzip.compress(html)) + sum(len(gzip.compress(p.read_bytes())) for p in files)


def test_pages_keep_to_their_budgets(every_page: Path) -> None:
    assert weight(every_page, KINDS["index"]) <= 60_000
    assert weight(every_page, DECISION) <= 20_000
    styles = sum(len(gzip.compress(path.read_bytes())) for path in every_page.rglob("*.css"))
    assert 8_000 <= styles <= 15_000
