"""The checks of a regime: ``policies/checks/<name>.toml`` laid over ``base.toml``.

A check of a regime replaces the one of base with the same ``id`` whole, and brings its own
article; ``without`` names those of base that do not hold there.
"""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Annotated, Any, Literal

import msgspec

from pipeline.errors import ConfigurationError
from pipeline.misfit import misfit
from pipeline.model import Kind, PartyType
from pipeline.policy import DIRECTORY, Source

Rule = Literal[
    "absent", "any", "at_least", "at_most", "count", "differ", "empty", "equal", "found_in",
    "like", "lists", "not_before", "one_of", "order", "present", "valid_on", "within",
]  # fmt: skip
Unit = Literal["working_day", "calendar_day", "month", "hour"]
Severity = Literal["hold", "report", "hint"]
RowId = Annotated[str, msgspec.Meta(pattern=r"^R\d{3}$")]
CheckId = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]+$")]


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a check applies: everything said here holds together."""

    field: str = ""
    any_of: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    least: float | None = None
    below: float | None = None
    filled: bool | None = None
    party_types: tuple[PartyType, ...] = ()


class Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One check. ``rows`` are rows of the requirements, ``article`` what it rests on.

    ``over``: "case" or the key of a side table (``tables.toml``) or of a yearly count.
    ``when``: it applies if any of these does (none: always), and ``unless`` any of those does.
    ``period`` names a period of
    the policy instead of ``limit`` and ``unit``. ``severity``: hold the decision, report it,
    or only hint at it. ``passes`` and ``fails``: a row each, and the side tables it needs.
    """

    id: CheckId
    rows: tuple[RowId, ...]
    title: str
    article: Source
    over: str = "case"
    rule: Rule
    fields: tuple[str, ...]
    kinds: tuple[Kind, ...] = tuple(Kind)
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    severity: Severity = "report"
    todo: str
    limit: int | float | None = None
    unit: Unit = "calendar_day"
    extension_field: str = ""
    period: Literal["", "legal_review", "complaint_accept", "complaint_close", "publication"] = ""
    values: tuple[str, ...] = ()
    about: Literal["", "listed", "expiry", "suspension", "withdrawal"] = ""
    table: str = ""
    column: str = ""
    alternatives: tuple[Condition, ...] = ()
    peers: int = 5
    passes: dict[str, Any]
    fails: dict[str, Any]


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    without: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()


@cache
def load(name: str) -> tuple[Check, ...]:
    """The checks of the policy called ``name``, in the order of their files.

    Raises :class:`ConfigurationError` when a file is wrong.
    """
    base = _read("base")
    own = _read(name) if name != "base" else _File()
    known = {check.id for check in base.checks}
    if strange := sorted(set(own.without) - known):
        raise ConfigurationError([f"检查文件 {name}.toml：通用检查中没有“{'”“'.join(strange)}”。"])
    checks = {check.id: check for check in base.checks if check.id not in own.without}
    return tuple((checks | {check.id: check for check in own.checks}).values())


def _read(name: str) -> _File:
    path = DIRECTORY / "checks" / f"{name}.toml"
    if not path.is_file():
        return _File()
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ConfigurationError([f"检查文件 checks/{path.name}：{misfit(error)}"]) from None
    ids = [check.id for check in found.checks]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise ConfigurationError([f"检查文件 checks/{path.name}：“{twice[0]}”写了两次。"])
    return found
