"""How templates are read: the same for Pelican's run and for what is rendered before it."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from pipeline.public import show

#: Autoescape is off in Pelican unless asked for; a run does not look whether a template was
#: edited since it was read, which it would do for every part of every page.
OPTIONS = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True, "auto_reload": False}


def environment(theme: Path) -> Environment:
    """The templates of a theme as Pelican sees them."""
    found = Environment(loader=FileSystemLoader(theme / "templates"), **OPTIONS)  # type: ignore[arg-type]  # noqa: S701
    found.filters.update(show.FILTERS)
    return found
