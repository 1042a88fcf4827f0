"""Schemas of the files under ``content/``: which columns or keys, of what type, needed by whom.

One TOML a kind of file under ``pipeline/schemas/``. The same description checks a CSV's
columns and a TOML file's keys; what is wrong is told in Chinese by the names that the
office sees, and never repeats the value.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from pipeline.errors import ConfigurationError
from pipeline.misfit import misfit

DIRECTORY = Path(__file__).parent / "schemas"

# fmt: off
Type = Literal[
    "text", "date", "number", "percent", "choice", "phone", "postcode", "code", "email", "flag",
    "domain", "web", "site_code", "texts", "dates", "table", "tables",
]
# fmt: on


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column of a table, or a key of a TOML file.

    ``required``: must be there and be filled. ``required_for`` and ``not_for`` name
    policies for which it is required although others may leave it out, or the other way
    round. ``filter``: the page offers its values to choose from. ``basis``: it names laws.
    ``unique``: no two rows say the same. ``narrow``: it needs little room. ``columns``:
    what stands inside a ``table`` or each of ``tables``.
    """

    key: str
    label: str
    type: Type = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    required_for: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    filter: bool = False
    basis: bool = False
    unique: bool = False
    narrow: bool = False
    columns: tuple[Column, ...] = ()

    def needed(self, policy: str) -> bool:
        """Whether an agency under ``policy`` must fill it in."""
        if not policy:  # not known, because the agency's own file is wrong: ask for less
            return self.required and not self.not_for
        return (self.required and policy not in self.not_for) or policy in self.required_for


