"""jieba's dictionary as a cheap witness: is this a word, of which kind, where do words end.

It files thousands of things and places under persons (石灰, 杨梅): not_people.toml knows better.
Never used to refuse a name: names are words. It only weighs where a name begins and ends.
"""

from __future__ import annotations

import logging
import tomllib
from functools import cache, lru_cache
from pathlib import Path

import jieba
import jieba.posseg

_NOT_PEOPLE = Path(__file__).with_name("not_people.toml")
HAN = "\u3400-\u9fff\U00020000-\U0003ffff"


@cache
def _tags() -> dict[str, str]:
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    jieba.posseg.dt.initialize()
    others = tomllib.loads(_NOT_PEOPLE.read_text(encoding="utf-8"))
    not_people = {word: kind for kind, words in others.items() for word in words.split()}
    return {**jieba.posseg.dt.word_tag_tab, **not_people}


def tag(word: str) -> str:
    """jieba's part of speech of a dictionary word, "" when it is none."""
    return _tags().get(word, "")


def is_word(text: str) -> bool:
    """Whether ``text`` is in the dictionary as something else than a person's name.

    What is filed under names all the same, and often met, counts as a word.
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
