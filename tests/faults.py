"""Kills a whole run at every step it takes, and proves that nothing is lost or laid open.

    python -m tests.faults --points 240

A run is forked from a process that has all modules loaded, and kills itself (SIGKILL) at
its n-th event: before a file is opened for writing, half way through a write, before a
rename, a removal, a change of mode, a sync, an SQL statement, the exchange of the two
releases. Then, from what lies there: the old or the new release is whole, the ledger is
sound and complete, nothing private stands outside the private folder, no private file is
open to others; and one run later everything is as if nothing had happened.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.public.released import release
from tests.conftest import PENALTY, ROOT

IDENTITY = "500000199003079906"
NAME = "覃测乐"
_SECRETS = (IDENTITY.encode(), NAME.encode())
_PERSON = {
    "行政处罚决定书文号": "石壕罚决〔2026〕2号",
    "行政相对人名称": NAME,
    "行政相对人类别": "自然人",
    "证件号码": IDENTITY,
    "违法事实": f"当事人{NAME}，男，身份证号{IDENTITY}，在公路旁焚烧秸秆。",
}
_OLD = ({}, _PERSON, {"行政处罚决定书文号": "石壕罚决〔2026〕3号"})
_NEW = (
    {"违法事实": "该公司将废弃混凝土倾倒在河道内。"},
    {**_PERSON, "违法事实": f"当事人{NAME}在林地边焚烧秸秆。"},
    {"行政处罚决定书文号": "石壕罚决〔2026〕4号"},
)
_OLD_DAY, _NEW_DAY = date(2026, 11, 20), date(2026, 11, 21)
#: At most so many kill points of one kind at one place in the code: a hundred files that
#: are opened to readers one after the other are one step.
_ALIKE = 8
_SNAPSHOT = "gongshi-snapshot"
#: Pelican is a process of its own; the run is killed at so many moments of its work.
_MOMENTS, _MOMENT = 12, 0.1
_SHOWN = 12


class Place(NamedTuple):
    """The folders of one run, all in ``root``."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def state(self) -> Path:
        return self.root / "private"

    @property
    def output(self) -> Path:
        return self.root / "www" / "site"

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"


def prepare(root: Path) -> Place:
    """A site with one release, and an inbox that changes it."""
    place = Place(root)
    for folder in (place.inbox, place.temporary):
        folder.mkdir(parents=True)
    content = root / "content"
    shutil.copytree(ROOT / "content", content)
    for agency in (content / "agencies").iterdir():
        if agency.name != "shihao":
            shutil.rmtree(agency)
    _export(place.inbox / "a.csv", _OLD)
    return place


def second(place: Place) -> None:
    """What the next day brings: a change, a new decision, a withdrawal."""
    _export(place.inbox / "b.csv", _NEW)
    gone = {"行政处罚决定书文号": "石壕罚决〔2026〕3号", "变动情形": "撤销"}
    _export(place.inbox / "c.csv", ({**gone, "变动日期": "2026-11-21", "变动原因": "撤销"},))


def _export(path: Path, rows: tuple[dict[str, str], ...]) -> None:
    full = [{**PENALTY, **row} for row in rows]
    columns = list(dict.fromkeys(key for row in full for key in row))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(full)


