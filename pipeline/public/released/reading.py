"""One reading of a folder's files: their SHA-256, and which decisions each of them names.

A night reads all of the released site to see that it is what its manifest says, and what
was written of the next one for its manifest. The files that name what is taken down are
found on the way.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ConfigurationError
from pipeline.processes import processes
from pipeline.public.released.naming import Names, Searcher

_NOTHING: Mapping[int, str] = {}
_NOBODY: Names = {}
#: Files below which a second process costs more than it saves.
_MANY = 30_000
_PROCESSES, _CHUNK = 2, 500
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_BLOCK = 1 << 18

#: The name and the path of a file.
File = tuple[str, str]
#: Its name and SHA-256, and the keys of the decisions it names.
_Told = tuple[str, str, frozenset[str]]


class Reading(NamedTuple):
    """Of the files of a folder: SHA-256 by name, sorted; and whom they name, if anyone."""

    digests: dict[str, str]
    named: dict[str, frozenset[str]]

    def naming(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """For each of these keys the files that name it, sorted."""
        found: dict[str, list[str]] = {key: [] for key in keys}
        for name in sorted(self.named, key=in_order):
            for key in self.named[name] & found.keys():
                found[key].append(name)
        return found


def read(folder: Path, known: Mapping[int, str] = _NOTHING, names: Names = _NOBODY) -> Reading:
    """Read every file of ``folder`` once, and look for ``names``. Links are an error.

    ``known``: digests by inode of files that were read a moment ago, and are not again.
    """
    digests: dict[str, str] = {}
    named: dict[str, frozenset[str]] = {}
    files: list[File] = []
    for name, path, inode in walk(folder):
        digest = known.get(inode)
        if digest is None:
            files.append((name, path))
        else:
            digests[name] = digest
    for name, digest, keys in _read(files, names):
        digests[name] = digest
        if keys:
            named[name] = keys
    return Reading({name: digests[name] for name in sorted(digests, key=in_order)}, named)


def walk(folder: Path) -> Iterator[tuple[str, str, int]]:
    """Name, path and inode of every file, none where there is no folder. Links are an error."""
    waiting = [("", str(folder))] if folder.is_dir() else []
    while waiting:
        begin, path = waiting.pop()
        with os.scandir(path) as entries:
            for one in entries:
                name = f"{begin}{one.name}"
                if one.is_symlink():
                    raise ConfigurationError([f"发布目录中不应有链接：{name}。"])
                if one.is_dir():
                    waiting.append((f"{name}/", one.path))
                elif one.is_file():
                    yield name, one.path, one.inode()


def in_order(name: str) -> list[str]:
    """The key by which files are listed: folder by folder."""
    return name.split("/")


_searchers: list[Searcher] = []


def _read(files: list[File], names: Names) -> Iterator[_Told]:
    if len(files) < _MANY:
        yield from _told(files, Searcher(names))
        return
    chunks = (files[at : at + _CHUNK] for at in range(0, len(files), _CHUNK))
    with processes(_PROCESSES, _start, {key: tuple(own) for key, own in names.items()}) as pool:
        for told in pool.map(_told_of, chunks):
            yield from told


def _start(names: Names) -> None:
    _searchers.append(Searcher(names))


def _told_of(files: list[File]) -> list[_Told]:
    return list(_told(files, _searchers[0]))


def _told(files: Iterable[File], searcher: Searcher) -> Iterator[_Told]:
    for name, path in files:
        digest, held = hashlib.sha256(), []
        for block in _blocks(path):
            digest.update(block)
            if searcher:
                held.append(block)
        keys = searcher.named_in(name, b"".join(held)) if searcher else frozenset()
        yield name, digest.hexdigest(), keys


def _blocks(path: str) -> Iterator[bytes]:
    """The content of a file, of most files at once, in as few calls as can be."""
    file = os.open(path, _READ)
    try:
        while block := os.read(file, _BLOCK):
            yield block
    finally:
        os.close(file)
