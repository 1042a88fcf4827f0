"""Does a flowchart say what its file says: right steps, right labels on the right arrows?"""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigurationError
from pipeline.public.drawing import Arrow, Box, Drawing, draw, width, wrap
from pipeline.public.flowchart import Next, Step, check, read_flowchart

CONTENT = Path(__file__).resolve().parents[1] / "content"
CHARTS = sorted(CONTENT.glob("agencies/*/flowcharts/*.toml"))


def steps(**arrows: str) -> tuple[Step, ...]:
    """``a="b c"``: from a to b and to c."""
    return tuple(
        Step(id=key, label=key, next=tuple(Next(to) for to in targets.split()))
        for key, targets in arrows.items()
    )


@pytest.mark.parametrize(
    ("given_steps", "expected"),
    [
        (steps(a="b", b=""), []),
        (steps(a="b", b="a c", c=""), []),  # a loop with a way out
        (steps(a="b x", b=""), ["步骤“a”的 next 指向不存在的步骤“x”。"]),
        (
            steps(a="b", b="a"),
            [
                "步骤“a”走不到任何结束步骤，成了没有出口的循环。",
                "步骤“b”走不到任何结束步骤，成了没有出口的循环。",
            ],
        ),
        (
            steps(a="b c", b="", c="d", d="c"),
            [
                "步骤“c”走不到任何结束步骤，成了没有出口的循环。",
                "步骤“d”走不到任何结束步骤，成了没有出口的循环。",
            ],
        ),
        (steps(a="a"), ["步骤“a”走不到任何结束步骤，成了没有出口的循环。"]),
        (steps(a="", b=""), ["步骤“b”从第一步走不到，请检查前面步骤的 next。"]),
        ((*steps(a="b", b=""), *steps(b="")), ["步骤“b”出现了两次，请改成不同的 id。"]),
    ],
)
def test_steps_that_lead_nowhere_are_named(
    given_steps: tuple[Step, ...], expected: list[str]
) -> None:
    assert check(given_steps) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title = ", "不是有效的 TOML 文件"),
        ('title = "一"\nsource = "二"\nsteps = []', "steps"),
        ('title = "一"\nsource = "二"\n[[steps]]\nid = "a"\nlabel = ""', "label"),
        ('title = "一"\nsource = "二"\n[[steps]]\nid = "a"\nlabel = "甲"\nnex = []', "nex"),
        (
            'title = "一"\nsource = "二"\n[[steps]]\nid = "a"\nlabel = "甲"\nnext = [{to="b"}]',
            "“b”",
        ),
    ],
)
def test_a_bad_file_is_named_with_its_fault(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "agencies" / "demo" / "flowcharts" / "bad.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_flowchart(path)
    assert str(caught.value).startswith("demo/flowcharts/bad.toml：")
    assert expected in str(caught.value)


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_every_label_sits_on_its_own_arrow(path: Path) -> None:
    chart = read_flowchart(path)
    drawing = draw(chart.steps)
    conditions = [(s.id, n.to, n.when) for s in chart.steps for n in s.next]
    drawn = [(a.tail, a.head, "".join(line.text for line in a.label)) for a in drawing.arrows]
    assert drawn == conditions
    _assert_places(drawing)


# Every arrow's condition names its own two ends, so that a mix-up shows.
@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12, unique=True))
def test_arrows_join_the_boxes_they_name(pairs: list[tuple[int, int]]) -> None:
    chosen = [(a, b) for a, b in pairs if a != b]
    made = tuple(
        Step(
            id=f"s{i}",
            label=f"第{i}步" * (1 + i % 5),
            next=tuple(Next(f"s{b}", f"由{a}到{b}之时") for a, b in chosen if a == i),
        )
        for i in range(8)
    )
    drawing = draw(made)
    assert sorted((a.tail, a.head) for a in drawing.arrows) == sorted(
        (f"s{a}", f"s{b}") for a, b in chosen
    )
    for arrow in drawing.arrows:
        assert (
            "".join(line.text for line in arrow.label) == f"由{arrow.tail[1]}到{arrow.head[1]}之时"
        )
    _assert_places(drawing)


def _assert_places(drawing: Drawing) -> None:
    boxes = {box.key: box for box in drawing.boxes}
    for box in drawing.boxes:
        assert 0 <= box.x <= box.x + box.width <= drawing.width
        assert 0 <= box.y <= box.y + box.height <= drawing.height
    for arrow in drawing.arrows:
        points = _points(arrow)
        assert _distance(boxes[arrow.tail], *points[0]) < 3
        assert _distance(boxes[arrow.head], *points[-1]) < 3
        if arrow.label_box:
            assert _nearest(drawing, arrow) < 20


def _nearest(drawing: Drawing, arrow: Arrow) -> float:
    """How far the label's box is from the curve of its own arrow."""
    assert arrow.label_box
    x, y, w, h = arrow.label_box
    label = Box("", "", x, y, w, h, ())
    return min(_distance(label, *point) for point in _curve(_points(arrow)))


def _points(arrow: Arrow) -> list[tuple[float, float]]:
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", arrow.path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _curve(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points along the cubic Bézier pieces (the last point is the arrow's tip)."""
    out = [points[-1]]
    for i in range(0, len(points) - 4, 3):
        a, b, c, d = points[i : i + 4]
        for step in range(21):
            t = step / 20
            u = 1 - t
            weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
            out.append(
                (
                    sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                    sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
                )
            )
    return out


def _distance(box: Box, x: float, y: float) -> float:
    dx = max(box.x - x, 0, x - box.x - box.width)
    dy = max(box.y - y, 0, y - box.y - box.height)
    return float((dx * dx + dy * dy) ** 0.5)


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_text_fits_its_box_and_boxes_stand_apart(path: Path) -> None:
    drawing = draw(read_flowchart(path).steps)
    for box in drawing.boxes:
        for line in box.lines:
            half = width(line.text) * (12 if line.note else 15) / 2
            assert box.x <= line.x - half
            assert line.x + half <= box.x + box.width
            assert box.y < line.y < box.y + box.height
    for i, one in enumerate(drawing.boxes):
        for other in drawing.boxes[i + 1 :]:
            assert (
                one.x + one.width <= other.x
                or other.x + other.width <= one.x
                or one.y + one.height <= other.y
                or other.y + other.height <= one.y
            )


def test_drawing_twice_gives_the_same() -> None:
    chart = read_flowchart(CHARTS[0])
    assert draw(chart.steps) == draw(chart.steps)


@given(st.text("甲乙丙a1，", max_size=60), st.integers(2, 15))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, em: int) -> None:
    lines = wrap(text, em)
    assert "".join(lines) == text
    assert all(width(line) <= em for line in lines)


@pytest.mark.parametrize(
    ("text", "em", "expected"),
    [
        ("立案", 12, ["立案"]),
        ("以镇人民政府名义作出行政处罚决定", 12, ["以镇人民政府名义", "作出行政处罚决定"]),
        ("", 12, [""]),
    ],
)
def test_lines_come_out_about_equal(text: str, em: int, expected: list[str]) -> None:
    assert wrap(text, em) == expected
