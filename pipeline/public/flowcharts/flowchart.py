"""Flowcharts (运行流程图): steps in TOML, checked, drawn, and told as an ordered list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import msgspec

from pipeline import by_schema
from pipeline.agencies import Agency
from pipeline.errors import ConfigurationError
from pipeline.model import KIND_LABELS, Kind
from pipeline.policy import Policy
from pipeline.public.flowcharts.drawing import draw
from pipeline.public.flowcharts.lanes import draw_rows
from pipeline.public.page import Page, below
from pipeline.public.read.tables import place_of, read_text

if TYPE_CHECKING:
    from pipeline.public.content import Folder

Filled = Annotated[str, msgspec.Meta(min_length=1)]

#: What a chart can be about, in the order pages show them, beside the kinds of decision.
KINDS = ("licence", "penalty", "coercion", "levy", "inspection", "legal_review", "complaint", "")
_TERM = re.compile(r"\{([a-z_]+)\}")


class Next(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An arrow: to which step, and in which case (empty: always)."""

    to: Filled
    when: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step: who does what within which time, and what must be recorded.

    ``lane`` is who stands at the head of its swim lane, where that is wider than ``who``.
    """

    id: Filled
    label: Filled
    who: str = ""
    lane: str = ""
    limit: str = ""
    record: tuple[str, ...] = ()
    next: tuple[Next, ...] = ()


class Flowchart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One procedure; it starts at its first step. ``name`` is its file's name and address.

    ``shared``: drawn for all agencies of the site, not by the agency itself.
    """

    name: str
    title: Filled
    source: Filled
    kind: Literal[
        "licence", "penalty", "coercion", "levy", "inspection", "legal_review", "complaint", ""
    ] = ""
    note: str = ""
    shared: bool = False
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]

    def step(self, key: str) -> Step:
        """The step called ``key``."""
        return next(step for step in self.steps if step.id == key)


class Fault(NamedTuple):
    """Something wrong with the way through a chart: at which step, counted from 0."""

    step: int
    what: str


def read_flowchart(path: Path) -> Flowchart:
    """The flowchart at ``path``; raises :class:`ConfigurationError` with every problem."""
    return _parse(read_text(path), place_of(path), path.stem)


def with_shared(
    content: Path, agency: Agency, policy: Policy, own: Iterable[Flowchart]
) -> tuple[Flowchart, ...]:
    """The agency's charts and those of ``content/flowcharts`` that it has none of its own for.

    A shared chart about a kind of decision is left out where the agency has no such power;
    its words in braces are the numbers of the agency's policy.
    """
    charts = {chart.name: chart for chart in own}
    powers = {power.kind for power in agency.powers}
    for path in sorted(content.glob("flowcharts/*.toml")):
        if path.stem not in charts:
            chart = _parse(_filled(path, policy), place_of(path), path.stem, shared=True)
            label = KIND_LABELS[Kind(chart.kind)] if chart.kind in set(Kind) else ""
            if not label or label in powers:
                charts[path.stem] = chart
    order = {kind: place for place, kind in enumerate(KINDS)}
    return tuple(sorted(charts.values(), key=lambda chart: (order[chart.kind], chart.name)))


def terms(policy: Policy) -> dict[str, str]:
    """The words that a shared chart may put in braces, and what the policy says for them."""
    review, complaint = policy.legal_review, policy.complaint
    units = {"working_day": "个工作日", "calendar_day": "日"}
    words = {
        "review": f"{review.days}{units[review.unit]}",
        "review_more": f"{review.extension_days}{units[review.extension_unit]}",
        "accept": f"{complaint.accept_working_days}个工作日",
        "close": f"{complaint.close_calendar_days}日",
        "extend": f"{complaint.extension_calendar_days}日",
        "approver": complaint.extension_approved_by,
        "review_source": review.source,
        "complaint_source": complaint.source,
    }
    for kind, deadline in policy.deadlines.items():
        words[f"publish_{kind.value}"] = f"{deadline.days}{units[deadline.unit]}"
    return words


def _filled(path: Path, policy: Policy) -> str:
    text, words = read_text(path), terms(policy)
    for found in _TERM.finditer(text):
        if found[1] not in words:
            line = text.count("\n", 0, found.start()) + 1
            known = "、".join(sorted(words))
            raise ConfigurationError(
                [f"{place_of(path)}：第{line}行没有名为“{found[1]}”的期限；可用的有：{known}。"]
            )
    return _TERM.sub(lambda found: words[found[1]], text)


def _parse(text: str, place: str, name: str, *, shared: bool = False) -> Flowchart:
    table = by_schema.checked(text, "flowchart", place)
    chart = msgspec.convert({**table, "name": name, "shared": shared}, Flowchart)
    lines = by_schema.lines_of(text)
    problems = [
        f"{place}：第{lines.get(('steps', fault.step), 1)}行{fault.what}"
        for fault in check(chart.steps)
    ]
    if problems:
        raise ConfigurationError(problems)
    return chart


def check(steps: tuple[Step, ...]) -> list[Fault]:
    """What is wrong with the way through ``steps``: one sentence each, naming the step."""
    targets = {step.id: [arrow.to for arrow in step.next] for step in steps}
    faults = [
        Fault(place, f"步骤“{step.id}”出现了两次，请改成不同的 id。")
        for place, step in enumerate(steps)
        if step.id in {earlier.id for earlier in steps[:place]}
    ]
    faults += [
        Fault(place, f"步骤“{step.id}”的 next 指向不存在的步骤“{arrow.to}”。")
        for place, step in enumerate(steps)
        for arrow in step.next
        if arrow.to not in targets
    ]
    if faults:
        return faults
    from_start = _reach({steps[0].id}, targets)
    ends = {key for key, reached in targets.items() if not reached}
    to_end = _reach(ends, _reversed(targets))
    for place, step in enumerate(steps):
        if step.id not in from_start:
            what = f"步骤“{step.id}”从第一步走不到，请检查前面步骤的 next。"
            faults.append(Fault(place, what))
        elif step.id not in to_end:
            what = f"步骤“{step.id}”走不到任何结束步骤，成了没有出口的循环。"
            faults.append(Fault(place, what))
    return faults


def _reach(start: set[str], arrows: Mapping[str, list[str]]) -> set[str]:
    found, waiting = set(start), list(start)
    while waiting:
        for key in arrows[waiting.pop()]:
            if key not in found:
                found.add(key)
                waiting.append(key)
    return found


def _reversed(arrows: Mapping[str, list[str]]) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {key: [] for key in arrows}
    for key, targets in arrows.items():
        for target in targets:
            turned[target].append(key)
    return turned


def pages(folder: Folder) -> Iterator[Page]:
    """One page a flowchart of the agency: the drawing and the same steps as a list."""
    for chart in folder.flowcharts:
        values = {
            "chart": chart,
            "whole": draw(chart.steps),
            "narrow": draw_rows(chart.steps),
            "lanes": draw_rows(chart.steps, [s.lane or s.who or "其他" for s in chart.steps]),
            "numbers": {step.id: number for number, step in enumerate(chart.steps, 1)},
        }
        yield below(folder.agency, f"flowcharts/{chart.name}/", "flowchart", chart.title, values)
