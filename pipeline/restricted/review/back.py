"""The reviewer's spreadsheet, come back: every good row is recorded, every other one named."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from pipeline.errors import ConfigurationError, GongshiError, NotAccepted, UnreadableFile
from pipeline.restricted.raw import Origin, Rejection
from pipeline.restricted.read.archive import check_archive
from pipeline.restricted.review import columns as form
from pipeline.restricted.review.desk import Asked, Case, Desk
from pipeline.restricted.review.marks import Mark, Place, same_words
from pipeline.restricted.rulings import ACTS, Ruling, guess_kind

_AGAIN = "请重新导出审查表，在新表中再填这一行。"
_DAMAGED = f"这一行与导出时不一致（行列错位、单元格改动或“核对码”缺失），不能确定所指；{_AGAIN}"


@dataclass(frozen=True, slots=True)
class Row:
    """A filled-in row as it came: texts by heading; ``formulas``: headings that hold one."""

    origin: Origin
    cells: dict[str, str] = field(repr=False)
    formulas: frozenset[str]

    def __getitem__(self, heading: str) -> str:
        return self.cells.get(heading, "").strip()


@dataclass(slots=True)
class Outcome:
    """What an import did. ``same``: rows that say what was recorded already."""

    words: int = 0
    decisions: int = 0
    same: int = 0
    refused: list[Rejection] = field(default_factory=list)


class _Refused(GongshiError):
    def __init__(self, column: str, message: str) -> None:
        self.column = column
        super().__init__(message)


def take_back(path: Path, desk: Desk, reviewer: str) -> Outcome:
    """Record what a reviewer filled in. Words first, then whole decisions.

    A decision some of whose words could not be recorded is not approved. Raises
    :class:`ConfigurationError` when the file cannot be read or its headings are gone:
    then nothing is recorded.
    """
    rows = read(path)
    return _Import(desk, reviewer, rows).do()


def read(path: Path) -> dict[str, list[Row]]:
    """The rows of every sheet in which the reviewer filled in something."""
    try:
        check_archive(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=False)
            return {name: list(_rows(path, book, name)) for name in form.SHEETS}
    except (ConfigurationError, UnreadableFile) as error:
        raise ConfigurationError([f"{path.name}：{error}"]) from None
    except Exception:  # a damaged workbook can fail in any way
        raise ConfigurationError(
            [f"{path.name}：不是审查表，或已损坏；没有记录任何一行。请用导出的 .xlsx 文件填写。"]
        ) from None


def _rows(path: Path, book: Any, name: str) -> Iterator[Row]:
    if name not in book.sheetnames:
        raise ConfigurationError(
            [f"缺少工作表“{name}”；没有记录任何一行。请在导出的原文件中填写。"]
        )
    given = book[name].iter_rows()
    heads = [str(cell.value or "").strip() for cell in next(given, ())]
    columns = form.SHEETS[name]
    for column in columns:
        if heads.count(column.heading) != 1:
            raise ConfigurationError(
                [
                    f"工作表“{name}”第1行应有且只有一列“{column.heading}”；没有记录任何一行。"
                    "请恢复表头，或在导出的原文件中填写。"
                ]
            )
    fill_in = {column.heading for column in columns if column.fill_in}
    for number, cells in enumerate(given, start=2):
        named = {h: c for h, c in zip(heads, cells, strict=False) if h and c.value is not None}
        texts = {heading: str(cell.value) for heading, cell in named.items()}
        if any(texts.get(heading, "").strip() for heading in fill_in):
            formulas = frozenset(h for h, cell in named.items() if cell.data_type == "f")
            yield Row(Origin(path.name, name, number), texts, formulas)


class _Import:
    """One file, its rows weighed and recorded."""

    def __init__(self, desk: Desk, reviewer: str, rows: dict[str, list[Row]]) -> None:
        self._desk, self._reviewer, self._rows = desk, reviewer, rows
        self._outcome = Outcome()
        self._cases: dict[str, Case] = {}
        self._asked: defaultdict[str, list[tuple[Row, list[Asked]]]] = defaultdict(list)
        self._troubled: set[str] = set()

    def do(self) -> Outcome:
        whole = self._rows[form.WHOLE_SHEET]
        self._before = {row[form.SLUG]: self._version(row) for row in whole}
        self._weigh(self._rows[form.WORDS_SHEET], self._word, form.ACT)
        self._weigh(self._rows[form.MORE_SHEET], self._more, form.KIND)
        for slug, asked in self._asked.items():
            self._record(slug, asked)
        for row in self._once(whole):
            self._try(row, lambda row=row: self._whole(row))
        self._outcome.refused.sort(key=lambda r: (r.origin.sheet, r.origin.row))
        return self._outcome

    def _version(self, row: Row) -> str:
        """The version of the row's decision as this import found it."""
        try:
            return self._case(row).version
        except _Refused:
            return ""

    def _weigh(self, rows: Iterable[Row], weigh: Any, decided: str) -> None:
        groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            groups[row[form.SLUG], row[form.CODE] or row[form.WORD]].append(row)
        for same in groups.values():
            if len({row[decided] for row in same}) > 1:
                lines = "、".join(str(row.origin.row) for row in same)
                for row in same:
                    self._refuse(row, decided, f"第{lines}行说的是同一处而处理不同；请只留一行。")
                continue
            self._outcome.same += len(same) - 1
            self._try(same[0], lambda row=same[0]: weigh(row))

    def _once(self, rows: Iterable[Row]) -> Iterator[Row]:
        groups: defaultdict[str, list[Row]] = defaultdict(list)
        for row in rows:
            groups[row[form.SLUG]].append(row)
        for same in groups.values():
            if len({row[form.ACT] for row in same}) > 1:
                lines = "、".join(str(row.origin.row) for row in same)
                for row in same:
                    self._refuse(row, form.ACT, f"第{lines}行是同一件而处理不同；请只留一行。")
                continue
            self._outcome.same += len(same) - 1
            yield same[0]

    def _try(self, row: Row, act: Any) -> None:
        try:
            if row.formulas:
                raise _Refused(
                    sorted(row.formulas)[0], "单元格是公式；请改为从列表中选择或直接填写文字。"
                )
            act()
        except _Refused as problem:
            self._refuse(row, problem.column, str(problem))

    def _refuse(self, row: Row, column: str, message: str) -> None:
        self._outcome.refused.append(Rejection(row.origin, column, message))
        if row.origin.sheet != form.WHOLE_SHEET:
            self._troubled.add(row[form.SLUG] if self._is_sure(row) else _ANY)

    def _is_sure(self, row: Row) -> bool:
        """Whether the decision a row names is the one its reviewer meant."""
        words = row.origin.sheet == form.WORDS_SHEET
        bound = not words or form.reference(form.WORDS_SHEET, row.cells, row[form.CODE])
        return bool(bound) and self._version(row) != ""

    def _case(self, row: Row) -> Case:
        slug = row[form.SLUG]
        if slug not in self._cases:
            try:
                self._cases[slug] = self._desk.case(slug)
            except NotAccepted:
                raise _Refused(
                    form.SLUG, "台账中没有这个编号的决定；请照“整件”表抄写编号。"
                ) from None
        return self._cases[slug]

    def _word(self, row: Row) -> None:
        act = form.CHOICES.get(row[form.ACT])
        if act is None:
            choices = "、".join(form.CHOICES)
            column = form.ACT
            raise _Refused(
                column, f"不认识这种处理；请选择{choices}之一，不处理则把本行填写栏清空。"
            )
        found = form.reference(form.WORDS_SHEET, row.cells, row[form.CODE])
        if found is None:
            raise _Refused(form.CODE, _DAMAGED)
        case = self._case(row)
        mark = next((mark for mark in case.marks if mark.id == found), None)
        if mark is None:
            self._gone(row, case, act)
            return
        if act == "confirm" and mark.standing != "masked":
            raise _Refused(form.ACT, "这个词语没有遮盖，不能“确认遮盖”；请选择“遮盖”或“显示”。")
        kind = self._kind(row) or mark.kind or guess_kind(mark.text)
        asked = [Asked(place, act, "" if act == "show" else kind) for place in mark.places]
        self._asked[case.slug].append((row, asked))

    def _gone(self, row: Row, case: Case, act: str) -> None:
        """A mark that is no more as it went out: said already, said otherwise, or changed."""
        said = self._said(case, row[form.WORD])
        if any(ruling.act == act for ruling in said):
            self._outcome.same += 1
            return
        if said:
            by = f"{said[0].reviewer}于{said[0].day.isoformat()}定为“{ACTS[said[0].act]}”"
            raise _Refused(form.ACT, f"导出之后这一处已由{by}，与本行不同；{_AGAIN}")
        raise _Refused(form.CODE, f"导出之后这件决定的文字或遮盖有变动，本行已过时；{_AGAIN}")

    def _said(self, case: Case, word: str) -> list[Ruling]:
        """Rulings of today's text on this word (as a row shows it)."""
        return [r for r in case.rulings.holding if " ".join(r.text.split()) == word]

    def _kind(self, row: Row) -> str:
        given = row[form.KIND]
        if given and given not in form.KIND_KEYS:
            choices = "、".join(form.KIND_KEYS)
            raise _Refused(form.KIND, f"不认识这个类别；请选择{choices}之一，或留空。")
        return form.KIND_KEYS.get(given, "")

    def _more(self, row: Row) -> None:
        word = row[form.WORD]
        if not row[form.SLUG]:
            raise _Refused(form.SLUG, "没有写决定编号；请照“整件”表抄写编号。")
        if not word:
            raise _Refused(form.WORD, "没有写要遮盖的词语；请照原文抄写。")
        case, kind = self._case(row), self._kind(row) or guess_kind(word)
        places = list(same_words(case.columns, word))
        if not places:
            raise _Refused(form.WORD, "这件决定的原文中没有这个词语；请照原文逐字抄写（含标点）。")
        open_ = [place for place in places if not _covered(place, case.marks)]
        if not open_:
            self._outcome.same += 1
            return
        self._asked[case.slug].append((row, [Asked(p, "mask", kind) for p in open_]))

    def _record(self, slug: str, asked: list[tuple[Row, list[Asked]]]) -> None:
        """All rows of a decision at once; one by one when something in them is not lawful."""
        try:
            self._desk.rule(slug, [one for _, places in asked for one in places], self._reviewer)
            self._outcome.words += len(asked)
        except NotAccepted as problem:
            if len(asked) == 1:
                self._refuse(asked[0][0], form.ACT, str(problem))
                return
            for one in asked:
                self._record(slug, [one])

    def _whole(self, row: Row) -> None:
        act = form.WHOLE.get(row[form.ACT])
        if act is None:
            raise _Refused(form.ACT, f"应为“批准”或“不批准”；请从列表中选择。{_only_note(row)}")
        version = form.reference(form.WHOLE_SHEET, row.cells, row[form.CODE])
        if version is None:
            raise _Refused(form.CODE, _DAMAGED)
        case = self._case(row)
        if not self._is_fresh(case, version):
            word = case.approval
            if word and (word.act, word.reviewer) == (act, self._reviewer):
                self._outcome.same += 1
                return
            raise _Refused(form.CODE, f"导出之后这件决定的文字、状态或审查意见有变动；{_AGAIN}")
        if act == "approve" and case.slug in self._troubled:
            raise _Refused(form.ACT, "本件有词语行没有记录成功，暂不批准；请先改正那些行再导入。")
        if act == "approve" and _ANY in self._troubled:
            raise _Refused(form.ACT, "有词语行认不出属于哪一件，暂不批准；请先改正那些行再导入。")
        try:
            self._desk.sign(case.slug, act, self._reviewer, row[form.NOTE])
        except (NotAccepted, ConfigurationError) as problem:
            raise _Refused(form.ACT, str(problem)) from None
        self._outcome.decisions += 1

    def _is_fresh(self, case: Case, went_out: str) -> bool:
        """Whether nothing changed since, but by what this same reviewer said on words."""
        version, _, ground = went_out.partition("-")
        if version == self._before[case.slug]:
            return True
        own = all(r.reviewer == self._reviewer for r in case.rulings.holding)
        return own and ground == case.ground


#: Stands among the troubled decisions for one nobody can name.
_ANY = ""


def _only_note(row: Row) -> str:
    return "只写了说明而没有选择处理。" if not row[form.ACT] else ""


def _covered(place: Place, marks: Iterable[Mark]) -> bool:
    masked = (p for mark in marks if mark.standing == "masked" for p in mark.places)
    return any(
        p.field == place.field and p.start <= place.start and place.end <= p.end for p in masked
    )
