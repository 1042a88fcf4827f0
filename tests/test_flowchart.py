"""Does a flowchart say what its file says: right steps, right labels on the right arrows?"""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import policy
from pipeline.agencies import load_agencies
from pipeline.errors import ConfigurationError
from pipeline.model import Kind
from pipeline.public import content
from pipeline.public.flowcharts import flowchart
from pipeline.public.flowcharts.drawing import Arrow, Box, Drawing, draw
from pipeline.public.flowcharts.flowchart import (
    Flowchart,
    Next,
    Step,
    check,
    read_flowchart,
    with_shared,
)
from pipeline.public.flowcharts.lanes import draw_rows
from pipeline.public.flowcharts.lettering import width, wrap
from tests.conftest import tries

CONTENT = Path(__file__).resolve().parents[1] / "content"
AGENCIES = load_agencies(CONTENT)
OWN = sorted(CONTENT.glob("agencies/*/flowcharts/*.toml"))


def all_charts() -> dict[str, Flowchart]:
    """Every chart of every agency, the shared ones of the first agency that has them."""
    found = {f"{path.parts[-3]}-{path.stem}": read_flowchart(path) for path in OWN}
    for slug, agency in AGENCIES.items():
        for chart in with_shared(CONTENT, agency, policy.load(agency.policy), ()):
            found.setdefault(
                f"shared-{chart.name}-{slug}" if slug == "liaoning" else chart.name, chart
            )
    return found


CHARTS = all_charts()


def lanes_of(steps: tuple[Step, ...]) -> Drawing:
    return draw_rows(steps, [step.lane or step.who for step in steps])


VIEWS = {"whole": draw, "narrow": draw_rows, "lanes": lanes_of}


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
    assert [fault.what for fault in check(given_steps)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title = ", "不是有效的 TOML"),
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


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("view", ["whole", "narrow", "lanes"])
def test_every_label_sits_on_its_own_arrow(name: str, view: str) -> None:
    chart = CHARTS[name]
    drawing = VIEWS[view](chart.steps)
    conditions = [(s.id, n.to, n.when) for s in chart.steps for n in s.next]
    drawn = [(a.tail, a.head, "".join(line.text for line in a.label)) for a in drawing.arrows]
    assert drawn == conditions
    _assert_places(drawing)


# Every arrow's condition names its own two ends, so that a mix-up shows.
def made(pairs: list[tuple[int, int]], lanes: int = 1) -> tuple[Step, ...]:
    return tuple(
        Step(
            id=f"s{i}",
            label=f"第{i}步" * (1 + i % 5),
            who=f"机构{i % lanes}",
            next=tuple(Next(f"s{b}", f"由{a}到{b}之时") for a, b in pairs if a == i),
        )
        for i in range(8)
    )


PAIRS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12, unique=True)


@settings(max_examples=tries(15), deadline=None)
@given(PAIRS)
def test_arrows_join_the_boxes_they_name(pairs: list[tuple[int, int]]) -> None:
    chosen = [(a, b) for a, b in pairs if a != b]
    _assert_joined(draw(made(chosen)), chosen)


@settings(max_examples=tries(150), deadline=None)
@given(PAIRS, st.integers(1, 4))
def test_rows_and_lanes_keep_every_arrow_apart(pairs: list[tuple[int, int]], lanes: int) -> None:
    steps = made(pairs, lanes)
    for drawing in (draw_rows(steps), draw_rows(steps, [step.who for step in steps])):
        _assert_joined(drawing, pairs)
        _assert_apart(drawing)


def _assert_joined(drawing: Drawing, chosen: list[tuple[int, int]]) -> None:
    assert sorted((a.tail, a.head) for a in drawing.arrows) == sorted(
        (f"s{a}", f"s{b}") for a, b in chosen
    )
    for arrow in drawing.arrows:
        assert (
            "".join(line.text for line in arrow.label) == f"由{arrow.tail[1]}到{arrow.head[1]}之时"
        )
    _assert_places(drawing)


def _assert_apart(drawing: Drawing) -> None:
    """No two arrows share a stretch, none runs through a box, no label covers another."""
    runs = [(a, run) for a in drawing.arrows for run in pairwise(_points(a))]
    for i, (one, first) in enumerate(runs):
        for other, second in runs[i + 1 :]:
            assert one is other or not _overlap(first, second), (one.label, other.label)
        for box in drawing.boxes:
            assert not _crosses(first, box), (one, box.key)
    for one, run in runs:
        assert run[0][0] == run[1][0] or run[0][1] == run[1][1], (one, "no right angle")
    for one in drawing.arrows:
        for other in drawing.arrows:
            if one.label_box and other is not one and other.tail == one.tail:
                leaving = _points(other)[:2]
                label = Box("label", "", *one.label_box, ())
                assert not _crosses((leaving[0], leaving[1]), label), (one.label, other.label)
    rooms = [arrow.label_box for arrow in drawing.arrows if arrow.label_box]
    for i, (x, y, w, h) in enumerate(rooms):
        for x2, y2, w2, h2 in rooms[i + 1 :]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


Run = tuple[tuple[float, float], tuple[float, float]]


def _overlap(one: Run, other: Run) -> bool:
    for axis in (0, 1):
        across = 1 - axis
        level = {point[axis] for point in (*one, *other)}
        if len(level) == 1:
            low = max(min(p[across] for p in one), min(p[across] for p in other))
            high = min(max(p[across] for p in one), max(p[across] for p in other))
            return high - low > 0.5
    return False


