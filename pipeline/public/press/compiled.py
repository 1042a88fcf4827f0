"""Compiled templates, kept beside the proof: compiling takes longer than a small night's pages."""

from __future__ import annotations

import marshal
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

#: Of this process: its builds follow each other (in a test, in ``pelican -r``).
_in_memory: dict[str, bytes] = {}


class Compiled(BytecodeCache):
    """All templates of a build in one file; without a proof, in memory alone.

    Jinja2 itself checks each against its source, its own version and Python's.
    """

    def __init__(self, proof: Path | None) -> None:
        self._path = proof.with_name(f"{proof.name}.code") if proof else None
        self._found = _in_memory
        self._changed = False
        if self._path and self._path.is_file():
            try:
                self._found |= marshal.loads(self._path.read_bytes())  # noqa: S302 - private, ours
            except (ValueError, EOFError, TypeError):
                self._path.unlink()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Jinja2 asks for a template."""
        if bucket.key in self._found:
            bucket.bytecode_from_string(self._found[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Jinja2 compiled a template."""
        self._found[bucket.key] = bucket.bytecode_to_string()
        self._changed = True

    def keep(self) -> None:
        """Keep them for the next build."""
        if self._path and self._changed:
            self._path.write_bytes(marshal.dumps(self._found))
