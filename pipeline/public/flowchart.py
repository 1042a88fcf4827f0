"""Flowcharts (运行流程图): steps in TOML, checked, drawn, and told as an ordered list."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from pipeline.errors import ConfigurationError
from pipeline.public.drawing import draw
from pipeline.public.page import Page, under
from pipeline.public.tables import place_of, read_text

if TYPE_CHECKING:
    from pipeline.public.content import Folder

Filled = Annotated[str, msgspec.Meta(min_length=1)]


class Next(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An arrow: to which step, and in which case (empty: always)."""

    to: Filled
    when: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step: who does what within which time, and what must be recorded."""

    id: Filled
    label: Filled
    who: str = ""
    limit: str = ""
    record: tuple[str, ...] = ()
    next: tuple[Next, ...] = ()


class Flowchart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One procedure; it starts at its first step. ``name`` is its file's name and address."""

    name: str
    title: Filled
    source: Filled
    kind: str = ""
    note: str = ""
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]

    def step(self, key: str) -> Step:
        """The step called ``key``."""
        return next(step for step in self.steps if step.id == key)


def read_flowchart(path: Path) -> Flowchart:
    """The flowchart at ``path``; raises :class:`ConfigurationError` with every problem."""
    place = place_of(path)
    try:
        table = tomllib.loads(read_text(path))
        chart = msgspec.convert({**table, "name": path.stem}, Flowchart)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError([f"{place}：不是有效的 TOML 文件（{error}）。"]) from None
    except msgspec.ValidationError as error:
        raise ConfigurationError([f"{place}：{error}。"]) from None
    if problems := [f"{place}：{problem}" for problem in check(chart.steps)]:
        raise ConfigurationError(problems)
    return chart


def check(steps: tuple[Step, ...]) -> list[str]:
    """What is wrong with the way through ``steps``: one sentence each, naming the step."""
    targets = {step.id: [arrow.to for arrow in step.next] for step in steps}
    problems = [
        f"步骤“{step.id}”出现了两次，请改成不同的 id。"
        for place, step in enumerate(steps)
        if step.id in {earlier.id for earlier in steps[:place]}
    ]
    problems += [
        f"步骤“{key}”的 next 指向不存在的步骤“{to}”。"
        for key, reached in targets.items()
        for to in reached
        if to not in targets
    ]
    if problems:
        return problems
    from_start = _reach({steps[0].id}, targets)
    ends = {key for key, reached in targets.items() if not reached}
    to_end = _reach(ends, _reversed(targets))
    for step in steps:
        if step.id not in from_start:
            problems.append(f"步骤“{step.id}”从第一步走不到，请检查前面步骤的 next。")
        elif step.id not in to_end:
            problems.append(f"步骤“{step.id}”走不到任何结束步骤，成了没有出口的循环。")
    return problems


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
    agency = folder.agency
    for chart in folder.flowcharts:
        yield Page(
            url=f"agencies/{agency.slug}/flowcharts/{chart.name}/",
            template="flowchart",
            title=chart.title,
            values={
                "agency": agency,
                "chart": chart,
                "drawing": draw(chart.steps),
                "numbers": {step.id: number for number, step in enumerate(chart.steps, 1)},
            },
            crumbs=under(agency),
            section="agencies/",
        )
