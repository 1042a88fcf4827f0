"""Looks through all files of a folder, in two processes when there is much of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Protocol

from pipeline.processes import processes
from pipeline.progress import BYTES, SILENT, Steps
from pipeline.restricted import marks
from pipeline.restricted.forms import base64_runs, fold, from_base64, readings, texts
from pipeline.restricted.marks import Marks
from pipeline.restricted.pieces import LEAST, SOLID, Cut, Pieces, cut
from pipeline.restricted.scan import Finder, Found, Scanned
from pipeline.restricted.unpack import WHOLE, Unreadable, blocks, is_packed, overlapping, unpacked

#: Below, starting processes costs more than it saves.
_MUCH = 48 << 20
_TASK = 4 << 20
#: Files that hold about so many times what they weigh.
_PACKED, _UNFOLDS = frozenset({".gz", ".xlsx"}), 10
_TWIN = ".gz"
_PROCESSES = 2
#: Characters that are looked through at once; small files together.
_GROUP = 200_000
_SEEN_LIMIT = 200_000
_APART = "\0"

#: A file, and its bytes on the disk.
Sized = tuple[Path, int]
#: A file, and its pieces when it is looked through by pieces.
File = tuple[Path, Pieces | None]
#: The marks of a text, and the files it was taken from as a whole.
Marked = tuple[list[str], Marks]
_UNCUT: Mapping[str, Cut] = MappingProxyType({})


class Notes(Protocol):
    """Is told what was looked through."""

    def note(self, paths: Iterable[str], found: Marks) -> int:
        """The marks of a text that was taken from these files; their place."""

    def cut(self, path: str, cut: Cut) -> None:
        """How a file was cut."""


class Hit(NamedTuple):
    """In which file a known ``value``, or one of a personal shape (``kind``), stands.

    Neither: the file is packed and cannot be unpacked. Holds a raw value: never to be shown.
    """

    file: str
    value: str
    kind: str


def look(
    folder: Path,
    values: Collection[str],
    passed: Collection[str],
    only: Iterable[str] | None = None,
    notes: Notes | None = None,
    cuts: Mapping[str, Cut] = _UNCUT,
    steps: Steps = SILENT,
) -> Iterator[Hit]:
    """Known ``values`` and personal shapes in every byte and every file name of ``folder``.

    ``passed`` are values of a personal shape that may stand; ``only``: the files to look at,
    by name. ``notes`` is told the marks of all texts, and of which files each is made; then
    long files are looked through by pieces, and not where ``cuts`` says that they need not be.
    ``steps`` counts bytes as they lie on the disk.
    """
    found = folder.rglob("*") if only is None else (folder / name for name in only)
    sizes = [(path, path.stat().st_size) for path in sorted(found) if path.is_file()]
    marked = notes is not None
    by_pieces = marked and all(len(value) < SOLID for value in values)

    def file(sized: Sized) -> File:
        path = sized[0]
        long = by_pieces and path.suffix != _TWIN and _weight([sized]) >= LEAST
        return path, Pieces(cuts.get(path.relative_to(folder).as_posix())) if long else None

    steps.expect(together := sum(size for _, size in sizes), BYTES)
    if together < _MUCH:
        seeker = _Seeker(folder, values, passed, marked=marked)
        yield from seeker.in_files(map(file, _counted(sizes, steps)))
        _tell(notes, seeker.taken())
        return
    given = (folder, frozenset(values), frozenset(passed), marked)
    with processes(_PROCESSES, _start, *given) as pool:
        # The longest first, so that the processes end together.
        tasks = sorted(_tasks(sizes), key=_weight, reverse=True)
        files = ([file(sized) for sized in task] for task in tasks)
        for (hits, taken), task in zip(pool.map(_in_files, files), tasks, strict=True):
            yield from hits
            _tell(notes, taken)
            steps.tick(sum(size for _, size in task))


def _counted(sizes: Iterable[Sized], steps: Steps) -> Iterator[Sized]:
    for sized in sizes:
        yield sized
        steps.tick(sized[1])


def _tell(notes: Notes | None, taken: Taken) -> None:
    if notes:
        places = [notes.note(names, found) for names, found in taken.marked]
        for name, one in taken.cuts.items():
            notes.cut(name, one.settled(places))


def _tasks(sizes: Iterable[Sized]) -> Iterator[list[Sized]]:
    task: list[Sized] = []
    filled = 0
    for path, size in sizes:
        task.append((path, size))
        filled += _weight([(path, size)])
        if filled >= _TASK:
            yield task
            task, filled = [], 0
    yield task


def _weight(task: Iterable[Sized]) -> int:
    """About the length of the texts of these files: what is packed unfolds."""
    return sum(size * (_UNFOLDS if path.suffix in _PACKED else 1) for path, size in task)


_seekers: list[_Seeker] = []


def _start(folder: Path, values: frozenset[str], passed: frozenset[str], marked: bool) -> None:
    _seekers.append(_Seeker(folder, values, passed, marked=marked))


def _in_files(files: list[File]) -> tuple[list[Hit], Taken]:
    return list(_seekers[0].in_files(files)), _seekers[0].taken()


class Taken(NamedTuple):
    """The marks of what was looked through, and how long files were cut."""

    marked: list[Marked]
    cuts: dict[str, Cut]


class _Group:
    """Texts that are looked through together."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.size = 0
        #: The files they are from; whether more than pieces of them.
        self.paths: dict[Path, bool] = {}
        self.pairs: list[tuple[Pieces, range]] = []

    def add(self, path: Path, texts: Iterable[str], pieces: Pieces | None, pairs: range) -> None:
        """Texts of a file, or of these neighbours among its pieces."""
        for text in texts:
            self.texts.append(text)
            self.size += len(text)
        self.paths[path] = self.paths.get(path, False) or not pairs
        if pieces and pairs:
            self.pairs.append((pieces, pairs))


