"""A long text in pieces, so that of a download only the rows that changed are looked through.

It is cut behind some of its rows, chosen by what they say: a row that comes or goes moves
no cut but those beside it. Nothing that is looked for can hold a whole piece, and so it
stands in two neighbouring ones at most. Two neighbours that stood so in the same file
when it was found clean need not be looked through again for the same values; for new ones
they are where their marks say so.

Why nothing holds a whole piece: it shows more ideographs than the longest value has
characters (:data:`SOLID`), in every reading. They are no part of a number nor of base64, and
those in tags do not count. No cut is made within a tag, be it one that is hidden by escapes;
escapes themselves end where a row does. So two neighbours are read alike wherever they stand.
A text that is not UTF-8, of which other readings are tried, is not cut.
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import msgspec
import numpy as np
import numpy.typing as npt

from pipeline.restricted.forms import resolved

#: So many ideographs every piece shows; longer values are not looked for by pieces.
SOLID = 200
#: Bytes from which on it is worth while.
LEAST = 256 << 10
#: Bytes of pieces that are looked through at once, and have their marks in common.
_STRETCH = 400_000
#: Marks in more than so many times the places that are needed: all are made again.
_WORN = 3

_ROW = b"</row>"
_TAG = re.compile(rb"<[^<>]*>")
#: First bytes of the characters U+4000 to U+9FFF: every reading leaves them as they are.
_IDEOGRAPHS = bytes(range(0xE4, 0xEA))
_OTHERS = bytes(byte for byte in range(256) if byte not in _IDEOGRAPHS + b"<>")
_NAME = 16  # bytes
#: Before the first piece of a text, and behind its last.
_EDGE = bytes(_NAME)
#: No place: what stands there is to be looked through again.
NOWHERE = 0xFFFFFFFF
#: From here on, numbers of what is noted only now.
_NOTED = 1 << 31

Places = npt.NDArray[np.uint32]


class Cut(msgspec.Struct, frozen=True, array_like=True):
    """How the texts of a file were cut: the hashes of the pieces in order, an edge about each
    text; and for each two that follow each other the place of their marks."""

    names: bytes
    places: bytes

    def known(self) -> dict[bytes, int]:
        """The places of all neighbours that need not be looked through."""
        names = self.names
        places = enumerate(np.frombuffer(self.places, np.uint32).tolist())
        pairs = ((names[at * _NAME : (at + 2) * _NAME], place) for at, place in places)
        return {pair: place for pair, place in pairs if place != NOWHERE}

    def of(self) -> set[int]:
        """All places."""
        return set(np.frombuffer(self.places, np.uint32).tolist())

    def moved(self, to: Places) -> Cut:
        """With the places that the given ones are now; ``to`` has one for each, by number."""
        return Cut(self.names, to[np.frombuffer(self.places, np.uint32)].tobytes())

    def settled(self, noted: Sequence[int]) -> Cut:
        """With the places of what was looked through; see :meth:`Pieces.noted`."""
        places = np.frombuffer(self.places, np.uint32)
        new = places >= _NOTED
        found = places.copy()
        found[new] = np.array(noted, np.uint32)[places[new] - _NOTED]
        return Cut(self.names, found.tobytes())


class Pieces:
    """The pieces of one file while it is looked through.

    ``before``: as it was cut when it was found clean, in places of now.
    """

    def __init__(self, before: Cut | None) -> None:
        self._before = before
        self._names = [_EDGE]
        self._places: list[int] = []

    @cached_property
    def _known(self) -> dict[bytes, int]:
        return self._before.known() if self._before else {}

    def stretches(self, pieces: Sequence[bytes]) -> Iterator[tuple[bytes, range]]:
        """What of a text is to be looked through, and which neighbours stand in it."""
        first, known = len(self._places), self._known
        if len({*known.values()}) > _WORN * (1 + sum(map(len, pieces)) // _STRETCH):
            known = {}
        self._names += [*map(_name, pieces), _EDGE]
        for one, next_one in pairwise(self._names[first:]):
            self._places.append(known.get(one + next_one, NOWHERE))
        new = [place == NOWHERE for place in self._places[first:]]
        for begin, end in _runs(new, [*map(len, pieces), 0]):
            # Neighbours are numbered by the second of them; the first has the edge before it.
            yield b"".join(pieces[max(begin - 1, 0) : end]), range(first + begin, first + end)

    def noted(self, pairs: Iterable[int], number: int) -> None:
        """These neighbours were looked through, together with what was noted as ``number``."""
        for at in pairs:
            self._places[at] = _NOTED + number

    def cut(self) -> Cut | None:
        """How the file was cut, if it was."""
        if not self._places:
            return None
        return Cut(b"".join(self._names), np.array(self._places, np.uint32).tobytes())


def cut(data: bytes) -> list[bytes]:
    """The pieces of a text, end to end; none when it cannot be cut, or is not worth it."""
    if len(data) < LEAST or not _is_utf8(data):
        return []
    ends, last, solid = [0], 0, 0
    opened = [0, 0]  # how many ends there were before the row that left a tag open, by reading
    for row in _rows(data):
        last += len(row)
        solid += _solid(row) if solid < SOLID else 0
        for reading, text in enumerate(_without_escapes(row)):
            first, left_open = _brackets(text)
            if first == ">" and opened[reading]:
                del ends[opened[reading] :]
                solid = 0
            if first:
                opened[reading] = len(ends) if left_open else 0
        if solid >= SOLID and zlib.crc32(row) & 1:
            ends.append(last)
            solid = 0
    # Too little may be left to be a piece.
    ends[-1:] = [len(data)] if len(ends) > 1 else [0, len(data)]
    return [data[begin:end] for begin, end in pairwise(ends)]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _rows(data: bytes) -> Iterator[bytes]:
    for line in io.BytesIO(data):
        *rows, rest = line.split(_ROW) if _ROW in line else (line,)
        yield from (row + _ROW for row in rows)
        if rest:
            yield rest


def _solid(row: bytes) -> int:
    """The ideographs outside tags, those that escapes hide too."""
    return min(map(_ideographs, _without_escapes(row)))


def _without_escapes(row: bytes) -> tuple[bytes, ...]:
    """The row as it is and, where it has escapes, without."""
    if b"&" in row or b"%" in row or b"\\" in row:
        return row, resolved(row.decode()).encode("utf-8", "replace")
    return row, row


def _ideographs(row: bytes) -> int:
    told = row.translate(None, _OTHERS)
    shown = _TAG.sub(b"", told.replace(b"<>", b"")) if b"<" in told else told
    return len(shown) - shown.count(b"<") - shown.count(b">")


def _brackets(row: bytes) -> tuple[str, bool]:
    """The first bracket of a row ("": it has none), and whether a tag is open at its end."""
    opening, closing = row.find(b"<"), row.find(b">")
    if max(opening, closing) < 0:
        return "", False
    first = ">" if opening < 0 or 0 <= closing < opening else "<"
    return first, row.rfind(b"<") > row.rfind(b">")


def _name(piece: bytes) -> bytes:
    return hashlib.blake2b(piece, digest_size=_NAME).digest()


def _runs(new: Sequence[bool], sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Begin and end of what is new without a gap, about a stretch at most."""
    begin, size = -1, 0
    for at, is_new in enumerate(new):
        if begin >= 0 and (not is_new or size >= _STRETCH):
            yield begin, at
            begin = -1
        if is_new and begin < 0:
            begin, size = at, 0
        size += sizes[at]
    if begin >= 0:
        yield begin, len(new)
