"""The private state folder: who may enter, where things lie, one run at a time."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType

from pipeline.errors import Busy, ConfigurationError, why

if os.name == "nt":  # pragma: no cover - exercised on Windows alone
    import msvcrt
else:
    import fcntl


class StateFolder:
    """The state folder, created closed (0700) and locked for one run (a context manager).

    Raises :class:`Busy` when another run holds it; the lock goes with the process.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ledger = root / "ledger.db"
        self.reports = root / "reports"
        self.store = root / "public" / "store.db"
        self.next_store = root / "public" / "next.db"
        self.audited = root / "audited"
        self._lock: int | None = None
        self._umask = 0

    @classmethod
    def existing(cls, root: Path) -> StateFolder:
        """The folder of earlier runs, for verbs that only ask it.

        Raises :class:`ConfigurationError` when there is none: a mistyped path must not
        look like a ledger in which all is well.
        """
        folder = cls(root)
        if not folder.ledger.is_file():
            raise ConfigurationError(
                [f"{root} 中没有台账；请核对 --state，或先用 publish 完成一次运行。"]
            )
        return folder

    def __enter__(self) -> StateFolder:
        # Until the run ends, nothing it makes is open to others, temporary files included;
        # what is released is opened when it is.
        self._umask = os.umask(0o077)
        try:
            for folder in (self.root, self.reports, self.store.parent):
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o700)
            self._lock = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            os.umask(self._umask)
            raise ConfigurationError(
                [f"不能使用状态目录 {self.root}（{why(error)}）；请检查权限和磁盘空间。"]
            ) from None
        try:
            _take(self._lock)
        except OSError:
            os.umask(self._umask)
            os.close(self._lock)
            raise Busy(f"另一次运行正在使用 {self.root}；请等它结束后再试。") from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.umask(self._umask)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _take(lock: int) -> None:
    if os.name == "nt":  # pragma: no cover - exercised on Windows alone
        msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
