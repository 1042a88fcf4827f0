"""What the last audit looked for, and in which files it found nothing.

A file that is, to the byte and by name, one that was found clean is looked at again only for
the values that were not looked for then: new rows, and words that nothing explains any
more. It is looked at for everything when the rules are others (the program, what an agency
may show of itself), or when a number that had been let pass no longer may.

Kept in the private folder: file names and hashes, and salted hashes of the values.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec

_HERE = Path(__file__).parent
#: The program of the audit: with another, everything is looked at again.
_PROGRAM = ("audit", "audited", "forms", "look", "places", "scan", "unpack", "visible")
_SIZE = 8  # bytes of a value's hash


class Audited(msgspec.Struct, frozen=True):
    """The memory of one audit. ``files``: path → SHA-256 of those in which nothing was found."""

    rules: str
    salt: bytes
    known: frozenset[bytes]
    passed: frozenset[bytes]
    files: dict[str, str]

    def clean(self, files: Mapping[str, str], passed: Collection[str], rules: str) -> set[str]:
        """Which of these files (path → SHA-256) need be looked at for new values only."""
        if self.rules != rules or not self.passed <= _hashes(passed, self.salt):
            return set()
        return {path for path, digest in files.items() if self.files.get(path) == digest}

    def new(self, values: Iterable[str]) -> set[str]:
        """Those of ``values`` that were not looked for."""
        return {value for value in values if _hash(value, self.salt) not in self.known}


def remember(
    files: Mapping[str, str], known: Collection[str], passed: Collection[str], rules: str
) -> Audited:
    """The memory of an audit that looked for ``known`` in ``files`` and found nothing."""
    salt = secrets.token_bytes(16)
    return Audited(rules, salt, _hashes(known, salt), _hashes(passed, salt), dict(files))


def read(path: Path) -> Audited | None:
    """The memory kept at ``path``, None when there is none that can be read."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Audited)
    except (OSError, msgspec.DecodeError):
        return None


def write(path: Path, audited: Audited) -> None:
    """Keep the memory of an audit whose site was released."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_bytes(msgspec.msgpack.encode(audited))
    beside.replace(path)


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
