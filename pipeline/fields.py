"""The field dictionary: which columns exist, what they are called, who may see them."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from pipeline.model import Kind

FieldType = Literal[
    "text", "party", "person", "id", "code", "date", "moment", "amount", "choice", "flag"
]
Sensitivity = Literal["public", "masked", "private"]

#: Fields a PublicDecision carries as attributes of its own, not among its details.
CORE = frozenset({"number", "party", "party_type", "decided_on"})


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One declared column. See the head of ``fields.toml`` for the meaning of each key."""

    key: str
    label: str
    type: FieldType
    sensitivity: Sensitivity
    title: str = ""
    aliases: tuple[str, ...] = ()
    kinds: frozenset[Kind] = frozenset(Kind)
    required: bool = False
    unit: Literal["元", "万元", ""] = ""
    choices: dict[str, tuple[str, ...]] = {}
    process: bool = False

    def __post_init__(self) -> None:
        if self.process and self.sensitivity != "private":
            raise ValueError(f"{self.key}: process = true asks for sensitivity = private")

    @property
    def heading(self) -> str:
        """What pages and downloads call the field."""
        return self.title or self.label

    @property
    def public(self) -> bool:
        """Whether a PublicDecision may carry it (redacted first when ``masked``)."""
        return self.sensitivity != "private" and self.type != "flag" and self.key != "event_reason"


@cache
def dictionary() -> dict[str, Field]:
    """All declared fields by key, in the order of ``fields.toml``."""
    text = (Path(__file__).parent / "fields.toml").read_text(encoding="utf-8")
    return {
        key: msgspec.convert({"key": key, **entry}, Field)
        for key, entry in tomllib.loads(text).items()
    }


@cache
def public_details() -> tuple[Field, ...]:
    """The fields that ``PublicDecision.details`` may hold, in page order."""
    return tuple(f for f in dictionary().values() if f.public and f.key not in CORE)


def label_key(label: str) -> str:
    """A label as compared with others: NFKC, without white space, case and brackets' width."""
    text = unicodedata.normalize("NFKC", label).casefold()
    return "".join(c for c in text if not c.isspace() and c not in "*:：")


@cache
def by_label() -> dict[str, Field]:
    """Every label, alias and column code (as :func:`label_key`) with its field."""
    found: dict[str, Field] = {}
    for field in dictionary().values():
        for label in (field.label, *field.aliases):
            found.setdefault(label_key(label), field)
    return found
