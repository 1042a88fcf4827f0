"""Findings that overlap: which one stands, and which digits nobody explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.labels import label_before

_LONG = range(13, 20)


def numbers(
    found: Iterable[Finding], shields: Iterable[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """Sensitive findings and shields that stand, heaviest first, then longest."""
    ranked = sorted((*found, *shields), key=lambda f: (-f.weight, f.start - f.end, f.start))
    taken: list[Finding] = []
    marks = bytearray(max((f.end for f in ranked), default=0))
    for finding in ranked:
        if not any(marks[finding.start : finding.end]):
            marks[finding.start : finding.end] = b"\x01" * (finding.end - finding.start)
            taken.append(finding)
    hidden = sorted((f for f in taken if f.kind != "keep"), key=lambda f: f.start)
    return hidden, [f for f in taken if f.kind == "keep"]


def unexplained(
    sheet: Sheet, hidden: Sequence[Finding], kept: Sequence[Finding]
) -> Iterator[tuple[int, int]]:
    """Stretches of 13 to 19 digits that no detector and no shield covers."""
    marks = bytearray(len(sheet.text))
    for finding in (*hidden, *kept):
        marks[finding.start : finding.end] = b"\x01" * (finding.end - finding.start)
    for run in sheet.runs:
        first = 0
        for last in range(1, len(run.digits) + 1):
            if not run.border(last):
                continue
            bare = not any(marks[run.at[i]] for i in range(first, last))
            if last - first in _LONG and bare and label_before(sheet.text, run.at[first]) != "keep":
                yield run.span(first, last)
            first = last
