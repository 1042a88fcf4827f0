"""What redaction costs here, in a pool and on Dask: ``python benchmarks/scale.py [--n 2000]``.

Ordinary invented decisions. Told: characters a second of a core and what a process costs
before its first row; the same rows with one process, the cores of this machine, and
``local:N``; what a parcel costs beside its rows; and how many bytes travel.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # its own folder has a numbers.py

from benchmarks import ordinary  # noqa: E402
from pipeline.agencies import load_agencies  # noqa: E402
from pipeline.restricted.cluster import crew as crews  # noqa: E402
from pipeline.restricted.cluster import worker  # noqa: E402
from pipeline.restricted.cluster.address import Local  # noqa: E402
from pipeline.restricted.cluster.crew import Crew  # noqa: E402
from pipeline.restricted.cluster.engine import facts  # noqa: E402
from pipeline.restricted.cluster.sealed import Seal  # noqa: E402
from pipeline.restricted.cluster.worker import Order  # noqa: E402
from pipeline.restricted.hands import Sent  # noqa: E402
from pipeline.restricted.pooled import POOL  # noqa: E402
from pipeline.restricted.remembered import Remembering  # noqa: E402
from pipeline.restricted.rulings import NOTHING  # noqa: E402

AGENCY = load_agencies(ROOT / "content")["shihao"]


def rows(count: int, length: int) -> list[Sent]:
    """Decisions whose texts have at least ``length`` characters, each of them different."""
    made = ordinary.decisions(count * (length // 400 + 1))
    found = []
    for place in range(count):
        first = Sent.of(f"s{place}", next(made), NOTHING)
        values = {key: (kind, text) for key, kind, text in first.values}
        kind, text = values["full_text"]
        while len(text) < length:
            text += "\n另查明：" + next(made).text("full_text")
        values["full_text"] = (kind, text[:length])
        found.append(first._replace(values=tuple((k, *v) for k, v in values.items())))
    return found


def took(do: Callable[[], object]) -> float:
    """Seconds by the clock."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def begin() -> dict[str, float]:
    """What a process costs before its first row: a new one that redacts one."""
    asked = (
        "import sys, time; began = time.process_time(); sys.path[0] = sys.argv[1]\n"
        "from benchmarks import scale; one = scale.rows(1, 400)\n"
        "scale.Remembering(scale.AGENCY).frozen(one); print(time.process_time() - began)"
    )
    words = [sys.executable, "-c", asked, str(ROOT)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return {"process_cpu_s": round(float(done.stdout), 2)}


def alone(sent: list[Sent]) -> dict[str, float]:
    """One process; the models are loaded."""
    desk = Remembering(AGENCY)
    desk.frozen(sent[:20])
    cpu = time.process_time()
    wall = took(lambda: desk.frozen(sent))
    cpu = time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall_s": wall, "cpu_s": cpu, "characters_s": characters(sent) / cpu, "peak_mb": peak}


def pooled(sent: list[Sent]) -> dict[str, float]:
    """As many processes as there are cores, their start in it."""
    cpu = children()
    wall = took(lambda: list(POOL.redact(AGENCY, sent)))
    return {"wall_s": wall, "cpu_s": children() - cpu}


def children() -> float:
    """Processor seconds of the processes that ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def clustered(sent: list[Sent], workers: int, scratch: Path) -> dict[str, float]:
    """``local:N``: the first time with the start, then again, then a parcel a row."""
    crew = Crew(Local(workers), scratch)
    try:
        first = took(lambda: list(crew.redact(AGENCY, sent)))
        cpu = time.process_time(), sum(crew._client.run(time.process_time).values())
        again = took(lambda: list(crew.redact(AGENCY, sent)))
        here = time.process_time() - cpu[0]
        there = sum(crew._client.run(time.process_time).values()) - cpu[1]
        few = sent[:400]
        usual, single = parcels(crew, few)
        extra = len(few) - len(list(crews.parts(few)))
        memory = max(crew._client.run(resident).values())
    finally:
        crew.close()
    return {
        "first_s": first,
        "again_s": again,
        "cpu_here_s": here,
        "cpu_there_s": there,
        "parcel_ms": 1000 * (single[0] - usual[0]) / extra,
        "parcel_cpu_here_ms": 1000 * (single[1] - usual[1]) / extra,
        "worker_mb": memory,
    }


def parcels(crew: Crew, few: list[Sent]) -> list[tuple[float, float]]:
    """Clock and processor seconds of this process: in the usual parcels, and in one a row."""
    found, before = list[tuple[float, float]](), crews.ROWS
    for size in (before, 1):
        crews.ROWS, cpu = size, time.process_time()
        wall = took(lambda: list(crew.redact(AGENCY, few)))
        found.append((wall, time.process_time() - cpu))
    crews.ROWS = before
    return found


def resident() -> float:
    """The memory of this process, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def travels(sent: list[Sent]) -> dict[str, float]:
    """Of a decision: its bytes as it is, out, back and in the ledger; what sealing costs here."""
    order = Order("bench", AGENCY, facts(AGENCY), Seal())
    worker.take(order)
    out = back = frozen = 0
    spent = 0.0
    for number, part in enumerate(crews.parts(sent)):
        began = time.process_time()
        parcel = worker.pack(order, number, part)
        spent += time.process_time() - began
        done = worker.redact(order.name, number, parcel)
        assert isinstance(done, worker.Parcel)
        out, back = out + len(parcel.body), back + len(done.body)
        began = time.process_time()
        frozen += sum(map(len, worker.results(order, number, done)))
        spent += time.process_time() - began
    plain = sum(len(text.encode()) for one in sent for _, _, text in one.values)
    sizes = {"plain_b": plain, "out_b": out, "back_b": back, "frozen_b": frozen}
    each = {name: size / len(sent) for name, size in sizes.items()}
    return {**each, "sealing_here_ms": 1000 * spent / len(sent)}


def characters(sent: Iterable[Sent]) -> int:
    """All that is redacted."""
    return sum(len(text) for one in sent for _, _, text in one.values)


def measure(count: int, length: int, workers: int) -> dict[str, Any]:
    """All of it, once."""
    sent = rows(count, length)
    list(POOL.redact(AGENCY, sent[:2]))  # the files of the models are in memory
    with tempfile.TemporaryDirectory() as folder:
        return {
            "decisions": {"n": count, "characters": characters(sent) / count},
            "begin": begin(),
            "alone": alone(sent),
            "pool": pooled(sent),
            f"local:{workers}": clustered(sent, workers, Path(folder) / "workers"),
            "bytes": travels(sent),
        }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--length", type=int, default=1000, help="characters of a full text")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    found = measure(asked.n, asked.length, asked.workers)
    for name, numbers in found.items():
        told = "  ".join(f"{key} {value:,.2f}" for key, value in numbers.items())
        print(f"{name:10}{told}")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
