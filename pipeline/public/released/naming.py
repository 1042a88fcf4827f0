"""Which files name a decision: by its address or its number, compressed files unpacked."""

from __future__ import annotations

import gzip
import html
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import ahocorasick

from pipeline.processes import processes
from pipeline.public.released.release import in_order, walk

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
#: Files below which a second process costs more than it saves.
_MANY = 10_000
_PROCESSES, _CHUNK = 2, 500

Names = Mapping[str, Iterable[str]]
#: The name and the path of a file.
File = tuple[str, str]


def files_naming(folder: Path, names: Names, but: Collection[str] = ()) -> dict[str, list[str]]:
    """For each key of ``names`` the files of ``folder``, sorted, in which one of its names stands.

    Names are looked for as they are and as HTML writes them, in contents and file names, in
    all files ``but`` these.
    """
    found: dict[str, list[str]] = {key: [] for key in names}
    if not any(map(any, names.values())) or not folder.is_dir():
        return found
    files = [(name, path) for name, path, _ in walk(folder) if name not in but]
    for name, keys in _looked_through(files, names):
        for key in keys:
            found[key].append(name)
    return {key: sorted(files, key=in_order) for key, files in found.items()}


_searchers: list[ahocorasick.Automaton] = []


def _looked_through(files: list[File], names: Names) -> Iterator[tuple[str, set[str]]]:
    """The name of each file, and the keys it names."""
    if len(files) < _MANY:
        yield from _named_in(_searcher(names), files)
        return
    with processes(_PROCESSES, _start, {key: tuple(own) for key, own in names.items()}) as pool:
        for told in pool.map(_told, _batches(files)):
            yield from told


def _batches(files: list[File]) -> Iterator[list[File]]:
    return (files[at : at + _CHUNK] for at in range(0, len(files), _CHUNK))


def _start(names: Names) -> None:
    _searchers.append(_searcher(names))


def _told(files: list[File]) -> list[tuple[str, set[str]]]:
    return list(_named_in(_searchers[0], files))


def _named_in(
    searcher: ahocorasick.Automaton, files: Iterable[File]
) -> Iterator[tuple[str, set[str]]]:
    for name, path in files:
        text = _latin(name.encode() + b"\n" + _unpacked(Path(path).read_bytes()))
        if keys := {key for _, found in searcher.iter(text) for key in found}:
            yield name, keys


def _searcher(names: Names) -> ahocorasick.Automaton:
    keys: dict[str, set[str]] = {}
    for key, own in names.items():
        for name in own:
            for form in {name, html.escape(name)} - {""}:
                keys.setdefault(_latin(form.encode()), set()).add(key)
    searcher = ahocorasick.Automaton()
    for form, found in keys.items():
        searcher.add_word(form, frozenset(found))
    searcher.make_automaton()
    return searcher


def _latin(data: bytes) -> str:
    """A character a byte, so that bytes are found in any file without knowing its encoding."""
    return data.decode("latin-1")


def _unpacked(data: bytes) -> bytes:
    if data.startswith(_ZIP):
        return _members(data)
    if not data.startswith(_GZIP):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError):
        return data


def _members(data: bytes) -> bytes:
    """What a workbook's parts hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, EOFError):
        return data
