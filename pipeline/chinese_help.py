"""Makes the command-line library speak Chinese; imported before it, by the command line only.

The library asks :mod:`gettext` for its few sentences and ships no Chinese catalogue.
"""

from __future__ import annotations

import gettext
import tomllib
from pathlib import Path

_MESSAGES: dict[str, str] = tomllib.loads(
    (Path(__file__).parent / "messages.toml").read_text(encoding="utf-8")
)


def _one(message: str) -> str:
    return _MESSAGES.get(message, message)


def _many(msgid1: str, msgid2: str, n: int) -> str:
    return _one(msgid1 if n == 1 else msgid2)


gettext.gettext = _one
gettext.ngettext = _many
