"""How much room words take in a drawing: one Chinese character is one em, whatever the font."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

LABEL_SIZE, NOTE_SIZE = 15, 12  # px
_LABEL_LINE, _NOTE_LINE = 21, 17  # px a line
_CLOSING = "、，。；：？！）》〉”’】"


class Line(NamedTuple):
    """One line of text, at the middle of its baseline."""

    text: str
    x: float
    y: float
    note: bool = False


class Block(NamedTuple):
    """Lines (text, and whether in the small letters of notes) and the room they take in px."""

    lines: tuple[tuple[str, bool], ...]
    width: float
    height: float


def block(lines: Iterable[tuple[str, bool]], pad_x: int, pad_y: int) -> Block:
    """``lines`` with room on all sides."""
    kept = tuple((text, note) for text, note in lines if text)
    widest = max((width(t) * (NOTE_SIZE if n else LABEL_SIZE) for t, n in kept), default=0)
    height = sum(_NOTE_LINE if note else _LABEL_LINE for _, note in kept)
    return Block(kept, round(widest + 2 * pad_x, 1), float(height + 2 * pad_y))


def set_lines(lines: Iterable[tuple[str, bool]], x: float, top: float) -> tuple[Line, ...]:
    """``lines`` below each other from ``top``, around ``x``."""
    out = []
    for text, note in lines:
        step, letter = (_NOTE_LINE, NOTE_SIZE) if note else (_LABEL_LINE, LABEL_SIZE)
        out.append(Line(text, round(x, 1), round(top + (step + letter * 0.74) / 2, 1), note))
        top += step
    return tuple(out)


def wrap(text: str, em: int) -> list[str]:
    """``text`` cut into lines of at most ``em`` em, of about equal length."""
    total = width(text)
    count = max(1, -(-int(total * 100) // (em * 100)))
    goal, lines = total / count, [""]
    for char in text:
        filled = len(lines) < count and width(lines[-1]) + width(char) / 2 > goal
        if lines[-1] and (filled or width(lines[-1] + char) > em):
            # A closing mark never begins a line: it takes the character before it along.
            taken = lines[-1][-1] if char in _CLOSING and len(lines[-1]) > 1 else ""
            lines[-1] = lines[-1].removesuffix(taken)
            lines.append(taken)
        lines[-1] += char
    return lines


def width(text: str) -> float:
    """Width in em: a Chinese character is one, any other 0.6."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.6 for c in text)
