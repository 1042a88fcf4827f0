"""Every error a person may meet: one sentence each, never holding a raw value."""

from __future__ import annotations

from collections.abc import Sequence


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
