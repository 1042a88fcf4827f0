"""The shapes on the restricted side: secrets, rows as read, and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import final

from pipeline.model import Kind, PartyType


@final
class Secret:
    """A raw value whose ``repr`` and ``str`` show kind and length, never text.

    It cannot be pickled, formatted, compared by order or iterated by accident;
    ``reveal()`` is the one way to its text, easy to grep for.
    """

    __slots__ = ("_kind", "_text")

    def __init__(self, text: str, kind: str = "text") -> None:
        self._text = text
        self._kind = kind

    def reveal(self) -> str:
        """The raw text. Never log, raise or store what this returns outside ``private/``."""
        return self._text

    @property
    def kind(self) -> str:
        """What kind of value this is: a key of the field dictionary."""
        return self._kind

    def __len__(self) -> int:
        return len(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return f"<Secret {self._kind}, {len(self._text)} characters>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a Secret is not serialised; write it through the ledger")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row stands: file name, sheet (empty for text files), row from 1 (0: the whole)."""

    file: str
    sheet: str
    row: int

    def __str__(self) -> str:
        sheet = f"工作表“{self.sheet}”" if self.sheet else ""
        row = f"第{self.row}行" if self.row else ""
        return f"{self.file}{sheet}{row}"


@dataclass(frozen=True, slots=True)
class RawDecision:
    """One row of an export after its columns were recognised, before redaction.

    ``values`` maps keys of the field dictionary to normalised text: dates ISO,
    amounts as decimal 元, everything else trimmed. Columns nobody declared are
    not in it. ``number`` is the normalised 决定书文号.
    """

    agency: str
    kind: Kind
    number: str
    decided_on: date
    party_type: PartyType
    values: Mapping[str, Secret]
    origin: Origin

    def text(self, key: str) -> str:
        """The raw text of a field, or "" when the row has none."""
        secret = self.values.get(key)
        return secret.reveal() if secret else ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row (or a file: row 0) that was not taken over, in a sentence without values."""

    origin: Origin
    column: str
    message: str

    def __str__(self) -> str:
        column = f"，列“{self.column}”" if self.column else ""
        return f"{self.origin}{column}：{self.message}"


@dataclass(frozen=True, slots=True)
class FileReading:
    """What one export file gave: rows, rows rejected, columns nobody declared.

    ``refused`` is the sentence that says why the whole file could not be read.
    """

    file: str
    rows: tuple[RawDecision, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    undeclared: tuple[str, ...] = field(default=())
    refused: str = ""
