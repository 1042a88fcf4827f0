"""jieba's dictionary, and what it takes for people and is none."""

from __future__ import annotations

import jieba.posseg
import pytest

from pipeline.restricted.detect import lexicon


@pytest.mark.parametrize(
    ("word", "kind", "is_word"),
    [
        ("石灰", "n", True),
        ("黄沙", "ns", True),
        ("高清", "a", True),
        ("许可", "vn", True),
        ("李连杰", "nr", False),
        ("没有这个词", "", False),
    ],
)
def test_what_the_dictionary_takes_for_people_is_told_apart(
    word: str, kind: str, is_word: bool
) -> None:
    assert lexicon.tag(word) == kind
    assert lexicon.is_word(word) == is_word


def test_only_people_of_the_dictionary_are_set_right() -> None:
    theirs = jieba.posseg.dt.word_tag_tab
    changed = {word for word, (kind, _) in lexicon.dictionary().items() if theirs[word] != kind}
    assert len(changed) > 8_000
    assert all(theirs[word].startswith("nr") for word in changed)
    assert not any(lexicon.tag(word).startswith("nr") for word in changed)
