"""The identity detector's own rules, each alone: elsewhere a label or another detector helps out.

What a mutation run (``inv mutate``) showed to be noticed by no other test.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from pipeline.restricted.detect import identity
from pipeline.restricted.detect.finding import Sheet

VALID = "500000199003079906"  # no such area: nobody's
WRONG = "500000199003079905"


def found(text: str) -> set[str]:
    return {text[f.start : f.end] for f in identity.find(Sheet(text))}


@given(st.from_regex(r"[0-9]{17}", fullmatch=True), st.sampled_from("0123456789X"))
def test_the_check_digit_is_that_of_the_standard(body: str, check: str) -> None:
    assert identity.valid(body + check) is (mod_11_2.calc_check_digit(body) == check)
    assert identity.valid(body + check.lower()) is identity.valid(body + check)


@pytest.mark.parametrize(
    ("number", "dated"),
    [
        (VALID, True),
        (WRONG, True),
        ("500000900307990", True),
        ("500000199013079906", False),  # a 13th month
        ("500000199003329906", False),  # a 32nd day
        ("500000210003079906", False),  # another century
        ("50000019900307990", False),  # 17 characters
        ("900000900307990", False),  # no region begins with 9
    ],
)
def test_a_birth_date_stands_where_it_must(number: str, dated: bool) -> None:
    assert identity.looks(number) is dated


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"又查明{VALID}一处。", [VALID]),  # no label: the check digit alone
        (f"票据{VALID}一张。", [VALID]),  # and against a label of something else
        (f"票据{WRONG}一张。", []),  # but not where it is something else
        (f"身份证号{WRONG}。", [WRONG]),
        (f"作业证T{WRONG}。", [WRONG]),
    ],
)
def test_a_label_or_the_check_digit_decides(text: str, numbers: list[str]) -> None:
    assert sorted(found(text)) == numbers
