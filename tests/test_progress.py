"""How far a run has come: on a terminal, in a pipe, and in the report."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.progress import BYTES, SILENT, Clock, Steps, amount
from pipeline.report import RunReport, in_words
from pipeline.restricted import look
from pipeline.restricted.pooled import POOL
from pipeline.restricted.remembered import redact_ledger
from tests import office
from tests.conftest import DEMO_DAY, ROOT, Site

_NAME, _PHONE = "覃测乐", "15412345678"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

_WORK = """
import time
from rich.console import Console
from pipeline.commands.bars import bars
from pipeline.progress import Clock
with bars(Console(stderr=True)) as watch:
    clock = Clock(watch)
    with clock.stage("读取导出文件") as steps:
        steps.expect(400, "行")
        for _ in steps.through(range(300)):
            time.sleep(0.002)
        time.sleep(0.3)
        steps.tick(100)
    with clock.stage("生成网站"):
        time.sleep(0.3)
print("完")
"""


def _on_a_terminal(words: list[str], **env: str) -> tuple[int, str]:
    """Run a command on a pseudo-terminal; its exit code and what the screen was sent."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "140", "PYTHONUTF8": "1", **env}
    with subprocess.Popen(
        words, cwd=ROOT, env=environment, stdin=follower, stdout=follower, stderr=follower
    ) as process:
        os.close(follower)
        sent = b""
        while True:
            select.select([leader], [], [], 60)
            try:
                data = os.read(leader, 65536)
            except OSError:  # the last who held the other side is gone
                break
            if not data:
                break
            sent += data
        os.close(leader)
    return process.returncode, _ESCAPES.sub("", sent.decode())


def test_a_terminal_is_shown_count_rate_and_what_remains() -> None:
    code, screen = _on_a_terminal([sys.executable, "-c", _WORK])
    assert code == 0
    assert re.search(r"读取导出文件 .*\d+ 行 / 400 行　[\d,.]+ 行/秒　剩余 0:00:0\d", screen)
    assert re.search(r"读取导出文件 .*400 行　[\d,.]+ 行/秒　用时 0:00:0\d", screen)
    assert re.search(r"生成网站 .*已用 0:00:0\d", screen)


def test_a_pipe_and_a_dumb_terminal_get_nothing_but_the_answer() -> None:
    words = [sys.executable, "-c", _WORK]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "完\n", "")
    assert _on_a_terminal(words, TERM="dumb") == (0, "完\r\n")


def test_a_run_shows_its_stages_and_no_value(one_agency: Path, tmp_path: Path) -> None:
    site = Site(tmp_path, one_agency)
    person = {"行政相对人名称": _NAME, "行政相对人类别": "自然人", "联系电话": _PHONE}
    site.export("处罚.csv", {}, {**person, "行政处罚决定书文号": "石壕罚决〔2026〕2号"})
    folders = ["--inbox", site.inbox, "--content", one_agency, "--state", site.state]
    words = ["-m", "pipeline", "publish", *folders, "--output", site.output, "--today", DEMO_DAY]
    code, screen = _on_a_terminal([sys.executable, *map(str, words), "--approve-as", "测试审查员"])
    assert code == 0, screen
    profile = {one["name"]: one for one in site.report()["profile"]}
    for stage in ("读取导出文件", "遮盖个人信息", "写入公开库", "生成网站", "检查泄露", "发布"):
        assert re.search(rf"{stage} .*(已用|用时|剩余) 0:", screen), stage
        assert re.search(rf"· {stage} [\d.]+ 秒（\d+%）", screen), stage
        assert profile[stage]["seconds"] == site.report()["stages"][stage]
    assert _NAME not in screen
    assert _PHONE not in screen
    counted = {name: (one["items"], one["unit"]) for name, one in profile.items() if one["items"]}
    size = sum(p.stat().st_size for p in site.output.rglob("*") if p.is_file())
    listed = (site.output / "manifest.json").stat().st_size
    assert counted == {
        "读取导出文件": (2, "行"),
        "遮盖个人信息": (2, "件"),
        "判断公开与期限": (2, "件"),
        "写入公开库": (len(site.pages()), "件"),
        "检查泄露": (size - listed, BYTES),
    }
    assert abs(sum(one["share"] for one in profile.values()) - 1) < 0.01


def test_a_stage_that_comes_again_goes_on_and_one_that_fails_is_told() -> None:
    clock = Clock()
    for count in (2, 3):
        with clock.stage("检查泄露") as steps:
            steps.tick(count)
            steps.unit = BYTES
    try:
        with clock.stage("发布"):
            raise OSError
    except OSError:
        pass
    assert [(one.name, one.items, one.unit) for one in clock.profile()] == [
        ("检查泄露", 5, BYTES),
        ("发布", 0, ""),
    ]


def test_the_report_tells_where_the_time_went() -> None:
    clock = Clock()
    with clock.stage("读取导出文件") as steps:
        steps.expect(1200, "行")
        steps.tick(1200)
    report = RunReport(today=office.date(2026, 11, 20), profile=clock.profile())
    assert re.search(
        r"用时 [\d.]+ 秒：\n  · 读取导出文件 0.00 秒（100%），1,200 行，每秒 [\d,]+ 行",
        in_words(report),
    )
    assert "用时" not in in_words(RunReport(today=office.date(2026, 11, 20)))


def test_the_pool_counts_as_results_come_back(tmp_path: Path) -> None:
    seen: list[int] = []

    class Watched(Steps):
        def tick(self, count: int = 1) -> None:
            super().tick(count)
            seen.append(self.done)

    class Few:
        """The pool, for as few rows as there are here."""

        least = 1
        close, redact = POOL.close, POOL.redact

    ours = office.Office(tmp_path)
    ours.ledger.take_over([office.row(n) for n in range(1, 61)], office.date(2026, 11, 20))
    steps = Watched()
    redact_ledger(ours.ledger, office.AGENCIES, Few(), steps)
    assert (steps.done, steps.total, steps.unit) == (60, 60, "件")
    assert seen == list(range(1, 61))
    again = Steps()
    redact_ledger(ours.ledger, office.AGENCIES, Few(), again)
    assert (again.done, again.total) == (60, 60)


@pytest.mark.parametrize("much", [0, 1 << 20])
def test_the_audit_counts_every_byte_in_one_process_and_in_two(
    much: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "_MUCH", much)
    monkeypatch.setattr(look, "_TASK", 1500)
    for n in range(4):
        (tmp_path / f"{n}.txt").write_bytes(b"x" * 1000)
    steps = Steps()
    assert list(look.look(tmp_path, (), (), steps=steps)) == []
    assert (steps.done, steps.total, steps.unit) == (4000, 4000, BYTES)


def test_whoever_does_not_count_keeps_nothing() -> None:
    SILENT.expect(9, "件")
    assert list(SILENT.through("ab")) == ["a", "b"]
    assert (SILENT.done, SILENT.total, SILENT.unit) == (0, 0, "")


def test_amounts_read_well() -> None:
    assert [amount(12000, "行"), amount(3.25, "件"), amount(2, "件"), amount(1.5e9, BYTES)] == [
        "12,000 行",
        "3.2 件",
        "2 件",
        "1,500.0 MB",
    ]
