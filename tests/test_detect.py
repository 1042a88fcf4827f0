"""Every detector's own examples and counter-examples, and the lists they are in."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.restricted import detect
from pipeline.restricted.detect import NAMES, NUMBERS, SHIELDS
from pipeline.restricted.detect.digits import runs
from pipeline.restricted.detect.finding import Detector, Person, Sheet
from pipeline.restricted.detect.plain import is_plain
from pipeline.restricted.normalise import normalise

DETECTORS = (*SHIELDS, *NUMBERS, *NAMES)
EXAMPLES = [
    pytest.param(d, text, expected, id=f"{d.NAME}-{i}")
    for d in DETECTORS
    for i, (text, expected) in enumerate(d.EXAMPLES)
]
COUNTER_EXAMPLES = [
    pytest.param(d, text, id=f"{d.NAME}-{i}")
    for d in DETECTORS
    for i, text in enumerate(d.COUNTER_EXAMPLES)
]


@pytest.mark.parametrize(("detector", "text", "expected"), EXAMPLES)
def test_finds_its_examples(detector: Detector, text: str, expected: tuple[str, ...]) -> None:
    found = {text[f.start : f.end] for f in detector.find(Sheet(text))}
    assert set(expected) <= found


@pytest.mark.parametrize(("detector", "text"), COUNTER_EXAMPLES)
def test_leaves_its_counter_examples_alone(detector: Detector, text: str) -> None:
    assert not [text[f.start : f.end] for f in detector.find(Sheet(text))]


def test_every_detector_carries_both_kinds_of_example() -> None:
    bare = {d.NAME for d in DETECTORS if not d.EXAMPLES or not d.COUNTER_EXAMPLES}
    # These two look for strings that the row brings along.
    assert bare <= {"own", "declared"}


def test_every_file_of_a_detector_is_in_a_list() -> None:
    folder = Path(detect.__file__).parent
    files = {
        path.stem for path in folder.glob("*.py") if "COUNTER_EXAMPLES" in path.read_text("utf-8")
    }
    listed = {d.__name__.rsplit(".", 1)[1] for d in DETECTORS}  # type: ignore[attr-defined]
    assert files - {"finding", "__init__"} == listed


def test_examples_are_written_as_detectors_read_them() -> None:
    for detector in DETECTORS:
        for text in (*(t for t, _ in detector.EXAMPLES), *detector.COUNTER_EXAMPLES):
            assert normalise(text).text == text


def test_kept_strings_stand_only_when_no_digit_runs_on() -> None:
    sheet = Sheet("电话023-48740007,编号1023-487400071", keep=("023-48740007",))
    assert len(list(detect.own.find(sheet))) == 1


def test_declared_names_are_read_over_blanks_dots_and_line_breaks() -> None:
    people = (Person("李明亮"), Person("买买提·吐尔逊"))
    sheet = Sheet("李 明\n亮到场,买买提 吐尔逊、买买提吐尔逊签字", people=people)
    found = [sheet.text[f.start : f.end] for f in detect.declared.find(sheet)]
    assert found == ["李 明\n亮", "买买提 吐尔逊", "买买提吐尔逊"]


def test_a_run_knows_where_its_separators_stood() -> None:
    (run,) = runs("卡号6217 0024-7000")
    assert run.digits == "621700247000"
    assert not run.even(0, 12)
    assert run.whole(0, 4)
    assert not run.whole(1, 4)


@pytest.mark.parametrize(
    ("clause", "plain"),
    [
        ("可以依法申请行政复议或者提起行政诉讼", True),
        ("未督促检查", True),
        ("经高洋当场确认", False),
        ("由乌云毕力格签字", False),
        ("由安全负责", False),
    ],
)
def test_plain_stretches_hold_no_surname_and_no_unknown_word(clause: str, plain: bool) -> None:
    assert is_plain(clause) is plain
