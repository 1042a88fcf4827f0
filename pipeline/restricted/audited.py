"""What the last audit looked for, and in which files it found nothing.

A file that is, to the byte and by name, one that was found clean need be looked at again only
for the values that were not looked for then: new rows, and words that nothing explains any
more; and for those only where its marks (:mod:`marks`) say that one of them could stand. Of
a long file that changed, the same is true of its :mod:`pieces`. All is looked at for
everything when the rules are others (the program, what an agency may show of itself), or when
a number that had been let pass no longer may.

Kept in the private folder: file names, hashes of files and pieces, salted hashes of the
values, and the marks of what was released.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import TracebackType

import msgspec
import numpy as np

from pipeline.restricted import marks
from pipeline.restricted.marks import Marks, Suspicion
from pipeline.restricted.pieces import NOWHERE, Cut

_HERE = Path(__file__).parent
#: The program of the audit: with another, everything is looked at again.
_PROGRAM = (
    *("asked", "audit", "audited", "forms", "look", "marks"),
    *("pieces", "places", "scan", "twinned", "unpack", "visible"),
)
_SIZE = 8  # bytes of a value's hash


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """A file in which nothing was found: its SHA-256, and the first and last of its marks."""

    digest: str
    first: int
    last: int


class Audited(msgspec.Struct, frozen=True):
    """The memory of one audit. ``files``: by path, those in which nothing was found.

    ``cuts``: of long files that were looked through by pieces; ``rows``: see :mod:`asked`.
    ``token`` stands in the name of the marks that belong to it.
    """

    rules: str
    salt: bytes
    known: frozenset[bytes]
    passed: frozenset[bytes]
    files: dict[str, Seen]
    cuts: dict[str, Cut]
    rows: frozenset[bytes]
    token: str

    def holds(self, passed: Collection[str]) -> bool:
        """Whether nothing that had been let pass no longer may."""
        return self.passed <= _hashes(passed, self.salt)

    def clean(self, files: Mapping[str, str]) -> set[str]:
        """Which of these files (path → SHA-256) need be looked at for new values only."""
        seen = ((path, digest, self.files.get(path)) for path, digest in files.items())
        return {path for path, digest, before in seen if before and before.digest == digest}

    def new(self, values: Iterable[str]) -> set[str]:
        """Those of ``values`` that were not looked for."""
        return {value for value in values if _hash(value, self.salt) not in self.known}


class Audits:
    """The memory of a site's audits, at ``path`` in the private folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Audited | None:
        """What the last one left, None when there is none that can be read."""
        try:
            found = msgspec.msgpack.decode(self._path.read_bytes(), type=Audited)
        except (OSError, msgspec.DecodeError):
            return None
        return found if self.marks(found.token).is_file() else None

    def memory(self, rules: str) -> Audited:
        """The same, to go on from; empty when there is none, or one of other rules."""
        found = self.read()
        if found and found.rules == rules:
            return found
        salt, none = secrets.token_bytes(16), frozenset[bytes]()
        return Audited(rules, salt, none, none, {}, {}, none, found.token if found else "")

    def marks(self, token: str) -> Path:
        """Where the marks of an audit stand."""
        return self._path.with_name(f"{self._path.name}-{token}.marks")

    def keep(self, audited: Audited) -> None:
        """Remember an audit whose site was released, or may be."""
        beside = self._path.with_name(f"{self._path.name}.new")
        beside.write_bytes(msgspec.msgpack.encode(audited))
        beside.replace(self._path)
        self.drop_marks(audited.token)

    def drop_marks(self, token: str) -> None:
        """Take away the marks of all audits but this one."""
        mine = self.marks(token).name
        for path in self._path.parent.glob(f"{self._path.name}-*.marks"):
            if path.name != mine:
                path.unlink(missing_ok=True)


