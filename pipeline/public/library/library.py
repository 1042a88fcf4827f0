"""What an agency publishes beside rosters, checklists and flowcharts: one field of its folder.

Guides, window signs, regulations, guiding cases, posts, conduct, and the yearly figures
that the public store cannot know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pipeline.public.library import board, cases, duties, guide, laws, regulation, screen
from pipeline.public.library.figures import Figures, read_figures
from pipeline.public.library.record import Boards, Case, Conduct, Guide, Posts, reader
from pipeline.public.library.regulation import ENDINGS, Regulation, read_regulation
from pipeline.public.page import Page
from pipeline.public.read.problems import Problems
from pipeline.public.read.tables import place_of

if TYPE_CHECKING:
    from pipeline.public.content import Content, Folder
    from pipeline.public.decisions import Line

T = TypeVar("T")


class Library(NamedTuple):
    """All of it, in the order of the file names."""

    guides: tuple[Guide, ...] = ()
    boards: Boards | None = None
    regulations: tuple[Regulation, ...] = ()
    cases: tuple[Case, ...] = ()
    posts: Posts | None = None
    conduct: Conduct | None = None
    figures: tuple[Figures, ...] = ()


def read_library(folder: Path, problems: Problems) -> Library:
    """What stands in an agency's ``folder``; what is wrong goes to ``problems``."""

    def each(pattern: str, read: Callable[[Path], T]) -> tuple[T, ...]:
        found = []
        for path in sorted(folder.glob(pattern)):
            with problems.collecting():
                found.append(read(path))
        return tuple(found)

    def one(name: str, read: Callable[[Path], T]) -> T | None:
        return next(iter(each(name, read)), None)

    boards = one("boards.toml", reader("boards", Boards))
    for repeated in _repeated([sign.id for sign in boards.boards] if boards else []):
        problems.add(f"{folder.name}/boards.toml", f"代号“{repeated}”出现了两次，请改成不同的。")
    return Library(
        guides=each("guides/*.toml", reader("guide", Guide)),
        boards=boards,
        regulations=_regulations(folder, problems),
        cases=each("cases/*.toml", reader("case", Case)),
        posts=one("posts.toml", reader("posts", Posts)),
        conduct=one("conduct.toml", reader("conduct", Conduct)),
        figures=tuple(row for rows in each("figures.csv", read_figures) for row in rows),
    )


def _regulations(folder: Path, problems: Problems) -> tuple[Regulation, ...]:
    found: dict[str, Regulation] = {}
    for path in sorted(folder.glob("regulations/[!.~]*")):
        if path.suffix not in ENDINGS:
            known = "、".join(ENDINGS)
            problems.add(place_of(path), f"制度文件应为 {known}，请另存或者移走。")
        elif path.stem in found:
            problems.add(place_of(path), "有两个同名的制度文件，请改名。")
        else:
            with problems.collecting():
                found[path.stem] = read_regulation(path)
    return tuple(found.values())


def _repeated(names: Sequence[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def pages(content: Content, lines: Sequence[Line], today: date) -> Iterator[Page]:
    """Every page of the libraries but the statistics, and the lobby screens."""
    for folder in content.folders.values():
        agency, own = folder.agency, folder.library
        charts, changed = {chart.name for chart in folder.flowcharts}, _changed(content, folder)
        yield from guide.pages(agency, own.guides, charts, changed)
        yield from board.pages(agency, own.boards)
        yield from regulation.pages(agency, own.regulations)
        yield from cases.pages(agency, own.cases, today, changed)
        yield from duties.pages(agency, own.posts, own.conduct)
    yield from screen.pages(content.folders.values(), lines)


def _changed(content: Content, folder: Folder) -> laws.Changed:
    """What tells the changes of law that a text of the folder has not followed yet."""
    period = folder.policy.pre_disclosure

    def changed(basis: Sequence[str], updated: date) -> list[laws.Flag]:
        known, calendar = content.laws, content.calendar
        return laws.flags("；".join(basis), updated.isoformat(), known, period, calendar)

    return changed