class Schema(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of file. ``rows``: the requirements it answers; ``source``: the rules behind it;
    ``help``: what the page says it is; ``subject``: the column that names a row; ``only``:
    the policies it is for (none: all)."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[str, ...] = ()
    source: str = ""
    help: str = ""
    subject: str = ""
    only: tuple[str, ...] = ()
    order: int = 100

    def column(self, key: str) -> Column:
        """The column called ``key``."""
        return next(column for column in self.columns if column.key == key)

    def find(self, heading: str) -> Column | None:
        """The column that a file's heading means, None when it means none."""
        wanted = simple(heading)
        for column in self.columns:
            if wanted in {simple(name) for name in (column.label, *column.aliases)}:
                return column
        return None


class Fault(NamedTuple):
    """What is wrong: at which key or column, and how the sentence goes on.

    ``path``: the way through a TOML file, for finding the line.
    """

    name: str
    what: str
    path: tuple[str | int, ...] = ()


def names(folder: str = "") -> tuple[str, ...]:
    """The names of the schemas in a folder of :data:`DIRECTORY`, sorted."""
    return tuple(sorted(path.stem for path in (DIRECTORY / folder).glob("*.toml")))


@cache
def load(name: str) -> Schema:
    """The schema called ``name``; raises :class:`ConfigurationError` when it is broken."""
    try:
        text = (DIRECTORY / f"{name}.toml").read_text(encoding="utf-8")
        return msgspec.convert(tomllib.loads(text), Schema)
    except (OSError, ValueError, msgspec.ValidationError) as error:
        raise ConfigurationError([f"内容格式说明 {name}.toml：{misfit(error)}"]) from None


def simple(heading: str) -> str:
    """A heading without what people add to it: spaces, line breaks, 必填 signs, colons."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", heading))
    return re.sub(r"\((?:必填|选填)\)|[*:]", "", text)


def suggestion(name: str, known: Sequence[str]) -> str:
    """Half a sentence that names the known name most like ``name``, or all of them."""
    like = difflib.get_close_matches(name, known, 1, 0.5)
    return f"您是不是要写“{like[0]}”？" if like else f"可以写的有：{'、'.join(known)}。"


def iso(text: str) -> str:
    """A day as ISO writes it, from any way an office does; ValueError when it is none."""
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00)?)?", text)
    found = found or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if not found:
        raise ValueError
    return date(*map(int, found.groups())).isoformat()


def fault(column: Column, text: str) -> str:
    """What is wrong with a filled-in cell, as the rest of a sentence; empty when nothing is."""
    if column.choices:
        return "" if text in column.choices else f"应为{'、'.join(column.choices)}之一。"
    test, expected = _TESTS.get(column.type, (bool, ""))
    if column.type in ("code", "phone") and re.fullmatch(r"\d(\.\d+)?[Ee]\+?\d+", text):
        return "被 Excel 改成了科学记数法；请把这一列设为“文本”格式后重新填写。"
    return "" if test(text) else expected


def _is_day(text: str) -> bool:
    try:
        return bool(iso(text))
    except ValueError:
        return False


def _is_iso(value: object) -> bool:
    """Whether a text is a day just as ISO writes it."""
    return isinstance(value, str) and _is_day(value) and iso(value) == value


def _like(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


_PERCENT = r"(?:不低于|不少于|不超过)?\d{1,3}(?:\.\d+)?[%％]"
_TESTS: dict[str, tuple[Callable[[str], bool], str]] = {
    "date": (_is_day, "应为日期，例如 2028-12-31。"),
    "number": (_like(r"\d+"), "应为整数，例如 3。"),
    "percent": (_like(_PERCENT), "应为百分比，例如 10%。"),
    "phone": (_like(r"\+?[\d\-() 转]{5,24}"), "应为电话号码，例如 0000-00000000。"),
    "postcode": (_like(r"\d{6}"), "应为6位数字的邮政编码。"),
    "email": (_like(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "应为电子邮箱地址。"),
    "flag": (_like("是|否"), "应为“是”或者“否”。"),
    "web": (
        _like(r"https://[^\s/?#\"'<>]+\.[^\s\"'<>]+"),
        "应为以 https:// 开头的网址。",
    ),
    "domain": (
        _like(r"(?:[^\W_](?:[^\W_]|-)*\.)+[^\W\d_](?:[^\W_]|-)+"),
        "应为域名，不带 https:// 和斜杠，例如 www.example.gov.cn。",
    ),
    "site_code": (_like(r"\d{10}"), "应为10位数字的网站标识码；没有申领的写 0000000000。"),
}


def faults(columns: Sequence[Column], table: object, policy: str = "") -> Iterator[Fault]:
    """Everything wrong with a table of a TOML file, read by ``columns``, inner ones too."""
    yield from _faults(columns, table, policy, "", ())


def _faults(
    columns: Sequence[Column], table: object, policy: str, under: str, path: tuple[str | int, ...]
) -> Iterator[Fault]:
    if not isinstance(table, dict):
        yield Fault(under, f"应写成一节，例如 [{under.split('（')[0]}]。", path)
        return
    known = {column.key: column for column in columns}
    for key in table.keys() - known.keys():
        yield Fault(f"{under}{key}", f"不是本文件的项目；{suggestion(key, [*known])}", (*path, key))
    for key, column in known.items():
        name = f"{under}{key}（{column.label}）"
        if key in table:
            yield from _value(column, table[key], policy, name, (*path, key))
        elif column.needed(policy):
            yield Fault(name, "没有写，请补上。", path)


def _value(
    column: Column, value: object, policy: str, name: str, path: tuple[str | int, ...]
) -> Iterator[Fault]:
    under = f"{column.key}."
    if column.type == "table":
        yield from _faults(column.columns, value, policy, under, path)
    elif column.type in ("tables", "texts", "dates"):
        if not isinstance(value, list):
            form = f"[[{column.key}]] 的若干节" if column.type == "tables" else _LISTS[column.type]
            yield Fault(name, f"应写成 {form}。", path)
            return
        if not value and column.needed(policy):
            yield Fault(name, "至少应有一项。", path)
        for place, one in enumerate(value):
            if column.type == "tables":
                yield from _faults(column.columns, one, policy, under, (*path, place))
            elif column.type == "dates":
                if type(one) is not date and not _is_iso(one):
                    yield Fault(name, f"第{place + 1}项应为日期，例如 2027-01-01。", path)
            elif not isinstance(one, str) or not one.strip():
                yield Fault(name, f"第{place + 1}项应为文字，不能为空。", path)
    elif said := _single(column, value, policy):
        yield Fault(name, said, path)


_LISTS = {"texts": '["甲", "乙"] 的形式', "dates": '["2027-01-01", "2027-01-02"] 的形式'}


def _single(column: Column, value: object, policy: str) -> str:
    if column.type == "date":
        return "" if type(value) is date else "应为日期，不加引号，例如 2026-01-01。"
    if column.type == "number":
        return "" if type(value) is int else "应为整数，不加引号。"
    if column.type == "flag":
        return "" if isinstance(value, bool) else "应为 true 或者 false。"
    if not isinstance(value, str):
        return "应为文字，两边加引号。"
    if not value.strip():
        return "不能为空。" if column.needed(policy) else ""
    return fault(column, value)
