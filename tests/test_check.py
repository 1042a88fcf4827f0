"""``check``: everything that is wrong, in one go, each with its place and what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from pipeline import new_site
from pipeline.commands import app
from pipeline.new_site import make
from pipeline.public.content import load
from tests.conftest import ROOT, Site


class Desk(NamedTuple):
    """A site of one's own, just made."""

    root: Path

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def agency(self) -> Path:
        return self.content / "agencies" / "yjj"

    def check(self, code: int, *words: str, today: str = "2026-09-01") -> str:
        folders = [
            *("--inbox", str(self.root / "private/inbox"), "--content", str(self.content)),
            *("--state", str(self.root / "private"), "--output", str(self.root / "output")),
        ]
        done = CliRunner().invoke(app, ["check", *folders, "--today", today, *words])
        assert done.exit_code == code, done.output
        return done.output

    def roster(self, *ends: str) -> None:
        head = (self.agency / "officers.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        rows = [f"甲某{n},,,演{n},,,{end},执法人员,在岗,," for n, end in enumerate(ends)]
        (self.agency / "officers.csv").write_text("\n".join([head, *rows]), encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    from datetime import date

    given = {"name": "某某县应急管理局", "slug": "yjj", "domain": "gs.example.invalid"}
    make(tmp_path / "site", new_site.completed(given), date(2026, 9, 1))
    return Desk(tmp_path / "site")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_new_site_has_no_error_and_a_list_of_what_to_fill_in(desk: Desk) -> None:
    told = desk.check(0)
    assert "没有错误" in told
    for words in (
        *("yjj/agency.toml：第", "待填写", "id_code", "domain", "footer.icp", "footer.police"),
        *("contact.hotline", "contact.postcode", "名册没有人员", "份清单还没有内容"),
    ):
        assert words in told, words
    assert "第1行" not in told


#: How a content or folder is broken → the words of which sentences, in this order.
ERRORS: dict[str, tuple[Callable[[Desk], object], tuple[str, ...]]] = {
    "site": (
        lambda d: edit(d.content / "site.toml", "gs.example.invalid", "https://gs"),
        ("site.toml", "第6行", "domain", "不带 https://"),
    ),
    "no site": (lambda d: (d.content / "site.toml").unlink(), ("缺少 site.toml",)),
    "agency": (
        lambda d: edit(d.agency / "agency.toml", '"0000-00000000"', '"热线"'),
        ("yjj/agency.toml", "行", "contact.hotline", "电话号码"),
    ),
    "no agency.toml": (
        lambda d: (d.content / "agencies/min").mkdir(),
        ("min", "缺少 agency.toml"),
    ),
    "agency folder": (
        lambda d: d.agency.rename(d.agency.with_name("应急局")),
        ("应急局/agency.toml", "小写字母", "请改名"),
    ),
    "policy": (
        lambda d: edit(d.agency / "agency.toml", 'policy = "base"', 'policy = "bsae"'),
        ("yjj/agency.toml", "bsae", "可用的有", "shihao"),
    ),
    "officers": (lambda d: d.roster("明天"), ("yjj/officers.csv", "第2行", "有效期至", "应为日期")),
    "checklist": (
        lambda d: (d.agency / "checklists/powers.csv").write_text("职权名称,职权类别\n甲,乙\n"),
        ("yjj/checklists/powers.csv", "缺少列", "责任事项"),
    ),
    "flowchart": (
        lambda d: edit(d.content / "flowcharts/levy.toml", 'to = "', 'to = "x'),
        ("flowcharts/levy.toml", "next"),
    ),
    "guide": (
        lambda d: [
            (d.agency / "guides").mkdir(),
            (d.agency / "guides/a.toml").write_text('titel = "x"'),
        ],
        ("yjj/guides/a.toml", "titel", "title"),
    ),
    "regulation": (
        lambda d: [
            (d.agency / "regulations").mkdir(),
            (d.agency / "regulations/a.pdf").write_text("x"),
        ],
        ("yjj/regulations/a.pdf", "另存"),
    ),
    "page": (
        lambda d: edit(d.content / "pages/about.md", "Title: 关于本站", ""),
        ("pages/about.md", "title"),
    ),
    "laws": (
        lambda d: (d.content / "laws.csv").write_text("名称,状态,生效或废止日期\n甲法,没了,x\n"),
        ("content/laws.csv", "第2行", "状态", "生效或废止日期"),
    ),
    "calendar": (
        lambda d: (d.content / "calendar/2027.toml").write_text('source = "x"\nworkdays = ["x"]'),
        ("calendar/2027.toml", "第2行", "workdays", "应为日期"),
    ),
    "calendar of another year": (
        lambda d: (d.content / "calendar/2027.toml").write_text(
            'source = "x"\nholidays = [2028-01-03]'
        ),
        ("calendar/2027.toml", "2028-01-03", "不属于 2027"),
    ),
    "calendar not TOML": (
        lambda d: (d.content / "calendar/2027.toml").write_text("source = x"),
        ("calendar/2027.toml", "第1行", "不是有效的 TOML"),
    ),
    "no inbox": (
        lambda d: shutil.rmtree(d.root / "private/inbox"),
        ("没有收件文件夹", "inbox"),
    ),
    "export": (
        lambda d: (d.root / "private/inbox/空.csv").write_text(""),
        ("空.csv", "文件是空的"),
    ),
    "document": (
        lambda d: (d.root / "private/inbox/坏.docx").write_text("PK no"),
        (".docx", "放入"),
    ),
    "output": (
        lambda d: [(d.root / "output").mkdir(), (d.root / "output/mine.txt").write_text("x")],
        ("output", "不是本程序生成的文件", "空目录"),
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_an_error_is_said_with_its_place_and_what_to_do(desk: Desk, case: str) -> None:
    breaking, told = ERRORS[case]
    breaking(desk)
    said = desk.check(2).split("提醒")[0]
    assert said.startswith("错误 1 处") or case in (
        "agency",
        "checklist",
        "laws",
        "flowchart",
        "guide",
    )
    at = 0
    for words in told:
        assert words in said[at:], (words, said)
        at = said.index(words, at)


def test_everything_is_said_in_one_go(desk: Desk) -> None:
    cases = ("site", "agency", "page", "calendar", "export", "output")
    for case in cases:
        ERRORS[case][0](desk)
    said = desk.check(2)
    assert f"错误 {len(cases) + 1} 处" in said  # the hotline stands in two places
    for case in cases:
        assert ERRORS[case][1][0] in said


WARNINGS: dict[str, tuple[Callable[[Desk], object], str, tuple[str, ...]]] = {
    "next year": (lambda d: None, "2026-11-01", ("calendar/2027.toml", "暂定")),
    "this year": (lambda d: None, "2027-01-05", ("calendar/2027.toml", "暂定")),
    "soon": (lambda d: d.roster("2028-01-01", "2026-10-01"), "2026-09-01", ("第3行", "30日内")),
    "past": (lambda d: d.roster("2026-08-31"), "2026-09-01", ("第2行", "已经过了")),
    "demo": (
        lambda d: edit(d.content / "site.toml", "[footer]", "demo = true\n[footer]"),
        "2026-09-01",
        ("site.toml", "demo", "false"),
    ),
    "credit code": (
        lambda d: edit(
            d.agency / "agency.toml", "【待填写：统一社会信用代码】", "11500110DEM000031P"
        ),
        "2026-09-01",
        ("credit_code", "校验位"),
    ),
    "site start": (lambda d: None, "2026-08-31", ("site_start", "今天以后")),
    "misplaced": (
        lambda d: (d.agency / "officer.csv").write_text("姓名\n"),
        "2026-09-01",
        ("yjj/officer.csv", "程序不读这个文件"),
    ),
    "law": (
        lambda d: [
            (d.content / "laws.csv").write_text(
                "名称,状态,生效或废止日期\n某某规定,已废止,2026-06-01\n"
            ),
            (d.agency / "checklists/powers.csv").write_text(
                "职权名称,职权类别,行使主体,责任事项,追责情形,依据,更新日期\n"
                "甲,行政处罚,某局,乙,丙,《某某规定》第一条,2026-01-01\n"
            ),
        ],
        "2026-09-01",
        ("权责清单第2行", "某某规定", "已逾期"),
    ),
    "undeclared": (
        lambda d: (d.root / "private/inbox/行政处罚.csv").write_text(
            "行政处罚决定书文号,行政相对人名称,案件名称,处罚决定日期,内部备注\n"
        ),
        "2026-09-01",
        ("行政处罚.csv", "内部备注", "一律不公开", "数据字典"),
    ),
    "open folder": (
        lambda d: (d.root / "private").chmod(0o755),
        "2026-09-01",
        ("private", "对其他用户开放", "chmod 700"),
    ),
}


@pytest.mark.parametrize("case", WARNINGS)
def test_a_warning_does_not_stop_anything(desk: Desk, case: str) -> None:
    changing, today, told = WARNINGS[case]
    before = desk.check(0)
    assert not any(all(words in line for words in told) for line in before.splitlines())
    changing(desk)
    said = desk.check(0, today=today)
    assert any(all(words in line for words in told) for line in said.splitlines()), said


@pytest.mark.parametrize(
    ("today", "ends", "warned"),
    [
        ("2026-10-31", "2026-11-30", True),
        ("2026-10-31", "2026-12-01", False),
        ("2026-10-31", "2026-10-31", True),
    ],
)
def test_thirty_days_are_thirty_days(desk: Desk, today: str, ends: str, warned: bool) -> None:
    desk.roster(ends)
    told = desk.check(0, today=today)
    assert ("30日内到期" in told) is warned
    assert "已经过了" not in told
    assert "2027.toml" not in told  # not before November


def test_a_link_to_a_decision_that_is_not_public_is_warned_of(site: Site) -> None:
    site.export("a.csv", {})
    assert site.publish().returncode == 0
    content = site.folder / "content"
    shutil.copytree(site.content, content)
    page = content / "pages/about.md"
    page.write_text(
        page.read_text()
        + "\n[一](decision:石壕罚决〔2026〕1号) [二](decision:石壕罚决〔2026〕9号)\n"
    )
    folders = ["--inbox", str(site.inbox), "--state", str(site.state), "--content", str(content)]
    words = ["check", *folders, "--output", str(site.output), "--today", "2026-11-20"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert done.output.count("还没有公示过") == 1


def test_a_key_that_cannot_sign_is_an_error(desk: Desk, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("no key")
    key.chmod(0o600)
    assert "Ed25519" in desk.check(2, "--key", str(key))


def test_nothing_is_changed_or_made(desk: Desk) -> None:
    before = {path: path.stat().st_mtime_ns for path in desk.root.rglob("*")}
    desk.check(0)
    assert {path: path.stat().st_mtime_ns for path in desk.root.rglob("*")} == before


def test_the_demonstration_has_no_error() -> None:
    folders = ["--inbox", "examples/inbox", "--content", "content"]
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        done = CliRunner().invoke(app, ["check", *folders, "--today", "2026-11-20"])
    finally:
        os.chdir(here)
    assert done.exit_code == 0, done.output
    assert load(ROOT / "content")
