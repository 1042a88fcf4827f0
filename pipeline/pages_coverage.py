"""Which page of the demonstration site answers each published row (``pages.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a row asks, the addresses that answer it ("*": every agency), and what they say."""

    asks: str
    pages: tuple[str, ...]
    says: tuple[str, ...]


@cache
def answers() -> Mapping[str, Answer]:
    """All answers by row; a row may have several, the later ones numbered (R007-2)."""
    text = Path(__file__).with_name("pages.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Answer])


def section() -> str:
    """The chapter of ``docs/coverage.md`` (中文), as Markdown."""
    head = (
        "\n# 公示内容覆盖情况\n\n由 `pipeline/pages.toml` 生成，请勿手改。"
        "地址是演示网站中的页面，“*”代表每个机关；每次测试都逐页核对。\n\n"
        "| 要求 | 内容 | 页面 |\n|---|---|---|\n"
    )
    return head + "".join(_line(row, answer) for row, answer in answers().items())


def _line(row: str, answer: Answer) -> str:
    pages = "<br>".join(f"`{page}`" for page in answer.pages)
    return f"| {row.partition('-')[0]} | {answer.asks} | {pages} |\n"