class _Seeker:
    """Looks into many files at a time, and into each alone where there was something."""

    def __init__(
        self, folder: Path, values: Collection[str], passed: Collection[str], *, marked: bool
    ) -> None:
        self._folder = folder
        self._marked: list[Marked] | None = [] if marked else None
        self._long: dict[str, Pieces] = {}
        self._finder = Finder(values)
        self._passed = passed
        # Tags and runs of base64 that were looked at: they are the same in many files.
        self._seen: set[str] = set()
        self._told: set[Path] = set()  # files of which all hits were said

    def taken(self) -> Taken:
        """What was looked through since it was last asked."""
        cuts = {name: found for name, one in self._long.items() if (found := one.cut())}
        taken = Taken(self._marked or [], cuts)
        if self._marked:
            self._marked = []
        self._long = {}
        return taken

    def in_files(self, files: Iterable[File]) -> Iterator[Hit]:
        """Hits in all files; a file is read again only when its group has one."""
        group = _Group()
        for path, pieces in files:
            with suppress(Unreadable):  # said when the file is looked at alone
                for texts, pairs in self._parts(path, pieces):
                    group.add(path, texts, pieces, pairs)
                    if group.size > _GROUP:
                        yield from self._in_group(group)
                        group = _Group()
                continue
            yield from self._in_file(path)
        yield from self._in_group(group)

    def _parts(self, path: Path, pieces: Pieces | None) -> Iterator[tuple[list[str], range]]:
        """The texts of a file in parts, and the neighbours that one was made of, if any."""
        if pieces is None:
            yield from (([text], range(0)) for text in self._texts(path))
            return
        self._long[self._name(path)] = pieces
        yield [*self._readings(self._name(path))], range(0)
        for data in blocks(path, WHOLE):
            if found := cut(data):
                for stretch, pairs in pieces.stretches(found):
                    yield [*self._in_blocks(overlapping(stretch))], pairs
            else:
                yield from (([text], range(0)) for text in self._in_blocks(overlapping(data)))

    def _in_group(self, group: _Group) -> Iterator[Hit]:
        text = Scanned(fold(_APART.join(group.texts)))
        if self._marked is not None:
            names = [self._name(path) for path, whole in group.paths.items() if whole]
            for pieces, pairs in group.pairs:
                pieces.noted(pairs, len(self._marked))
            self._marked.append((names, marks.of_text(text)))
            self._seen.clear()  # what a file holds must be in its own marks
        if any(self._found(text)):
            for path in group.paths.keys() - self._told:
                yield from self._in_file(path)
            self._told |= group.paths.keys()

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()

    def _in_file(self, path: Path) -> Iterator[Hit]:
        name = self._name(path)
        self._seen.clear()
        try:
            shaped: set[tuple[str, str]] = set()
            for text in self._texts(path):
                found = self._found(Scanned(fold(text)))
                yield from (Hit(name, value, "") for value in found.values)
                shaped |= found.shapes
            if shaped:
                shaped &= self._shaped_in_cells(path)
            yield from (Hit(name, value, kind) for kind, value in shaped)
        except Unreadable:
            yield Hit(name, "", "")
        self._seen.clear()

    def _shaped_in_cells(self, path: Path) -> set[tuple[str, str]]:
        """Personal shapes, with nothing read across cells: counts side by side are no card."""
        self._seen.clear()
        texts = self._texts(path, cells=True)
        return {one for text in texts for one in self._found(Scanned(fold(text))).shapes}

    def _found(self, text: Scanned) -> Found:
        found = self._finder.look(text)
        shaped = {one for one in found.shapes if one[1] not in self._passed}
        return Found(found.values, shaped)

    def _texts(self, path: Path, *, cells: bool = False) -> Iterator[str]:
        """Every text in which something can stand: the file's name, and what it holds."""
        yield from self._readings(self._name(path))
        yield from self._in_blocks(blocks(path), cells=cells)

    def _in_blocks(self, found: Iterable[bytes], *, cells: bool = False) -> Iterator[str]:
        for data in found:
            for text in texts(data):
                yield from self._readings(text, cells=cells)
                yield from self._encoded(text)

    def _readings(self, text: str, *, cells: bool = False) -> Iterator[str]:
        for reading in readings(text, cells=cells):
            yield reading.body
            yield from self._new(reading.tags)

    def _encoded(self, text: str) -> Iterator[str]:
        """What stands in base64, and in packed files that stand in base64."""
        for run in self._new(base64_runs(text)):
            for part in from_base64(run):
                yield part.decode("utf-8", "ignore")
                if is_packed(part):
                    # What looks like a packed file by chance cannot be unpacked.
                    with suppress(Unreadable):
                        for block in unpacked(part):
                            yield from self._readings(block.decode("utf-8", "replace"))

    def _new(self, found: Collection[str]) -> set[str]:
        if len(self._seen) > _SEEN_LIMIT:
            self._seen.clear()
        new = set(found) - self._seen
        self._seen |= new
        return new
