"""Which files name a decision: by its address or its number, compressed files unpacked."""

from __future__ import annotations

import gzip
import html
import io
import zipfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import ahocorasick

from pipeline.public.released.release import in_order, walk

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"


def files_naming(
    folder: Path, names: Mapping[str, Iterable[str]], but: Collection[str] = ()
) -> dict[str, list[str]]:
    """For each key of ``names`` the files of ``folder``, sorted, in which one of its names stands.

    Names are looked for as they are and as HTML writes them, in contents and file names, in
    all files ``but`` these.
    """
    found: dict[str, list[str]] = {key: [] for key in names}
    searcher = _searcher(names)
    if searcher is None or not folder.is_dir():
        return found
    for name, path, _ in walk(folder):
        if name not in but:
            text = _latin(name.encode() + b"\n" + _unpacked(Path(path).read_bytes()))
            for key in {key for _, keys in searcher.iter(text) for key in keys}:
                found[key].append(name)
    return {key: sorted(files, key=in_order) for key, files in found.items()}


def _searcher(names: Mapping[str, Iterable[str]]) -> ahocorasick.Automaton | None:
    keys: dict[str, set[str]] = {}
    for key, own in names.items():
        for name in own:
            for form in {name, html.escape(name)} - {""}:
                keys.setdefault(_latin(form.encode()), set()).add(key)
    if not keys:
        return None
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