def _crosses(run: Run, box: Box) -> bool:
    (x1, y1), (x2, y2) = run
    inside_x = max(min(x1, x2), box.x + 1) < min(max(x1, x2), box.x + box.width - 1) or (
        x1 == x2 and box.x + 1 < x1 < box.x + box.width - 1
    )
    inside_y = max(min(y1, y2), box.y + 1) < min(max(y1, y2), box.y + box.height - 1) or (
        y1 == y2 and box.y + 1 < y1 < box.y + box.height - 1
    )
    return inside_x and inside_y


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
    return min(_distance(label, *point) for point in _curve(arrow))


def _points(arrow: Arrow) -> list[tuple[float, float]]:
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", arrow.path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _curve(arrow: Arrow) -> list[tuple[float, float]]:
    """Points along straight runs, or along Bézier pieces (the last point is the tip)."""
    points = _points(arrow)
    out = [points[-1]]
    if "C" not in arrow.path:
        for (x1, y1), (x2, y2) in pairwise(points):
            out += [(x1 + (x2 - x1) * t / 20, y1 + (y2 - y1) * t / 20) for t in range(21)]
        return out
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


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("view", ["whole", "narrow", "lanes"])
def test_text_fits_its_box_and_boxes_stand_apart(name: str, view: str) -> None:
    drawing = VIEWS[view](CHARTS[name].steps)
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
    chart = read_flowchart(OWN[0])
    assert draw(chart.steps) == draw(chart.steps)
    assert draw_rows(chart.steps) == draw_rows(chart.steps)


@pytest.mark.parametrize("name", CHARTS)
def test_the_narrow_view_fits_a_phone(name: str) -> None:
    assert draw_rows(CHARTS[name].steps).width <= 330


@pytest.mark.parametrize("name", CHARTS)
def test_lanes_stand_beside_each_other_with_their_own_boxes(name: str) -> None:
    steps = CHARTS[name].steps
    drawing = VIEWS["lanes"](steps)
    heads = ["".join(line.text for line in band.lines) for band in drawing.bands]
    assert len(set(heads)) == len(heads) <= 6
    for step, box in zip(steps, drawing.boxes, strict=True):
        band = drawing.bands[heads.index(step.lane or step.who)]
        assert band.x <= box.x
        assert box.x + box.width <= band.x + band.width


def test_every_kind_of_power_has_its_chart() -> None:
    for folder in content.load(CONTENT).folders.values():
        kinds = [chart.kind for chart in folder.flowcharts]
        powers = {power.kind for power in folder.agency.powers}
        assert {kind.value for kind in Kind if kind.label in powers} <= set(kinds)
        assert {"legal_review", "complaint"} <= set(kinds)
        assert kinds.count("penalty") == 2  # 简易, 普通
        assert kinds == sorted(kinds, key=flowchart.KINDS.index)


def test_a_shared_chart_says_the_agencys_own_limits_and_yields_to_its_own() -> None:
    agency = AGENCIES["lingchuan"]
    rules = policy.load("lingchuan")
    shared = {c.name: c for c in with_shared(CONTENT, agency, rules, ())}
    assert shared["legal-review"].step("review").limit == f"{rules.legal_review.days}个工作日"
    assert (
        shared["legal-review"].step("extend").limit == f"延长{rules.legal_review.extension_days}日"
    )
    own = read_flowchart(CONTENT / "agencies/lingchuan/flowcharts/legal-review.toml")
    kept = {c.name: c for c in with_shared(CONTENT, agency, rules, [own])}
    assert kept["legal-review"] == own
    assert "levy" not in shared  # it has no such power


def test_an_unknown_word_in_braces_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "flowcharts").mkdir()
    text = 'title = "一"\nsource = "二"\n[[steps]]\nid = "a"\nlabel = "甲"\nlimit = "{aceept}"\n'
    (tmp_path / "flowcharts" / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="第6行没有名为“aceept”的期限"):
        with_shared(tmp_path, AGENCIES["shihao"], policy.load("shihao"), ())


STEPS = """title = "一"
source = "二"

[[steps]]
id = "a"
label = "甲"
next = [{ to = "b" }]

# 说明
[[steps]]
id = "b"
label = "乙"
next = [{ to = "a" }]
"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('to = "a"', 'to = "c"', "第10行步骤“b”的 next 指向不存在的步骤“c”"),
        ('to = "b"', 'to = "b" }, { to = "a"', "第4行步骤“a”走不到任何结束步骤"),
        ('next = [{ to = "b" }]', "", "第10行步骤“b”从第一步走不到"),
        ('id = "b"', 'id = "a"', "第10行步骤“a”出现了两次"),
        ('label = "乙"', 'label = ""', "第12行"),
        ('label = "乙"', 'lable = "乙"', "第12行"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    path = tmp_path / "agencies" / "demo" / "flowcharts" / "bad.toml"
    path.parent.mkdir(parents=True)
    path.write_text(STEPS.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_flowchart(path)
    assert line in str(caught.value)


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
        ("出示证件，告知理由、依据、权利", 7, ["出示证件，", "告知理由、", "依据、权利"]),
        ("2名以上人员出示证件，告知理由、依据、权利和救济途径", 11, None),
    ],
)
def test_lines_come_out_about_equal(text: str, em: int, expected: list[str] | None) -> None:
    lines = wrap(text, em)
    assert expected is None or lines == expected
    assert not any(line.startswith(("、", "，")) for line in lines)
