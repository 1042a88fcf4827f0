"""The 决定书文号 in one spelling, so that the same decision is met again."""

from __future__ import annotations

import re
import unicodedata

#: Longer than any real 文号: text of another column slipped in.
MAX_LENGTH = 80

_YEAR = re.compile(r"[\[(〔【〖{〈《<⟦]((?:19|20)\d\d)[\])〕】〗}〉》>⟧]")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_DIGIT = re.compile(r"[0-9〇一二三四五六七八九十]")
_FULL_WIDTH = str.maketrans("()", "（）")


#: Already in one spelling, which is nearly every number.
_PLAIN = re.compile(r"[\u4e00-\u9fff]{1,30}〔(?:19|20)[0-9]{2}〕[0-9]{1,8}号")


def is_plain(text: str) -> bool:
    """Whether :func:`normalise_number` would change nothing, found out quickly; False: maybe."""
    return _PLAIN.fullmatch(text) is not None


def normalise_number(text: str) -> str:
    """NFKC, without white space, the year in 〔〕 whatever brackets stood there, others （）.

    ``石壕罚决[2024] 12号`` and ``石壕罚决（２０２４)12号`` are both ``石壕罚决〔2024〕12号``.
    Normalising twice changes nothing.
    """
    bare = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    bare = unicodedata.normalize("NFC", bare)  # an accent that stood after a space
    return _YEAR.sub(r"〔\1〕", bare).translate(_FULL_WIDTH)


def is_number(text: str) -> bool:
    """Whether a normalised text can be a 文号: short, with a digit or a Chinese numeral."""
    return len(text) <= MAX_LENGTH and _DIGIT.search(text) is not None
