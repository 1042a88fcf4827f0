"""What was public once is answered with 410, told to feed readers and to the operator."""

from __future__ import annotations

import gzip
import html
import re
import shutil
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Gone
from pipeline.public.released import gone, reading
from pipeline.public.released.naming import Searcher
from pipeline.public.released.release import hash_files
from tests import web
from tests.conftest import PENALTY, Site

AWAY = "shihao-penalty-bcdfghjklmnpqr"
NOTICE = "shihao-penalty-rqpnmlkjhgfdcb"
HERE = "shihao-licence-bbbbbbbbbbbbbb"


def a_gone(slug: str, **changes: object) -> Gone:
    facts = {"slug": slug, "agency": "shihao", "on": date(2026, 11, 1), "expired": True}
    return Gone(**{**facts, **changes})  # type: ignore[arg-type]


@given(st.sets(st.from_regex(r"[a-z]+-(penalty|licence)-[bcdfghjkl]{14}", fullmatch=True)))
def test_the_list_holds_just_these(slugs: set[str]) -> None:
    made = gone.gone_map([a_gone(slug) for slug in slugs])
    assert gone.slugs_of(made.body) == slugs
    assert gone.listed(gone.slugs_of(made.body)) == made


def test_a_notice_keeps_its_address() -> None:
    assert gone.slugs_of(gone.gone_map([a_gone(AWAY), a_gone(NOTICE, notice=True)]).body) == {AWAY}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The real nginx with the deployed configuration over a small site: its root, its address."""
    root = tmp_path / "output"
    for name in (f"decisions/{HERE}", f"decisions/{NOTICE}", "decisions/withdrawn"):
        (root / name).mkdir(parents=True)
        (root / name / "index.html").write_text(name)
    (root / "410.html").write_text("已经撤下")
    with web.serving(root, tmp_path) as address:
        yield root, address


def ask(address: str) -> tuple[int, str]:
    try:
        with urlopen(address, timeout=5) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def until(address: str, status: int) -> str:
    for _ in range(100):
        found, body = ask(address)
        if found == status:
            return body
        time.sleep(0.05)
    raise AssertionError(f"{found} and not {status}")


def test_nginx_answers_410_for_what_is_gone(server: tuple[Path, str]) -> None:
    root, address = server
    assert (
        ask(f"{address}/decisions/{AWAY}/")[0] == 404
    )  # no list yet: the server starts all the same
    others = [
        f"shihao-penalty-{''.join('bcdfghjklm'[int(d)] for d in f'{n:014d}')}" for n in range(5000)
    ]
    listed = [a_gone(slug) for slug in (AWAY, *others)] + [a_gone(NOTICE, notice=True)]
    (root / gone.NAME).write_bytes(gone.gone_map(listed).body)
    web.reload(root.parent)
    body = until(f"{address}/decisions/{AWAY}/", 410)
    assert "已经撤下" in body
    for tail in ("", "/index.html", "/?from=feed", "/old.pdf"):
        until(f"{address}/decisions/{AWAY}{tail}", 410)  # an old worker may answer for a while
    until(f"{address}/decisions/{others[-1]}/", 410)
    for alive in (HERE, NOTICE, "withdrawn"):
        assert ask(f"{address}/decisions/{alive}/")[0] == 200
    for unknown in ("shihao-penalty-never", f"{AWAY}x", f"x{AWAY}"):
        assert ask(f"{address}/decisions/{unknown}/")[0] == 404
    assert ask(f"{address}/gone.map")[0] == 404


SECOND = {"行政处罚决定书文号": "石壕罚决〔2026〕2号", "案件名称": "占道堆放案"}
HELD = {"行政处罚决定书文号": "石壕罚决〔2026〕3号", "违法事实": "经查，该案另案处理。"}
OLD = {"行政处罚决定书文号": "石壕罚决〔2019〕4号", "处罚决定日期": "2019-03-04"}


def listed(site: Site) -> set[str]:
    return gone.slugs_of((site.output / gone.NAME).read_bytes())


def test_the_list_names_what_was_public_once_and_nothing_else(site: Site) -> None:
    site.export("a.csv", {}, SECOND, HELD, OLD)
    assert site.publish().returncode == 0
    first, second = site.pages()  # the third is held, the fourth past its term from the start
    assert listed(site) == set()
    folders = ("--state", str(site.state), "--content", str(site.content))
    day = ("--by", "审查员甲", "--today", "2026-11-23")
    assert site.pipeline("review", "refuse", first, *folders, *day).returncode == 0
    site.publish("2026-11-23")
    assert listed(site) == {first}
    assert site.pipeline("review", "approve", first, *folders, *day).returncode == 0
    site.publish("2026-11-24")
    assert listed(site) == set()  # back again
    site.publish("2031-11-21")
    assert listed(site) == {first, second}
    assert site.pipeline("ledger", "check", "--state", str(site.state)).returncode == 0


def test_the_report_names_every_file_that_named_it(site: Site) -> None:
    site.export("a.csv", {}, SECOND)
    site.publish()
    slugs = site.pages()
    numbers = (PENALTY["行政处罚决定书文号"], SECOND["行政处罚决定书文号"])
    before = {slug: set(site.traces(slug)) for slug in slugs}
    site.publish("2031-11-21")
    taken = {one["slug"]: one for one in site.report()["taken_down"]}
    assert taken.keys() == set(slugs)
    for slug, one in taken.items():
        assert f"decisions/{slug}/index.html" in one["named_before"]
        assert {"data/decisions.csv", "index.html", "feeds/all.atom.xml"} <= set(
            one["named_before"]
        )
        assert before[slug] - {f"decisions/{slug}"} <= set(one["named_before"])
        assert [name for name in one["named_before"] if name.startswith("search/index/")]
        feeds = ["all", "kind-penalty", "shihao-penalty", "shihao"]
        assert one["named_now"] == [*(f"feeds/{name}.atom.xml" for name in feeds), "gone.map"]
    for number in numbers:
        assert site.traces(number) == []


def test_a_file_that_is_as_it_was_is_named_too(site: Site) -> None:
    site.content = Path(shutil.copytree(site.content, site.folder / "content"))
    about = site.content / "pages" / "about.md"
    about.write_text(about.read_text() + "\n又见石壕罚决〔2026〕1号。\n")
    site.export("a.csv", {}, SECOND)
    site.publish()
    page = site.output / "pages/about/index.html"
    before = page.read_bytes()
    site.publish("2031-11-21")
    assert page.read_bytes() == before
    taken = {one["number"]: one for one in site.report()["taken_down"]}
    assert "pages/about/index.html" in taken["石壕罚决〔2026〕1号"]["named_before"]
    assert "pages/about/index.html" in taken["石壕罚决〔2026〕1号"]["named_now"]
    assert "pages/about/index.html" not in taken["石壕罚决〔2026〕2号"]["named_now"]


def test_a_withdrawal_is_reported_and_leaves_its_notice(site: Site) -> None:
    site.export("a.csv", {}, SECOND)
    site.publish()
    folders = ("--state", str(site.state), "--content", str(site.content))
    words = ("--reason", "行政复议撤销", "--by", "甲", "--today", "2026-11-23")
    assert site.pipeline("withdraw", "石壕罚决〔2026〕1号", *words, *folders).returncode == 0
    site.publish("2026-11-23")
    (one,) = site.report()["taken_down"]
    assert one["number"] == "石壕罚决〔2026〕1号"
    assert f"decisions/{one['slug']}/index.html" in one["named_now"]
    assert "data/decisions.csv" in set(one["named_before"]) - set(one["named_now"])
    assert listed(site) == set()
    feed = (site.output / "feeds/all.atom.xml").read_text()
    assert re.search(rf'<at:deleted-entry ref="[^"]*{one["slug"]}/" when="2026-11-23T', feed)
    site.publish("2026-12-24")
    assert "<at:deleted-entry" not in (site.output / "feeds/all.atom.xml").read_text()


@pytest.mark.parametrize("many", [1, 1000], ids=["in two processes", "in one"])
def test_names_are_found_as_html_and_compressed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(reading, "_MANY", many)
    (tmp_path / "a.html").write_text("<p>甲&amp;乙〔2026〕1号</p>")
    (tmp_path / "b.bin").write_bytes(gzip.compress("…甲&乙〔2026〕1号…".encode()))
    (tmp_path / "c.gz").write_bytes(b"\x1f\x8b broken")
    (tmp_path / "甲&乙〔2026〕1号.txt").write_text("")
    (tmp_path / "d.html").write_text("<p>甲乙〔2026〕1号</p>")
    found = reading.read(tmp_path, names={"x": ("甲&乙〔2026〕1号",), "y": ("没有",)})
    assert found.naming("xy") == {"x": ["a.html", "b.bin", "甲&乙〔2026〕1号.txt"], "y": []}
    assert found.digests == reading.read(tmp_path).digests == hash_files(tmp_path)


#: Little enough that names begin, end and repeat within each other.
_PIECES = st.sampled_from(
    ["〔", "〔2026〕12号", "-", "-bcdfgh", "-bcdfghjk", "甲&", "&amp;", "1", "号"]
)
_TEXTS = st.lists(_PIECES, max_size=12).map("".join)


@given(st.lists(_TEXTS.filter(bool), max_size=6), st.lists(_TEXTS, max_size=4), st.booleans())
def test_a_name_is_found_just_where_it_stands(
    names: list[str], texts: list[str], packed: bool
) -> None:
    searcher = Searcher({name: (name,) for name in names})
    for text in (*texts, "".join(texts + names)):
        body = gzip.compress(text.encode()) if packed else text.encode()
        wanted = {name for name in names if name in text or html.escape(name) in text}
        assert searcher.named_in("", body) == wanted
        assert searcher.named_in(text, b"") == wanted
