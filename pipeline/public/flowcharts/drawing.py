"""Lays a flowchart out: Graphviz gives places only, the theme's template draws.

Sizes of boxes and labels are computed here, one Chinese character being one em, so
that text fits whatever fonts the building machine has. Every edge carries an id:
Graphviz does not keep their order.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.errors import GongshiError
from pipeline.public.flowcharts.lettering import Block, Line, block, set_lines, wrap

if TYPE_CHECKING:
    from pipeline.public.flowcharts.flowchart import Next, Step

_LABEL_EM, _NOTE_EM, _WHEN_EM = 12, 15, 8  # em a line
_PAD_X, _PAD_Y = 16, 11
_MARGIN = 6
_SECONDS = 20


class Box(NamedTuple):
    """A step's box; ``shape`` is start, end, choice or step."""

    key: str
    shape: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]


class Arrow(NamedTuple):
    """An edge: its path, and its label's lines on a box of their own."""

    tail: str
    head: str
    path: str
    label: tuple[Line, ...]
    label_box: tuple[float, float, float, float] | None


class Band(NamedTuple):
    """A lane: whose it is, from where to where."""

    lines: tuple[Line, ...]
    x: float
    width: float


class Drawing(NamedTuple):
    """A flowchart with every place settled, in px. ``bands``: the lanes, where it has any."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    bands: tuple[Band, ...] = ()


def draw(steps: tuple[Step, ...]) -> Drawing:
    """Boxes and arrows of ``steps``; raises :class:`GongshiError` when Graphviz fails."""
    sizes = [box_block(step, _LABEL_EM, _NOTE_EM) for step in steps]
    edges = [(step, arrow) for step in steps for arrow in step.next]
    labels = [label_block(arrow, _WHEN_EM) for _, arrow in edges]
    plan = _graphviz(_dot(steps, sizes, edges, labels))
    left, bottom, right, top = (float(n) for n in plan["bb"].split(","))

    def at(x: float, y: float) -> tuple[float, float]:
        return round(x - left + _MARGIN, 1), round(top - y + _MARGIN, 1)

    nodes = {node["name"]: node for node in plan["objects"]}
    lines = {edge["id"]: edge for edge in plan.get("edges", [])}
    boxes = tuple(
        _box(step, size, at(*_pair(nodes[f"n{i}"]["pos"])), first=i == 0)
        for i, (step, size) in enumerate(zip(steps, sizes, strict=True))
    )
    arrows = tuple(
        _arrow(step, arrow, labels[i], lines[f"e{i}"], at) for i, (step, arrow) in enumerate(edges)
    )
    return Drawing(
        round(right - left + 2 * _MARGIN, 1), round(top - bottom + 2 * _MARGIN, 1), boxes, arrows
    )


def shape_of(step: Step, *, first: bool) -> str:
    """start, end, choice (its arrows have conditions) or step."""
    choice = any(arrow.when for arrow in step.next)
    return "start" if first else "end" if not step.next else "choice" if choice else "step"


def box_block(step: Step, label_em: int, note_em: int, *, who: bool = True) -> Block:
    """What stands in a step's box: label, who (unless the lane says so), time limit."""
    lines = [(line, False) for line in wrap(step.label, label_em)]
    for note in (step.who if who else "", f"时限：{step.limit}" if step.limit else ""):
        lines += [(line, True) for line in wrap(note, note_em)]
    return block(lines, _PAD_X, _PAD_Y)


def label_block(arrow: Next, em: int) -> Block:
    """An arrow's condition."""
    return block(((line, True) for line in wrap(arrow.when, em)), 4, 2)


def box_at(step: Step, size: Block, x: float, top: float, *, first: bool) -> Box:
    """The step's box around ``x``, from ``top`` down."""
    return Box(
        key=step.id,
        shape=shape_of(step, first=first),
        x=round(x - size.width / 2, 1),
        y=round(top, 1),
        width=size.width,
        height=size.height,
        lines=set_lines(size.lines, x, top + _PAD_Y),
    )


def _dot(
    steps: tuple[Step, ...],
    sizes: list[Block],
    edges: list[tuple[Step, Next]],
    labels: list[Block],
) -> str:
    place = {step.id: i for i, step in enumerate(steps)}
    out = ['digraph { graph [rankdir=TB, nodesep=0.35, ranksep=0.42]; node [shape=box, label=""];']
    for i, size in enumerate(sizes):
        inches = f"width={size.width / 72:.4f}, height={size.height / 72:.4f}"
        out.append(f"n{i} [fixedsize=true, {inches}];")
    for i, (step, arrow) in enumerate(edges):
        label = _html_label(labels[i]) if arrow.when else ""
        out.append(f"n{place[step.id]} -> n{place[arrow.to]} [id=e{i}{label}];")
    return "\n".join([*out, "}"])


def _html_label(size: Block) -> str:
    """An empty table of the label's size: it keeps the room free, whatever the fonts."""
    box = f'fixedsize="true" width="{size.width:.0f}" height="{size.height:.0f}"'
    table = f'<table border="0" cellborder="0" cellspacing="0" cellpadding="0" {box}>'
    return f", label=<{table}<tr><td></td></tr></table>>"


def _graphviz(dot: str) -> dict[str, Any]:
    done = subprocess.run(
        [_program(), "-Tjson0"], input=dot, capture_output=True, text=True, timeout=_SECONDS
    )
    if done.returncode:
        raise GongshiError(f"流程图布局程序出错：{done.stderr.strip()[:200]}")
    plan: dict[str, Any] = json.loads(done.stdout)
    return plan


def _program() -> str:
    """graphviz-pure of the running environment, else on the path, else Graphviz's dot."""
    beside = shutil.which("graphviz-pure", path=str(Path(sys.executable).parent))
    found = beside or shutil.which("graphviz-pure") or shutil.which("dot")
    if not found:
        raise GongshiError("找不到流程图布局程序，请重新安装依赖 graphviz-pure。")
    return found


def _box(step: Step, size: Block, centre: tuple[float, float], *, first: bool) -> Box:
    return box_at(step, size, centre[0], centre[1] - size.height / 2, first=first)


def _arrow(step: Step, arrow: Next, size: Block, edge: dict[str, Any], at: Any) -> Arrow:
    tip, *points = edge["pos"].split()
    places = [at(*_pair(point)) for point in points]
    start, rest = places[0], places[1:]
    path = f"M{start[0]} {start[1]}C" + " ".join(f"{x} {y}" for x, y in rest)
    end_x, end_y = at(*_pair(tip.removeprefix("e,")))
    if not arrow.when:
        return Arrow(step.id, arrow.to, f"{path}L{end_x} {end_y}", (), None)
    x, y = at(*_pair(edge["lp"]))
    top = y - size.height / 2
    box = (round(x - size.width / 2, 1), round(top, 1), size.width, size.height)
    return Arrow(
        step.id, arrow.to, f"{path}L{end_x} {end_y}", set_lines(size.lines, x, top + 2), box
    )


def _pair(text: str) -> tuple[float, float]:
    x, y = text.split(",")
    return float(x), float(y)
