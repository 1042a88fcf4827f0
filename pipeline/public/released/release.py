"""The release: a manifest of every byte, and a swap that is whole or not at all."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipeline.errors import ConfigurationError, why
from pipeline.public.released.reading import read

MANIFEST = "manifest.json"
#: Of the manifest, by the office's key (see :mod:`pipeline.public.released.signature`).
SIGNATURE = "manifest.sig"
#: What Pelican copies and the search index rewrites: never shared with the release.
_WRITTEN_IN_PLACE = ("theme/", "search/")
_NOTHING: Mapping[int, str] = {}
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """SHA-256 of every file of a release, chained to the release before it.

    ``swept``: the day on which a sweep took from it what was due, "" for a release as built.
    """

    format: str = "gongshi-manifest-1"
    previous: str = ""
    swept: str = ""
    files: dict[str, str]


class Difference(NamedTuple):
    """How a folder differs from its manifest: paths relative to it, sorted."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    lost: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.lost)


def hash_files(folder: Path, known: Mapping[int, str] = _NOTHING) -> dict[str, str]:
    """Relative path → SHA-256 of every file but the manifest and its signature, sorted.

    ``known``: digests by inode of files that were hashed a moment ago. Links are an error.
    """
    return listed(read(folder, known).digests)


def listed(digests: Mapping[str, str]) -> dict[str, str]:
    """What a manifest lists of these files: all but itself and its signature."""
    return {name: digest for name, digest in digests.items() if name not in (MANIFEST, SIGNATURE)}


def carry(output: Path, staging: Path, there: Mapping[str, str] | None = None) -> dict[int, str]:
    """Link the released files into an empty ``staging``; their SHA-256 by inode.

    But not the theme's and the index's, which are written in place. Nothing is carried
    when the release is not what its manifest says, or the file system knows no links.
    ``there``: SHA-256 of the files of ``output``, when they were read a moment ago.
    """
    manifest = read_manifest(output)
    if manifest is None or verify(output, there):
        return {}
    found: dict[int, str] = {}
    made = ""
    try:
        for name, digest in manifest.files.items():
            if name.startswith(_WRITTEN_IN_PLACE):
                continue
            folder = name.rpartition("/")[0]
            if folder != made:
                _make_folder(f"{staging}/{folder}")
                made = folder
            os.link(f"{output}/{name}", f"{staging}/{name}")
            found[os.stat(f"{staging}/{name}").st_ino] = digest  # noqa: PTH116
    except OSError:
        for path in staging.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return {}
    return found


def _make_folder(path: str) -> None:
    try:
        os.mkdir(path)  # noqa: PTH102 - a hundred thousand of them
    except FileNotFoundError:
        os.makedirs(path)  # noqa: PTH103
    except FileExistsError:
        pass


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a released folder, or None when it has none that can be read."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None


def write_manifest(
    folder: Path, files: Mapping[str, str], previous: Path, *, swept: str = ""
) -> str:
    """Write the manifest for ``files``, chained to the release in ``previous``; its SHA-256.

    A signature that ``folder`` brought along was for another manifest and goes.
    """
    (folder / SIGNATURE).unlink(missing_ok=True)
    manifest = Manifest(previous=manifest_hash(previous), swept=swept, files=dict(files))
    body = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    (folder / MANIFEST).write_bytes(body)
    return manifest_hash(folder)


def manifest_hash(folder: Path) -> str:
    """SHA-256 of a release's manifest, "" when there is none."""
    manifest = folder / MANIFEST
    return hashlib.sha256(manifest.read_bytes()).hexdigest() if manifest.is_file() else ""


def verify(folder: Path, there: Mapping[str, str] | None = None) -> Difference | None:
    """How ``folder`` differs from its manifest; None when it has no readable manifest.

    ``there``: SHA-256 of its files, when they were read a moment ago.
    """
    manifest = read_manifest(folder)
    if manifest is None:
        return None
    found = hash_files(folder) if there is None else listed(there)
    told = manifest.files
    return Difference(
        added=tuple(sorted(found.keys() - told.keys())),
        changed=tuple(sorted(n for n in found.keys() & told.keys() if found[n] != told[n])),
        lost=tuple(sorted(told.keys() - found.keys())),
    )


