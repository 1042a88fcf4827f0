"""The whole way: exports in, a released site out, and every promise a run makes."""

from __future__ import annotations

import gzip
import shutil
from datetime import date
from pathlib import Path

import pytest

from pipeline import build
from pipeline.calendar import Calendar
from pipeline.errors import ReleaseRefused
from pipeline.places import Places
from pipeline.public import content, store
from pipeline.publish import _Run
from pipeline.report import RunReport
from pipeline.restricted.judge import Judged
from pipeline.state import StateFolder
from tests.conftest import DEMO_DAY, PENALTY, ROOT, Site

IDENTITY = "500000199003079906"
PERSON = {
    "行政处罚决定书文号": "石壕罚决〔2026〕2号",
    "行政相对人名称": "覃测乐",
    "行政相对人类别": "自然人",
    "证件号码": IDENTITY,
    "违法事实": f"当事人覃测乐，男，身份证号{IDENTITY}，在公路旁焚烧秸秆。",
}


def test_a_run_releases_masks_and_reports(site: Site) -> None:
    site.export("a.csv", {}, PERSON, {"行政处罚决定书文号": ""}, {"处罚决定日期": "昨天"})
    done = site.publish()
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(site.pages()) == 2
    report = site.report()
    assert report["outcome"] == "released"
    assert report["states"] == {"public": 2}
    assert len(report["rejected"]) == 2
    assert all("第" in line and "行" in line for line in report["rejected"])
    assert site.traces("覃测乐") == site.traces(IDENTITY) == []
    assert "覃某某" in "".join(p.read_text() for p in site.output.glob("decisions/*/index.html"))
    assert "公开：2 件" in done.stdout


def test_nothing_unreviewed_is_published(site: Site) -> None:
    site.export("a.csv", {})
    places = ("--inbox", str(site.inbox), "--state", str(site.state), "--output", str(site.output))
    assert site.pipeline("publish", *places, "--today", "2026-11-20").returncode == 0
    assert site.pages() == []
    assert site.report()["states"] == {"waiting": 1}
    assert site.publish().returncode == 0
    assert len(site.pages()) == 1
    # A changed text is looked at again, and comes off until it has been.
    site.export("b.csv", {"违法事实": "该公司将生活垃圾倾倒在河道内。"})
    assert site.pipeline("publish", *places, "--today", "2026-11-21").returncode == 0
    assert site.pages() == []
    assert site.report()["states"] == {"waiting": 1}


def test_a_decision_exported_again_updates(site: Site) -> None:
    site.export("a.csv", {})
    site.publish()
    before = site.pages()
    site.export("b.csv", {"违法事实": "该公司将废弃混凝土倾倒在河道内。"})
    assert site.publish("2026-11-21").returncode == 0
    assert site.pages() == before
    assert site.traces("废弃混凝土")
    assert not site.traces("村道旁的空地")
    assert site.report()["changed"] == 1


def test_the_ledger_remembers_what_is_no_longer_exported(site: Site) -> None:
    site.export("a.csv", {})
    site.publish()
    (site.inbox / "a.csv").unlink()
    assert site.publish("2026-11-21").returncode == 0
    assert len(site.pages()) == 1


@pytest.mark.parametrize(
    ("row", "party", "last", "gone"),
    [
        ({}, "綦江测试砂石", "2031-11-20", "2031-11-21"),
        (PERSON, "覃某某", "2028-11-20", "2028-11-21"),
    ],
    ids=["organisation-5-years", "person-2-years"],
)
def test_past_its_window_a_decision_vanishes_everywhere(
    site: Site, row: dict[str, str], party: str, last: str, gone: str
) -> None:
    site.export("a.csv", row)
    site.publish()
    (slug,) = site.pages()
    number = {**PENALTY, **row}["行政处罚决定书文号"]
    assert site.publish(last).returncode == 0
    assert site.pages() == [slug]
    assert site.traces(party)
    done = site.publish(gone)
    assert done.returncode == 0
    assert site.traces(number) == site.traces(party) == []
    # Of its address too nothing is left but what tells servers and feed readers to forget it.
    feeds = [
        f"feeds/{name}.atom.xml" for name in ("all", "kind-penalty", "shihao-penalty", "shihao")
    ]
    assert site.traces(slug) == [*feeds, "gone.map"]
    (taken,) = site.report()["taken_down"]
    assert taken["number"] == number
    assert "公示期满" in done.stdout


