"""Flowcharts with one step a row: in one column for narrow screens, or in swim lanes.

Arrows run at right angles, each on tracks of its own: a slot in the gap under its step,
where its label stands; a line in a gutter beside a lane; a slot above its target. No two
arrows share a track, so that no label can be taken for another arrow's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.public.flowcharts.drawing import (
    Arrow,
    Band,
    Box,
    Drawing,
    box_at,
    box_block,
    label_block,
)
from pipeline.public.flowcharts.lettering import Block, block, set_lines, wrap

if TYPE_CHECKING:
    from pipeline.public.flowcharts.flowchart import Next, Step

_LABEL_EM, _NOTE_EM, _WHEN_EM, _BAND_EM = 11, 14, 6, 10  # em a line
_PORT = 16  # between the arrows that leave or reach a box on one side
_TRACK = 12  # between lines in a gutter and slots above a box
_PAD = 10  # above and below what is in a gap
_EDGE = 14  # between a lane's box and the first line of the gutter beside it
_MARGIN = 4
_LEAST = 200.0  # a lane's width, so that labels find room beside its middle


@dataclass
class _Edge:
    """An arrow on its way: from row to row, turning ``out`` and coming ``into`` (-1 is left).

    ``gutter`` is None for an arrow to the next row: it needs none. ``straight``: no turn.
    """

    tail: int
    head: int
    arrow: Next
    label: Block
    out: int = 0
    into: int = 0
    gutter: int | None = None
    straight: bool = False
    slot: int = 0
    port: int = 0
    landing: int = 0
    arriving: int = 0
    track: int = 0


def draw_rows(steps: tuple[Step, ...], lanes: Sequence[str] = ()) -> Drawing:
    """``steps`` one below the other; with ``lanes`` (one for each step) in swim lanes."""
    names = list(dict.fromkeys(lanes)) or [""]
    lane = [names.index(name) for name in lanes] or [0] * len(steps)
    return _Rows(steps, names, lane).drawing()


class _Rows:
    """One drawing: routes first, then the room they need, then places."""

    def __init__(self, steps: tuple[Step, ...], names: list[str], lane: list[int]) -> None:
        self.steps, self.names, self.lane = steps, names, lane
        self.sizes = [
            box_block(step, _LABEL_EM, _NOTE_EM, who=step.who != names[own])
            for step, own in zip(steps, lane, strict=True)
        ]
        row = {step.id: i for i, step in enumerate(steps)}
        self.edges = [
            _Edge(i, row[arrow.to], arrow, label_block(arrow, _WHEN_EM))
            for i, step in enumerate(steps)
            for arrow in step.next
        ]
        self._turn()
        self._take_slots()
        self._widen()
        self.tracks = self._take_tracks()

    def _turn(self) -> None:
        """Decide for each arrow on which side it leaves, which gutter it takes, where it lands."""
        straight: set[int] = set()
        for edge in self.edges:
            here, there = self.lane[edge.tail], self.lane[edge.head]
            next_row = edge.head == edge.tail + 1
            if next_row and here == there and edge.tail not in straight:
                straight.add(edge.tail)
                edge.straight = True
            elif here == there:
                side = 1 if edge.head > edge.tail else -1
                edge.out = edge.into = side
                edge.gutter = here + (side > 0)
            else:
                edge.out = 1 if there > here else -1
                edge.into = -edge.out
                edge.gutter = None if next_row else there + (edge.into > 0)

    def _take_slots(self) -> None:
        """Outer ports turn first (the higher slot) and arrive last (the lower): no overlap."""
        leaving, reaching = defaultdict(list), defaultdict(list)
        for edge in self.edges:
            if not edge.straight:
                leaving[edge.tail, edge.out].append(edge)
                reaching[edge.head, edge.into].append(edge)
        for edges in leaving.values():
            edges.sort(key=lambda edge: edge.gutter is None)  # to the next row: the deepest
            for slot, edge in enumerate(edges):
                edge.slot, edge.port = slot, len(edges) - slot
        for edges in reaching.values():
            edges.sort(key=lambda edge: (edge.gutter is not None, edge.slot))
            for slot, edge in enumerate(edges):
                edge.landing, edge.arriving = slot, slot + 1

    def _widen(self) -> None:
        """Give each box room for the arrows that leave and reach it."""
        for edge in self.edges:
            for row, port in ((edge.tail, edge.port), (edge.head, edge.arriving)):
                size = self.sizes[row]
                self.sizes[row] = size._replace(width=max(size.width, 2 * _PORT * port + 16))

    def _take_tracks(self) -> list[int]:
        """Short arrows run next to the lane; how many lines each gutter needs."""
        taken: list[list[list[tuple[int, int]]]] = [[] for _ in range(len(self.names) + 1)]
        through = [edge for edge in self.edges if edge.gutter is not None]
        for edge in sorted(through, key=lambda e: (abs(e.head - 1 - e.tail), e.tail, e.head)):
            low, high = sorted((edge.tail, edge.head - 1))
            lines = taken[edge.gutter or 0]
            free = (n for n, runs in enumerate(lines) if all(b < low or high < a for a, b in runs))
            edge.track = next(free, len(lines))
            if edge.track == len(lines):
                lines.append([])
            lines[edge.track].append((low, high))
        return [len(lines) for lines in taken]

    def drawing(self) -> Drawing:
        """Every place settled."""
        self._settle_columns()
        heads = [block(((n, False) for n in wrap(name, _BAND_EM)), 6, 6) for name in self.names]
        named = self.names != [""]
        self._settle_rows(max(head.height for head in heads) if named else 0)
        boxes = tuple(self._box(row) for row in range(len(self.steps)))
        bands = tuple(
            Band(
                set_lines(head.lines, centre, _MARGIN + 6),
                round(centre - self.room / 2, 1),
                self.room,
            )
            for head, centre in zip(heads, self.centres, strict=True)
        )
        arrows = tuple(self._arrow(edge) for edge in self.edges)
        return Drawing(self.width, self.height, boxes, arrows, bands if named else ())

    def _settle_columns(self) -> None:
        """Where each lane's middle is, and where each gutter begins and ends."""
        self.room = max(_LEAST, *(size.width + 12 for size in self.sizes))
        self.gutters: list[tuple[float, float]] = []
        self.centres: list[float] = []
        x = float(_MARGIN)
        for number, tracks in enumerate(self.tracks):
            inner = 0 < number < len(self.names)
            end = x + (2 * _EDGE + max(0, tracks - 1) * _TRACK if tracks else 10 * inner)
            self.gutters.append((x, end))
            if number < len(self.names):
                self.centres.append(round(end + self.room / 2, 1))
                x = end + self.room
        self.width = round(self.gutters[-1][1] + _MARGIN, 1)

    def _settle_rows(self, head: float) -> None:
        """Where each box begins, and where the slots of each gap are."""
        self.tops: list[float] = []
        self.slots: dict[int, list[float]] = {}  # middle of each slot under a row
        self.straight_at: dict[int, float] = {}
        self.landings: dict[int, list[float]] = {}  # of each slot above a row
        y = _MARGIN + head
        for row in range(len(self.steps)):
            y = self._land(row, y + (_PAD if row or head else 0))
            self.tops.append(y)
            y = self._leave(row, y + self.sizes[row].height)
        self.height = round(y + _MARGIN, 1)

    def _land(self, row: int, y: float) -> float:
        count = 1 + max(
            (e.landing for e in self.edges if e.head == row and e.gutter is not None), default=-1
        )
        self.landings[row] = [y + i * _TRACK for i in range(count)]
        return y + count * _TRACK + (_PAD if count or any(e.head == row for e in self.edges) else 0)

    def _leave(self, row: int, y: float) -> float:
        own = [edge for edge in self.edges if edge.tail == row]
        turning = [edge for edge in own if not edge.straight]
        self.slots[row] = []
        y += _PAD if turning else 0
        for slot in range(1 + max((edge.slot for edge in turning), default=-1)):
            tall = max(edge.label.height for edge in turning if edge.slot == slot)
            self.slots[row].append(y + max(tall, _TRACK) / 2)
            y += max(tall, _TRACK) + 4
        for edge in own:
            if edge.straight and edge.arrow.when:
                self.straight_at[row] = y + 2 + edge.label.height / 2
                y += edge.label.height + 4
        return y

    def _box(self, row: int) -> Box:
        step, centre = self.steps[row], self.centres[self.lane[row]]
        return box_at(step, self.sizes[row], centre, self.tops[row], first=row == 0)

    def _arrow(self, edge: _Edge) -> Arrow:
        points = [(round(x, 1), round(y, 1)) for x, y in self._points(edge)]
        path = "M" + "L".join(f"{x} {y}" for x, y in points)
        if not edge.arrow.when:
            return Arrow(self.steps[edge.tail].id, edge.arrow.to, path, (), None)
        size = edge.label
        if edge.straight:
            x, y = points[0][0] - size.width / 2, self.straight_at[edge.tail]
        else:
            y = points[1][1]
            x = points[1][0] + 5 if edge.out > 0 else points[1][0] - 5 - size.width
        x, top = max(0, min(x, self.width - size.width)), round(y - size.height / 2, 1)
        lines = set_lines(size.lines, x + size.width / 2, top + 2)
        room = (round(x, 1), top, size.width, size.height)
        return Arrow(self.steps[edge.tail].id, edge.arrow.to, path, lines, room)

    def _points(self, edge: _Edge) -> list[tuple[float, float]]:
        start = self.centres[self.lane[edge.tail]] + edge.out * edge.port * _PORT
        end = self.centres[self.lane[edge.head]] + edge.into * edge.arriving * _PORT
        bottom, top = self.tops[edge.tail] + self.sizes[edge.tail].height, self.tops[edge.head]
        if edge.straight:
            return [(start, bottom), (end, top)]
        turn = self.slots[edge.tail][edge.slot]
        if edge.gutter is None:
            return [(start, bottom), (start, turn), (end, turn), (end, top)]
        line, landing = self._line(edge), self.landings[edge.head][edge.landing]
        return [
            (start, bottom),
            (start, turn),
            (line, turn),
            (line, landing),
            (end, landing),
            (end, top),
        ]

    def _line(self, edge: _Edge) -> float:
        return self.gutters[edge.gutter or 0][0] + _EDGE + edge.track * _TRACK
