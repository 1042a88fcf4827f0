"""The folder of pages from which another generator builds: what changed is written, no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.model import Entry


def fill(folder: Path, ending: str, entries: Iterable[Entry], page: Callable[[Entry], str]) -> None:
    """A file a decision, and none of those that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {f"{one.decision.slug}{ending}": one for one in entries}
    for path in folder.glob(f"*{ending}"):
        if path.name not in wanted:
            path.unlink()
    for name, one in wanted.items():
        path, text = folder / name, page(one)
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")
