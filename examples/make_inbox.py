"""Make the demonstration exports: ``python examples/make_inbox.py [DIR]``.

Writes ``inbox/`` and ``broken/`` under DIR (this folder when none is given). The same
bytes every time: the seed is fixed and no file carries the time of its making.
Everything in them is invented.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from invent.broken import broken_files
from invent.files import SEED, inbox_files
from invent.handling import handling_files
from invent.side_tables import side_tables


def make(folder: Path) -> None:
    """Write all files; older ones of the same names are replaced, others removed."""
    inbox = inbox_files()
    good = next(data for name, data in inbox.items() if name.endswith(".xlsx"))
    _write(folder / "inbox", inbox)
    _write(folder / "broken", broken_files(good, Random(SEED)))
    _write(folder / "comply" / "inbox", handling_files())
    _write(folder / "comply" / "tables", side_tables())


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.rglob("*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
