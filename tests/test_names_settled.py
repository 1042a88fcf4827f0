"""What becomes of the judge's candidates: masked, masked and looked at, or left."""

from __future__ import annotations

import pytest

from pipeline.restricted import names
from pipeline.restricted.detect import again
from pipeline.restricted.detect.finding import Sheet


def settled(text: str, **chances: float) -> names.Settled:
    spans = [(text.index(name), text.index(name) + len(name), c) for name, c in chances.items()]
    return names.settle(Sheet(text), [], [], sorted(spans))


def masked(found: names.Settled) -> list[str]:
    return [name.text for name in found.names]


@pytest.mark.parametrize(
    ("chance", "names_", "looked_at"),
    [(0.3, [], False), (0.45, ["麦穗儿"], True), (0.7, ["麦穗儿"], False)],
)
def test_a_name_that_the_judge_is_not_sure_of_is_masked_and_looked_at(
    chance: float, names_: list[str], looked_at: bool
) -> None:
    found = settled("后请麦穗儿到场。", 麦穗儿=chance)
    assert masked(found) == names_
    assert bool(found.doubts) == looked_at


def test_who_is_surely_named_elsewhere_is_not_looked_at() -> None:
    text = "后请麦穗儿到场。麦穗儿陈述属实。"
    spans = [(2, 5, 0.45), (8, 11, 0.95)]
    assert not names.settle(Sheet(text), [], [], spans).doubts


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("经查,后过晓刚曾提醒。", "晓刚", "过晓刚"),
        ("又见代云仙离开。", "云仙", "代云仙"),
        ("事发时李明在现场。", "李明", "李明"),
        ("当日请晓刚到场。", "晓刚", "晓刚"),
        ("打听过周敏的下落。", "周敏", "周敏"),
    ],
)
def test_the_surname_left_before_a_given_name_goes_with_it(
    text: str, name: str, whole: str
) -> None:
    assert masked(settled(text, **{name: 0.95})) == [whole]


def test_where_people_are_called_by_words_less_is_enough_to_look() -> None:
    people = {"王小强": 0.95, "李大海": 0.95, "赵东升": 0.95, "高兴": 0.95}
    words = {"高兴": 0.95, "安静": 0.95, "严格": 0.95, "田野": 0.95}
    for called, looked_at in ((people, False), (words, True)):
        text = f"{'、'.join(called)}到场。后来麦穗儿离开。"
        assert bool(settled(text, **called, 麦穗儿=0.25).doubts) == looked_at


def test_a_shop_called_by_a_surname_and_its_trade_is_nobody() -> None:
    assert masked(settled("左边是周记黑鸭。", 周记黑鸭=0.95)) == []


@pytest.mark.parametrize(
    ("text", "names_", "places"),
    [
        ("尉迟春生未到,春生的工友在场。", ["尉迟春生"], ["春生"]),
        ("张小明、李小明到场。", ["张小明", "李小明"], []),
        ("高兴到场,群众高兴。", ["高兴"], ["高兴", "高兴"]),
        ("王强到场,坚强。", ["王强"], []),
    ],
)
def test_given_names_and_words_are_looked_for_again(
    text: str, names_: list[str], places: list[str]
) -> None:
    assert [text[f.start : f.end] for f in again.find(text, names_)] == places
