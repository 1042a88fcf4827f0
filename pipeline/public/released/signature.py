"""The signature of a release: Ed25519 over its manifest, by whoever holds the key.

The private key is a PEM file that OpenSSL makes, closed to others; it is read when a
release is signed and stands in no log, report or folder of the site.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from pipeline.errors import ConfigurationError, why
from pipeline.public.released.release import MANIFEST, SIGNATURE

_LARGEST = 10_000
_MAKE = "请用 openssl genpkey -algorithm ed25519 生成，并执行 chmod 600"


def private_key(path: Path, public: Iterable[Path] = ()) -> Ed25519PrivateKey:
    """The key in a PEM file that only its owner can read.

    Raises :class:`ConfigurationError` when it is open to others, stands in one of the
    ``public`` folders, or is no such key.
    """
    for folder in public:
        if path.resolve().is_relative_to(folder.resolve()):
            raise ConfigurationError([f"私钥 {path} 不能放在公开的 {folder} 里；请移到别处。"])
    body = _read(path, closed=True)
    try:
        key = load_pem_private_key(body, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError([f"{path} 不是未加密的 Ed25519 私钥（PEM）；{_MAKE}。"]) from None
    return key


def public_key(path: Path) -> Ed25519PublicKey:
    """The public key in a PEM file; raises :class:`ConfigurationError`."""
    try:
        key = load_pem_public_key(_read(path, closed=False))
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ConfigurationError(
            [f"{path} 不是 Ed25519 公钥（PEM）；请用 openssl pkey -pubout 从私钥导出。"]
        ) from None
    return key


def sign(folder: Path, key: Ed25519PrivateKey) -> None:
    """Sign the manifest of ``folder``: 64 bytes beside it, as OpenSSL reads them."""
    (folder / SIGNATURE).write_bytes(key.sign((folder / MANIFEST).read_bytes()))


def is_signed(folder: Path, key: Ed25519PublicKey) -> bool:
    """Whether the manifest of ``folder`` is signed by ``key``."""
    try:
        key.verify((folder / SIGNATURE).read_bytes(), (folder / MANIFEST).read_bytes())
    except (OSError, InvalidSignature):
        return False
    return True


def _read(path: Path, *, closed: bool) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if closed and os.name != "nt" and stat.S_IMODE(mode) & 0o077:
                raise ConfigurationError([f"私钥 {path} 对他人开放；请执行 chmod 600 后再试。"])
            return file.read(_LARGEST)
    except OSError as error:
        raise ConfigurationError([f"不能读取密钥 {path}（{why(error)}）。"]) from None
