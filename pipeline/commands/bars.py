"""Bars on a terminal while a long command works; nothing at all anywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text

from pipeline.progress import Steps, Watcher, amount, unwatched


@contextmanager
def bars(console: Console) -> Iterator[Watcher]:
    """Show every stage that is told of, with count, rate and what remains, until the end.

    A pipe, a file or a terminal that cannot move its cursor gets nothing. The bars vanish
    when all is done: what was counted stands in the report.
    """
    if not console.is_terminal or console.is_dumb_terminal:
        yield unwatched
        return
    with _Bars(
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        _Told(),
        console=console,
        transient=True,
    ) as shown:
        yield shown.watch


class _Bars(Progress):
    """Looks at the steps whenever the screen is drawn: counting itself costs nothing."""

    def watch(self, steps: Steps) -> None:
        """Show one more stage."""
        self.add_task(steps.name, total=None, steps=steps)

    def get_renderables(self) -> Iterable[RenderableType]:
        for task in self.tasks:
            steps: Steps = task.fields["steps"]
            total = steps.total or (max(steps.done, 1) if steps.over else None)
            done = total if steps.over else steps.done
            self.update(task.id, completed=done, total=total)
        yield from super().get_renderables()


class _Told(ProgressColumn):
    """12,000 / 200,000 行　21,000 行/秒　剩余 0:00:09."""

    def render(self, task: Task) -> Text:
        steps: Steps = task.fields["steps"]
        return Text("　".join(_told(steps, task)))


def _told(steps: Steps, task: Task) -> Iterator[str]:
    if steps.done:
        of = f"{amount(steps.done, steps.unit)}"
        yield f"{of} / {amount(steps.total, steps.unit)}" if steps.total > steps.done else of
    spent = steps.seconds if steps.over else task.elapsed or 0.0
    if steps.done and spent:
        yield f"{amount(steps.done / spent, steps.unit)}/秒"
    if steps.over:
        yield f"用时 {_clock(spent)}"
    elif steps.total > steps.done and steps.done:
        yield f"剩余 {_clock(spent / steps.done * (steps.total - steps.done))}"
    else:
        yield f"已用 {_clock(spent)}"


def _clock(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
