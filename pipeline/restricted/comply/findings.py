"""Findings, and the words that people said on them: acknowledged, or resolved.

A finding is known by agency, check and what it is about, so that a word on it holds at the
next run. The ledger's history keeps the word, its note and who said it; never what the
finding says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from typing import Literal, NamedTuple

import msgspec

from pipeline.errors import ConfigurationError
from pipeline.restricted.comply.checks import Severity
from pipeline.restricted.ledger import Ledger

Act = Literal["acknowledge", "resolve"]
State = Literal["open", "acknowledged", "resolved"]
STATES: Mapping[State, str] = {"open": "待处理", "acknowledged": "已知", "resolved": "已解决"}
SEVERITIES: Mapping[Severity, str] = {"hold": "暂缓公开", "report": "问题", "hint": "提示"}

#: How a word is called in the ledger's history.
_ACTS: Mapping[Act, str] = {"acknowledge": "finding-known", "resolve": "finding-resolved"}
_LETTERS = "bcdfghjklmnpqrst"
_SHAPE = re.compile(rf"[{_LETTERS}]{{12}}")


class Word(NamedTuple):
    """What somebody said on a finding."""

    act: Act
    person: str
    day: date
    note: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One shortfall of one case (or line of a side table)."""

    id: str
    check: str
    title: str
    article: str
    rows: tuple[str, ...]
    severity: Severity
    agency: str
    unit: str
    month: str
    subject: str
    dates: str
    todo: str
    slug: str = ""
    state: State = "open"
    note: str = ""
    by: str = ""


def finding_id(agency: str, check: str, subject: str) -> str:
    """Twelve consonants: the same finding has the same id at every run."""
    digest = hashlib.blake2b("\n".join((agency, check, subject)).encode(), digest_size=6)
    return "".join(_LETTERS[int(digit, 16)] for digit in digest.hexdigest())


def check(finding: str, word: Word) -> None:
    """Raise :class:`ConfigurationError` on a word that cannot be recorded."""
    if not _SHAPE.fullmatch(finding):
        raise ConfigurationError([f"“{finding}”不是问题编号（12个字母，见报告“编号”列）。"])
    if not word.person or not word.note:
        raise ConfigurationError(["姓名（--by）和说明（--note）都不能为空。"])


def say(ledger: Ledger, finding: str, word: Word) -> None:
    """Record a word on a finding."""
    detail = msgspec.json.encode((word.person, word.note)).decode()
    ledger.note(_ACTS[word.act], {finding: detail}, word.day)


def words(ledger: Ledger) -> dict[str, Word]:
    """The latest word on each finding that has one."""
    found: dict[str, Word] = {}
    for day, act, finding, detail in ledger.lines(*_ACTS.values()):
        person, note = msgspec.json.decode(detail, type=tuple[str, str])
        found[finding] = Word(
            "resolve" if act == _ACTS["resolve"] else "acknowledge", person, day, note
        )
    return found


def with_word(finding: Finding, word: Word | None) -> Finding:
    """The finding in the state that the word puts it in."""
    if word is None:
        return finding
    state: State = "acknowledged" if word.act == "acknowledge" else "resolved"
    return msgspec.structs.replace(finding, state=state, note=word.note, by=word.person)
