"""What Dask carries: bytes that only who holds the run's key can read."""

from __future__ import annotations

import os
import zlib
from typing import final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_QUICK = 1  # most of what can be saved on the wire, at a hundredth of the redaction's cost


@final
class Parcel:
    """Sealed bytes. Dask logs the arguments of what fails: this prints nothing but its size."""

    __slots__ = ("body",)

    def __init__(self, body: bytes) -> None:
        self.body = body

    def __repr__(self) -> str:
        return f"<Parcel, {len(self.body)} bytes>"

    def __reduce__(self) -> tuple[type[Parcel], tuple[bytes]]:
        return Parcel, (self.body,)


@final
class Seal:
    """The key of one run. It is never written down, here or there."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes = b"") -> None:
        self._key = key or AESGCM.generate_key(256)

    def __repr__(self) -> str:
        return "<Seal>"

    def __reduce__(self) -> tuple[type[Seal], tuple[bytes]]:
        return Seal, (self._key,)

    def shut(self, plain: bytes, label: str) -> Parcel:
        """``plain`` packed and sealed; it opens under the same label only."""
        nonce = os.urandom(_NONCE)
        packed = zlib.compress(plain, _QUICK)
        return Parcel(nonce + AESGCM(self._key).encrypt(nonce, packed, label.encode()))

    def open(self, parcel: Parcel, label: str) -> bytes:
        """What was sealed; raises ``InvalidTag`` when key, label or one byte is another."""
        nonce, sealed = parcel.body[:_NONCE], parcel.body[_NONCE:]
        return zlib.decompress(AESGCM(self._key).decrypt(nonce, sealed, label.encode()))
