"""The gone-list: what nginx answers with 410, once a decision's page is taken down.

One line a decision, its address's last part; nothing of number, party or content can be
read from it. It stands in the release, so that it goes where the site goes and its
manifest proves it; ``deploy/nginx/gongshi.conf`` reads it and keeps it from visitors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.model import Gone
from pipeline.public.page import File

NAME = "gone.map"
_HEAD = "# 曾经公开、现已撤下的决定：服务器对其地址回答 410。由程序生成，请勿手改。\n"
_LINE = re.compile(r"(?m)^([A-Za-z0-9_-]+) 1;$")


def gone_map(gone: Iterable[Gone]) -> File:
    """``gone.map`` of a release; a withdrawn decision keeps the address of its notice."""
    return listed(one.slug for one in gone if not one.notice)


def listed(slugs: Iterable[str]) -> File:
    """The file for these slugs, in any order."""
    return File(NAME, (_HEAD + "".join(f"{slug} 1;\n" for slug in sorted(set(slugs)))).encode())


def slugs_of(body: bytes) -> set[str]:
    """The slugs that a gone-list names."""
    return set(_LINE.findall(body.decode()))
