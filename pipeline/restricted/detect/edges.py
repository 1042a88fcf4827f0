"""How well a name may begin after, and end before, the text beside it."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from pipeline.restricted.detect.lexicon import HAN, cut, frequency, is_word, tag
from pipeline.restricted.detect.surnames import begins_like_a_name, surname

IS_HAN = re.compile(f"[{HAN}]")
_REACH = 5

#: Characters with which foreign and minority names are written in Chinese.
SOUNDS = frozenset(
    "居阿卜不都杜力热合曼艾买提吐尔逊古丽巴哈江玉素甫库班西孜肉帕约翰玛安德森史密斯伊万诺夫谢盖韦汉喀秋莎旺堆英布和其木格乌兰那顺吉"
    "额敦雅勒图苏仁次卓扎措姆旦增罗加央尼才达娃拉洛桑边珍曲宗平顿多琼孟毕云塔朝克宝音呼日斯琴高娃哈萨赛依努娜迪里亚木沙吾麦迈赫穆"
    "肖开提地江塔依热娜依木拜克别提卡尔马利山依明托乎提居马亥米拉奴尔比克伯汗坎莱姆特梅洛瓦连科捷琳娅雷蒙查理彼得保罗大卫杰克露易丝温妮"
    "菲奥戈格雷托尼路菲利普乔治威廉亨迈凯林肯弗朗索瓦贝朴崔金阮文雄陈氏黎范阳端智项秀太索南扎巴丹巴顿珠贡嘎群培龙多强久美罗绒降拥郎泽翁堆甲瓦扎她巫阿侯吉克曲木沙马的且莫色什且惹石一各日"
)


@cache
def cues() -> dict[str, frozenset[str]]:
    """The cue words of ``cues.toml``, list by list."""
    path = Path(__file__).parent / "cues.toml"
    return {k: frozenset(v) for k, v in tomllib.loads(path.read_text(encoding="utf-8")).items()}


@cache
def _afters() -> tuple[frozenset[str], int]:
    words = cues()["after"] | cues()["verbs"]
    return words, max(map(len, words))


_SAID, _END, _CLOSELY = 2.6, 3.0, 2.2
_KIN = frozenset("妻子女父母兄弟姐妹夫侄孙间手名后前")
_ROLE, _LINE = 3.0, 2.4


@lru_cache(maxsize=1 << 16)
def right(following: str) -> float:
    """How well a name ends before ``following`` (up to eight characters): 0 to 3."""
    first = following[:1]
    if not first or not IS_HAN.match(first):
        return 0.0 if first and first in "·" else _END
    words, longest = _afters()
    if any(following[:n] in words for n in range(longest, 1, -1)):
        return _SAID
    if first == "之" and following[1:2] not in _KIN:
        return 0.2
    if first in _FUNCTION:
        return _CLOSELY if first in _CLOSED else 1.6
    ahead = cut(following[:_REACH])[0]
    if len(ahead) >= 2:
        return 1.7 if tag(ahead)[:1] in {"v", "d", "p", "c", "r"} else 1.2
    return 0.2


_FUNCTION = frozenset(
    "称说述在的于和与之对将未已等及为是系向到经持驾表陈承证反提签当有不因从被把两三四五也均都送负拒一以又予后共打出用自介代指要去认则处应依可请制回购租开带主拥曾"
    "就却仍只再并让给作所见约现参即进住发受同担赶先书拿卖买看做干跟帮找告叫问通报收转付支投举确辨另且因拖抢骂按时案处抓推殴搬驶执携雇借欠领取找任名本至管前则述后仅才又亦先"
)
_CLOSED = frozenset("称说在的于和与之对将未已等及为是系向到经被把从不也均都因由则")
# A name that seems to end in one of these has most likely swallowed the next word.
_TRAILING = frozenset("于与系则同已的用称向在将对等是及为未均也都被从到因自常仅")


@lru_cache(maxsize=1 << 16)
def left(before: str) -> float:
    """How well a name begins after ``before`` (its last eight characters): 0 to 3."""
    last = before[-1:]
    if not last or not IS_HAN.match(last):
        return 0.0 if last == "·" else _LINE
    if role(before):
        return _ROLE
    if last in _LEADING:
        return 2.0
    behind = cut(_tail(before))[-1]
    if len(behind) >= 2:
        return 1.6 if tag(behind)[:1] in {"v", "p", "c", "d", "r"} else 1.2
    return 0.2


_LEADING = frozenset("和与及对向由经系给将为让致是在从找被跟叫请令据使有于同派到约见问至及或的称说")


def _tail(before: str) -> str:
    tail = re.search(f"[{HAN}]{{1,{_REACH}}}$", before)
    return tail.group() if tail else before[-1:]


@lru_cache(maxsize=1 << 16)
def role(before: str, following: str = "") -> bool:
    """Whether ``before`` ends in a word for a person: a post, a trade, a relation.

    ``following`` (a few characters) shows where that word really ends: 人 in 人员 is none.
    """
    table = cues()
    tail = _tail(before)
    if following and IS_HAN.match(following) and _straddled(tail, following):
        return False
    for length in range(min(5, len(tail)), 1, -1):
        if tail[-length:] in table["roles"] or tail[-length:] in table["labels"]:
            return len(tail) == length or tail[-length - 1 :] not in table["not_roles"]
    if tail[-1:] not in _PERSONAL:
        return False
    word = cut(tail)[-1]
    if word == "人" and len(tail) > 2:
        doing = cut(tail)[-2]
        return len(doing) == 2 and tag(doing)[:1] == "v" and tail[-2:] not in table["not_roles"]
    if len(word) == 1:
        return word in _TRADES and len(tail) > 2 and tail[-2:] not in table["not_roles"]
    kind = tag(word)
    return kind[:1] == "n" and kind[:2] != "nr" and word not in table["not_roles"]


def _straddled(tail: str, following: str) -> bool:
    table = cues()
    for length in range(2, 5):  # 法定代表|人: the post goes on
        longer = tail[-length:] + following[:1]
        if longer in table["roles"] or longer in table["labels"]:
            return True
    at = 0
    for word in cut(tail + following[:3]):
        at += len(word)
        if at >= len(tail):
            return at > len(tail)
    return False


_PERSONAL = frozenset(
    "员工师长民妻夫父母弟兄哥姐妹叔伯婶姨舅嫂媳婿侄甥友邻警医贩板伴匠徒婆爷奶爸妈女人"
)
_TRADES = frozenset("员工师匠妻夫父母弟兄姐妹侄甥")
GROUPS = re.compile(r"(?:住户|群众|居民|人员|学生|职工|员工|村民|工人|旅客|业主|老人|儿童)$")


def given_lengths(text: str) -> tuple[int, ...]:
    """How long a name at the head of ``text`` may be, by its surname; () if it has none."""
    if not begins_like_a_name(text):
        return ()
    known = len(surname(text[:3]))
    return (4, 3) if known == 2 else (3, 2)


@lru_cache(maxsize=1 << 15)
def name_at(following: str, *, bold: bool, listed: bool = False) -> int:
    """Length of the name at the head of ``following`` (nine characters), 0 for none.

    ``bold``: what stands before is a word for a person, so that a name without a known
    surname, or one that is a word, is expected too. ``listed``: a name stands before, and
    things may follow it as well (照片), so that a word must at least begin like a name.
    """
    run = re.match(f"[{HAN}]*", following)
    text = run.group() if run else ""
    scores: dict[int, float] = {}
    for length in range(2, min(len(text), 8) + 1):
        after = following[length : length + 8]
        fit = right(after)
        if listed and is_word(text[:length]):
            prior = _listed_prior(text[:length], fit)
        else:
            prior = _prior(text, length, fit, after, bold=bold)
        if prior > -1:
            scores[length] = fit + prior
    if not scores:
        return 0
    return max(scores, key=lambda n: (scores[n], n))


def _prior(text: str, length: int, fit: float, after: str, *, bold: bool) -> float:
    """How likely a name of this length is, before its right edge is weighed; -2: none."""
    name = text[:length]
    if name in cues()["stop"] or _is_said(name) or (_unlikely(text, length) and fit < _SAID):
        return -2.0
    told = fit == _SAID or after[:1] in {"、", "("}
    sounds = sum(char in SOUNDS for char in name)
    if is_word(name):
        return _word_prior(name, fit, after) if bold else -2.0
    if length in given_lengths(text) and fit >= (1.2 if bold else 2.0):
        return {2: 0.3, 3: 1.1, 4: 1.3}[length] - (1.6 if swallows(name, after) else 0.0)
    if length >= 3 and sounds == length and fit >= 1.6:
        return 0.6
    if bold and length == 2 and tag(name)[:2] == "nr" and fit >= 1.6:
        return -0.1
    open_end = told or (length == 3 and fit >= 1.2 and is_word(name[:2]))  # 霜降明
    if bold and open_end and length <= 3 and text[0] not in _NO_START and not _is_doing(name[:2]):
        return -0.9
    return -2.0


def _listed_prior(name: str, fit: float) -> float:
    if name in cues()["stop"] or _is_said(name) or _is_doing(name) or fit < 1.6:
        return -2.0
    plain = tag(name) == "n" and frequency(name) > 999
    return -0.2 if begins_like_a_name(name) and not plain else -2.0


def _word_prior(name: str, fit: float, after: str) -> float:
    """A dictionary word after a word for a person is a name when the text goes on so."""
    if _is_doing(name):
        return -2.0
    if fit == _SAID or after[:1] in {"、", "("}:
        return -0.2
    if fit == _END and tag(name) in {"n", "nt", "ng"} and frequency(name) >= 300:
        return -2.0
    rare = begins_like_a_name(name) or tag(name) != "n" or frequency(name) < 300
    return -0.3 if fit >= _CLOSELY and after[:1] != "的" and rare else -2.0


def swallows(name: str, after: str) -> bool:
    """Whether the last character belongs with the next: 明亮述|称, 黄河制|作."""
    if name[-1] in _TRAILING:
        return True
    return bool(after) and tag(name[-1] + after[0])[:1] in {"v", "d", "p", "c"}


def _unlikely(text: str, length: int) -> bool:
    if text[0] not in _NO_START or (length >= 3 and length in given_lengths(text)):
        return False
    return not (length >= 3 and all(char in SOUNDS for char in text[:length]))


def _is_doing(word: str) -> bool:
    return tag(word)[:1] in {"v", "d", "p", "c", "r", "u", "f", "q", "t"}


_NO_START = frozenset(
    "的到在有可与及系也称说是于未已被把向对经由为将等从和或并不无后前内上下中里外时均都又再则即能会须需您你我他她它这那该此其以因如若但而且曾应当所各每某本两二三四五六七八九十几多"
)


def used_as_name(before: str, name: str, after: str) -> bool:
    """Whether a name that is also a word stands here as a name: the text says so."""
    whole = cut(before[-3:] + name + after[:3])
    if not _stands_alone(whole, len(before[-3:]), len(name)):
        return False
    fit, start = right(after), left(before)
    if start == _ROLE:
        return fit >= 2.2 and not (fit == _END and GROUPS.search(before))
    if fit == _SAID:
        return start >= 1.2
    if is_quoted(before) or (start == _LINE and fit == _END):
        return False
    return start >= 2.0 and fit >= 1.6


def is_quoted(before: str) -> bool:
    """Whether an opening quotation mark stands right before."""
    return before[-1:] in {"“", "《", "「", "‘", '"'}


def _stands_alone(words: tuple[str, ...], start: int, length: int) -> bool:
    at = 0
    for word in words:
        end = at + len(word)
        if at < start + length and end > start and (at < start or end > start + length):
            return False
        at = end
    return True


def is_office(word: str) -> bool:
    """Whether a word names a post, a body or a thing that the cue lists know as no name."""
    table = cues()
    known = any(word in table[name] for name in ("stop", "roles", "labels", "verbs", "after"))
    return known or word[:2] in table["not_names"] or any(c in _NO_START for c in word[:1])


def listed_word(name: str) -> bool:
    """Whether a dictionary word beside a name in a list may be a name itself."""
    return _listed_prior(name, _END) > -1


def plausible(name: str) -> bool:
    """Whether a stretch with a surname at its head could be a name as far as words go."""
    if name in cues()["stop"] or name in cues()["roles"] or _is_said(name):
        return False
    if name[0] in _LOWLY or any(char in _FUNCTION or char in _NO_START for char in name[1:]):
        return False
    inner = ((1, 3), (0, 3)) if len(name) == 3 else ((0, 2),)
    return not any(is_word(name[i:j]) for i, j in inner)


# Surnames that begin ordinary phrases too often to be a sign of a name by themselves.
_LOWLY = frozenset(
    "应有时经户其都但过与又令于项方单年钱向和曾从全相别强明成关计管解支党权车水火石金包路程江边井门"
)


def _is_said(name: str) -> bool:
    """A stop word at the head makes the rest no name either (应当自, 联系电话)."""
    stop = cues()["stop"]
    return any(name[:n] in stop for n in (2, 3, 4)) or name[:2] in cues()["not_names"]
