"""jieba's dictionary as a cheap witness: is this a word, of which kind, where do words end.

Never used to refuse a name: names are words. It only weighs where a name begins and ends.
"""

from __future__ import annotations

import logging
from functools import cache, lru_cache

import jieba
import jieba.posseg

HAN = "\u3400-\u9fff\U00020000-\U0003ffff"


@cache
def _tags() -> dict[str, str]:
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    jieba.posseg.dt.initialize()
    table: dict[str, str] = jieba.posseg.dt.word_tag_tab
    return table


def tag(word: str) -> str:
    """jieba's part of speech of a dictionary word, "" when it is none."""
    return _tags().get(word, "")


def is_word(text: str) -> bool:
    """Whether ``text`` is in the dictionary as something else than a person's name.

    The dictionary files many common words under names (田野, 许可); those count as words.
    """
    found = _tags().get(text, "")
    if found.startswith("nr"):
        return found == "nr" and frequency(text) >= _COMMON
    return bool(found)


_COMMON = 100


@lru_cache(maxsize=1 << 16)
def cut(window: str) -> tuple[str, ...]:
    """``window`` (a few characters) as jieba cuts it without guessing new words."""
    _tags()
    return tuple(jieba.dt.cut(window, HMM=False))


def frequency(word: str) -> int:
    """How often the dictionary's corpus has ``word``; 0 when it is none."""
    _tags()
    found: int = jieba.dt.FREQ.get(word, 0)
    return found


def dictionary() -> dict[str, tuple[str, int]]:
    """Every word with its part of speech and its frequency."""
    return {word: (kind, frequency(word)) for word, kind in _tags().items()}
