"""``docs/coverage.md``: each row of the requirements with its checks, or why there are none."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from pipeline import policy
from pipeline.restricted.comply import checks
from pipeline.restricted.comply.findings import SEVERITIES


class Coverage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows to answer for, reasons for those without a check, and limits of those with one."""

    rows: tuple[str, ...]
    reasons: dict[str, str]
    beyond: dict[str, str]


@cache
def coverage() -> Coverage:
    """``coverage.toml``."""
    text = (Path(__file__).parent / "coverage.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Coverage)


def checks_by_row() -> dict[str, list[tuple[str, checks.Check]]]:
    """Every check with its policy, under each row it answers for; base's own once."""
    found: defaultdict[str, list[tuple[str, checks.Check]]] = defaultdict(list)
    base = checks.load("base")
    for name in policy.names():
        for check in checks.load(name):
            if name == "base" or check not in base:
                for row in check.rows:
                    found[row].append((name, check))
    return dict(found)


def document() -> str:
    """The document (中文), as Markdown."""
    head = (
        "# 内部检查覆盖情况\n\n由 `pipeline/policies/checks/*.toml` 和 "
        "`pipeline/restricted/comply/coverage.toml` 生成，请勿手改。\n\n"
        "“base”是各机关通用的检查（法律规定）。缺少的列或者台账一律计为“未能检查”，不计为合格。\n\n"
        "| 要求 | 检查（政策：项目，程度，依据） | 导出数据看不出的 |\n|---|---|---|\n"
    )
    return head + "".join(_lines())


def _lines() -> Iterator[str]:
    by_row, told = checks_by_row(), coverage()
    for row in told.rows:
        found = "<br>".join(
            f"{name}：{check.title}，{SEVERITIES[check.severity]}，{check.article}"
            for name, check in by_row.get(row, ())
        )
        beyond = told.reasons.get(row) or told.beyond.get(row, "")
        yield f"| {row} | {found or '没有检查'} | {beyond} |\n"
