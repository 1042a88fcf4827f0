"""Cells that a spreadsheet must show and not compute: exports come from outside."""

from __future__ import annotations

#: Signs that make a spreadsheet read a cell as a formula, in East Asian width too.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def inert(cell: str) -> str:
    """``cell`` with a quote before it when a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