def test_a_withdrawn_decision_is_a_notice_at_once(site: Site) -> None:
    site.export("a.csv", {})
    site.publish()
    (slug,) = site.pages()
    site.export("b.csv", {"变动情形": "撤销", "变动日期": "2026-11-21", "变动原因": "复议撤销"})
    places = ("--inbox", str(site.inbox), "--state", str(site.state), "--output", str(site.output))
    # Without any reviewer: taking down does not wait.
    assert site.pipeline("publish", *places, "--today", "2026-11-21").returncode == 0
    page = (site.output / "decisions" / slug / "index.html").read_text()
    assert "撤销" in page
    assert "石壕罚决〔2026〕1号" in page
    assert site.traces("綦江测试砂石") == site.traces("村道旁") == []


@pytest.mark.parametrize(
    "row",
    [
        {"是否未成年人": "是"},
        {"行政相对人类别": "自然人", "行政相对人名称": "覃测乐", "出生日期": "2009-01-01"},
        {"是否涉密": "是"},
        {"不予公开理由": "影响社会稳定"},
    ],
    ids=["minor-flag", "minor-by-birth", "secret", "by-decision"],
)
def test_what_must_not_be_public_is_withheld_whole(site: Site, row: dict[str, str]) -> None:
    site.export("a.csv", row)
    assert site.publish().returncode == 0
    assert site.pages() == []
    assert site.report()["states"] == {"withheld": 1}
    assert site.traces("石壕罚决〔2026〕1号") == []


def test_a_word_that_is_also_the_party_s_name_holds_the_row_and_not_the_site(site: Site) -> None:
    """A leak the redactor can see costs the decision its publication, never the release."""
    word = {
        "行政处罚决定书文号": "石壕罚决〔2026〕9号",
        "行政相对人名称": "田野",
        "行政相对人类别": "自然人",
        "违法事实": "当事人在田野里焚烧秸秆，火势蔓延至田野边的林地。",
    }
    site.export("a.csv", {}, word)
    done = site.publish()
    assert done.returncode == 0, done.stdout
    assert site.report()["states"].get("public", 0) >= 1
    shown = site.traces("田野里焚烧")
    assert not shown or site.report()["states"] == {"public": 2}


def test_an_undeclared_column_is_named_and_never_published(site: Site) -> None:
    site.export("a.csv", {"内部意见栏": "独一无二的内部意见"})
    done = site.publish()
    assert done.returncode == 0
    assert any("内部意见栏" in column for column in site.report()["undeclared"])
    assert site.traces("独一无二的内部意见") == []
    assert "独一无二" not in done.stdout + done.stderr


def test_an_identity_number_in_the_theme_refuses_the_release(site: Site, tmp_path: Path) -> None:
    """The last release stays untouched, to the byte."""
    site.export("a.csv", {})
    site.publish()
    before = {p: p.read_bytes() for p in site.output.rglob("*") if p.is_file()}
    site.content = tmp_path / "content"
    shutil.copytree(ROOT / "content", site.content)
    about = next(site.content.glob("pages/*.md"))
    about.write_text(about.read_text() + f"\n\n联系人证件 {IDENTITY}\n", encoding="utf-8")
    done = site.publish("2026-11-21")
    assert done.returncode == 3
    assert {p: p.read_bytes() for p in site.output.rglob("*") if p.is_file()} == before
    assert site.report()["outcome"] == "refused"
    assert "身份证" in done.stdout
    assert (
        IDENTITY not in done.stdout + done.stderr + (site.state / "reports/latest.json").read_text()
    )
    assert not list(tmp_path.glob(".output*"))


