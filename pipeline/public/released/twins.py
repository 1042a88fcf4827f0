"""Compressed twins: beside ``index.html`` an ``index.html.gz`` that a server sends as it is.

Of what is text and long enough; everything else is packed already, or gains nothing. Same
file, same twin. A twin stands and falls with its file: one that outlived it would go on
showing what was taken down (nginx's ``gzip_static`` does not ask for the file).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath

from isal import igzip

from pipeline.public.press.paper import Paper
from pipeline.public.released import release
from pipeline.public.released.reading import walk

END = ".gz"
#: What an office may have made by itself; it goes with its file, too.
OTHERS = (".br", ".zst")

_PACKED = frozenset(
    {
        *(".html", ".css", ".js", ".svg", ".xml", ".json", ".jsonl"),
        *(".csv", ".txt", ".md", ".vcf"),
    }
)
#: What no visitor asks for: it would only have to be kept right.
_NOT = frozenset({release.MANIFEST, release.SIGNATURE})
#: Bytes that travel in one packet anyway.
_LEAST = 1024
#: igzip's smallest; a third of zlib's time for a tenth more bytes (see docs/performance.md).
_LEVEL = 3


def packed(body: bytes) -> bytes:
    """The content of the twin of a file of this content, whenever it is made."""
    twin: bytes = igzip.compress(body, _LEVEL, mtime=0)
    return twin


def may_have(name: str, size: int) -> bool:
    """Whether a file of this name and size has a twin, where a site has twins at all."""
    return size >= _LEAST and PurePosixPath(name).suffix in _PACKED and name not in _NOT


def file_of(name: str) -> str:
    """The file whose twin this name is; "" for any other name."""
    file = name.removesuffix(END)
    return file if file != name and PurePosixPath(file).suffix in _PACKED else ""


def orphans(names: Collection[str]) -> list[str]:
    """Twins of any making without their file, sorted."""
    found = ((name, *name.rpartition(".")) for name in names if name.endswith((END, *OTHERS)))
    return sorted(
        name
        for name, file, _, _ in found
        if PurePosixPath(file).suffix in _PACKED and file not in names
    )


def renew(folder: Path, carried: Mapping[int, str], *, wanted: bool) -> None:
    """Bring the twins of a built site into line with its files; none when not ``wanted``.

    ``carried``: inodes of the files that are linked from the last release, twins with them.
    A twin is made anew unless both it and its file are.
    """
    found = {name: (path, inode) for name, path, inode in walk(folder)}
    paper = Paper(folder)
    for name, (path, inode) in found.items():
        twin = f"{name}{END}"
        if (file := file_of(name)) and not (wanted and file in found):
            paper.drop(name)
        elif file or not wanted or PurePosixPath(name).suffix not in _PACKED:
            continue
        elif inode not in carried or twin not in found or found[twin][1] not in carried:
            _renew(paper, name, Path(path), had=twin in found)


def _renew(paper: Paper, name: str, path: Path, *, had: bool) -> None:
    if may_have(name, path.stat().st_size):
        paper.put(f"{name}{END}", packed(path.read_bytes()))
    elif had:
        paper.drop(f"{name}{END}")
