"""What happens around a run: killed, no disk, no rights, two at once, an open umask."""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import ConfigurationError
from pipeline.public.released import release
from pipeline.state import StateFolder
from tests.conftest import ROOT, Site
from tests.faults import points

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals, modes and limits are POSIX's")
PERSON = {"行政相对人名称": "覃测乐", "行政相对人类别": "自然人"}


@pytest.mark.slow
def test_a_run_killed_at_any_step_loses_and_lays_open_nothing() -> None:
    """A sample; ``inv faults`` takes more than 200 points."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--points", "10"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_kill_points_are_of_every_kind() -> None:
    steps = ["open a"] * 100 + ["sql b"] * 3 + ["rename c"] + ["chmod d"] * 300
    chosen = points(steps, 40)
    assert len(chosen) == len(set(chosen)) == 40
    assert {steps[number - 1] for number in chosen} == set(steps)
    assert len(points(steps, 1000)) == len(steps)


def test_a_full_disk_leaves_the_old_release_and_says_so(site: Site) -> None:
    site.export("a.csv", {}, PERSON)
    assert site.publish().returncode == 0
    before = {p: p.read_bytes() for p in site.output.rglob("*") if p.is_file()}
    site.export("b.csv", {"违法事实": "该公司将废弃混凝土倾倒在河道内。"})

    def limited() -> None:  # every file ends at 20 kB, as on a disk that is full
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = _publish(site, preexec_fn=limited)
    assert done.returncode in (2, 3)
    assert "错误" in done.stderr or "拒绝" in done.stdout
    assert "Traceback" not in done.stderr
    assert "覃测乐" not in done.stdout + done.stderr
    assert {p: p.read_bytes() for p in site.output.rglob("*") if p.is_file()} == before
    assert site.pipeline("ledger", "check", "--state", str(site.state)).returncode == 0
    assert site.publish("2026-11-21").returncode == 0
    assert site.traces("废弃混凝土")


def _publish(site: Site, **how: object) -> subprocess.CompletedProcess[str]:
    words = ["--today", "2026-11-21", "--approve-as", "测试审查员"]
    places = [
        *("--inbox", str(site.inbox), "--content", str(site.content)),
        *("--state", str(site.state), "--output", str(site.output)),
    ]
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "pipeline", "publish", *words, *places],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        **how,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux can leash a process")
def test_processes_that_see_raw_values_end_with_the_run(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(
        "import os, sys, time\n"
        "from pipeline.processes import processes\n"
        "if __name__ == '__main__':\n"
        "    with processes(1, time.sleep, 0) as pool:\n"
        "        print(pool.submit(os.getpid).result(), flush=True)\n"
        "        sys.stdin.read()\n",
        encoding="utf-8",
    )
    run = subprocess.Popen(
        [sys.executable, script],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert run.stdout
    orphan = int(run.stdout.readline())
    run.kill()
    run.wait()
    for _ in range(200):
        if not Path(f"/proc/{orphan}").exists() or "Z" in _state(orphan):
            return
        time.sleep(0.05)
    os.kill(orphan, signal.SIGKILL)
    pytest.fail("a process outlived its run")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux can leash a process")
def test_pelican_ends_with_the_run_that_started_it(tmp_path: Path) -> None:
    """An orphan would go on writing, and into the staging folder of the next run."""
    child = (
        "import os, time\n"
        "from pipeline import leash\n"
        "leash.follow()\n"
        "print(os.getpid(), flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = (
        "import os, subprocess, sys\n"
        "env = {**os.environ, 'GONGSHI_PARENT': str(os.getpid())}\n"
        f"subprocess.Popen([sys.executable, '-c', {child!r}], env=env)\n"
        "sys.stdin.read()\n"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", parent], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert started.stdout
    orphan = int(started.stdout.readline())
    started.kill()
    started.wait()
    for _ in range(200):
        if not Path(f"/proc/{orphan}").exists() or "Z" in _state(orphan):
            return
        time.sleep(0.05)
    os.kill(orphan, signal.SIGKILL)
    pytest.fail("Pelican outlived its run")


def _state(process: int) -> str:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_target_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "mkdir", refused)
    for call in (release.make_room, release.staging_for):
        with pytest.raises(ConfigurationError, match="请检查权限和磁盘空间"):
            call(tmp_path / "new" / "output")
    with pytest.raises(ConfigurationError, match="请检查权限和磁盘空间"):
        StateFolder(tmp_path / "state").__enter__()


def test_two_runs_at_once_the_second_refuses_and_harms_nothing(site: Site) -> None:
    site.export("a.csv", {})
    with StateFolder(site.state):
        second = site.publish()
    assert second.returncode == 3
    assert "另一次运行" in second.stderr
    assert not site.output.exists()
    assert site.publish().returncode == 0


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_private_files_are_closed_and_public_ones_open_whatever_the_umask(
    site: Site, umask: int
) -> None:
    site.export("a.csv", {}, PERSON)
    assert _publish(site, umask=umask).returncode == 0
    for path in (site.state, *site.state.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), (path.name, oct(mode))
    for path in (site.output, *site.output.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o755 if path.is_dir() else 0o644), (path.name, oct(mode))


def test_a_state_folder_gives_the_umask_back(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with StateFolder(tmp_path / "state"):
            pass
        with StateFolder(tmp_path / "state"), pytest.raises(Exception, match="另一次运行"):
            StateFolder(tmp_path / "state").__enter__()
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_an_output_that_is_a_link_is_refused(site: Site, tmp_path: Path) -> None:
    site.export("a.csv", {})
    (tmp_path / "elsewhere").mkdir()
    site.output.symlink_to(tmp_path / "elsewhere")
    done = site.publish()
    assert done.returncode == 2
    assert "不是普通文件夹" in done.stderr
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_old_release_goes_only_when_the_new_one_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power may fail between any two writes: files, then names, then the removal."""
    order: list[str] = []
    output = tmp_path / "output"
    for text in ("old", "new"):
        staging = release.staging_for(output)
        (staging / "a.html").write_text(text, encoding="utf-8")
        release.write_manifest(staging, release.hash_files(staging), output)
        if text == "new":
            names = ("_exchange", "_settle", "_take_away")
            for owner, name in ((os, "sync"), *((release, name) for name in names)):
                plain = getattr(owner, name)
                monkeypatch.setattr(
                    owner, name, lambda *a, n=name, p=plain: (order.append(n), p(*a))[1]
                )
        release.swap(staging, output)
    assert order == ["sync", "_exchange", "_settle", "_take_away"]
