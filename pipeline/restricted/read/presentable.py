"""Names that an export brings with it (file, sheet, column) as a report may print them."""

from __future__ import annotations

import re
import unicodedata

#: What stands for a number that could be a person's.
HIDDEN = "×"

#: Identity, mobile and card numbers, together or in the usual groups. Dates and time
#: stamps (20261105143000) stay: by them the operator knows a file.
_PERSONAL = re.compile(
    r"(?<!\d)(?:"
    r"\d{6}[\s-]?\d{8}[\s-]?\d{3}[\dx]"
    r"|\d{4}(?:[\s-]\d{4}){3}(?:[\s-]?\d{1,3})?"
    r"|(?:86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}"
    r"|\d{15,}x?"
    r")(?!\d)",
    re.IGNORECASE,
)
#: In a column's name no number of this length means anything.
_LONG = re.compile(r"\d(?:[\s-]?\d){5,}x?", re.IGNORECASE)


def presentable(name: str) -> str:
    """The name of a file or sheet on one line, without numbers that could be a person's.

    Bytes that are no text and control characters come out as ``?``.
    """
    if not name.isprintable():
        name = "".join(c if c.isprintable() else "?" for c in name)
    return _hidden(_PERSONAL, name)


def heading(label: str) -> str:
    """A column's heading without any long number."""
    return _hidden(_LONG, label)


def _hidden(pattern: re.Pattern[str], name: str) -> str:
    """Found in full-width digits too; what holds no such number stays as it is written."""
    folded = unicodedata.normalize("NFKC", name)
    return pattern.sub(HIDDEN, folded) if pattern.search(folded) else name
