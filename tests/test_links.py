"""A text's link to a decision leads to its page while it is public, and to nothing afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.errors import ConfigurationError
from pipeline.model import Kind
from pipeline.public import links, store
from pipeline.public.press.parts import Setter
from pipeline.public.press.shelf import ready
from pipeline.public.read.documents import read_document
from pipeline.public.sweep.pages import cut
from pipeline.public.theme import environment
from pipeline.slug import slug
from tests.rendering import ROOT, TODAY, demo
from tests.test_site import entry

NUMBER, PAST = "石壕罚决〔2026〕1号", "石壕罚决〔2026〕2号"
SLUG, GONE = (slug("shihao", Kind.PENALTY, number) for number in (NUMBER, PAST))
AGENCIES = tuple(demo().folders)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    path = tmp_path_factory.mktemp("links") / "store.db"
    store.write(path, [entry(0, slug=SLUG, number=NUMBER, kind=Kind.PENALTY)], today=TODAY)
    setter = Setter(environment(ROOT / "theme"), demo().folders)
    with ready(path, setter, TODAY) as connection, closing(connection):
        yield connection


def document(folder: Path, *targets: str) -> str:
    """The body of a page of the site that links to these targets."""
    path = folder / "pages" / "about.md"
    path.parent.mkdir(exist_ok=True)
    text = "\n\n".join(f"见[那件<b>决定</b>]({target})。" for target in targets)
    path.write_text(f"title: 关于\n\n{text}\n", encoding="utf-8")
    return str(read_document(path).body)


@pytest.mark.parametrize(
    "target",
    [
        f"decision:{NUMBER}",
        "decision:石壕罚决［2026］1号",
        f"https://example.invalid/decisions/{SLUG}/",
        f"/decisions/{SLUG}/",
        f"../../decisions/{SLUG}/",
    ],
)
def test_a_link_leads_to_the_page_from_any_depth(tmp_path, shelf, target):
    body = document(tmp_path, target)
    found = links.resolved(tmp_path, AGENCIES, shelf, ())
    shown = found.put(body, "../../")
    link = f'<a href="../../decisions/{SLUG}/" data-last-day="2031-01-31">那件决定</a>'
    assert link in shown
    assert "decision:" not in shown
    # A sweep takes the link out with the decision.
    assert SLUG not in cut(shown, "2031-02-01").page
    assert SLUG in cut(shown, "2031-01-31").page


@pytest.mark.parametrize("target", [f"decision:{PAST}", f"/decisions/{GONE}/"])
def test_what_is_gone_loses_its_link_and_stops_nothing(tmp_path, shelf, target):
    body = document(tmp_path, target)
    found = links.resolved(tmp_path, AGENCIES, shelf, {GONE})
    shown = found.put(body, "../../")
    assert "见那件决定（已撤下）。" in shown
    for trace in (GONE, PAST, "<a"):
        assert trace not in shown


def test_every_dead_link_is_told_with_its_line_and_never_repeated(tmp_path, shelf):
    document(tmp_path, f"decision:{PAST}", f"decision:{NUMBER}", f"/decisions/{GONE}/")
    with pytest.raises(ConfigurationError) as caught:
        links.resolved(tmp_path, AGENCIES, shelf, ())
    assert caught.value.problems == (
        "pages/about.md：第3行所写文号的执法决定没有公示过，请核对文号或者去掉链接。",
        "pages/about.md：第7行所写地址的执法决定没有公示过，请核对地址或者去掉链接。",
    )


def test_other_links_and_plain_pages_stay_as_they_are():
    found = links.Links(AGENCIES, {SLUG: ""})
    for html in (
        '<a href="../decisions/">全部</a>',
        '<a href="../decisions/withdrawn/">撤下</a>',
        "文",
    ):
        assert found.put(html, "./") == html
    for one in (SLUG, GONE):  # what the theme lists is not the office's text
        plain = f'<a rel="next" href="./decisions/{one}/">甲</a>'
        assert found.put(plain, "./") == plain


def test_a_link_survives_the_cleaning_and_nothing_else_does(tmp_path):
    body = document(tmp_path, f"decision:{NUMBER}", "javascript:alert(1)")
    assert body.count("href=") == 1
