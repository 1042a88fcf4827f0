"""Names that their script gives away: with a middle dot, in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.edges import SOUNDS, right, role
from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.lexicon import HAN, is_word

NAME = "script"
_DOT = "·•・‧∙"
#: Names with the middle dot: minority and foreign names in Chinese.
DOTTED = rf"[{HAN}A-Z]{{1,7}}(?:[{_DOT}][{HAN}A-Za-z]{{1,10}}){{1,4}}"
#: Foreign names in letters.
LATIN = r"[A-Z][a-z'\-]{1,15}(?:[ .][A-Z][a-z'\-]{0,15}\.?){1,3}"
_DOTTED = re.compile(rf"([{HAN}A-Z.]{{1,12}})((?:\s?[{_DOT}]\s?[{HAN}A-Za-z]{{1,12}}){{1,4}})")
_LATIN = re.compile(rf"(?<![A-Za-z0-9]){LATIN}(?![A-Za-z0-9])")
_TITLED = re.compile(
    r"(?<![A-Za-z0-9])[A-Z][a-z'\-]{2,15}(?=先生|女士|小姐|[称说表]|系.{1,6}(?:籍|国人))"
)
_CAPITALS = re.compile(r"(?<=\()[A-Z]{2,15}(?:[ ,]{1,2}[A-Z]{1,15}){1,4}(?=[,)])")
# Each with what it cannot do without, which is sooner looked for.
_CAPITAL = re.compile(r"[A-Z][a-z'\-]")
_LETTERS = ((_CAPITAL, _LATIN), (re.compile(r"\([A-Z]"), _CAPITALS), (_CAPITAL, _TITLED))
_A_BODY = re.compile(
    r"(?:Co|Ltd|Inc|Corp|LLC|GmbH|Company|Group|Bank|Center|Hotel|University|CCC|ISO|GB|PVC|LED|APP|WPS|PDF)\b"
)


def find(sheet: Sheet) -> Iterator[Finding]:
    """Dotted names cut out of the text beside them, Latin names that are no company's."""
    text = sheet.text
    for match in _DOTTED.finditer(text) if re.search(f"[{_DOT}]", text) else ():
        yield from _dotted(text, match)
    yield from _sounds(text)
    for first, pattern in _LETTERS:
        for match in pattern.finditer(text) if first.search(text) else ():
            if not _A_BODY.search(match.group()):
                yield Finding(*match.span(), "name", NAME, 75)


_SOUND = f"[{''.join(sorted(SOUNDS))}]"
_SOUND_RUN = re.compile(rf"{_SOUND}(?<![{HAN}].){_SOUND}{{3,8}}")


def _sounds(text: str) -> Iterator[Finding]:
    """Whole stretches written with the characters of minority names: 乌云毕力格."""
    for match in _SOUND_RUN.finditer(text):
        for end in range(match.end(), match.start() + 3, -1):
            name = text[match.start() : end]
            if right(text[end : end + 8]) >= 1.6 and not is_word(name):
                yield Finding(match.start(), end, "name", NAME, 52)
                break


def _dotted(text: str, match: re.Match[str]) -> Iterator[Finding]:
    start = match.end(1) - _left_length(text, match.start(1), match[1])
    last = max(match[2].rfind(dot) for dot in _DOT) + 1
    tail = match[2][last:]
    blanks = len(tail) - len(tail.lstrip())
    end = match.start(2) + last + blanks + _right_length(text, match.start(2) + last + blanks)
    whole = text[start:end]
    quoted = re.search(r"[“《\"「【][^”》\"」】\n]{0,6}$", text[max(0, start - 7) : start])
    if quoted and not all(c in SOUNDS or c in _DOT for c in whole):
        return
    if re.search(r"(?:广场|小区|花园|公馆|府|城|苑|项目|品牌)$", whole):
        return
    if end > match.start(2) + last + blanks and start < match.end(1):
        yield Finding(start, end, "name", NAME, 72)


def _left_length(text: str, start: int, head: str) -> int:
    if head.isascii():
        return len(head)
    for length in range(1, min(len(head), 8)):
        begin = start + len(head) - length
        if role(text[max(0, begin - 8) : begin], text[begin : begin + 3]):
            return length
    for length in range(min(len(head), 7), 0, -1):
        begin = start + len(head) - length
        before = text[max(0, begin - 8) : begin]
        clean = not re.search(f"[{HAN}]$", before) or role(before) or before[-1:] in _BEFORE
        if clean and sum(c in SOUNDS for c in head[-length:]) >= length - 1:
            return length
    sounds = 0
    for char in reversed(head):
        if char not in SOUNDS:
            break
        sounds += 1
    return min(max(sounds, 1), 7)


_BEFORE = "和与及对向由经系给将为让是在从找被跟叫请有于同派到约称我你"


def _right_length(text: str, start: int) -> int:
    run = re.match(rf"[{HAN}]{{1,10}}|[A-Za-z]+", text[start:])
    if run is None:
        return 0
    word = run.group()
    if word.isascii():
        return len(word)
    best, score = len(word), -1.0
    for length in range(1, min(len(word), 8) + 1):
        foreign = sum(char in SOUNDS for char in word[:length])
        fit = right(text[start + length : start + length + 8]) + 0.9 * foreign - 0.7 * length
        if fit > score:
            best, score = length, fit
    return best


EXAMPLES = (
    ("被处罚人:买买提·吐尔逊,男", ("买买提·吐尔逊",)),
    ("翻译人员艾山江·玉素甫全程参加", ("艾山江·玉素甫",)),
    ("钱给了John Smith,他", ("John Smith",)),
    ("阮文雄(NGUYEN VAN HUNG),男", ("NGUYEN VAN HUNG",)),
    ("儿子艾力·艾孜买提、儿媳", ("艾力·艾孜买提",)),
)
COUNTER_EXAMPLES = ("“盛和·江山府”项目", "Demo Trading Co.", "编号RF-2016-0083")
