"""Bytes of the index's files. ``theme/static/search/codec.js`` reads them.

Every file is gzip: the browser unpacks it itself, so that it is small on any server, and
the audit, which knows gzip by its first bytes, reads what is inside.
"""

from __future__ import annotations

import gzip
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from isal import igzip, isal_zlib

_LEVEL = 6  # 9 would be 0.2% smaller in twice the time
_QUICK = 2  # of igzip's 0 to 3
_IS_GZIP = 31


def packed(data: bytes) -> bytes:
    """gzip without a time, so that the same input gives the same bytes."""
    return gzip.compress(data, _LEVEL, mtime=0)


def repacked(data: bytes) -> bytes:
    """The same in a tenth of the time, 6% larger: for what nearly every night changes."""
    found: bytes = igzip.compress(data, _QUICK, mtime=0)
    return found


def unpacked(data: bytes) -> bytes:
    """What :func:`packed` or :func:`repacked` was given."""
    return isal_zlib.decompress(data, _IS_GZIP)


def packed_json(value: Any) -> bytes:
    """JSON, packed."""
    return packed(msgspec.json.encode(value))


def integers(values: npt.ArrayLike) -> bytes:
    """Whole numbers from 0, seven bits a byte, low bits first, the last byte marked by 128.

    Small numbers thus give bytes above ASCII: lengths of 48 to 57 in a row would
    otherwise read as a telephone number to whoever looks for one in the files.
    """
    rest = np.asarray(values, np.int64)
    if not rest.size:
        return b""
    width = max(1, -(-int(rest.max()).bit_length() // 7))
    if width == 1:
        return (rest | 128).astype(np.uint8).tobytes()
    used = np.ones(len(rest), np.int64)
    for place in range(1, width):
        used += rest >= 1 << 7 * place
    ends = used.cumsum()
    found = np.empty(ends[-1], np.uint8)
    found[ends - used] = rest & 127
    for place in range(1, width):
        longer = used > place
        found[(ends - used)[longer] + place] = rest[longer] >> 7 * place & 127
    found[ends - 1] |= 128
    return found.tobytes()


def read_integers(data: bytes, count: int) -> tuple[npt.NDArray[np.int64], bytes]:
    """The first ``count`` whole numbers that :func:`integers` wrote, and the bytes behind them."""
    if not count:
        return np.zeros(0, np.int64), data
    raw, ends = streamed(data, count)
    if len(raw) == count:  # each in one byte
        return raw.astype(np.int64) & 127, data[count:]
    septets = raw.astype(np.int64) & 127
    starts = np.append(0, ends[:-1] + 1)
    found = septets[starts]
    for place in range(1, int((ends - starts).max()) + 1):
        longer = np.flatnonzero(ends - starts >= place)
        found[longer] |= septets[starts[longer] + place] << 7 * place
    return found, data[len(raw) :]


def streamed(data: bytes, count: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The bytes of the first ``count`` numbers in ``data``, and where each number ends."""
    raw = np.frombuffer(data, np.uint8)
    if (raw[:count] >= 128).all():
        return raw[:count], np.arange(count)
    ends = np.flatnonzero(raw >= 128)[:count]
    return raw[: ends[-1] + 1], ends


def days(iso: str) -> int:
    """An ISO day as days since 1970-01-01."""
    return int(np.datetime64(iso, "D").astype(np.int64))


def steps(values: list[int]) -> list[int]:
    """Each number as its difference from the one before (the first from 0)."""
    return [after - before for before, after in pairwise([0, *values])]