class Steps:
    """Counts what a run does to the disk, and kills it at one of these events."""

    def __init__(self, kill_at: int = 0) -> None:
        self.seen: list[str] = []
        self._kill_at = kill_at

    def step(self, what: str, half: Callable[[], object] = lambda: None) -> None:
        frame = sys._getframe(1)
        while frame.f_back and not frame.f_code.co_filename.startswith(str(ROOT / "pipeline")):
            frame = frame.f_back
        where = f"{Path(frame.f_code.co_filename).name}:{frame.f_code.co_name}"
        self.seen.append(f"{what} {where}")
        if len(self.seen) == self._kill_at:
            half()
            os.kill(os.getpid(), signal.SIGKILL)

    def install(self) -> None:
        sys.addaudithook(self._audit)
        self._halve(Path, "write_bytes")
        self._halve(Path, "write_text")
        plain = sqlite3.connect

        def traced(*given: Any, **named: Any) -> sqlite3.Connection:
            connection = plain(*given, **named)
            connection.set_trace_callback(lambda sql: self.step(f"sql {sql.split()[0]}"))
            return connection

        sqlite3.connect = traced  # type: ignore[assignment]
        self._while_building()
        self._before(os, "sync")
        self._before(os, "fsync")
        self._before(release, "_exchange")

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            if isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                self.step("open")
        elif event in _EVENTS:
            self.step(event)

    def _while_building(self) -> None:
        plain = subprocess.Popen.communicate

        def watched(process: Any, *given: Any, **named: Any) -> Any:
            for _ in range(_MOMENTS):
                time.sleep(_MOMENT)
                self.step("while it builds")
            return plain(process, *given, **named)

        subprocess.Popen.communicate = watched  # type: ignore[method-assign]

    def _halve(self, owner: type, name: str) -> None:
        plain = getattr(owner, name)

        def torn(path: Path, data: Any, *rest: Any, **named: Any) -> Any:
            self.step("write", lambda: plain(path, data[: len(data) // 2], *rest, **named))
            return plain(path, data, *rest, **named)

        setattr(owner, name, torn)

    def _before(self, owner: Any, name: str) -> None:
        plain = getattr(owner, name)

        def stepped(*given: Any) -> Any:
            self.step(name)
            done = plain(*given)
            self.step(f"after {name}")
            return done

        setattr(owner, name, stepped)


_EVENTS = {
    *("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link"),
    *("shutil.rmtree", "subprocess.Popen"),
}


class Forked:
    """Stands for ``subprocess`` in the builder: Pelican in a fork, without its start."""

    @staticmethod
    def run(
        command: list[Any], *, env: dict[str, str], **_: Any
    ) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryFile("w+") as log:
            process = os.fork()
            if process == 0:
                code = 1
                try:
                    os.dup2(log.fileno(), 1)
                    os.dup2(log.fileno(), 2)
                    os.environ.update(env)
                    from pelican import main

                    code = int(main(list(map(str, command[command.index("pelican") + 1 :]))) or 0)
                finally:
                    os._exit(code)
            code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            log.seek(0)
            return subprocess.CompletedProcess(command, code, log.read(), "")


def run(place: Place, day: date, steps: Steps | None = None, **switches: Any) -> int:
    """One publish in a forked process; its exit code, negative for a signal."""
    process = os.fork()
    if process == 0:
        code = 70
        try:
            os.environ["TMPDIR"] = tempfile.tempdir = str(place.temporary)
            code = _publish(place, day, steps, **switches)
        except BaseException as error:
            (place.root / "error").write_text(repr(error))
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _publish(place: Place, day: date, steps: Steps | None, *, exchange: bool = True) -> int:
    import pelican  # noqa: F401

    from pipeline import publish
    from pipeline.places import Places
    from pipeline.public import site  # noqa: F401

    # A fork would bring its parent's count along and be killed in its place.
    publish.build.subprocess = subprocess if steps else Forked  # type: ignore[assignment]
    if not exchange:
        release._exchange = lambda one, other: False
    if steps:
        steps.install()
    places = Places(place.inbox, place.root / "content", place.state, place.output)
    report = publish.publish(places, today=day, approve_as="测试审查员")
    if steps:
        (place.root / "steps.json").write_text(json.dumps(steps.seen))
    return report.exit_code


class Outcome(NamedTuple):
    """One kill point: what was about to happen, and what was wrong afterwards."""

    number: int
    step: str
    problems: list[str]


class Trial(NamedTuple):
    """A prepared site, what its releases must look like, and the steps of the run between."""

    base: Place
    old: dict[str, str]
    new: dict[str, str]
    stands: set[str]
    steps: list[str]
    switches: dict[str, Any]


def trial(folder: Path, *, first: bool = False, exchange: bool = True) -> Trial:
    """Prepare a site, run its second day (or its first) once undisturbed, note all steps."""
    base = prepare(folder / "base")
    switches = {"exchange": exchange}
    if not first:
        assert run(base, _OLD_DAY) == 0, (base.root / "error").read_text()
        second(base)
    whole = _copy(base, folder / "whole")
    assert run(whole, _day(first), Steps(), **switches) == 0, (whole.root / "error").read_text()
    steps = json.loads((whole.root / "steps.json").read_text())
    return Trial(base, _files(base), _files(whole), _stands(whole), steps, switches)


def warm(folder: Path) -> None:
    """Load all modules, dictionaries and models before the first fork."""
    place = prepare(folder)
    second(place)
    assert _publish(place, _NEW_DAY, None) == 0


def _day(first: bool) -> date:
    return _OLD_DAY if first else _NEW_DAY


def points(steps: list[str], wanted: int) -> list[int]:
    """``wanted`` of the steps (from 1), spread over all kinds; those that are alike less often."""
    kinds: dict[str, list[int]] = {}
    for number, step in enumerate(steps, start=1):
        kinds.setdefault(step, []).append(number)
    chosen: list[int] = []
    for alike in kinds.values():
        chosen += _spread(alike, _ALIKE)
    rest = sorted(set(range(1, len(steps) + 1)) - set(chosen))
    if len(chosen) < wanted:
        chosen += _spread(rest, wanted - len(chosen))
    return _spread(sorted(chosen), wanted)


def _spread(items: list[int], wanted: int) -> list[int]:
    if len(items) <= wanted:
        return items
    return [items[i * (len(items) - 1) // max(wanted - 1, 1)] for i in range(wanted)]


def kill(tried: Trial, number: int, folder: Path) -> Outcome:
    """Kill the run at one step, look at what lies there, run again, look again."""
    place = _copy(tried.base, folder / f"at-{number}")
    first = not tried.old
    code = run(place, _day(first), Steps(number), **tried.switches)
    problems = [] if code == -signal.SIGKILL else [f"ended by itself ({code}): {_why(place)}"]
    problems += _after_crash(place, tried)
    if (code := run(place, _day(first), **tried.switches)) != 0:
        problems.append(f"the next run ended with {code}")
    problems += _after_healing(place, tried)
    shutil.rmtree(place.root)
    return Outcome(number, tried.steps[number - 1], problems)


def _why(place: Place) -> str:
    """What the run said of itself: sentences without raw values."""
    report = place.state / "reports" / "latest.json"
    said = json.loads(report.read_bytes())["problems"] if report.is_file() else []
    error = place.root / "error"
    return "; ".join([*said, error.read_text() if error.is_file() else ""])[-400:]


def _copy(place: Place, root: Path) -> Place:
    shutil.copytree(place.root, root)
    return Place(root)


def _files(place: Place) -> dict[str, str]:
    manifest = release.read_manifest(place.output)
    return manifest.files if manifest else {}


def _stands(place: Place) -> set[str]:
    """What is there, but for what SQLite keeps beside an open database.

    The marks of the last audit are there under a name that chance gave them.
    """
    found = (
        re.sub(
            r"audited-[0-9a-f]{16}\.marks$", "audited.marks", p.relative_to(place.root).as_posix()
        )
        for p in place.root.rglob("*")
    )
    return {p for p in found if not p.endswith(("-wal", "-shm", "-journal", "steps.json"))}


def _after_crash(place: Place, tried: Trial) -> Iterator[str]:
    there = _files(place)
    retired = release._retired(place.output)
    if not tried.switches["exchange"] and not place.output.exists() and retired.exists():
        there = (release.read_manifest(retired) or release.Manifest(files={})).files
    elif place.output.exists() and release.verify(place.output) != ((), (), ()):
        yield "a release that is not whole"
    if there not in (tried.old, tried.new):
        yield "neither the old nor the new release"
    yield from _ledger_problems(place, tried.base)
    yield from _laid_open(place)


def _after_healing(place: Place, tried: Trial) -> Iterator[str]:
    if _files(place) != tried.new or release.verify(place.output):
        yield "not healed: another release"
    if (left := _stands(place) ^ tried.stands) - {"error"}:
        yield f"not healed: {sorted(left)[:5]}"
    yield from _ledger_problems(place, tried.base)
    yield from _laid_open(place)


def _ledger_problems(place: Place, base: Place) -> Iterator[str]:
    if not (place.state / "ledger.db").exists():
        if (base.state / "ledger.db").exists():
            yield "no ledger"
        return
    from pipeline.restricted.ledger import Ledger

    copied = place.root.parent / f"{place.root.name}-ledger"
    shutil.copytree(place.state, copied)
    try:
        with Ledger(copied / "ledger.db") as ledger:
            if ledger.broken_history() is not None:
                yield "a broken history"
        with closing(sqlite3.connect(copied / "ledger.db")) as db:
            if db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                yield "a damaged ledger"
            if db.execute("PRAGMA foreign_key_check").fetchone():
                yield "a ledger whose rows do not fit"
            now = _told(db)
    finally:
        shutil.rmtree(copied)
    if (base.state / "ledger.db").exists():
        with closing(sqlite3.connect(base.state / "ledger.db")) as db:
            for table, before in _told(db).items():
                if not before <= now[table]:
                    yield f"rows of {table} are lost"


def _told(db: sqlite3.Connection) -> dict[str, set[Any]]:
    return {
        "decision": set(db.execute("SELECT slug FROM decision")),
        "first days": set(db.execute("SELECT slug, first_day FROM decision WHERE first_day <> ''")),
        "approval": set(db.execute("SELECT slug FROM approval")),
        "history": set(db.execute("SELECT seq, chain FROM history")),
    }


def _laid_open(place: Place) -> Iterator[str]:
    for path in sorted(place.root.rglob("*")):
        private = path.is_relative_to(place.state)
        mode = stat.S_IMODE(path.lstat().st_mode)
        if private and mode & 0o077:
            yield f"open to others: {path.relative_to(place.root)} {mode:o}"
        if path.is_file() and not private and not path.is_relative_to(place.inbox):
            data = path.read_bytes()
            if any(secret in data for secret in _SECRETS):
                yield f"private text outside: {path.relative_to(place.root)}"


def kill_all(tried: Trial, numbers: list[int], folder: Path, at_once: int = 3) -> list[Outcome]:
    """Every point; each in a process of its own, so that its forks see no threads."""
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(lambda number: _apart(tried, number, folder), numbers))


def _apart(tried: Trial, number: int, folder: Path) -> Outcome:
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            outcome = kill(tried, number, folder)
            os.write(writing, json.dumps(outcome).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(process, 0)
    return Outcome(*json.loads(told)) if told else Outcome(number, "?", ["the trial itself failed"])


def in_snapshot(wanted: int) -> int:
    """The same from a copy of the program: it may be edited while a long check runs."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / _SNAPSHOT
        for name in ("pipeline", "theme", "content", "tests"):
            shutil.copytree(
                ROOT / name, copied / name, ignore=shutil.ignore_patterns("__pycache__", "corpora")
            )
        for name in ("pelicanconf.py", "publishconf.py"):
            shutil.copy(ROOT / name, copied)
        command = [sys.executable, "-m", "tests.faults", "--points", str(wanted)]
        return subprocess.call(command, cwd=copied)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=240)
    given = parser.parse_args()
    begin, total, bad = time.perf_counter(), 0, []
    shares = (
        ("update", {}, 0.6),
        ("first", {"first": True}, 0.25),
        ("no exchange", {"exchange": False}, 0.15),
    )
    if ROOT.name != _SNAPSHOT:
        return in_snapshot(given.points)
    with tempfile.TemporaryDirectory() as folder:
        warm(Path(folder))
    for name, switches, share in shares:
        with tempfile.TemporaryDirectory() as folder:
            tried = trial(Path(folder), **switches)
            numbers = points(tried.steps, round(given.points * share))
            outcomes = kill_all(tried, numbers, Path(folder))
        wrong = [o for o in outcomes if o.problems]
        print(
            f"{name}: {len(tried.steps)} steps, killed at {len(outcomes)}, wrong {len(wrong)}",
            flush=True,
        )
        for outcome in wrong[:_SHOWN]:
            print(f"  {outcome.number} {outcome.step}: {outcome.problems}")
        total, bad = total + len(outcomes), bad + wrong
    print(f"{total} kill points in {time.perf_counter() - begin:.0f} s, {len(bad)} wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