def staging_for(output: Path) -> Path:
    """A fresh, closed (0700) folder beside ``output``, so that the swap is one rename."""
    check_target(output)
    staging = output.parent / f".{output.name}.staging"
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        _mend(output)
        if staging.exists():
            shutil.rmtree(staging)
        staging.mkdir(mode=0o700)
    except OSError as error:
        raise ConfigurationError(
            [f"不能在 {output.parent} 中建立暂存目录（{why(error)}）；请检查权限和磁盘空间。"]
        ) from None
    return staging


def make_room(output: Path) -> None:
    """Make the folder in which ``output`` is to stand, while the caller's umask holds."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            [f"不能建立 {output.parent}（{why(error)}）；请检查权限和磁盘空间。"]
        ) from None


def check_target(output: Path) -> None:
    """Refuse to replace a folder that is not a release or a Pelican build of this project."""
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise ConfigurationError([f"输出位置 {output} 不是普通文件夹；请换一个位置。"])
    if not output.is_dir() or not any(output.iterdir()) or (output / MANIFEST).is_file():
        return
    home = output / "index.html"
    if not (home.is_file() and b'name="generator" content="gongshi' in home.read_bytes()[:4096]):
        raise ConfigurationError(
            [f"输出目录 {output} 里有不是本程序生成的文件；请换一个空目录，以免误删。"]
        )


def swap(staging: Path, output: Path) -> None:
    """Put ``staging`` in the place of ``output`` in one step, then remove what was there.

    Linux exchanges both names atomically. Where that is not to be had, two renames
    follow each other; a crash between them leaves the old release under its retired
    name and is mended by the next run.
    """
    _open_to_readers(staging)
    if hasattr(os, "sync"):
        os.sync()  # the release must be on the disk before it takes the old one's place
    _exchange_or_rename(staging, output)
    _settle(output.parent)
    for left in (staging, _retired(output)):
        if left.exists():
            _take_away(left)


def _exchange_or_rename(staging: Path, output: Path) -> None:
    if not output.exists():
        staging.rename(output)
    elif not _exchange(staging, output):
        output.rename(_retired(output))
        staging.rename(output)


def _settle(folder: Path) -> None:
    """Have the names in ``folder`` on the disk: only then may the old release go."""
    if os.name == "nt":  # pragma: no cover - folders cannot be opened there
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _retired(output: Path) -> Path:
    return output.parent / f".{output.name}.retired"


def _mend(output: Path) -> None:
    """Finish what a crash between the two renames of :func:`swap` left behind."""
    retired = _retired(output)
    if not retired.exists():
        return
    if output.exists():
        shutil.rmtree(retired)
    else:
        retired.rename(output)


def _open_to_readers(folder: Path) -> None:
    folder.chmod(0o755)
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for one in entries:
                mode = 0o755 if one.is_dir() else 0o644
                if one.stat().st_mode & 0o777 != mode:
                    os.chmod(one.path, mode)  # noqa: PTH101
                if one.is_dir():
                    waiting.append(one.path)


def _take_away(folder: Path) -> None:
    """Remove a release: nearly every folder of it holds one page and nothing else."""
    _take_pages(str(folder))
    shutil.rmtree(folder)


def _take_pages(folder: str) -> None:
    with os.scandir(folder) as entries:
        inner = [one.path for one in entries if one.is_dir(follow_symlinks=False)]
    for path in inner:
        try:
            os.unlink(f"{path}/index.html")  # noqa: PTH108 - a hundred thousand of them
            os.rmdir(path)  # noqa: PTH106
        except OSError:
            _take_pages(path)


def _exchange(one: Path, other: Path) -> bool:
    """``renameat2(RENAME_EXCHANGE)``; False where kernel or file system lack it."""
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    names = os.fsencode(one), os.fsencode(other)
    if libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code))
