"""The internal report over many cases: ``python benchmarks/comply.py [--n 100000]``.

Invented rows with every column about handling, spread over the five demonstration agencies;
one case in 53 has a fault. Timed: reading the ledger, all checks, both report files.
"""

from __future__ import annotations

import argparse
import csv
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # its own folder has a numbers.py

from pipeline.agencies import load_agencies  # noqa: E402
from pipeline.calendar import load_calendar  # noqa: E402
from pipeline.fields import dictionary  # noqa: E402
from pipeline.model import Kind, PartyType  # noqa: E402
from pipeline.restricted.comply import report_html, report_xlsx  # noqa: E402
from pipeline.restricted.comply.exempt import withheld  # noqa: E402
from pipeline.restricted.comply.run import Inputs, Result, run, side_tables  # noqa: E402
from pipeline.restricted.ledger import Ledger  # noqa: E402
from pipeline.restricted.raw import Origin, RawDecision, Secret  # noqa: E402

TODAY = date(2026, 11, 20)
PROCESS = [field.key for field in dictionary().values() if field.process]
FAULTS = ("review_opinion", "recording_no", "officer_2", "archived_on", "service_mode")


def clock() -> tuple[float, float]:
    """By the clock, and of the processor: the machine may have other work."""
    return time.perf_counter(), time.process_time()


def certificates(slug: str) -> list[str]:
    with (ROOT / "content" / "agencies" / slug / "officers.csv").open(encoding="utf-8-sig") as file:
        return [line["执法证件编号"] for line in csv.DictReader(file)]


def rows(count: int, slugs: list[str]) -> Iterator[RawDecision]:
    rng = Random(1)
    cards = {slug: certificates(slug) for slug in slugs}
    for n in range(count):
        day = date(2021, 1, 4) + timedelta(days=rng.randrange(2000))
        slug = slugs[n % len(slugs)]
        values = dict.fromkeys(PROCESS, "") | {
            "party": f"演示单位{n}",
            "handling_unit": f"第{n % 12}中队",
            "officer_1": "甲",
            "officer_1_certificate": cards[slug][0],
            "officer_2": "乙",
            "officer_2_certificate": cards[slug][1],
            "procedure": "普通程序",
            "case_source": "巡查",
            "start_reason": "涉嫌违法",
            "filed_on": str(day - timedelta(days=30)),
            "investigated_on": str(day - timedelta(days=8)),
            "review_sent_on": str(day - timedelta(days=8)),
            "review_opinion_on": str(day - timedelta(days=5)),
            "review_opinion": "同意",
            "reviewer": "丙",
            "review_bundle": "申请书、情况说明、决定书、证据",
            "review_copies": "2",
            "recording_no": f"演录-{slug}-1",
            "served_on": str(day + timedelta(days=2)),
            "service_mode": "直接送达",
            "service_receipt": f"演回-{n}",
            "performed_on": str(day + timedelta(days=7)),
            "rectified_on": str(day + timedelta(days=8)),
            "closed_on": str(day + timedelta(days=10)),
            "archived_on": str(day + timedelta(days=20)),
            "retention": "30年",
            "discretion_tier": ("轻微", "一般", "严重")[n % 3],
            "basis": f"《演示条例》第{n % 40}条",
            "facts": "演示事实",
            "penalty": "罚款",
            "fine": str(rng.choice((900, 1000, 1100, 1200))),
            "published_on": str(day + timedelta(days=4)),
        }
        if n % 53 == 0:
            values[FAULTS[n // 53 % len(FAULTS)]] = ""
        yield RawDecision(
            agency=slug,
            kind=Kind.PENALTY,
            number=f"演罚决〔{day.year}〕{n}号",
            decided_on=day,
            party_type=PartyType.ORGANISATION,
            values={key: Secret(text, key) for key, text in values.items()},
            origin=Origin("演示.csv", "", n),
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=100_000)
    count = parser.parse_args().n
    agencies, calendar = load_agencies(ROOT / "content"), load_calendar(ROOT / "content")
    folder = Path(tempfile.mkdtemp())
    try:
        shutil.copytree(ROOT / "examples" / "comply" / "tables", folder / "comply")
        with Ledger(folder / "ledger.db") as ledger:
            ledger.take_over(rows(count, list(agencies)), TODAY)
            marks = [clock()]
            tables = side_tables(folder, ROOT / "content", agencies)
            kept, exempt = list(ledger.decisions()), withheld(ledger)
            marks.append(clock())
            inputs = Inputs(kept, tables, agencies, calendar, exempt)
            result = run(inputs, today=TODAY)
            marks.append(clock())
            report_xlsx.write(folder / "report.xlsx", result)
            report_html.write(folder / "report.html", result)
            marks.append(clock())
        tell(count, result, marks)
    finally:
        shutil.rmtree(folder)


def tell(count: int, result: Result, marks: list[tuple[float, float]]) -> None:
    spent = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(marks)]
    together = marks[-1][0] - marks[0][0], marks[-1][1] - marks[0][1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"cases {count}, checks {len(result.tallies)}, findings {len(result.findings)}")
    for what, (wall, cpu) in zip(("read ledger", "check", "write reports"), spent, strict=True):
        print(f"{what:14} {wall:6.1f} s by the clock, {cpu:6.1f} s of one core")
    print(f"{'together':14} {together[0]:6.1f} s by the clock, {together[1]:6.1f} s of one core")
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
