"""The private side tables (``<state>/comply/``), read with the readers of exports."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from pipeline.agencies import Agency
from pipeline.errors import UnreadableFile
from pipeline.fields import label_key
from pipeline.restricted.comply.frame import Frame, people
from pipeline.restricted.read import NO_ACCESS, tables_in
from pipeline.restricted.read.authority import Authorities, UnknownAuthority
from pipeline.restricted.read.cells import Unfit, value_text
from pipeline.restricted.read.dates import iso_date, iso_moment
from pipeline.restricted.read.presentable import presentable
from pipeline.restricted.read.table import Cell, Table

AUTHORITY = "authority"
_AUTHORITY_LABELS = ("机关", "机关名称", "执法机关", "单位名称")
_MIN_LABELS = 2
_SUFFIXES = (".xlsx", ".xls", ".csv", ".json", ".jsonl")
_NOTES = (".txt", ".md")


class ColumnType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A declared column of a side table; a ``person`` is never told in a finding."""

    label: str
    aliases: tuple[str, ...] = ()
    type: Literal["text", "person", "date", "moment", "number"] = "text"


class TableType(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of side table. See the head of ``tables.toml``."""

    title: str
    columns: dict[str, ColumnType]
    key: str
    day: str = ""
    aliases: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


@dataclass
class SideTables:
    """What was read: frames by agency and table, names to strike out, and what went wrong."""

    frames: dict[str, dict[str, Frame]] = field(default_factory=dict)
    hidden: frozenset[str] = field(default=frozenset(), repr=False)
    problems: tuple[str, ...] = ()


@cache
def table_types() -> dict[str, TableType]:
    """All declared side tables by key."""
    text = (Path(__file__).parent / "tables.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, TableType])


def read_side_tables(folder: Path, content: Path, agencies: Mapping[str, Agency]) -> SideTables:
    """Every side table under ``folder`` and the rosters under ``content``.

    Nothing is raised for what stands in a file: what cannot be used is told in ``problems``.
    """
    reading = _Reading(agencies)
    for slug in agencies:
        roster = content / "agencies" / slug / "officers.csv"
        if roster.is_file():
            reading.add_file(roster, slug, "officers")
    if folder.is_dir():
        for path in sorted(folder.rglob("*")):
            suffix = path.suffix.casefold()
            if path.is_dir() or suffix in _NOTES or path.name.startswith((".", "~$")):
                continue
            if suffix in _SUFFIXES:
                inside = path.parent != folder
                reading.add_file(path, path.parent.name if inside else "")
            else:
                reading.refuse(path)
    return reading.result()


class _Reading:
    def __init__(self, agencies: Mapping[str, Agency]) -> None:
        self._agencies = agencies
        self._authorities = Authorities(agencies)
        self._rows: defaultdict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
        self._hidden: set[str] = set()
        self._problems: list[str] = []

    def add_file(self, path: Path, slug: str, kind: str = "") -> None:
        """Read a file; ``slug``: the agency it belongs to, when its folder says so."""
        name = presentable(path.name)
        if slug and slug not in self._agencies:
            self._problems.append(
                f"{name}：所在文件夹不是任何机关的名称，没有读取；请改正文件夹名。"
            )
            return
        try:
            for table in tables_in(path):
                self._add(table, name, slug, kind or _kind(table.sheet) or _kind(path.stem))
        except UnreadableFile as error:
            self._problems.append(f"{name}：{error}")
        except OSError:
            self._problems.append(f"{name}：{NO_ACCESS}")

    def refuse(self, path: Path) -> None:
        """Say that a file is of no kind that is read: it would be missed without a word."""
        self._problems.append(
            f"{presentable(path.name)}：不是 xlsx、xls、csv 或 json 文件，没有读取；请另存为 xlsx。"
        )

    def _add(self, table: Table, name: str, slug: str, kind: str) -> None:
        if not kind:
            titles = "、".join(one.title for one in table_types().values())
            self._problems.append(
                f"{name}：认不出是哪一种台账，没有读取；请在文件名或工作表名中写明：{titles}。"
            )
            return
        header = _header(table, table_types()[kind])
        if header is None:
            self._problems.append(
                f"{name}：没有认出表头，没有读取；请写明“{_labels(kind)}”等列名。"
            )
            return
        first, keys, hidden = header
        strangers = 0
        for cells in table.below(first + 1):
            row = _row(cells, keys, table_types()[kind])
            self._hidden.update(n for at in hidden for n in people(_text(cells[at])) if len(n) > 1)
            if not any(row.values()):
                continue
            owner = slug or self._owner(row.pop(AUTHORITY, ""))
            if owner:
                self._rows[owner, kind].append(row)
            else:
                strangers += 1
        if strangers:
            self._problems.append(
                f"{name}：有{strangers}行看不出属于哪个机关，没有读取；请填写“机关”列，"
                "或放入以机关文件夹名命名的文件夹。"
            )

    def _owner(self, named: str) -> str:
        if not named:
            return next(iter(self._agencies)) if len(self._agencies) == 1 else ""
        try:
            return self._authorities.slug_of(named, "")
        except UnknownAuthority:
            return ""

    def result(self) -> SideTables:
        frames: defaultdict[str, dict[str, Frame]] = defaultdict(dict)
        for (slug, kind), rows in sorted(self._rows.items()):
            frames[slug][kind] = Frame.of(rows)
        return SideTables(dict(frames), frozenset(self._hidden), tuple(self._problems))


def _kind(name: str) -> str:
    """The table whose title stands in a name; the longest title wins."""
    found = [
        (len(title), key)
        for key, one in table_types().items()
        for title in (one.title, *one.aliases)
        if title in name
    ]
    return max(found, default=(0, ""))[1]


def _labels(kind: str) -> str:
    return "”“".join(column.label for column in list(table_types()[kind].columns.values())[:3])


def _header(table: Table, kind: TableType) -> tuple[int, dict[int, str], tuple[int, ...]] | None:
    """The row of the header, the keys of its columns by position, and the hidden columns."""
    known = {
        label_key(label): key
        for key, column in kind.columns.items()
        for label in (column.label, *column.aliases)
    }
    known |= {label_key(label): AUTHORITY for label in _AUTHORITY_LABELS}
    hidden = set(map(label_key, kind.hidden))
    for number, cells in enumerate(table.head):
        labels = [label_key(cell) if isinstance(cell, str) else "" for cell in cells]
        keys = {at: known[label] for at, label in enumerate(labels) if label in known}
        if len(set(keys.values()) - {AUTHORITY}) >= _MIN_LABELS:
            return number, keys, tuple(at for at, label in enumerate(labels) if label in hidden)
    return None


def _row(cells: Sequence[Cell], keys: Mapping[int, str], kind: TableType) -> dict[str, str]:
    row: dict[str, str] = {}
    for at, key in keys.items():
        column = kind.columns.get(key)
        text = _value(cells[at], column.type if column else "text")
        row[key] = row.get(key) or text
    return row


def _value(cell: Cell, type_: str) -> str:
    text = _text(cell)
    if text and type_ in ("date", "moment"):
        try:
            return iso_date(cell) if type_ == "date" else iso_moment(cell)
        except (ValueError, OverflowError):
            return text
    return text


def _text(cell: Cell) -> str:
    try:
        return value_text(cell)
    except Unfit:
        return ""


def rows_of(frame: Frame, keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The texts of some columns, row by row."""
    yield from zip(*(frame.texts(key).tolist() for key in keys), strict=True)
