"""Is the last release still what its manifest says? Only then its files are used again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.public.released.release import read_manifest


def untouched(site: Path, start: str) -> bool:
    """Whether every file below ``start`` is there, and no other, as the manifest has them.

    A site without a manifest (a build for trying out) is taken as it is.
    """
    manifest = read_manifest(site)
    if manifest is None:
        return True
    wanted = {name: digest for name, digest in manifest.files.items() if name.startswith(start)}
    there = {
        path.relative_to(site).as_posix() for path in (site / start).rglob("*") if path.is_file()
    }
    return there == wanted.keys() and all(
        hashlib.sha256((site / name).read_bytes()).hexdigest() == digest
        for name, digest in wanted.items()
    )
