"""A release is signed by the office's key; whoever has the public one can check a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from pipeline.errors import ConfigurationError
from pipeline.public.released import release, signature
from tests.conftest import Site


def keys(folder: Path, name: str = "office") -> tuple[Path, Path]:
    """A new pair of PEM files: private (0600), public."""
    key = Ed25519PrivateKey.generate()
    private, public = folder / f"{name}.key", folder / f"{name}.pub"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    private.chmod(0o600)
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return private, public


def test_a_signed_release_is_checked_on_a_copy(site: Site, tmp_path: Path) -> None:
    private, public = keys(tmp_path)
    _, other = keys(tmp_path, "other")
    site.export("a.csv", {})
    assert site.publish().returncode == 0
    unsigned = site.pipeline("verify", str(site.output), "--key", str(public))
    assert (unsigned.returncode, "没有签名" in unsigned.stdout) == (3, True)
    done = site.publish("2026-11-20", "--key", str(private))  # unchanged, but for the signature
    assert done.returncode == 0, done.stderr
    copy = tmp_path / "copy"
    shutil.copytree(site.output, copy)
    assert site.pipeline("verify", str(copy)).returncode == 0
    good = site.pipeline("verify", str(copy), "--key", str(public))
    assert (good.returncode, "签名有效" in good.stdout) == (0, True)
    wrong = site.pipeline("verify", str(copy), "--key", str(other))
    assert (wrong.returncode, "签名无效" in wrong.stdout) == (3, True)
    # Whoever changes a page and writes the manifest anew cannot sign it.
    (copy / "index.html").write_text("changed", encoding="utf-8")
    signed = (copy / release.SIGNATURE).read_bytes()
    release.write_manifest(copy, release.hash_files(copy), copy)
    (copy / release.SIGNATURE).write_bytes(signed)
    forged = site.pipeline("verify", str(copy), "--key", str(public))
    assert (forged.returncode, "签名无效" in forged.stdout) == (3, True)
    assert site.publish("2026-11-20", "--key", str(private)).returncode == 0
    assert site.report()["outcome"] == "unchanged"


def test_openssl_reads_the_signature(tmp_path: Path) -> None:
    assert shutil.which("openssl"), "openssl is missing: install it"
    private, public = tmp_path / "key.pem", tmp_path / "pub.pem"
    for words in (
        ["genpkey", "-algorithm", "ed25519", "-out", private],
        ["pkey", "-in", private, "-pubout", "-out", public],
    ):
        subprocess.run(["openssl", *map(str, words)], check=True)
    private.chmod(0o600)
    site = tmp_path / "site"
    site.mkdir()
    (site / "a.html").write_text("1", encoding="utf-8")
    release.write_manifest(site, release.hash_files(site), tmp_path)
    signature.sign(site, signature.private_key(private))
    assert signature.is_signed(site, signature.public_key(public))
    words = ["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", public]
    files = ["-in", site / release.MANIFEST, "-sigfile", site / release.SIGNATURE]
    assert subprocess.run(["openssl", *map(str, (*words, *files))]).returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="modes of files are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    private, _ = keys(tmp_path)
    private.chmod(mode)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        signature.private_key(private)


@pytest.mark.parametrize("where", ["output", "content"])
def test_a_key_in_a_public_folder_is_refused_and_never_shown(
    site: Site, tmp_path: Path, where: str
) -> None:
    site.export("a.csv", {})
    if where == "content":
        content = tmp_path / "content"
        shutil.copytree(site.content, content)
        site.content = content
    else:
        assert site.publish().returncode == 0
    private, _ = keys(getattr(site, where))
    done = site.publish("2026-11-21", "--key", str(private))
    assert done.returncode == 2
    assert "不能放在公开的" in done.stderr
    secret = private.read_text().splitlines()[1]
    told = "".join(p.read_text() for p in site.state.rglob("*.json"))
    assert secret not in done.stdout + done.stderr + told


@pytest.mark.parametrize("body", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nMC4C\n"])
def test_what_is_no_key_is_said_in_a_sentence_without_its_content(
    tmp_path: Path, body: bytes
) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(body)
    path.chmod(0o600)
    for read, told in ((signature.private_key, "私钥"), (signature.public_key, "公钥")):
        with pytest.raises(ConfigurationError, match=told) as caught:
            read(path)
        assert "MC4C" not in str(caught.value)
    with pytest.raises(ConfigurationError, match="不能读取"):
        signature.private_key(tmp_path / "missing.pem")
