"""``verify``: does a folder still say what was released?"""

from __future__ import annotations

from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rich.console import Console

from pipeline.commands import frame
from pipeline.public.released import release, signature


@click.command()
@click.argument("output", metavar="OUTPUT", type=click.Path(path_type=Path))
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="PUBLIC",
    help="公钥（Ed25519，PEM）：同时核对清单的签名。",
)
def verify(output: Path, key: Path | None) -> None:
    """对照清单（manifest.json）检查网站文件夹或其副本：多了、改了、少了哪些文件。"""
    out = Console(highlight=False, soft_wrap=True)
    with frame.sentences():
        signer = signature.public_key(key) if key else None
        difference = release.verify(output)
    if difference is None:
        out.print(f"{output} 中没有可读的 {release.MANIFEST}，无法核对。", markup=False)
        raise SystemExit(2)
    unsigned = _signature_problem(output, signer)
    if not difference and not unsigned:
        signed = "签名有效。" if signer else _swept(output)
        out.print(f"与发布清单一致；{signed}" if signed else "与发布清单一致。", markup=False)
        return
    if unsigned:
        out.print(unsigned, markup=False)
    for title, names in (
        ("多出的文件", difference.added),
        ("被改动的文件", difference.changed),
        ("缺失的文件", difference.lost),
    ):
        for name in names:
            out.print(f"{title}：{name}", markup=False)
    raise SystemExit(3)


def _swept(output: Path) -> str:
    """That a sweep wrote the manifest, which has no key to sign it with; "" for a release."""
    manifest = release.read_manifest(output)
    if not manifest or not manifest.swept:
        return ""
    return f"清单由 {manifest.swept} 的 sweep 更新过，没有签名，下次发布时重新签名。"


def _signature_problem(output: Path, signer: Ed25519PublicKey | None) -> str:
    if signer is None or signature.is_signed(output, signer):
        return ""
    if not (output / release.SIGNATURE).is_file():
        return f"清单没有签名：缺少 {release.SIGNATURE}。{_swept(output)}"
    return f"清单的签名无效：{release.SIGNATURE} 不是用这把密钥对 {release.MANIFEST} 所作。"
