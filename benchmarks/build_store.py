"""Takes decisions into the public store, parts and all: ``build_store.py ENTRIES STORE CONTENT``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # its own folder has a numbers.py

from benchmarks.build_corpus import TODAY, unpacked  # noqa: E402
from pipeline.build import THEME  # noqa: E402
from pipeline.public import content, store  # noqa: E402
from pipeline.public.press import shelf  # noqa: E402
from pipeline.public.press.parts import Setter  # noqa: E402
from pipeline.public.theme import environment  # noqa: E402

if __name__ == "__main__":
    entries, database, office = map(Path, sys.argv[1:])
    store.write(database, unpacked(entries.read_bytes()), today=TODAY)
    shelf.refresh(database, Setter(environment(THEME), content.load(office).folders))
