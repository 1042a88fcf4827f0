"""A first run over many decisions, then a night in which one per cent changed, by stage.

The exports of five invented offices, each decision with a text of some thousand characters,
stand in the inbox as a whole every night, as an office's system exports them: the second
night half a per cent are worded anew, a quarter is new, a quarter withdrawn by its state;
what expires does so by itself. Both runs are the real command in a process of its own.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parents[1])
from benchmarks.build import Cost, machine, timed  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "examples"))

from invent.decisions import Office  # noqa: E402
from invent.layouts import PENALTY_ORGANISATION, PENALTY_PERSON  # noqa: E402
from invent.people import People  # noqa: E402
from invent.tables import cells, labels  # noqa: E402

TODAY = date(2026, 11, 20)
_SLUGS = ("liaoning", "lingchuan", "mingshan", "shihao", "zhejiang")
_MORE = (
    ("决定书全文", "full_text"),
    ("变动情形", "event"),
    ("变动日期", "event_on"),
    ("变动原因", "event_reason"),
)
_LAYOUTS = {
    "organisation": (*PENALTY_ORGANISATION, *_MORE),
    "person": (*PENALTY_PERSON, *_MORE),
}
_PART = 400  # of so many decisions two are edited, one revoked, and one is new
_SINCE = date(2025, 1, 6)  # within the two years that a citizen's entry stands
_NAMES = 3000  # decisions after which a name may come again
_LENGTH = 1000  # characters of a text

Row = dict[str, Any]


def rows(count: int, seed: int = 20261120) -> Iterator[tuple[str, str, Row]]:
    """``count`` decisions: agency, kind of party, row."""
    rng = Random(seed)
    people = People(rng)
    offices = {slug: Office(slug, rng, people) for slug in _SLUGS}
    span = (TODAY - timedelta(days=12) - _SINCE).days
    for n in range(count):
        if n % _NAMES == 0:
            people._taken.clear()
        slug, kind = _SLUGS[n % 5], ("organisation", "person")[n // 5 % 2]
        office = offices[slug]
        row = office.penalty(kind, day=_SINCE + timedelta(days=rng.randrange(span)))
        office.made.clear()
        while len(row["full_text"]) < _LENGTH:
            row["full_text"] += f"\n另查明，{row['facts']}"
        yield slug, kind, row


def next_night(n: int, row: Row) -> Row:
    """What the next night's export says of the ``n``-th decision."""
    if n % _PART in (1, 201):
        return row | {"facts": f"{row['facts']}（更正）"}
    if n % _PART == 101:
        reason = "原处罚决定认定事实不清。"
        return row | {"event": "撤销", "event_on": TODAY, "event_reason": reason}
    return row


def write(folder: Path, count: int, *, night: int) -> int:
    """The export files of a night; how many characters of text they hold."""
    folder.mkdir(exist_ok=True)
    texts = 0
    files = {
        (slug, kind): (folder / f"{slug}-{kind}.csv").open("w", encoding="utf-8-sig", newline="")
        for slug in _SLUGS
        for kind in _LAYOUTS
    }
    writers = {key: csv.writer(file) for key, file in files.items()}
    for (_, kind), writer in writers.items():
        writer.writerow(labels(_LAYOUTS[kind]))
    total = count + (count // _PART if night else 0)
    for n, (slug, kind, row) in enumerate(rows(total)):
        shown = next_night(n, row) if night and n < count else row
        texts += len(shown["full_text"])
        writers[slug, kind].writerow(cells(shown, _LAYOUTS[kind]))
    for file in files.values():
        file.close()
    return texts


def run(folder: Path, today: date) -> tuple[Cost, dict[str, Any]]:
    """One run of the real command; what it cost, and its report."""
    places = ("--inbox", "inbox", "--state", "state", "--output", "output")
    words = [word if word.startswith("--") else str(folder / word) for word in places]
    command = [sys.executable, "-m", "pipeline", "publish", *words, "--content", "content"]
    cost = timed([*command, "--today", today.isoformat(), "--approve-as", "测量"])
    return cost, json.loads((folder / "state" / "reports" / "latest.json").read_text("utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="keep everything there; go on with what is")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="bench-night-"))
    os.environ["PYTHONPATH"] = str(ROOT)
    found = {}
    try:
        for night, name in enumerate(("第一次", "百分之一")):
            if (folder / f"{name}.json").is_file():
                continue
            shutil.rmtree(folder / "inbox", ignore_errors=True)
            folder.mkdir(exist_ok=True)
            characters = write(folder / "inbox", given.n, night=night)
            cost, report = run(folder, TODAY + timedelta(days=night))
            found[name] = {"characters": characters, **cost._asdict(), "report": report}
            if given.folder:
                (folder / f"{name}.json").write_text(json.dumps(found[name], ensure_ascii=False))
            print(told(name, given.n, characters, cost, report), flush=True)
    finally:
        if not given.folder:
            shutil.rmtree(folder, ignore_errors=True)
    if given.json:
        given.json.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")


def told(name: str, count: int, characters: int, cost: Cost, report: dict[str, Any]) -> str:
    """A run's table."""
    head = (
        f"{name}：{count} 件（{characters / 1e6:.1f} 百万字），{machine()}；"
        f"共 {cost.wall_s:.1f} 秒，最大的进程 {cost.peak_mb:.0f} MB；"
        f"新 {report['new']}，变 {report['changed']}，{report['outcome']}，{report['states']}"
    )
    stages = report["stages"].items()
    lines = ["| 阶段 | 秒 | 占比 |", "|---|---|---|"]
    lines += [f"| {stage} | {_s(one):.2f} | {_s(one) / cost.wall_s:.0%} |" for stage, one in stages]
    return "\n".join([head, *lines])


def _s(stage: Any) -> float:
    return float(stage["seconds"] if isinstance(stage, dict) else stage)


if __name__ == "__main__":
    main()
