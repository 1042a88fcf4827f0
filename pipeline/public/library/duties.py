"""Who answers for what (岗位责任), what officers must not do, and how they behave."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.agencies import Agency
from pipeline.public.library.record import Conduct, Posts
from pipeline.public.page import Page, under


def pages(agency: Agency, posts: Posts | None, conduct: Conduct | None) -> Iterator[Page]:
    """The page of posts and the page of prohibitions and rules, where there are any."""
    if posts:
        yield _page(agency, "posts", "岗位责任", {"posts": posts})
    if conduct:
        yield _page(agency, "conduct", "禁令和行为准则", {"conduct": conduct})


def _page(agency: Agency, name: str, title: str, values: dict[str, object]) -> Page:
    return Page(
        url=f"agencies/{agency.slug}/{name}/",
        template=name,
        title=title,
        values={"agency": agency, **values},
        crumbs=under(agency),
        section="agencies/",
    )
