"""Every error a person may meet: one sentence each, never holding a raw value."""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from pathlib import Path
from traceback import extract_tb
from types import MappingProxyType

_REASONS: Mapping[int, str] = MappingProxyType(
    {
        errno.EACCES: "没有权限",
        errno.EPERM: "没有权限",
        errno.ENOENT: "没有这个文件或者文件夹",
        errno.ENOTDIR: "路径中间有一段不是文件夹",
        errno.EISDIR: "是文件夹，不是文件",
        errno.EEXIST: "已经有同名的文件",
        errno.ENOTEMPTY: "文件夹不是空的",
        errno.ENOSPC: "磁盘已满",
        errno.EDQUOT: "超过了磁盘配额",
        errno.EROFS: "磁盘是只读的",
        errno.ENAMETOOLONG: "名称太长",
        errno.EMFILE: "打开的文件太多",
        errno.ENFILE: "打开的文件太多",
        errno.EBUSY: "正被占用",
        errno.EIO: "磁盘读写出错",
        errno.ELOOP: "链接绕成了圈",
        errno.EADDRINUSE: "已被占用",
        errno.EADDRNOTAVAIL: "地址不可用",
    }
)


def why(error: OSError) -> str:
    """What the operating system says, in Chinese where it is one of the usual reasons."""
    return _REASONS.get(error.errno or 0, error.strerror or "原因不明")


def whereabouts(error: BaseException) -> str:
    """The kind and place of an error that nobody foresaw: its text could hold a raw value."""
    places = [f"{Path(f.filename).name}:{f.lineno}" for f in extract_tb(error.__traceback__)]
    return f"{type(error).__name__}（{' → '.join(places[-4:])}）"


class GongshiError(Exception):
    """Base of all errors; its text is a Chinese sentence for the operator."""


class ConfigurationError(GongshiError):
    """The call, a policy or ``content/`` is wrong; carries every problem found."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class UnreadableFile(GongshiError):
    """An export file cannot be read at all (format, encryption, truncation, size)."""


class ReleaseRefused(GongshiError):
    """The built site must not be released; the last release stays untouched."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class NotAccepted(GongshiError):
    """What a reviewer asked cannot be taken over as it stands; nothing was recorded."""


class Busy(GongshiError):
    """Another run holds the state folder."""


class ClusterFailed(GongshiError):
    """The processes that were to redact cannot be reached, differ, or were lost."""
