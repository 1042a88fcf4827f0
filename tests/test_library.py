"""Guides, window signs, lobby screens, cases, posts and conduct: whole, checked, and found."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline import schema
from pipeline.errors import ConfigurationError
from pipeline.model import Kind, PartyType
from pipeline.public import content
from pipeline.public.decisions import Line
from pipeline.public.library import library
from pipeline.public.library.laws import Law
from pipeline.public.library.record import Case, Guide, reader
from pipeline.public.page import Page
from pipeline.public.read.problems import Problems
from pipeline.public.search.pages import KINDS, document_of_page
from tests.conftest import ROOT
from tests.rendering import TODAY, demo, rendered

CONTENT = ROOT / "content"
AGENCIES = list(demo().folders)
#: 行政执法服务指南 (15) and 服务窗口 (18), in the words of the rules.
GUIDE = (
    "事项名称 依据 受理机构 审批机构 许可条件 优惠政策 申请材料 办理流程 办理时限 监督方式 责任追究 救济渠道 "
    "办公时间 办公地址 办公电话 示范文本 常见错误 证照发放 表格下载 咨询渠道 投诉举报 状态查询 减免缓征"
)


def line(place: int, agency: str = "shihao") -> Line:
    return Line(
        slug=f"{agency}-penalty-{'bcdfghjklm'[place] * 14}",
        agency=agency,
        kind=Kind.PENALTY,
        number=f"演示决〔2026〕{place}号",
        party=f"演示第{place}公司",
        party_type=PartyType.ORGANISATION,
        decided_on=date(2026, 11, 1) + timedelta(days=place),
        first_day=date(2026, 11, 5),
        last_day=date(2031, 11, 5),
        subject="案由",
        outcome="结果",
    )


def all_pages(today: date = TODAY) -> list[Page]:
    return list(library.pages(demo(), [line(n) for n in range(9)], today))


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return rendered(all_pages())


@pytest.mark.parametrize("slug", AGENCIES)
def test_every_agency_shows_every_kind_of_paper(pages: dict[str, str], slug: str) -> None:
    here = f"agencies/{slug}/"
    own = {url.removeprefix(here) for url in pages if url.startswith(here)}
    assert {"guides/", "boards/", "regulations/", "cases/", "posts/", "conduct/", "screen/"} <= own
    for kind in ("guides", "boards", "regulations", "cases"):
        assert [url for url in own if re.fullmatch(rf"{kind}/[^/]+/", url)], kind


def test_the_front_page_leads_to_all_of_them() -> None:
    text = (ROOT / "theme/templates/agency_library.html").read_text("utf-8")
    for name in (
        "guides",
        "boards",
        "regulations",
        "cases",
        "posts",
        "conduct",
        "screen",
        "statistics",
    ):
        assert f"{{{{ here }}}}{name}/" in text
    assert 'include "agency_library.html"' in (ROOT / "theme/templates/agency.html").read_text(
        "utf-8"
    )


def test_a_guide_says_all_that_the_rules_ask(pages: dict[str, str]) -> None:
    for url, html in pages.items():
        if re.search(r"/guides/[^/]+/$", url):
            said = html.replace("事项名称", "") + "事项名称"  # the heading is the name
            assert [word for word in GUIDE.split() if word not in said] == [], url


def test_a_guide_takes_hours_address_and_phone_from_its_agency(pages: dict[str, str]) -> None:
    contact = demo().folders["lingchuan"].agency.contact
    html = pages["agencies/lingchuan/guides/fireworks/"]
    assert contact.hours in html
    assert contact.address in html
    assert 'href="tel:0356-0000403"' in html  # its own phone


@pytest.mark.parametrize("key", [c.key for c in schema.load("guide").columns if c.required])
def test_a_guide_without_an_item_is_refused_by_its_name(tmp_path: Path, key: str) -> None:
    path = tmp_path / "agencies/demo/guides/x.toml"
    path.parent.mkdir(parents=True)
    text = (CONTENT / "agencies/mingshan/guides/association.toml").read_text("utf-8")
    begin = r"\[\[materials\]\]" if key == "materials" else rf"{key} = "
    cut = re.sub(rf"(?ms)^{begin}.*?(?=^\w+ = |^\[\[|\Z)", "", text)
    if key == "materials":
        cut = cut[: cut.index("[[materials]]")] if "[[materials]]" in cut else cut
        cut = re.sub(r"(?ms)^name = .*", "", cut)
    path.write_text(cut, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        reader("guide", Guide)(path)
    assert str(caught.value).startswith("demo/guides/x.toml：")
    assert schema.load("guide").column(key).label in str(caught.value)


def test_a_sign_has_a_page_for_each_size_of_paper(pages: dict[str, str]) -> None:
    style = (ROOT / "theme/static/css/board.css").read_text("utf-8")
    for size, page in (("a4", "A4 portrait"), ("a3", "A3 landscape")):
        assert re.search(rf"@page {size}-sign \{{\s*size: {page};", style)
        assert re.search(rf"\.board-{size} \{{\s*page: {size}-sign;", style)
    here = "agencies/mingshan/boards/society/"
    for below, size in (("", "a4"), ("a3/", "a3")):
        html = pages[here + below]
        assert f"board-{size}" in html
        assert "theme/css/board.css" in html
        for word in (
            "封亦晴",
            "岗位职责",
            "执法种类",
            "示范文本",
            "进度查询",
            "咨询服务",
            "投诉举报",
        ):
            assert word in html, word
    indexable = {page.url: page.indexable for page in all_pages()}
    assert indexable[here]
    assert not indexable[f"{here}a3/"]


def test_the_screen_names_decisions_with_their_last_day_only(pages: dict[str, str]) -> None:
    html = pages["agencies/shihao/screen/"]
    named = re.findall(
        r"<li( data-last-day=\"[\d-]+\")?><a href=\"\.\./\.\./\.\./decisions/shihao", html
    )
    assert len(named) == 6
    assert all(named)
    assert "演示第8公司" in html  # the newest
    assert "演示第2公司" not in html
    assert '<meta name="robots" content="noindex">' in html
    # Without a script everything is there, and nothing has to be stopped.
    assert not re.search(r'class="slide"[^>]*hidden', html)
    assert '<p class="screen-tools by-script">' in html


def test_a_screen_without_decisions_has_no_such_slide(pages: dict[str, str]) -> None:
    assert "最新公示" not in pages["agencies/zhejiang/screen/"]


def test_a_repealed_case_says_so_from_its_day_on() -> None:
    url = "agencies/liaoning/cases/frequency/"
    (case,) = (c for c in demo().folders["liaoning"].library.cases if c.name == "frequency")
    assert case.repealed
    before = rendered(all_pages(case.repealed.on - timedelta(days=1)))
    after = rendered(all_pages(case.repealed.on))
    assert "不再参考" not in before[url]
    assert "不再参考" in after[url]
    assert case.repealed.ground in after[url]
    lists = before["agencies/liaoning/cases/"], after["agencies/liaoning/cases/"]
    assert ["已经废止的案例" in html for html in lists] == [False, True]
    noindex = {p.url for p in all_pages(case.repealed.on) if not p.indexable}
    assert url in noindex


def test_a_case_says_its_parts_in_order(pages: dict[str, str]) -> None:
    html = pages["agencies/liaoning/cases/partition-wall/"]
    parts = [
        "案情介绍",
        "处理结果",
        "不同意见",
        "案例评析",
        "案情分析",
        "法律适用",
        "易错点",
        "保密审查",
    ]
    places = [html.index(part) for part in parts]
    assert places == sorted(places)


def test_a_case_that_nobody_cleared_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    text = (CONTENT / "agencies/shihao/cases/rubble.toml").read_text("utf-8")
    path.write_text(re.sub(r"(?m)^cleared = .*\n", "", text), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="保密审查"):
        reader("case", Case)(path)


def test_the_town_shows_six_prohibitions_and_five_posts() -> None:
    town = demo().folders["shihao"].library
    assert town.conduct
    assert town.posts
    assert len(town.conduct.prohibitions) == 6
    posts = [post.title for post in town.posts.posts]
    assert posts == ["镇长", "分管领导", "综合行政执法大队队长", "法制审核人员", "行政执法人员"]


def test_every_article_can_be_linked_to(pages: dict[str, str]) -> None:
    count = 0
    for url, html in pages.items():
        if re.search(r"/regulations/[^/]+/$", url):
            articles = re.findall(
                r'<p class="article" id="([^"]+)"><a class="article-number" href="#([^"]+)">', html
            )
            assert articles, url
            assert all(one == other for one, other in articles)
            count += len(articles)
    assert count >= 50


def test_pages_are_found_by_searching(pages: dict[str, str]) -> None:
    folders = demo().folders
    found = {
        page.url: document
        for page in all_pages()
        if (document := document_of_page(page, pages[page.url], folders))
    }
    guide = found["agencies/mingshan/guides/association/"]
    assert "章程示范文本" in guide.fields["text"]
    assert (guide.agency, guide.kind) == ("mingshan", "guide")
    assert "agencies/shihao/regulations/disclosure/" in found
    assert "agencies/shihao/boards/law/a3/" not in found
    assert "agencies/shihao/screen/" not in found
    assert {"guide", "board", "regulation", "case", "posts", "conduct"} <= set(KINDS)


def test_nothing_on_the_pages_acts_by_itself(pages: dict[str, str]) -> None:
    for url, html in pages.items():
        assert not re.search(r"<script(?![^>]*src=)[^>]*>|<style| style=| on\w+=", html), url
        ids = re.findall(r' id="([^"]+)"', html)
        assert len(set(ids)) == len(ids), url


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "agencies" / "shihao"
    shutil.copytree(CONTENT / "agencies/shihao", folder)
    board = (folder / "boards.toml").read_text("utf-8").replace('id = "report"', 'id = "law"')
    (folder / "boards.toml").write_text(board, encoding="utf-8")
    (folder / "posts.toml").write_text('source = "一"\n', encoding="utf-8")
    (folder / "conduct.toml").write_text("source = 一\n", encoding="utf-8")
    (folder / "cases/rubble.toml").write_text('title = ""\n', encoding="utf-8")
    (folder / "regulations/old.doc").write_bytes(b"x")
    (folder / "regulations/~$lock.docx").write_bytes(b"x")  # Word's own, left alone
    (folder / "regulations/disclosure.txt").write_text("正文。", encoding="utf-8")
    (folder / "figures.csv").write_text("年度,立案件数\n二〇二六,x\n", encoding="utf-8")
    problems = Problems()
    library.read_library(folder, problems)
    told = "\n".join(problems)
    for part in ("代号“law”出现了两次", "posts（岗位）", "conduct.toml：第1行", "title（标题）"):
        assert part in told
    for part in ("old.doc：制度文件应为", "两个同名的制度文件", "figures.csv：第2行“年度”"):
        assert part in told
    assert "lock" not in told


def test_an_agency_may_have_none_of_it(tmp_path: Path) -> None:
    target = tmp_path / "content"
    shutil.copytree(CONTENT, target)
    bare = target / "agencies/shihao"
    for name in ("guides", "cases", "regulations"):
        shutil.rmtree(bare / name)
    for name in ("boards.toml", "posts.toml", "conduct.toml", "figures.csv"):
        (bare / name).unlink()
    whole = content.load(target)
    assert whole.folders["shihao"].library == library.Library()
    urls = {page.url for page in library.pages(whole, [], TODAY)}
    assert {url for url in urls if "shihao" in url} == {"agencies/shihao/screen/"}


def test_a_changed_law_is_told_on_what_rests_on_it() -> None:
    guide, case = "agencies/lingchuan/guides/fireworks/", "agencies/shihao/cases/rubble/"
    changes = [
        Law("烟花爆竹安全管理条例", "已修改", date(2026, 11, 2), "某令"),
        Law("城市建筑垃圾管理规定", "已废止", date(2026, 11, 3), "某令"),
        Law("社会团体登记管理条例", "已修改", date(2026, 1, 1), "某令"),  # older than the guide
    ]
    html = rendered(library.pages(demo()._replace(laws=tuple(changes)), [], TODAY))
    assert "《烟花爆竹安全管理条例》自2026年11月2日修改，本指南应在2026年11月30日前" in html[guide]
    assert "《城市建筑垃圾管理规定》自2026年11月3日废止，本案例应在2026年12月1日前" in html[case]
    told = [url for url, page in html.items() if "前（含当日）更新" in page]
    assert sorted(told) == [guide, case]
