"""Names after a label and a colon, in table columns, at the head of a line, in nicknames."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.restricted.detect.branched import branched
from pipeline.restricted.detect.edges import SOUNDS, cues, given_lengths, left
from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.lexicon import HAN, is_word, tag
from pipeline.restricted.detect.script import DOTTED, LATIN
from pipeline.restricted.detect.surnames import begins_like_a_name

NAME = "label"
_NAME = rf"(?:{DOTTED}|{LATIN}|[{HAN}]{{2,7}}|[{HAN}][ ][{HAN}]{{2}})(?![{HAN}A-Za-z·])"
_FURTHER = re.compile(
    rf"(?:[ \t]?\([^()\n]{{0,60}}\))?(?:[ \t]*[、,/;和及与][ \t]*|[ \t]+|\t)({_NAME})(?!\s?[::])"
)
_LINE = re.compile(rf"(?:\A|[\n\x1f])[ \t]*({_NAME})(?:\([^()\n]{{0,40}}\))?[::]")
_ALIAS = re.compile(
    r"(?:绰号|外号|人称|自称|都叫他|都叫她|叫他|叫她|叫做|名叫|真名|本名|原名|又名|曾用名|全名|化名|别名|昵称|小名|乳名|喊他|喊她|落款为|署名|名为)"
    rf"[叫是为:]?[“\"‘「]?([{HAN}·]{{2,6}}?)(?=[”\"’」)）,。、的;(])"
)
_QUOTED_LIST = re.compile(rf"(?<=[”\"])[、和]?[“\"]([{HAN}]{{2,4}})(?=[”\"])")
_TITLES = ("先生", "女士", "同志")
_TITLED = re.compile(rf"([{HAN}]{{2,4}}?)(?={'|'.join(_TITLES)})")
_ANY_LABEL = re.compile(
    rf"[人员者师长](?<=[{HAN}].)(?:\((?:签名|签字|捺印|盖章)\))?[::][ \t]{{0,12}}({_NAME})"
)
_MAX_LIST = 14
_NO_NAME_ENDS = (
    "人员",
    "单位",
    "地址",
    "号码",
    "时间",
    "日期",
    "地点",
    "方式",
    "资金",
    "证号",
    "名称",
    "身份",
)


@cache
def _labelled() -> re.Pattern[str]:
    labels = branched(cues()["labels"])
    note = r"(?:\((?:签名|签字|签章|捺印|盖章|[^()\n]{1,12})\))?"
    return re.compile(
        rf"{labels}(?:姓名|名称|人员)?{note}"
        rf"[ \t]?(?:[::]\s{{0,12}}|[┃│|][ \t]{{0,6}}|[ \t]{{1,6}})({_NAME})"
    )


def find(sheet: Sheet) -> Iterator[Finding]:
    """Labelled names with the lists behind them, columns, speakers and nicknames."""
    text = sheet.text
    for match in _labelled().finditer(text):
        yield from _list(text, match)
    for match in _ANY_LABEL.finditer(text):
        if begins_like_a_name(match[1]) and len(match[1]) <= 4:
            yield from _list(text, match)
    for match in _TITLED.finditer(text) if any(title in text for title in _TITLES) else ():
        if left(text[max(0, match.start() - 8) : match.start()]) >= 2.0 and _fits(match[1]):
            yield Finding(*match.span(1), "name", NAME, 54)
    for match in _LINE.finditer(text):
        if begins_like_a_name(match[1]) and 2 <= len(match[1]) <= 4 and not _plain(match[1]):
            yield Finding(*match.span(1), "name", NAME, 56)
    for match in _ALIAS.finditer(text):
        if match[1] not in cues()["stop"]:
            yield Finding(*match.span(1), "name", NAME, 58)
            following = _QUOTED_LIST.match(text, match.end(1) + 1)
            while following:
                yield Finding(*following.span(1), "name", NAME, 57)
                following = _QUOTED_LIST.match(text, following.end(1) + 1)
    yield from _columns(text)


def _plain(word: str) -> bool:
    table = cues()
    if word in table["stop"] or word in table["labels"] or word in table["roles"]:
        return True
    return word.endswith(_NO_NAME_ENDS)


def _fits(name: str) -> bool:
    if _plain(name) or name[:2] in cues()["not_names"]:
        return False
    if re.fullmatch(f"[{HAN}]{{4,}}", name) and len(name) not in given_lengths(name):
        sounds = sum(char in SOUNDS for char in name)
        return sounds >= len(name) - 1 or (len(name) == 4 and begins_like_a_name(name))
    if is_word(name) and not begins_like_a_name(name):
        return tag(name)[:1] not in {"v", "d", "p", "r", "m", "u", "c"}
    return True


def _list(text: str, match: re.Match[str]) -> Iterator[Finding]:
    for _ in range(_MAX_LIST):
        if not _fits(match[1]):
            return
        yield Finding(*match.span(1), "name", NAME, 60)
        following = _FURTHER.match(text, match.end(1))
        if following is None:
            return
        match = following


_GAP = re.compile(r"[ \t|]")
_CELL = re.compile(r"[^ \t|\n]+")
_NUMBERED = re.compile(
    rf"(?:^|\n)[ \t]*\d{{1,3}}[ .、|\t]{{1,4}}({_NAME})(?=[ ]*[|\t]|[ ]{{1,4}}[^ ])"
)


def _columns(text: str) -> Iterator[Finding]:
    """Cells under a header that is a label (姓名, 担保人 …), and names that open numbered rows."""
    for match in _NUMBERED.finditer(text):
        if begins_like_a_name(match[1]) and len(match[1]) <= 4 and not is_word(match[1]):
            yield Finding(*match.span(1), "name", NAME, 53)
    named: set[int] = set()
    width = place = 0
    for line in text.split("\n"):
        cells = list(_CELL.finditer(line)) if named or _GAP.search(line) else []
        words = [cell.group() for cell in cells]
        head = {i for i, word in enumerate(words) if _heads(word)}
        if len(words) >= 3 and head and all(len(w) <= 8 and not w[0].isdigit() for w in words):
            named, width = head, len(words)
        elif named and len(words) >= width - 1 and len(words) >= 2:
            for i in sorted(named & set(range(len(words)))):
                if re.fullmatch(_NAME, words[i]) and not _plain(words[i]):
                    start = place + cells[i].start()
                    yield Finding(start, start + len(words[i]), "name", NAME, 59)
        elif words:
            named, width = set(), 0
        place += len(line) + 1


_HEADINGS = frozenset({"担保人", "员工", "成员", "车主", "所有人", "被征用人", "人员", "持有人"})


def _heads(cell: str) -> bool:
    cell = cell.strip()
    return cell.endswith("姓名") or cell in cues()["labels"] or cell in _HEADINGS


EXAMPLES = (
    ("被询问人:李明亮 性别:男", ("李明亮",)),
    ("执法人员:范志国 区少华\n", ("范志国", "区少华")),
    ("在场人(签名):仇小妹\n", ("仇小妹",)),
    ("绰号“余大头”的余庆", ("余大头",)),
    ("序号\t老人姓名\t担保人\n1\t曾经\t司徒健", ("曾经", "司徒健")),
    ("\n单雄:是我签的", ("单雄",)),
    ("┃送达人┃瓮安 单县┃", ("瓮安", "单县")),
)
COUNTER_EXAMPLES = ("当事人:详见附件", "负责人:经理", "联系人:无 联系电话:12345")
