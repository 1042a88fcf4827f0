"""What a decision shows on pages, in lists and in downloads, each rendered once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import msgspec
from jinja2 import Environment, Template
from markupsafe import escape

from pipeline.errors import ConfigurationError
from pipeline.model import Entry
from pipeline.public import decisions
from pipeline.public.content import Folder
from pipeline.public.decisions import Line
from pipeline.public.downloads.lines import Lines, lines

_HERE = Path(__file__).resolve()
#: The templates of parts, with all that they import.
TEMPLATES = (
    "decision_meta.html",
    "decision_body.html",
    "decision_earlier.html",
    "decision_later.html",
    "withdrawn_body.html",
    "macros.html",
)
#: What the words of a part come from, beside templates and content.
_SOURCES = (
    *(_HERE.parents[1] / name for name in ("decisions.py", "show.py", "page.py")),
    *(
        _HERE.parents[1] / "downloads" / f"{name}.py"
        for name in ("double", "lines", "open_data", "spreadsheet")
    ),
    *(_HERE.parents[2] / name for name in ("inert.py", "model.py", "fields.py", "fields.toml")),
    _HERE,
)
#: Stands for the way back to the site's root in a list item. No text of a store holds it.
ROOT = "\0"


class Parts(NamedTuple):
    """The parts of one decision, as bytes of HTML; ``lines`` are those of the downloads.

    ``earlier`` and ``later``: the link by which its neighbours name it.
    """

    title: bytes
    meta: bytes
    body: bytes
    earlier: bytes
    later: bytes
    item: bytes
    lines: Lines


class Setter:
    """Renders parts with the theme's own templates."""

    def __init__(self, environment: Environment, folders: Mapping[str, Folder]) -> None:
        self._environment, self._folders = environment, folders
        shared = _digest(_sources(environment))
        self._grounds = {
            slug: _digest([shared, msgspec.json.encode(folder.agency, order="deterministic")])
            for slug, folder in folders.items()
        }

    @property
    def grounds(self) -> bytes:
        """What all parts depend on beside their decisions."""
        return _digest([*map(str.encode, sorted(self._grounds)), *self._grounds.values()])

    def grounds_of(self, agency: str) -> bytes:
        """What the parts of an agency's decisions depend on beside themselves."""
        return self._grounds.get(agency, b"")

    @cached_property
    def _templates(self) -> dict[str, Template]:
        return {name: self._environment.get_template(name) for name in TEMPLATES}

    @cached_property
    def _item(self) -> Callable[..., str]:
        found: Callable[..., str] = self._templates["macros.html"].module.item  # type: ignore[attr-defined]
        return found

    def check(self, agencies: Iterable[str]) -> None:
        """Raise :class:`ConfigurationError` for agencies that have no folder."""
        if unknown := sorted(set(agencies) - self._folders.keys()):
            named = "、".join(unknown)
            raise ConfigurationError([f"公开库中有 content/agencies 下没有的机关：{named}。"])

    def set(self, entry: Entry, here: Line, related: Mapping[str, Line]) -> Parts:
        """The parts of ``entry``; ``related`` are the lines it names, by slug."""
        folder = self._folders[entry.decision.agency]
        page = decisions.page(entry, folder, (None, None), related)
        given = {**page.values, "title": page.title, "root": page.root}
        kind = "withdrawn_body.html" if entry.withdrawal else "decision_body.html"
        return Parts(
            title=str(escape(page.title)).encode(),
            meta=b"" if entry.withdrawal else self._render("decision_meta.html", given),
            body=self._render(kind, given),
            earlier=self._render("decision_earlier.html", {"earlier": here, "root": page.root}),
            later=self._render("decision_later.html", {"later": here, "root": page.root}),
            item=str(self._item(here, folder.agency, ROOT)).encode(),
            lines=lines(entry, self._folders),
        )

    def _render(self, name: str, values: Mapping[str, object]) -> bytes:
        return self._templates[name].render(values).encode()


def _sources(environment: Environment) -> list[bytes]:
    found = [version("jinja2").encode(), *(path.read_bytes() for path in _SOURCES)]
    return [*found, *(_source(environment, name).encode() for name in TEMPLATES)]


def _source(environment: Environment, name: str) -> str:
    assert environment.loader  # noqa: S101 - every environment of ours has one
    return environment.loader.get_source(environment, name)[0]


def _digest(parts: Iterable[bytes]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()
