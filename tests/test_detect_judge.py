"""The judge of names: what it finds alone, what it leaves, and the shape of its answers."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.name_texts import heard
from pipeline.restricted.detect import judge, told
from pipeline.restricted.detect.finding import Finding
from pipeline.restricted.normalise import normalise

#: Sentences of no document the model was trained on.
FOUND = (
    ("经查明,车间主任钭砚舟于当晚擅自启动设备。", ["钭砚舟"]),
    ("被处罚人:欧阳疏桐,男,汉族", ["欧阳疏桐"]),
    ("邻居高峰证实,货是白雪叫人卸的。", ["高峰", "白雪"]),
    ("当事人之妻逯小满在现场签字。", ["逯小满"]),
    ("员工茹春杏、缑二喜、麦田未经培训上岗。", ["茹春杏", "缑二喜", "麦田"]),
    ("王建国李红梅赵四海三人到场接受询问。", ["王建国", "李红梅", "赵四海"]),
    ("证人艾合买提·吐尔逊称不知情。", ["艾合买提·吐尔逊"]),
    ("问:是谁让你去的?\n答:是郝大海让我去的。", ["郝大海"]),
    ("执法人员:邬立群  幸子衡\n2025年3月1日", ["邬立群", "幸子衡"]),
)
PLAIN = (
    "经现场检查,发现安全出口堵塞,安全管理混乱。",
    "当事人积极配合调查,并书面表示放弃陈述、申辩的权利。",
    "处罚的事实、理由、依据及当事人依法享有的权利已经告知。",
    "经通知后仍不到场的,由综合执法队依法处理。",
    "应当自收到本决定书之日起十五日内缴纳罚款,逾期每日加处百分之三。",
    "许可证有效期届满前三十日应当提出延续申请。",
    "依照《中华人民共和国行政处罚法》第三十二条的规定,从轻处罚。",
)


def found(text: str, least: float = 0.5) -> list[str]:
    text = normalise(text).text
    return [text[start:end] for start, end, _ in judge.names(*heard(text), least)]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_names_are_found(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_words_are_left(text: str) -> None:
    assert found(text) == []


def test_what_the_rules_say_stands_at_each_character() -> None:
    by = [Finding(2, 5, "name", "role", 60), Finding(2, 4, "name", "declared", 60)]
    assert told.proposed(6, by) == ["", "", "rB", "rM", "rE", ""]


@given(st.text("经由王小红和安全证实,。;\n\x1f·（）12A 阿", max_size=200))
def test_spans_are_ordered_and_inside(text: str) -> None:
    reach = 0
    for start, end, chance in judge.names(text, [(0, len(text))] if text else [], [""] * len(text)):
        assert reach <= start < end <= len(text)
        assert judge.LEAST <= chance <= 1.0
        reach = end


def test_only_the_stretches_asked_about_are_read() -> None:
    text = "证人王小红称不知情,证人李大海也称不知情。"
    found = judge.names(text, [(10, len(text))], [""] * len(text))
    assert [text[start:end] for start, end, _ in found] == ["李大海"]


@given(st.text("经由王小红和安全证实,。;\n\x1f·12A 阿", min_size=2, max_size=120), st.data())
def test_a_stretch_read_alone_says_what_it_says_in_its_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    rules = data.draw(
        st.lists(st.sampled_from(["", "rB", "rE"]), min_size=len(text), max_size=len(text))
    )
    model, like = judge.Model(), judge.framed(text)
    within = slice(model.reach, -model.reach)
    whole = model._answered(model._numbers(like, rules, 0, len(text)))[within]
    alone = model._answered(model._numbers(like, rules, start, end))[within]
    np.testing.assert_allclose(alone, whole[start:end], atol=1e-5)


def test_several_stretches_read_together_say_what_each_says_alone() -> None:
    text = "证人王小红称不知情,李大海也称不知情。" * 300
    where = [match.span() for match in re.finditer("[^,。]+", text)]
    rules = [""] * len(text)
    apart = [span for one in where for span in judge.Model().names(text, [one], rules)]
    assert len(apart) == 600
    assert [s[:2] for s in judge.Model().names(text, where, rules)] == [s[:2] for s in apart]


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("证人高兴到场。高兴称不知情,其不高兴地离开。", "高兴", [True, True, False]),
        ("证人安全称不知情。该处安全设施不全。", "安全", [True, False]),
        ("安全员严格在场。应当严格执行规定,严格未到。", "严格", [True, False, True]),
    ],
)
def test_a_name_that_is_a_word_is_judged_place_by_place(
    text: str, name: str, meant: list[bool]
) -> None:
    chosen = {(start, end) for start, end, _ in judge.names(*heard(text, [name]), 0.5)}
    places = [m.span() for m in re.finditer(name, text)]
    assert [place in chosen for place in places] == meant


@pytest.mark.parametrize("text", ["王" * 40_000, "。" * 40_000, "王小红、" * 10_000])
def test_time_does_not_grow_with_the_square(text: str) -> None:
    def spent(part: str) -> float:
        told = heard(part)
        begun = time.process_time()
        judge.Model().names(*told)
        return time.process_time() - begun

    spent(text[:4_000])
    assert spent(text) < 20 * max(spent(text[: len(text) // 10]), 0.05)
