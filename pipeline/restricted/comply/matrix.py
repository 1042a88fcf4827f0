"""Findings by check, unit and month: the page the office looks at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.restricted.comply.findings import Finding


class Line(NamedTuple):
    """One check at one unit: open findings by month, and all of them."""

    check: str
    title: str
    unit: str
    months: tuple[int, ...]
    total: int


class Matrix(NamedTuple):
    """``months`` in order ("" for what has no day), and the lines under them."""

    months: tuple[str, ...]
    lines: tuple[Line, ...]


def matrix(findings: Iterable[Finding]) -> Matrix:
    """Findings that are not resolved, counted; the check with the most comes first."""
    live = [one for one in findings if one.state != "resolved"]
    months = tuple(sorted({one.month for one in live}))
    counts = Counter((one.check, one.title, one.unit, one.month) for one in live)
    lines = (
        Line(
            check,
            title,
            unit,
            row := tuple(counts[check, title, unit, m] for m in months),
            sum(row),
        )
        for check, title, unit in {key[:3] for key in counts}
    )
    return Matrix(months, tuple(sorted(lines, key=lambda line: (-line.total, *line[:3]))))
