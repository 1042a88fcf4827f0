"""Reading exports: ``python -m benchmarks.reading [--n 200000] [--rounds 3] [--json FILE]``.

One invented table of penalties (layout of 2018, 28 columns) as a workbook of Excel's kind
(shared texts), one of a streaming library's kind (texts in the cells), and as text in UTF-8
and GB18030. Every way to read gets each file in a process of its own, in turns, round after
round; medians are told. Ours recognise columns, check and normalise every cell and name what is
wrong: ``read`` holds all rows (``read_file``), ``stream`` lets them pass, ``ledger`` takes them
over into a new ledger. The peers only cut the file into cells: ``pandas`` (``read_excel`` with
calamine, ``read_csv``) and ``openpyxl`` (read-only, row by row).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILES = {
    "xlsx": "处罚.xlsx",
    "inline": "处罚-流式.xlsx",
    "csv": "处罚.csv",
    "gb18030": "处罚-GB18030.csv",
}
WAYS = ("read", "stream", "ledger", "pandas", "openpyxl")
_WAYS = {
    "read": "本项目，全部留在内存",
    "stream": "本项目，逐行经过",
    "ledger": "本项目，读取并写入新台账",
    "pandas": "pandas，只切成格",
    "openpyxl": "openpyxl，只切成格",
}
_FILES = {
    "xlsx": "xlsx（共享文字）",
    "inline": "xlsx（文字在格内）",
    "csv": "csv（UTF-8）",
    "gb18030": "csv（GB18030）",
}


def measured(way: str, path: Path) -> dict[str, Any]:
    """One way to read one file, in a process of its own."""
    words = [sys.executable, "-m", "benchmarks.reading_worker", way, str(path)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{way} {path.name}: {done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rounds(folder: Path, given: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for _ in range(given.rounds):
        for file in given.files:
            name = FILES[file]
            for way in WAYS:
                if way in given.without or (way == "openpyxl" and not name.endswith(".xlsx")):
                    continue
                yield {"file": file, "way": way, **measured(way, folder / name)}


def medians(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for file, way in dict.fromkeys((one["file"], one["way"]) for one in found):
        own = [one for one in found if (one["file"], one["way"]) == (file, way)]
        numbers = {
            key: round(statistics.median(one[key] for one in own), 3)
            for key in ("rows", "wall_s", "cpu_s", "peak_mb")
        }
        rows.append({"file": file, "way": way, **numbers})
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    heads = ["文件", "读法", "秒", "处理器秒", "行/秒", "行/处理器秒", "内存峰值 MB"]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for row in rows:
        rates = (f"{row['rows'] / row[key]:,.0f}" for key in ("wall_s", "cpu_s"))
        spent = (f"{row['wall_s']:.1f}", f"{row['cpu_s']:.1f}", *rates, f"{row['peak_mb']:.0f}")
        lines.append(f"| {' | '.join((_FILES[row['file']], _WAYS[row['way']], *spent))} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--without", nargs="*", default=[], choices=WAYS)
    parser.add_argument("--files", nargs="*", default=list(FILES), choices=FILES)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-read-") as temporary:
        words = [sys.executable, "-m", "benchmarks.reading_corpus", temporary, str(given.n)]
        subprocess.run([*words, *given.files], cwd=ROOT, check=True)
        sizes = {key: (Path(temporary) / FILES[key]).stat().st_size for key in given.files}
        rows = medians(list(rounds(Path(temporary), given)))
    load = os.getloadavg()[0]
    print(
        f"{given.n} 行，{given.rounds} 轮中位数，{platform.system()} {platform.machine()}，"
        f"{os.cpu_count()} 核，Python {platform.python_version()}，负载 {load:.1f}"
    )
    print("；".join(f"{_FILES[key]} {size / 1e6:.0f} MB" for key, size in sizes.items()))
    print(table(rows))
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