def test_what_the_kept_index_alone_still_holds_costs_a_build_and_not_the_release(
    site: Site,
) -> None:
    """A base of the search index that is used again may hold what has become a secret since."""
    run, state, staging = bench(site)
    old = staging / "search" / "index" / "base" / "b" / "0.bin"

    def leak(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(IDENTITY.encode()))

    leak(old)
    run._audit_or_rebuild(staging, state, Judged((), 0))
    assert not old.exists()
    assert (staging / "search" / "index" / "root.bin").is_file()
    # Anything else is a leak, whatever else is one, and no second build would mend it.
    leak(old)
    leak(staging / "download.bin")
    with pytest.raises(ReleaseRefused, match=r"download\.bin"):
        run._audit_or_rebuild(staging, state, Judged((), 0))
    assert old.exists()


def test_what_a_new_index_still_holds_refuses_the_release(site: Site) -> None:
    run, state, staging = bench(site)
    # As if the build itself wrote it: what is built anew is audited too.
    site.content = site.folder / "content"
    shutil.copytree(ROOT / "content", site.content)
    about = next(site.content.glob("pages/*.md"))
    about.write_text(about.read_text() + f"\n\n联系人证件 {IDENTITY}\n", encoding="utf-8")
    (staging / "search" / "index" / "leak.bin").write_text(IDENTITY)
    again = run._replace(places=run.places._replace(content=site.content))
    with pytest.raises(ReleaseRefused, match="身份证"):
        again._audit_or_rebuild(staging, state, Judged((), 0))


def bench(site: Site) -> tuple[_Run, StateFolder, Path]:
    """A run at the point where a site without decisions has been built."""
    places = Places(site.inbox, site.content, site.state, site.output)
    day = date.fromisoformat(DEMO_DAY)
    folders = content.load(site.content).folders
    run = _Run(places, folders, Calendar(), day, RunReport(today=day), lambda _: None, None)
    state = StateFolder(site.state)
    store.write(state.next_store, [], today=day)
    staging = site.folder / "staging"
    build.site(site.content, staging, state.next_store)
    return run, state, staging


def test_an_unreadable_file_is_said_in_exit_code_and_report(site: Site) -> None:
    site.export("a.csv", {})
    (site.inbox / "b.xlsx").write_bytes(b"PK\x03\x04 truncated")
    done = site.publish()
    assert done.returncode == 4
    assert len(site.pages()) == 1
    assert [line for line in site.report()["refused_files"] if "b.xlsx" in line]


def test_a_second_run_with_nothing_new_changes_no_byte(site: Site) -> None:
    site.export("a.csv", {}, PERSON)
    site.publish()
    before = {
        p: (p.read_bytes(), p.stat().st_mtime_ns) for p in site.output.rglob("*") if p.is_file()
    }
    assert site.publish().returncode == 0
    after = {
        p: (p.read_bytes(), p.stat().st_mtime_ns) for p in site.output.rglob("*") if p.is_file()
    }
    assert after == before
    assert site.report()["outcome"] == "unchanged"


def test_a_lost_ledger_counts_the_windows_from_its_first_run(site: Site) -> None:
    """Nothing changes in the site, and the first day is recorded all the same."""
    site.export("a.csv", {}, PERSON)
    site.publish()
    pages = {path: path.read_bytes() for path in site.output.glob("decisions/*-*-*/index.html")}
    shutil.rmtree(site.state)
    assert site.publish().returncode == 0
    assert site.report()["outcome"] == "unchanged"
    assert site.publish("2026-11-25").returncode == 0
    assert {path: path.read_bytes() for path in pages} == pages


@pytest.mark.parametrize(
    ("state", "inbox", "output"),
    [
        ("out", "in", "out"),
        ("out/private", "in", "out"),
        ("private", "out/in", "out"),
        ("content/private", "in", "out"),
        ("private", "content/in", "out"),
        ("private", "in", "content/out"),
        ("private", "in", "."),
    ],
)
def test_no_private_folder_may_stand_in_a_public_one(
    site: Site, state: str, inbox: str, output: str
) -> None:
    site.content = site.folder / "content"
    shutil.copytree(ROOT / "content", site.content)
    site.state, site.inbox, site.output = (site.folder / n for n in (state, inbox, output))
    site.inbox.mkdir(parents=True, exist_ok=True)
    site.export("a.csv", PERSON)
    done = site.publish()
    assert done.returncode == 2
    assert "请换一个位置" in done.stderr
    assert not list(site.folder.rglob("ledger.db"))
    assert not list(site.folder.rglob("index.html"))


