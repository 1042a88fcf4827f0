"""``words.toml`` as plain tables."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def words() -> dict[str, Any]:
    """All word lists; the agencies under ``agency``."""
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
