"""The quicker ways of looking find just what the plain ways find."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.restricted import normalise as normalising
from pipeline.restricted.detect import date, document_number, phone
from pipeline.restricted.detect.branched import branched
from pipeline.restricted.detect.edges import cues
from pipeline.restricted.detect.finding import Sheet

_FIGURED = (
    (date._DATE, 0),
    (date._MONEY, 4),
    (phone._LANDLINE, 2),
    (phone._TOLL, 2),
    (phone._LOCAL, 0),
)
_PIECES = (
    *"0123456789 -,.()+〔〕[]年月日:T\t\n号第元万亿¥￥m转",
    *("人民币", "2025", "0739", "5331", "86", "400", "12,345", "平方米", "罚决字", "产权证", "Tel"),
)
texts = st.lists(st.sampled_from(_PIECES), max_size=40).map("".join)


@given(texts)
def test_matches_at_figures_are_all_matches(text: str) -> None:
    for pattern, before in _FIGURED:
        found = [match.span() for match in Sheet(text).figured(pattern, before)]
        assert found == [match.span() for match in pattern.finditer(text)], pattern.pattern


@given(texts)
def test_document_numbers_are_found_around_their_years(text: str) -> None:
    plainly = [
        (max(match.start(), re.search(document_number._YEAR, match[0]).start() + match.start() - 8))
        for match in document_number._NUMBER.finditer(text)
        if not document_number._PROPERTY.search(match[0])
    ]
    assert [found.start for found in document_number.find(Sheet(text))] == plainly


@pytest.mark.parametrize("name", ["labels", "after", "verbs"])
@given(data=st.data())
def test_a_branched_pattern_matches_as_the_words_longest_first(name: str, data: object) -> None:
    words = sorted(cues()[name])
    plain = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    text = "".join(data.draw(st.lists(st.sampled_from(words), max_size=6)))  # type: ignore[attr-defined]
    quick = re.compile(branched(words))
    assert [m.span() for m in quick.finditer(text)] == [m.span() for m in plain.finditer(text)]


def test_only_characters_that_stay_as_they_are_skip_the_folding() -> None:
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if not normalising._STRANGE.match(char):
            assert normalising._fold(char) == char, hex(code)
