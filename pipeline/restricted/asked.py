"""Which decisions the last clean audit asked about, just as they and their rows are now.

Whether a decision shows its own row's secrets, or another agency's numbers, depends on
nothing but itself, its row, and what an agency may show of itself: where all that is as it
was, the answer is. Kept are salted hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import msgspec

from pipeline.model import PublicDecision
from pipeline.restricted.raw import Origin, Secret

_SIZE = 16  # bytes of a hash
_ENCODER = msgspec.msgpack.Encoder()


class Watch(NamedTuple):
    """The secrets of one row, and where the row came from.

    ``accepted``: a reviewer looked at just this text, which was held, and let it pass;
    words in it that are also names are then no leak. Numbers stay one. ``left``: what the
    redaction left standing in this row as another thing's name.
    """

    slug: str
    origin: Origin
    secrets: tuple[Secret, ...]
    accepted: bool = False
    left: tuple[Secret, ...] = ()


class Asked(NamedTuple):
    """The decisions to ask about, and the hashes of all that are asked about by then."""

    anew: list[PublicDecision]
    all: frozenset[bytes]


def asked(
    watches: Iterable[Watch],
    public: Sequence[PublicDecision],
    salt: bytes,
    before: Collection[bytes] = frozenset(),
) -> Asked:
    """``before``: the hashes of those that need not be asked about, by the same salt."""
    by_slug: dict[str, list[Watch]] = {}
    for watch in watches:
        by_slug.setdefault(watch.slug, []).append(watch)
    hashed = [_hash(one, by_slug.get(one.slug, ()), salt) for one in public]
    anew = [one for one, name in zip(public, hashed, strict=True) if name not in before]
    return Asked(anew, frozenset(hashed))


def _hash(decision: PublicDecision, watches: Iterable[Watch], salt: bytes) -> bytes:
    said = [(one.accepted, _revealed(one.secrets), _revealed(one.left)) for one in watches]
    body = _ENCODER.encode((decision, said))
    return hashlib.blake2b(body, digest_size=_SIZE, key=salt).digest()


def _revealed(secrets: Iterable[Secret]) -> list[tuple[str, str]]:
    return [(secret.kind, secret.reveal()) for secret in secrets]
