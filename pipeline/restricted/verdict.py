"""Clear, held for a person, or withheld by law, each with its reasons."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pipeline.fields import dictionary
from pipeline.policy import Policy, Withheld
from pipeline.restricted.engine import UNSEEN, Masked, Row
from pipeline.restricted.normalise import normalise

#: Private columns whose words may still say that nothing must be published.
_SPEAKING = frozenset({"remarks", UNSEEN})
_TRUE = frozenset({"是", "true", "1", "有", "y", "yes", "涉密", "未成年", "√", "✓"})
_BIRTH = re.compile(r"(?<!\d)[1-9]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dXx](?!\d)")
_GARBLED = re.compile(r"[\ufffd\ue000-\uf8ff]|锟斤拷|烫烫烫|[ÃÂäåæçè]{2}")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person must look. ``field`` is a key of the dictionary; never a raw value."""

    code: str
    field: str
    message: str
    start: int = -1
    end: int = -1


_MESSAGES = {
    "edge": "“{label}”中一处姓名的起止不能确定，请核对遮盖是否完整。",
    "unmasked": "“{label}”中有疑似姓名的词语没有遮盖，请人工判断。",
    "name": "“{label}”中有疑似姓名的词语未遮盖，各检测方法意见不一，请人工判断。",
    "number": "“{label}”中有一串13至19位的号码来源不明，请人工判断。",
    "again": "“{label}”中审查员同意显示的一处，现在检测到的范围不同，已照旧遮盖，请再看一次。",
    "lifted": "“{label}”中有一处文字由审查员决定显示，须逐件批准。",
    "lifted_number": "“{label}”中有一处号码由审查员决定显示，须逐件批准。",
    "stale": "“{label}”的文字在审查之后有变动，原先的逐字决定不再全部适用，请重新审查。",
}


def judge(
    row: Row, done: Masked, policy: Policy, decided_on: date | None
) -> tuple[Literal["clear", "held", "withheld"], tuple[Reason, ...]]:
    """The verdict on one row, and every reason for it."""
    withheld = (*_withheld(row, policy, decided_on), *_minor_in_text(done, policy, decided_on))
    held = (*_phrases(row, policy), *_delicate(row), *_doubts(row, done), *_unfit(row, done))
    if withheld:
        return "withheld", (*withheld, *held)
    return ("held", held) if held else ("clear", ())


def _withheld(row: Row, policy: Policy, decided_on: date | None) -> Iterator[Reason]:
    for code, ground in policy.withheld.items():
        for key in ground.fields:
            if _filled(row, key):
                yield Reason(code, key, f"{ground.title}，依{ground.source}不予公开。")
        if ground.under_age and decided_on and _under(row, ground.under_age, decided_on):
            message = (
                f"按出生日期计算，作出决定时不满{ground.under_age}周岁，依{ground.source}不予公开。"
            )
            yield Reason(code, "id_number", message)


def _minor_in_text(done: Masked, policy: Policy, day: date | None) -> Iterator[Reason]:
    """A citizen's decision whose text carries the identity number of a minor."""
    if day is None or not done.declaration.party_is_person:
        return
    numbers = [text for kind, text in done.secrets if kind == "id"]
    for code, ground in policy.withheld.items():
        age = ground.under_age
        if age and any(_years(birth, day) < age for n in numbers for birth in _births(n)):
            message = f"文中身份证号显示有人不满{age}周岁，依{ground.source}不予公开。"
            yield Reason(code, "full_text", message)


def _filled(row: Row, key: str) -> bool:
    value = row.values.get(key, "").strip().casefold()
    field = dictionary().get(key)
    if field is not None and field.type == "flag":
        return value in _TRUE
    return bool(value) and value not in {"无", "否", "/", "-"}


def _under(row: Row, age: int, day: date) -> bool:
    births = [*_births(row.values.get("id_number", ""))]
    born = normalise(row.values.get("birth_date", "")).text.strip()
    births += _dates(re.findall(r"\d+", born))
    return any(_years(birth, day) < age for birth in births)


def _births(text: str) -> Iterator[date]:
    for match in _BIRTH.finditer(re.sub(r"[\s\-]", "", normalise(text).text)):
        yield from _dates(match.groups())


def _dates(parts: tuple[str, ...] | list[str]) -> Iterator[date]:
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:4], parts[0][4:6], parts[0][6:]]
    if len(parts) >= 3:
        try:
            yield date(int(parts[0]), int(parts[1]), int(parts[2]))
        except ValueError:
            return


def _years(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _phrases(row: Row, policy: Policy) -> Iterator[Reason]:
    for key, value in row.values.items():
        if _is_private(key) and key not in _SPEAKING:
            continue
        for code, ground in policy.withheld.items():
            if any(phrase in value for phrase in ground.phrases):
                yield Reason(code, key, _phrase_message(key, ground))


@cache
def _hold() -> dict[str, tuple[str, re.Pattern[str]]]:
    path = Path(__file__).parent / "hold.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        code: (entry["title"], re.compile("|".join(entry["patterns"])))
        for code, entry in table.items()
    }


def delicate_codes() -> frozenset[str]:
    """The codes of the reasons that lie in what a text is about, beside the policy's grounds."""
    return frozenset(_hold())


def _delicate(row: Row) -> Iterator[Reason]:
    """Texts that speak of minors, of private life, or leave open who is meant."""
    public = {
        key: normalise(value).text for key, value in row.values.items() if not _is_private(key)
    }
    for code, (title, pattern) in _hold().items():
        for key, text in public.items():
            if pattern.search(text):
                yield Reason(code, key, f"“{_label(key)}”{title}，请判断能否公开。")


def _is_private(key: str) -> bool:
    field = dictionary().get(key)
    return field is not None and field.sensitivity == "private"


def _phrase_message(key: str, ground: Withheld) -> str:
    return f"“{_label(key)}”中出现与“{ground.title}”有关的用语，请对照{ground.source}判断能否公开。"


def _doubts(row: Row, done: Masked) -> Iterator[Reason]:
    for key in row.rulings.stale:
        yield Reason("stale", key, _MESSAGES["stale"].format(label=_label(key)))
    for doubt in done.doubts:
        message = _MESSAGES[doubt.code].format(label=_label(doubt.key))
        yield Reason(doubt.code, doubt.key, message, doubt.start, doubt.end)


def _unfit(row: Row, done: Masked) -> Iterator[Reason]:
    if done.declaration.party_unclear and (row.values.get("party") or len(row.values) > 1):
        yield Reason("party", "party", "相对人类别为自然人，但名称不像姓名，请核对。")
    if not any(value.strip() for key, value in done.texts.items() if key not in {"party_type"}):
        yield Reason("empty", "party", "没有可公开的文字，请核对导出数据。")
    for key, value in row.values.items():
        if _GARBLED.search(normalise(value).text):
            yield Reason("garbled", key, f"“{_label(key)}”疑似乱码，请核对原文。")


def _label(key: str) -> str:
    field = dictionary().get(key)
    return field.heading if field else "正文"


def decided_on(row: Row) -> date | None:
    """The day of the decision as the row writes it, or None."""
    text = normalise(row.values.get("decided_on", "")).text
    return next(_dates(re.findall(r"\d+", text)), None)