def test_two_runs_from_nothing_give_the_same_bytes(tmp_path: Path) -> None:
    def build(name: str, seed: str) -> dict[str, bytes]:
        one = Site(tmp_path / name)
        one.export("a.csv", {}, PERSON)
        one.publish(env={"PYTHONHASHSEED": seed})
        files = (p for p in one.output.rglob("*") if p.is_file())
        return {p.relative_to(one.output).as_posix(): p.read_bytes() for p in files}

    assert build("one", "1") == build("two", "2")


def test_no_raw_value_stands_outside_the_private_folder(site: Site) -> None:
    site.export("a.csv", {}, PERSON)
    done = site.publish()
    (site.inbox / "a.csv").unlink()
    outside = [p for p in site.folder.rglob("*") if p.is_file() and p.name != "ledger.db"]
    raw = [p.name for p in outside if "覃测乐".encode() in p.read_bytes()]
    assert [name for name in raw if not name.startswith("ledger.db")] == []
    assert "覃测乐" not in done.stdout + done.stderr
    for path in (site.state, *site.state.rglob("*")):
        if path.is_dir():
            assert path.stat().st_mode & 0o077 == 0, path.name


def test_pelican_s_process_opens_the_public_store_alone(site: Site, tmp_path: Path) -> None:
    """Watched from inside with an audit hook: no other file of the private folder is opened."""
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    log = tmp_path / "opened.log"
    (hooks / "sitecustomize.py").write_text(
        "import os, sys\n"
        "if '-m' in sys.orig_argv and 'pelican' in sys.orig_argv:\n"
        f"    log = os.open({str(log)!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)\n"
        "    def hook(event, args):\n"
        "        if event in ('open', 'sqlite3.connect'):\n"
        "            os.write(log, (str(args[0]) + '\\n').encode())\n"
        "    sys.addaudithook(hook)\n",
        encoding="utf-8",
    )
    site.export("a.csv", {}, PERSON)
    assert site.publish(env={"PYTHONPATH": str(hooks)}).returncode == 0
    opened = [line for line in log.read_text().splitlines() if str(site.state) in line]
    assert opened
    names = {Path(line.removeprefix("file://").split("?")[0]).name for line in opened}
    assert names == {"next.db", "next.proof", "next.proof.code"}
    assert not [line for line in log.read_text().splitlines() if str(site.inbox) in line]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--inbox", "no/such/folder"], "找不到导入目录"),
        (["--content", "no/such/folder"], "没有任何机关"),
        (["--today", "20.11.2026"], "--today"),
        (["--output", "docs"], "不是本程序生成"),
        (["--approve"], "--approve"),
    ],
)
def test_a_wrong_call_is_a_sentence_and_exit_2(site: Site, words: list[str], told: str) -> None:
    done = site.publish("2026-11-20", *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not site.output.exists()


def test_two_runs_at_once_do_not_meet(site: Site) -> None:
    site.export("a.csv", {})
    with StateFolder(site.state):
        done = site.publish()
    assert done.returncode == 3
    assert "另一次运行" in done.stderr
    assert not site.output.exists()


def test_the_demo_holds_every_special_case(demo: Site) -> None:
    report = demo.report()
    states = report["states"]
    assert sum(states.values()) >= 300
    for state in ("public", "withdrawn", "held", "withheld", "expired"):
        assert states.get(state), state
    assert report["rejected"]
    assert report["undeclared"]
    assert states["public"] + states["withdrawn"] == len(demo.pages())


def test_the_demo_says_so_on_every_page(demo: Site) -> None:
    pages = list(demo.output.rglob("*.html"))
    assert len(pages) > 300
    assert [p for p in pages if "演示" not in p.read_text()] == []
