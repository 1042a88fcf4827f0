"""Whatever text comes in: no crash, no survivor, no quadratic time."""

from __future__ import annotations

import random
import re
import time
import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import numbers
from pipeline import policy
from pipeline.model import Kind, PartyType
from pipeline.restricted.normalise import normalise
from pipeline.restricted.raw import Origin, RawDecision
from pipeline.restricted.redact import Redactor, redact_record, redact_records
from tests.conftest import tries

BASE = policy.load("base")
ANY = st.text(st.characters(), max_size=60)
CALM = settings(max_examples=tries(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@CALM
@given(ANY)
def test_any_text_has_a_verdict(source: str) -> None:
    done = redact_record({"当事人": source}, source, BASE)
    assert isinstance(done.held, bool)
    assert all(0 <= s.start < s.end <= len(source) for s in done.spans)


@CALM
@given(ANY)
def test_normalised_text_has_its_way_back(source: str) -> None:
    normal = normalise(source)
    assert not any(unicodedata.category(c) in {"Cf", "Cs"} for c in normal.text)
    for i in range(len(normal.text)):
        start, end = normal.back(i, i + 1)
        assert 0 <= start < end <= len(source)


@CALM
@given(
    st.text(st.characters(exclude_characters="0123456789", max_codepoint=0x9FFF), max_size=40),
    st.sampled_from(["id", "phone", "bank"]),
    st.integers(0, 10_000),
)
def test_a_planted_number_does_not_survive(around: str, kind: str, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    value = {"id": numbers.identity, "phone": numbers.mobile, "bank": numbers.card}[kind](rng)
    label = {"id": "身份证号", "phone": "联系电话", "bank": "银行账号"}[kind]
    done = redact_record({}, f"{around}。{label}{value}。{around}", BASE)
    assert value not in done.text


def bare(text: str) -> str:
    """A text as somebody reads it who looks for a number: nothing between its digits."""
    return re.sub(r"[\s\-.·]", "", normalise(text.translate(CHINESE)).text).casefold()


CHINESE = str.maketrans("〇零一二三四五六七八九", "00123456789")


@CALM
@given(
    ANY,
    ANY,
    st.sampled_from(["id", "phone", "bank"]),
    st.sampled_from(sorted(numbers.WRITINGS)),
    st.integers(0, 10_000),
)
def test_nothing_planted_in_any_text_survives_in_any_writing(
    before: str, after: str, kind: str, shape: str, seed: int
) -> None:
    """Emoji, controls, bidirectional marks and unpaired surrogates around it included."""
    rng = random.Random(seed)  # noqa: S311
    value = {"id": numbers.identity, "phone": numbers.mobile, "bank": numbers.card}[kind](rng)
    label = {"id": "身份证号", "phone": "联系电话", "bank": "银行账号"}[kind]
    source = f"{before}。{label}：{numbers.WRITINGS[shape](value, rng)}，{after}"
    assert value.casefold() in bare(source)
    assert value.casefold() not in bare(redact_record({}, source, BASE).text)


@CALM
@given(st.characters())
def test_a_single_character_has_a_verdict(char: str) -> None:
    done = redact_record({"当事人": char}, char, BASE)
    assert done.held or done.text.strip()


def test_an_empty_row_is_held() -> None:
    raw = RawDecision(
        agency="demo",
        kind=Kind.PENALTY,
        number="",
        decided_on=date(2026, 3, 2),
        party_type=PartyType.ORGANISATION,
        values={},
        origin=Origin("a.xlsx", "", 1),
    )
    (done,) = Redactor(BASE).redact_all([raw], ["s"])
    assert done.verdict == "held"
    assert [reason.code for reason in done.reasons] == ["empty"]
    assert done.secrets == ()


@pytest.mark.slow
def test_a_text_of_five_megabytes_is_masked_to_its_end() -> None:
    plain = "依法申请行政复议，或者在六个月内向人民法院提起诉讼。"
    source = plain * (5 * 1024**2 // len(plain.encode())) + "当事人皇甫铁柱，电话13857091164。"
    done = redact_record({"当事人": "皇甫铁柱"}, source, BASE)
    assert done.text.endswith("当事人皇甫某某，电话［电话］。")
    assert not done.held


@CALM
@given(st.text(st.characters(max_codepoint=0x9FFF), max_size=40))
def test_a_declared_name_does_not_survive(around: str) -> None:
    done = redact_record({"当事人": "皇甫铁柱"}, f"{around}，皇甫铁柱到场。{around}", BASE)
    assert "皇甫铁柱" not in done.text


def test_adversarial_forms_and_keep_strings() -> None:
    forms = list(numbers.forms(1_000, seed=7))
    results = redact_records([({}, form.text) for form in forms], BASE)
    wrong = []
    for form, done in zip(forms, results, strict=True):
        covered = set().union(*(range(s.start, s.end) for s in done.spans)) if done.spans else set()
        own = set(range(form.start, form.end))
        if (own & covered) if form.kind == "keep" else (own - covered):
            wrong.append((form.kind, form.shape))
    assert wrong == []


@pytest.mark.parametrize(
    "source",
    [
        "",
        "王",
        "😀" * 500,
        "\x00\x01\x02\x1f" * 50,
        "\u202e\u200b\ufeff" * 100,
        "\ud800\udfff" * 10,
        "身份证号" * 200,
        "、" * 2_000,
        "·" * 2_000,
        "住" * 2_000,
    ],
)
def test_odd_texts(source: str) -> None:
    redact_record({"当事人": source}, source, BASE)


UNITS = {
    "digits": "12345 67890-",
    "letters": "abc@def.",
    "names": "张铁柱、",
    "surnames": "王李张刘",
    "addresses": "住云陵县柳塘镇",
    "brackets": "（（《〔",
    "plain": "依法申请行政复议。",
    "one character": "住",
    "one digit": "1",
    "emoji": "😀👨‍👩‍👧",
    "blanks": "  \n\t",
    "spaced names": "王　小　勇　",
    "Latin names": "Anna Maria ",
    "no punctuation": "当事人未按规定处置现场堆放的建筑垃圾",
    "controls": "\x00\u202e\ud800\u2028",
}
DIFFERENT = "、".join(
    a + b + c for a in "王李张刘陈" for b in "伟芳秀英敏静" for c in "艳杰娟涛超明"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit", [*UNITS.values(), DIFFERENT], ids=[*UNITS.keys(), "different names"]
)
def test_time_grows_with_length_and_not_with_its_square(unit: str) -> None:
    def seconds(length: int) -> float:
        source = (unit * (length // len(unit) + 1))[:length]
        started = time.process_time()
        redact_record({}, source, BASE)
        return time.process_time() - started

    seconds(2_000)
    short, long = seconds(8_000), seconds(64_000)
    assert long < 20 * max(short, 0.02)
