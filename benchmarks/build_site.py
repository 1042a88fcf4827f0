"""One build of ours: ``build_site.py CONTENT OUTPUT STORE PROOF``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # its own folder has a numbers.py

from pipeline import build  # noqa: E402

if __name__ == "__main__":
    content, output, store, proof = map(Path, sys.argv[1:])
    build.site(content, output, store, proof=proof)
