"""Text as the detectors read it, with the way back to the original offsets.

NFKC a character at a time, zero-width and bidirectional controls dropped, digits
of other scripts made ASCII, dashes made one, and the blanks inside a name that was
spaced out (王　小　勇) dropped. Most texts map one to one and carry no map at all.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

#: Never in a normalised text (control characters are blanked): parts a row's fields.
FIELD_BREAK = "\x1f"

_DASHES = "‐‑‒–—―−﹣－﹘⁃"
# Units and leaders whose expansion would shift every offset and hides nothing.
_AS_THEY_ARE = "…㎡㎥℃№㎏㎜㎝㎞㏄℉‰½¼¾⅓⅔¨´¸¯"

#: What stands for a ① that opens an item (①张三②李四) and for a ² or ② right behind a number.
#: All others are digits in disguise.
NOTE = "➀"
_NOTES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⁰¹²³⁴⁵⁶⁷⁸⁹"
_NOTE = re.compile(
    rf"(?<![\d{_NOTES}])[①-⑳]"
    rf"(?=1[3-9]\d{{9}}(?!\d)|0\d{{2,3}}[ \-]?\d{{7}}|\d{{15,19}}(?!\d)|[^\d{_NOTES}]|$)"
    rf"|(?<=(?<!\d)1\d{{10}})[{_NOTES}]|(?<=-\d{{7}})[{_NOTES}]|(?<=\d{{18}})[{_NOTES}]"
)
_NOTED = frozenset(_NOTES)

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_SPACED = re.compile(
    rf"(?<![{_HAN}·])[{_HAN}](?:[ \t]{{1,4}}[{_HAN}]){{1,3}}(?![{_HAN}·])"
    rf"(?![ \t]{{1,4}}[{_HAN}](?![{_HAN}]))"
)


#: Characters met so far that vanish or grow, so that offsets shift.
_SHIFTING: set[str] = set()


class _Folding(dict[int, str]):
    """A ``str.translate`` table that works characters out as they are first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        self[code] = folded
        if len(folded) != 1:
            _SHIFTING.add(chr(code))
        return folded


def _fold(char: str) -> str:
    if char in "\n\t":
        return char
    if char in _AS_THEY_ARE:
        return char
    if char in _DASHES:
        return "-"
    if char in "\r\x0b\x0c\x85\u2028\u2029":
        return "\n"
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me"} or char in "\u115f\u1160\u3164\uffa0\u2800":
        return ""
    if category == "Cc":
        return ""
    if category in {"Cs", "Co", "Cn"}:
        return "\ufffd"
    if category == "Nd":
        return str(unicodedata.digit(char))
    if category == "Zs":
        return " "
    return unicodedata.normalize("NFKC", char)


_FOLDING = _Folding()
# Most texts hold nothing but these full-width signs and characters that stay as they are.
_SIGNS = tuple((sign, _fold(sign)) for sign in "，：（）；！？％—")
_STRANGE = re.compile(r"[^\u4e00-\u9fff\n !-~、。“”‘’《》〈〉【】〔〕「」·…]")


@dataclass(frozen=True, slots=True)
class Normalised:
    """``text`` for the detectors; ``places[i]`` is where its i-th character came from.

    ``places`` is empty when every character stands where it stood.
    """

    text: str
    places: Sequence[int] = ()

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of ``text[start:end]`` (``start < end``)."""
        if not self.places:
            return start, end
        return self.places[start], self.places[end - 1] + 1

    def forth(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in ``text`` of the original ``start:end``."""
        if not self.places:
            return start, end
        return bisect_left(self.places, start), bisect_left(self.places, end)


def normalise(original: str) -> Normalised:
    """``original`` as detectors read it. Linear in its length; takes any ``str``."""
    if not original:
        return Normalised("")
    if not _NOTED.isdisjoint(original):
        original = _NOTE.sub(NOTE, original)
    text = _usual(original)
    places: Sequence[int] = ()
    if _STRANGE.search(text):
        text = original.translate(_FOLDING)
        if not _SHIFTING.isdisjoint(original):
            places = [i for i, char in enumerate(original) for _ in _FOLDING[ord(char)]]
    gaps = [
        i
        for match in (_SPACED.finditer(text) if " " in text or "\t" in text else ())
        for i in range(match.start(), match.end())
        if text[i] in " \t"
    ]
    if not gaps:
        return Normalised(text, places)
    return _without(text, places or range(len(text)), set(gaps))


def _usual(text: str) -> str:
    for sign, folded in _SIGNS:
        text = text.replace(sign, folded)
    return text


def _without(text: str, places: Sequence[int], gaps: set[int]) -> Normalised:
    kept = [i for i in range(len(text)) if i not in gaps]
    return Normalised("".join(text[i] for i in kept), [places[i] for i in kept])
