"""Who answers for what (岗位责任), what officers must not do, and how they behave."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.agencies import Agency
from pipeline.public.library.record import Conduct, Posts
from pipeline.public.page import Page, below


def pages(agency: Agency, posts: Posts | None, conduct: Conduct | None) -> Iterator[Page]:
    """The page of posts and the page of prohibitions and rules, where there are any."""
    if posts:
        yield below(agency, "posts/", "posts", "岗位责任", {"posts": posts})
    if conduct:
        yield below(agency, "conduct/", "conduct", "禁令和行为准则", {"conduct": conduct})
