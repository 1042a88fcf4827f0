"""Reads one file in one way; prints rows, seconds and the peak of memory as JSON."""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path

from pipeline.agencies import load_agencies
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.read import Export, read_file

ROOT = Path(__file__).resolve().parents[1]
AGENCIES = load_agencies(ROOT / "content")


def read(path: Path) -> int:
    return len(read_file(path, AGENCIES).rows)


def stream(path: Path) -> int:
    last = deque(enumerate(Export(path, AGENCIES), start=1), maxlen=1)
    return last[0][0]


def ledger(path: Path) -> int:
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "ledger.db") as kept:
        return sum(kept.take_over(Export(path, AGENCIES), date(2026, 11, 20)))


def pandas(path: Path) -> int:
    import pandas as pd

    if path.suffix == ".xlsx":
        return len(pd.read_excel(path, engine="calamine", dtype=object))
    encoding = "gb18030" if "GB18030" in path.name else "utf-8-sig"
    return len(pd.read_csv(path, encoding=encoding, dtype=object, na_filter=False))


def openpyxl(path: Path) -> int:
    import openpyxl as library

    book = library.load_workbook(path, read_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) - 1


def peak() -> float:
    """The most memory this process ever had, in MB; a parent's is not counted."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def main() -> None:
    way: Callable[[Path], int] = globals()[sys.argv[1]]
    if way in (pandas, openpyxl):
        import_module(way.__name__)  # not what is measured
    wall, processor = time.perf_counter(), time.process_time()
    rows = way(Path(sys.argv[2]))
    spent = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - processor}
    print(json.dumps({"rows": rows, **spent, "peak_mb": peak()}))


if __name__ == "__main__":
    main()
