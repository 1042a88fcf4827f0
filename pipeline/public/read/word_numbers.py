"""The numbers that Word counts itself (第一条, （一）, 1.): they stand in no text of the file."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_CHINESE = {
    *("chineseCounting", "chineseCountingThousand", "chineseLegalSimplified"),
    *("japaneseCounting", "ideographDigital", "taiwaneseCountingThousand"),
}


class Numbers:
    """Counts a document's lists. ``part`` is its ``numbering.xml``, None when it has none."""

    def __init__(self, part: Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, Counter[int]] = {}
        if part is None:
            return
        kinds = {_value(one, "abstractNumId"): one for one in part.findall(f"{W}abstractNum")}
        for one in part.findall(f"{W}num"):
            kind = kinds.get(_child(one, "abstractNumId"))
            if kind is not None:
                self._levels[_value(one, "numId")] = dict(map(_level, kind.findall(f"{W}lvl")))

    def before(self, paragraph: Element) -> str:
        """The number printed before ``paragraph``, "" for none or for a mere bullet."""
        found = paragraph.find(f"{W}pPr/{W}numPr")
        if found is None:
            return ""
        key, depth = _child(found, "numId"), int(_child(found, "ilvl") or 0)
        level = self._levels.get(key, {}).get(depth)
        if level is None:
            return ""
        kind, text, start = level
        counts = self._counts.setdefault(key, Counter())
        counts[depth] = counts[depth] + 1 if depth in counts else start
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if kind in ("bullet", "none"):
            return ""
        return re.sub(r"%(\d)", lambda m: self._number(key, int(m[1]) - 1), text) + " "

    def _number(self, key: str, depth: int) -> str:
        kind, _, start = self._levels[key].get(depth, ("decimal", "", 1))
        number = self._counts[key].get(depth, start)
        return chinese(number) if kind in _CHINESE else str(number)


def chinese(number: int) -> str:
    """A number below 1,000 in Chinese: 十二, 一百零三."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        said += "零"
    return said + (_DIGITS[ones] if ones or not said else "")


def _level(level: Element) -> tuple[int, tuple[str, str, int]]:
    start = _child(level, "start")
    found = (_child(level, "numFmt"), _child(level, "lvlText"), int(start or 1))
    return int(_value(level, "ilvl") or 0), found


def _child(element: Element, name: str) -> str:
    found = element.find(f"{W}{name}")
    return found.get(f"{W}val", "") if found is not None else ""


def _value(element: Element, name: str) -> str:
    return element.get(f"{W}{name}", "")
