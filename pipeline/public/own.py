"""What the office says of itself, public by nature: the audit must not take it for a leak."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.public.content import Folder
from pipeline.public.read.word import read_word

_TEXTS = {".md", ".toml", ".csv", ".txt"}


def values(folders: Mapping[str, Folder]) -> dict[str, list[str]]:
    """What each agency publishes of itself: contacts, officers' certificate numbers."""
    return {
        slug: [*folder.agency.own_values, *(o.cells["certificate"] for o in folder.officers)]
        for slug, folder in folders.items()
    }


def texts(content: Path) -> Iterator[str]:
    """Everything the office wrote itself."""
    for path in sorted(content.rglob("*")):
        if path.suffix in _TEXTS:
            yield path.read_text(encoding="utf-8", errors="replace")
        elif path.suffix == ".docx":
            yield read_word(path)
