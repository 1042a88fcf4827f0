"""The surnames: which characters and words a Chinese name may begin with."""

from __future__ import annotations

from pathlib import Path


def _read() -> tuple[str, tuple[str, ...]]:
    lines = (Path(__file__).parent / "surnames.txt").read_text(encoding="utf-8").splitlines()
    words = [w for line in lines if not line.startswith("#") for w in line.split()]
    compound = tuple(w for w in words if len(w) == 2)
    return "".join(w for w in words if len(w) > 2), compound


#: All single surnames as one string, ready for a character class.
SINGLE, _COMPOUND_WORDS = _read()
#: All compound surnames as one alternation.
COMPOUND = "|".join(_COMPOUND_WORDS)
_SINGLES = frozenset(SINGLE)
_COMPOUNDS = frozenset(_COMPOUND_WORDS)


def surname(name: str) -> str:
    """The surname of a Chinese name: two characters when compound, else the first one."""
    return name[:2] if len(name) > 2 and name[:2] in _COMPOUNDS else name[:1]


def begins_like_a_name(text: str) -> bool:
    """Whether ``text`` begins with a known surname."""
    return text[:1] in _SINGLES or text[:2] in _COMPOUNDS
