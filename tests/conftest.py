"""A whole run in a temporary place: the real content, a small inbox, real Pelican."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage
from hypothesis import settings

import pipeline.chinese_help  # noqa: F401  (before any test imports the command line)
from tests import command

# By the clock of a shared machine a slow example says nothing of the code.
# The same examples each time: a landing says something of the change, not of chance. The long
# tests ask for other ones (`--hypothesis-profile=wide`).
settings.register_profile("shared", deadline=None, derandomize=True)
settings.register_profile("wide", deadline=None, max_examples=500)
settings.load_profile("shared")


def tries(of_a_hundred: int) -> int:
    """How many examples a test takes for itself, of each hundred that the profile gives a test."""
    return settings().max_examples * of_a_hundred // 100


ROOT = Path(__file__).resolve().parents[1]
DEMO_DAY = "2026-11-20"

PENALTY = {
    "行政处罚决定书文号": "石壕罚决〔2026〕1号",
    "行政相对人名称": "綦江测试砂石有限公司",
    "行政相对人类别": "法人及非法人组织",
    "案件名称": "擅自倾倒建筑垃圾案",
    "违法行为类型": "擅自倾倒建筑垃圾",
    "违法事实": "该公司将建筑垃圾倾倒在村道旁的空地上。",
    "处罚依据": "《城市建筑垃圾管理规定》第二十五条",
    "处罚类别": "罚款",
    "处罚内容": "罚款人民币二千元",
    "罚款金额(万元)": "0.2",
    "处罚决定日期": "2026-11-10",
    "处罚机关": "重庆市綦江区石壕镇人民政府",
}


class Site:
    """One site in a folder of its own, driven through the command line as scripts do."""

    def __init__(self, folder: Path, content: Path = ROOT / "content") -> None:
        self.folder = folder
        self.inbox, self.state, self.output = (folder / n for n in ("inbox", "private", "output"))
        self.content = content
        self.inbox.mkdir(parents=True)

    def export(self, name: str, *rows: Mapping[str, str]) -> None:
        """Write rows (changes to one ordinary penalty) as a CSV export."""
        full: Sequence[Mapping[str, str]] = [{**PENALTY, **row} for row in rows]
        columns = list(dict.fromkeys(key for row in full for key in row))
        with (self.inbox / name).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(full)

    def pipeline(
        self, verb: str, *words: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """``python -m pipeline VERB …`` as a process of its own (:mod:`tests.command`)."""
        return command.run((verb, *words), env=env)

    def publish(
        self, today: str = DEMO_DAY, *words: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """One whole run; clear decisions are approved."""
        folders = [
            *("--inbox", str(self.inbox), "--content", str(self.content)),
            *("--state", str(self.state), "--output", str(self.output)),
        ]
        approve = ["--approve-as", "测试审查员"]
        return self.pipeline("publish", *folders, "--today", today, *approve, *words, env=env)

    def report(self) -> dict[str, Any]:
        """The JSON report of the last run."""
        found: dict[str, Any] = json.loads((self.state / "reports" / "latest.json").read_bytes())
        return found

    def pages(self) -> list[str]:
        """The slugs of the decision pages there are."""
        return sorted(p.parent.name for p in self.output.glob("decisions/*-*-*/index.html"))

    def traces(self, text: str) -> list[str]:
        """Every file of the output (by content or name) in which ``text`` stands."""
        needle = text.encode()
        return sorted(
            path.relative_to(self.output).as_posix()
            for path in self.output.rglob("*")
            if needle in str(path.relative_to(self.output)).encode()
            or (path.is_file() and needle in path.read_bytes())
        )


@pytest.fixture(scope="session")
def one_agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real content of one agency (shihao): a run takes half the time."""
    folder = tmp_path_factory.mktemp("one") / "content"
    agencies = ROOT / "content" / "agencies"
    others = {path.name for path in agencies.iterdir() if path.name != "shihao"}

    def left_out(inside: str, names: list[str]) -> set[str]:
        return others.intersection(names) if Path(inside) == agencies else set()

    shutil.copytree(ROOT / "content", folder, ignore=left_out)
    return folder


@pytest.fixture
def site(tmp_path: Path, one_agency: Path) -> Site:
    """An empty site of one agency."""
    return Site(tmp_path, one_agency)


@pytest.fixture(scope="session")
def every_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site with a page of every kind (tests/every_page.py), built once."""
    from tests import every_page  # most tests need no generator

    return every_page.build(tmp_path_factory.mktemp("every"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The demonstration site, built once from examples/inbox."""
    site = Site(tmp_path_factory.mktemp("demo"))
    site.inbox.rmdir()
    site.inbox = ROOT / "examples" / "inbox"
    # Where branches are counted, this one run and its Pelican count too.
    counted = {"COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml")} if Coverage.current() else {}
    done = site.publish(env=counted)
    assert done.returncode == 0, done.stdout + done.stderr
    return site
