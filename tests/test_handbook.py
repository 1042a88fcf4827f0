"""The commands of the handbook, run as they stand there: backup, leak, restore, moving."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PENALTY, ROOT

DAY = "2026-11-20"
NUMBER = PENALTY["行政处罚决定书文号"]
SECOND = {**PENALTY, "行政处罚决定书文号": "石壕罚决〔2026〕2号", "案件名称": "占道堆放案"}


def blocks(document: str, heading: str) -> list[str]:
    """The ```sh blocks under a heading of the handbook, one after the other."""
    text = (ROOT / "docs" / f"{document}.md").read_text(encoding="utf-8")
    (section,) = re.findall(rf"(?ms)^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text)
    found = re.findall(r"(?ms)^ *```sh\n(.*?)^ *```", section)
    assert found, heading
    return found


class Office:
    """A site of one's own and a shell in it; systemd's commands are left out."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.site, self.away = folder, folder / "site", folder / "backup"
        self.away.mkdir()

    def run(self, script: str, day: str = DAY) -> str:
        """A block of the handbook, with the paths and the decision of this office."""
        script = re.sub(r"(?m)^(?:sudo )?systemctl .*$", "", script)
        script = re.sub(r"(?m)^/opt/gongshi/deploy/rsync/.*$", "", script)
        script = script.replace("/media/backup/", f"{self.away}/").replace(
            "/srv/gongshi", str(self.site)
        )
        script = script.replace("某应急罚〔2026〕8号", NUMBER)
        # The clock of the handbook is the office's; here it is the argument.
        verbs = "publish|withdraw|rollback|status|check|history"
        script = re.sub(rf"(?m)^(\./gongshi (?:{verbs})\b.*)$", rf"\1 --today {day}", script)
        script = script.replace("--today 2027-01-04 ", "")
        done = subprocess.run(
            ["sh", "-eu", "-c", script], cwd=self.site, capture_output=True, text=True
        )
        assert done.returncode == 0, (script, done.stdout, done.stderr)
        return done.stdout

    def export(self, *rows: dict[str, str]) -> None:
        path = self.site / "private/inbox/行政处罚.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, PENALTY)
            writer.writeheader()
            writer.writerows(rows)

    def names(self, text: str) -> list[str]:
        files = (path for path in (self.site / "output").rglob("*.html") if path.is_file())
        return sorted(path.parent.name for path in files if text in path.read_text())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Made with the first steps of the handbook, two decisions public."""
    office = Office(tmp_path_factory.mktemp("handbook"))
    options = ["--slug", "shihao", "--domain", "gs.example.invalid", "--today", DAY]
    words = ["init", str(office.site), "--name", PENALTY["处罚机关"], *options]
    run = [sys.executable, "-m", "pipeline", *words]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
    office.export(PENALTY, SECOND)
    steps = blocks("开始使用", "三十分钟建成自己的站点")
    office.run("\n".join(block for block in steps if block.startswith("./gongshi publish")))
    assert office.names(NUMBER)
    assert office.names("占道堆放案")
    return office


def test_the_handbook_s_commands_do_what_it_says(office: Office) -> None:
    """Backup, a leak, the old ledger back, the site on another machine: nothing comes back."""
    (backup,) = blocks("备份与搬家", "备份什么")
    office.run(backup)
    (copy,) = office.away.iterdir()
    assert copy.stat().st_mode & 0o777 == 0o600

    withdraw, rollback, _, check = blocks("撤下与泄露", "怀疑泄露了个人信息")
    office.run(withdraw)
    assert "占道堆放案" in (office.site / "output/data/decisions.csv").read_text()
    assert office.names("擅自倾倒建筑垃圾案") == []
    told = office.run(check)
    assert "与发布清单一致" in told
    assert "历史记录完整" in told

    (restore,) = blocks("备份与搬家", "恢复（每年至少试一次）")
    office.run(restore)
    assert office.names("擅自倾倒建筑垃圾案") == []  # what came down stays down
    assert office.names("占道堆放案")

    office.run(rollback)
    assert office.names("占道堆放案") == []  # every approval after that day is void

    moved = office.folder / "elsewhere"
    shutil.copytree(office.site, moved)
    shutil.rmtree(moved / "output")
    office.site = moved
    (moved / "private").chmod(0o755)
    (move,) = blocks("备份与搬家", "换一台机器")
    office.run(move)
    assert (moved / "private").stat().st_mode & 0o777 == 0o700
    assert office.names("擅自倾倒建筑垃圾案") == office.names("占道堆放案") == []


def test_next_year_s_calendar_makes_provisional_days_certain(office: Office) -> None:
    """The file that the handbook shows, put where it says, read as it says."""
    text = (ROOT / "docs/日常工作.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"(?ms)^```toml\n(.*?)^```", text)
    before = office.run("./gongshi check", "2027-01-04")
    assert "calendar/2027.toml" in before
    (office.site / "content/calendar/2027.toml").write_text(shown, encoding="utf-8")
    after = office.run("\n".join(blocks("日常工作", "年底和年初")).replace("./gongshi publish", ""))
    assert "calendar/2027.toml" not in after
    (office.site / "content/calendar/2027.toml").unlink()
