"""What a sweep is going to change, file by file, before anything is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.public.released import twins

#: A file's compressed twins that a server may send in its place. Only ours are made anew.
_TWINS = (twins.END, *twins.OTHERS)


class Plan:
    """The site as it is, with what is to be deleted and written. Names are relative to it."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.deleted: set[str] = set()
        self.written: dict[str, bytes] = {}

    def __bool__(self) -> bool:
        return bool(self.deleted or self.written)

    def names(self, pattern: str) -> Iterator[str]:
        """The site's files that match and are not deleted, sorted."""
        for path in sorted(self.site.rglob(pattern)):
            name = path.relative_to(self.site).as_posix()
            if path.is_file() and name not in self.deleted:
                yield name

    def read(self, name: str) -> bytes:
        """The file as it is going to be; empty when there is none."""
        if name in self.written:
            return self.written[name]
        path = self.site / name
        return path.read_bytes() if path.is_file() else b""

    def write(self, name: str, body: bytes) -> None:
        """Give a file this content, and its gzip twin; other twins go."""
        if body == self.read(name):
            return
        self.written[name] = body
        for twin in self._twins(name):
            if twin.endswith(twins.END):
                self.written[twin] = twins.packed(body)
            else:
                self.deleted.add(twin)

    def delete(self, name: str) -> None:
        """Take a file away, with its twins."""
        self.deleted.update((name, *self._twins(name)))

    def _twins(self, name: str) -> list[str]:
        return [name + end for end in _TWINS if (self.site / (name + end)).is_file()]
