"""What must hold for any cell and any file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_read import AGENCIES, ROW, grid, text

from pipeline.fields import Field, dictionary
from pipeline.restricted.read import read_file
from pipeline.restricted.read.amounts import yuan
from pipeline.restricted.read.cells import Unfit, free_text
from pipeline.restricted.read.coerce import converter
from pipeline.restricted.read.dates import EARLIEST, LONG_TERM, iso_date
from pipeline.restricted.read.number import normalise_number
from tests.conftest import tries

INBOX = Path(__file__).parents[1] / "examples" / "inbox"
DAYS = st.dates(EARLIEST, LONG_TERM)
NUMERALS = str.maketrans("0123456789", "〇一二三四五六七八九")


def _spelt(number: int) -> str:
    tens, ones = divmod(number, 10)
    first = ("" if tens == 1 else str(tens)) + "十" if tens else ""
    return (first + (str(ones) if ones else "")).translate(NUMERALS)


@given(DAYS)
def test_every_day_in_every_spelling(day: date) -> None:
    spellings = (
        f"{day.year}-{day.month}-{day.day}",
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}{day.month:02}{day.day:02}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{str(day.year).translate(NUMERALS)}年{_spelt(day.month)}月{_spelt(day.day)}日",
    )
    assert {iso_date(spelling) for spelling in spellings} == {day.isoformat()}


@given(st.decimals(0, 10**7, places=6))
def test_wan_yuan_and_yuan_agree(amount: Decimal) -> None:
    found = Decimal(yuan(f"{amount:f}", 10**4))
    assert abs(found - amount * 10**4) <= Decimal("0.005")
    assert yuan(f"{amount:f}万元", 1) == yuan(f"{amount:f}", 10**4)


@given(st.text())
def test_normalising_a_number_twice_changes_nothing(raw: str) -> None:
    assert normalise_number(normalise_number(raw)) == normalise_number(raw)


@given(st.text())
def test_cleaning_a_text_twice_changes_nothing(raw: str) -> None:
    assert free_text(free_text(raw)) == free_text(raw)


@given(
    st.sampled_from(list(dictionary().values())),
    st.one_of(
        st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.dates(), st.datetimes()
    ),
)
def test_a_cell_gives_text_or_what_was_expected_but_never_itself(
    field: Field, cell: object
) -> None:
    said = ""
    try:
        converted = converter(field, field.label)(cell)
    except Unfit as error:
        converted, said = "", str(error)
    assert isinstance(converted, str)
    assert len(str(cell)) < 6 or str(cell) not in said


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=300).map(lambda t: t.encode("utf-8"))))
def test_any_bytes_give_a_reading(tmp_path: Path, data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"[{"):
        path = tmp_path / "处罚.bin"
        path.write_bytes(start + data)
        assert read_file(path, AGENCIES).refused.endswith("。")


@pytest.mark.parametrize("file", ["05-*.xls", "20-*.xlsx"])
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=tries(30),
    deadline=None,
)
@given(position=st.integers(0, 10**6), flip=st.integers(1, 255))
def test_a_workbook_with_a_damaged_byte_gives_a_reading(
    tmp_path: Path, file: str, position: int, flip: int
) -> None:
    data = bytearray(next(INBOX.glob(file)).read_bytes())
    data[position % len(data)] ^= flip
    path = tmp_path / "damaged"
    path.write_bytes(data)
    reading = read_file(path, AGENCIES)
    assert reading.rows or reading.rejected or reading.refused


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=tries(40),
    deadline=None,
)
@given(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc"))), max_size=6))
def test_no_value_stands_in_a_rejection(tmp_path: Path, values: list[str]) -> None:
    rows = grid(*(ROW | {"处罚决定日期": value, "罚款金额(元)": value} for value in values), ROW)
    reading = read_file(text(tmp_path / "处罚.csv", rows), AGENCIES)
    said = " ".join(map(str, (*reading.rejected, *reading.undeclared, reading.refused)))
    for value in values:
        assert len(value.strip()) < 6 or value.strip() not in said
