"""Window signs (岗位信息公示牌) as pages to print on A4 or A3, and the list of them."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.agencies import Agency
from pipeline.public.library.record import Board, Boards
from pipeline.public.page import Page, below

#: Sizes of paper: address below the board's own, and the class that sets the page.
SIZES = {"A4": "", "A3": "a3/"}


def pages(agency: Agency, boards: Boards | None) -> Iterator[Page]:
    """The list of signs, and each sign for both sizes of paper; printed, not indexed twice."""
    if boards is None:
        return
    listed = below(agency, "boards/", "boards", "岗位信息公示牌", {"boards": boards})
    yield listed
    for board in boards.boards:
        for size, place in SIZES.items():
            yield _board(agency, board, listed, size, place)


def _board(agency: Agency, board: Board, listed: Page, size: str, place: str) -> Page:
    return below(
        agency,
        f"boards/{board.id}/{place}",
        "board_a3" if place else "board",  # found by searching once
        f"{board.window}岗位信息公示牌（{size}）",
        {"board": board, "size": size.lower(), "here": f"{listed.url}{board.id}/"},
        after=listed,
        indexable=not place,
    )
