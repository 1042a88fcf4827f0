"""How values read on a Chinese page: dates, amounts, paragraphs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

#: The date that stands for 'long-term' in the 双公示 layout.
LONG_TERM = date(2099, 12, 31)
_WAN = 10_000  # 元


def day(value: date | str) -> str:
    """A date as 2026年3月5日; the layout's 2099-12-31 as 长期; other text unchanged."""
    try:
        found = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    if found == LONG_TERM:
        return "长期"
    return f"{found.year}年{found.month}月{found.day}日"


def yuan(value: str) -> str:
    """An amount in 元 with thousands separated: 12,000.50 元; other text unchanged."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    if not amount.is_finite():
        return value
    whole = amount == amount.to_integral_value()
    return f"{amount:,.0f} 元" if whole else f"{amount:,.2f} 元"


def wan(value: str) -> str:
    """A sum for a glance: 万元 with up to two places from ten thousand 元 on, else as ``yuan``."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    if not amount.is_finite() or abs(amount) < _WAN:
        return yuan(value)
    return f"{f'{amount / _WAN:,.2f}'.rstrip('0').rstrip('.')} 万元"


def paragraphs(text: str) -> list[str]:
    """The lines of a text that hold anything, each a paragraph of its own."""
    return [line.strip(" \t　") for line in text.splitlines() if line.strip(" \t　")]


def shorten(text: str, limit: int) -> str:
    """``text`` on one line, cut with … when longer than ``limit`` characters."""
    line = "".join(paragraphs(text))
    return line if len(line) <= limit else line[: limit - 1] + "…"


FILTERS = {"day": day, "yuan": yuan, "wan": wan, "paragraphs": paragraphs, "shorten": shorten}
