"""A consistent copy of the ledger while a run may be writing it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pipeline.errors import ConfigurationError
from pipeline.restricted.ledger import Ledger

#: A folder that holds one of these is shown to the public, or will be.
_PUBLIC_SIGNS = ("manifest.json", "index.html")


def back_up(ledger: Path, target: Path, public: Iterable[Path]) -> None:
    """Copy ``ledger`` to ``target`` (0600), and prove the copy whole before it gets its name.

    Raises :class:`ConfigurationError` when ``target`` exists, cannot be written, or lies in
    a place of ``public`` or in any folder that looks like a web site.
    """
    _check(target, public)
    part = target.with_name(f".{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(ledger, part)
        with Ledger(part) as copy:
            sound = copy.ask("PRAGMA integrity_check").fetchone() == ("ok",)
            broken = copy.broken_history() is not None
        if broken or not sound:
            raise ConfigurationError(["台账本身已损坏或历史记录不连贯，没有生成备份。"])
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.rename(target)
    except (OSError, sqlite3.Error):
        raise ConfigurationError([f"不能写入 {target}；请检查文件夹、权限和磁盘空间。"]) from None
    finally:
        part.unlink(missing_ok=True)


def _copy(ledger: Path, part: Path) -> None:
    """All pages in one step: one snapshot, whatever is written meanwhile."""
    with closing(sqlite3.connect(ledger)) as source, closing(sqlite3.connect(part)) as copy:
        source.execute("PRAGMA query_only = ON")
        source.backup(copy)


def _check(target: Path, public: Iterable[Path]) -> None:
    place = target.resolve()
    if place.exists():
        raise ConfigurationError([f"{target} 已经存在；请换一个文件名，以免覆盖原有备份。"])
    inside = [folder for folder in public if place.is_relative_to(folder.resolve())]
    shown = [
        folder
        for folder in place.parents
        if any((folder / sign).is_file() for sign in _PUBLIC_SIGNS)
    ]
    if inside or shown:
        folder = (*inside, *shown)[0]
        raise ConfigurationError(
            [f"{folder} 是公开的文件夹，备份含未遮盖的数据，不能放在里面；请换一个位置。"]
        )