class Spared:
    """One audit: what need not be looked at, by what the one before left.

    ``unread``: the files to be looked at for everything, but in what of them stands in
    ``cuts``; ``suspects``: those to be looked at for the ``new`` values. What was looked at
    is to be noted.
    """

    def __init__(
        self,
        audits: Audits,
        before: Audited,
        files: Mapping[str, str],
        known: Collection[str],
        passed: Collection[str],
        rows: frozenset[bytes],
    ) -> None:
        self._audits, self._before, self._files = audits, before, files
        self._known, self._passed, self._rows = known, passed, rows
        self._token = secrets.token_hex(8)
        self._places: dict[str, tuple[int, int]] = {}
        audits.drop_marks(before.token)
        self.new = before.new(known) if before.files else set()
        self.unread, self.suspects = set(files), set[str]()
        self.cuts: dict[str, Cut] = {}
        self._cuts: dict[str, Cut] = {}
        self._writer = marks.Writer(audits.marks(self._token))
        if before.files and before.holds(passed):
            self._take_over(before, before.clean(files))

    def __enter__(self) -> Spared:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()

    def _take_over(self, before: Audited, clean: set[str]) -> None:
        """Copy the marks of what is as it was; see which could hold a new value."""
        seen = {path: before.files[path] for path in clean}
        cuts = {path: found for path, found in before.cuts.items() if path in self._files}
        needed = {at for one in seen.values() for at in range(one.first, one.last + 1)}
        needed.update(*(found.of() for found in cuts.values()))
        suspicion, suspected = Suspicion(self.new), set()
        places = np.full(max(needed, default=0) + 1, NOWHERE, np.uint32)
        for at, found in enumerate(marks.read(self._audits.marks(before.token))):
            if at in needed:
                places[at] = self._writer.add(found)
                if suspicion.could_stand(found):
                    suspected.add(at)
        self.unread -= clean
        for path, one in seen.items():
            self._places[path] = int(places[one.first]), int(places[one.last])
            if not suspected.isdisjoint(range(one.first, one.last + 1)):
                self.suspects.add(path)
        likely = places.copy()
        likely[[*suspected]] = NOWHERE
        for path, cut in cuts.items():
            if path in clean and suspected.isdisjoint(cut.of()):
                self._cuts[path] = cut.moved(places)
            else:
                self.cuts[path] = cut.moved(likely)
                self.unread.add(path)
                self.suspects.discard(path)
                self._places.pop(path, None)

    def note(self, paths: Iterable[str], found: Marks) -> int:
        """The marks of a text that was taken from these files; their place."""
        at = self._writer.add(found)
        for path in paths:
            self._places[path] = self._places.get(path, (at, at))[0], at
        return at

    def cut(self, path: str, cut: Cut) -> None:
        """How a file was cut."""
        self._cuts[path] = cut

    def share(self, path: str, other: str) -> None:
        """``path`` holds the same as ``other``, which was looked at or need not be."""
        self._places[path] = self._places[other]
        if other in self._cuts:
            self._cuts[path] = self._cuts[other]

    def memory(self) -> Audited:
        """The memory of this audit, should it have found nothing."""
        files = {path: Seen(digest, *self._places[path]) for path, digest in self._files.items()}
        salt, rows = self._before.salt, self._rows
        known, passed = _hashes(self._known, salt), _hashes(self._passed, salt)
        rules = self._before.rules
        return Audited(rules, salt, known, passed, files, self._cuts, rows, self._token)


def rules(allowed: Mapping[str, Iterable[str]]) -> str:
    """A hash over what an audit goes by, beside its values."""
    own = sorted((slug, sorted(values)) for slug, values in allowed.items())
    return hashlib.sha256(_program() + msgspec.json.encode(own)).hexdigest()


@cache
def _program() -> bytes:
    digest = hashlib.sha256()
    for name in _PROGRAM:
        digest.update((_HERE / f"{name}.py").read_bytes())
    return digest.digest()


def _hashes(values: Iterable[str], salt: bytes) -> frozenset[bytes]:
    return frozenset(_hash(value, salt) for value in values)


def _hash(value: str, salt: bytes) -> bytes:
    return hashlib.blake2b(
        value.encode("utf-8", "surrogatepass"), digest_size=_SIZE, key=salt
    ).digest()
