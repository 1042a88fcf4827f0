"""Window signs (岗位信息公示牌) as pages to print on A4 or A3, and the list of them."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.agencies import Agency
from pipeline.public.library.record import Board, Boards
from pipeline.public.page import Crumb, Page, under

#: Sizes of paper: address below the board's own, and the class that sets the page.
SIZES = {"A4": "", "A3": "a3/"}


def pages(agency: Agency, boards: Boards | None) -> Iterator[Page]:
    """The list of signs, and each sign for both sizes of paper; printed, not indexed twice."""
    if boards is None:
        return
    url = f"agencies/{agency.slug}/boards/"
    yield Page(
        url=url,
        template="boards",
        title="岗位信息公示牌",
        values={"agency": agency, "boards": boards},
        crumbs=under(agency),
        section="agencies/",
    )
    for board in boards.boards:
        for size, below in SIZES.items():
            yield _board(agency, board, url, size, below)


def _board(agency: Agency, board: Board, url: str, size: str, below: str) -> Page:
    return Page(
        url=f"{url}{board.id}/{below}",
        template="board_a3" if below else "board",  # found by searching once
        title=f"{board.window}岗位信息公示牌（{size}）",
        values={
            "agency": agency,
            "board": board,
            "size": size.lower(),
            "here": f"{url}{board.id}/",
        },
        crumbs=(*under(agency), Crumb("岗位信息公示牌", url)),
        section="agencies/",
        indexable=not below,
    )
