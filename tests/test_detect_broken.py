"""Names cut in two by a line's end are read over it; lines that are not one stay two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.name_texts import heard
from pipeline.restricted.detect import broken, judge
from pipeline.restricted.normalise import normalise


def found(text: str) -> list[str]:
    text = normalise(text).text
    told = heard(text)
    spans = broken.names(text, bytearray(len(text)), told.rules)
    return [text[start:end] for start, end, _ in spans]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("经查,证人钭\n砚舟陈述属实。", ["钭\n砚舟"]),
        ("当事人之妻逯小\n满在现场签字,邻居茹春杏在场。", ["逯小\n满"]),
        ("翻译人员艾合买提·\n吐尔逊到场。", ["艾合买提·\n吐尔逊"]),
        ("云陵县人民政府\n行政处罚决定书\n执法人员:钭砚舟\n二〇二五年三月一日", []),
        ("证人:逯小满\n当事人:茹春杏\n", []),
        ("没有断开的行,证人逯小满称不知情。", []),
    ],
)
def test_only_what_a_line_end_cuts_is_found(text: str, names: list[str]) -> None:
    assert found(text) == names


@given(st.text("经由王小红和安全证实,。\n\n\n·12A 阿", max_size=120))
def test_every_span_crosses_a_line_end(text: str) -> None:
    for start, end, chance in broken.names(text, bytearray(len(text)), [""] * len(text)):
        assert "\n" in text[start:end]
        assert 0 <= start < end <= len(text)
        assert 0 < chance <= 1


def test_a_name_across_a_line_end_takes_the_place_of_its_halves() -> None:
    halves: list[judge.Span] = [(0, 2, 0.9), (3, 5, 0.8), (9, 11, 0.7)]
    assert broken.over(halves, [(1, 4, 0.7)]) == [(1, 4, 0.7), (9, 11, 0.7)]
    assert broken.over(halves, []) == halves
