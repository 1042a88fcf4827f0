"""The yearly report (年度执法数据): what was decided, for how much, how far in time, what followed.

From the store's counts, which go on counting what was taken down; from the office's own
``figures.csv`` for what no export tells; and the checks a policy chose to show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pipeline.agencies import Agency
from pipeline.fields import dictionary
from pipeline.model import Kind, Tally, Total
from pipeline.public.content import Folder
from pipeline.public.downloads.spreadsheet import csv_file, xlsx_file
from pipeline.public.library import figures
from pipeline.public.page import Crumb, File, Page, under

_AMOUNTS = ("fine", "confiscated", "levy_amount")
_COLUMNS = ("机关", "年度", "类别", "指标", "数值", "单位")


class Figure(NamedTuple):
    """One number of the report: of which section, called what, in which unit."""

    section: str
    name: str
    value: int | str
    unit: str


class KindRow(NamedTuple):
    """The decisions of one kind."""

    kind: Kind
    published: int
    shown: int
    ended: int
    revoked: int
    on_time: int
    late: int

    @property
    def share(self) -> str:
        """Published in time, of those whose deadline is certain; rounded down."""
        return _share(self.on_time, self.late)


def _share(on_time: int, late: int) -> str:
    certain = on_time + late
    return f"{on_time * 100 // certain}%" if certain else "—"


class Check(NamedTuple):
    """An internal check that a policy chose to show; None: too few to be told."""

    title: str
    article: str
    assessed: int | None
    fulfilled: int | None
    not_assessable: int | None


class Report(NamedTuple):
    """One year of one agency, or of all."""

    year: int
    kinds: tuple[KindRow, ...]
    months: tuple[int, ...]
    sums: Mapping[str, int]
    told: Mapping[str, int | None]
    notes: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def total(self) -> int:
        """All decisions of the year that were ever public."""
        return sum(row.published for row in self.kinds)

    @property
    def share(self) -> str:
        """Published in time, of those of all kinds whose deadline is certain; rounded down."""
        return _share(sum(r.on_time for r in self.kinds), sum(r.late for r in self.kinds))

    @property
    def penalties(self) -> dict[str, int]:
        """How many penalties of each kind."""
        return {name: n for name, n in self.sums.items() if name not in _AMOUNTS}

    @property
    def amounts(self) -> dict[str, str]:
        """Amounts by their name, in 元 with two places."""
        named = {key: dictionary()[key].heading for key in _AMOUNTS}
        return {named[key]: f"{self.sums.get(key, 0) / 100:.2f}" for key in _AMOUNTS}

    @property
    def figures(self) -> list[Figure]:
        """All numbers as one list, for the download."""
        found = []
        for row in self.kinds:
            for key, name in _COUNTS.items():
                found.append(Figure(row.kind.label, name, getattr(row, key), "件"))
        found += [Figure("行政处罚种类", name, n, "件次") for name, n in self.penalties.items()]
        found += [Figure("金额", name, value, "元") for name, value in self.amounts.items()]
        labels = figures.keys()
        for key, value in self.told.items():
            found.append(Figure("机关统计", labels[key], "" if value is None else value, ""))
        for check in self.checks:
            found.append(Figure("内部检查", f"{check.title}：已检查", _shown(check.assessed), "件"))
            found.append(Figure("内部检查", f"{check.title}：符合", _shown(check.fulfilled), "件"))
        return found


_COUNTS = {
    "published": "公开件数",
    "shown": "正在公示",
    "ended": "公示期满撤下",
    "revoked": "撤销或者变更",
    "on_time": "按时公开",
    "late": "逾期公开",
}


def _shown(value: int | None) -> int | str:
    return "过少，不列" if value is None else value


def reports(
    tallies: Sequence[Tally], totals: Sequence[Total], told: Sequence[figures.Figures]
) -> list[Report]:
    """A report for each year that anything is known of, the newest first."""
    years = {int(one.month[:4]) for one in tallies} | {one.year for one in told}
    years |= {one.year for one in totals}
    return [
        _report(
            year,
            [one for one in tallies if one.month.startswith(f"{year}-")],
            [one for one in totals if one.year == year],
            [one for one in told if one.year == year],
        )
        for year in sorted(years, reverse=True)
    ]


def _report(
    year: int, tallies: list[Tally], totals: list[Total], told: list[figures.Figures]
) -> Report:
    sums: Counter[str] = Counter()
    for one in tallies:
        sums.update(one.sums)
    months = [sum(one.published for one in tallies if one.month[5:] == f"{m:02}") for m in _MONTHS]
    return Report(
        year,
        tuple(_kind(kind, [one for one in tallies if one.kind is kind]) for kind in Kind),
        tuple(months),
        dict(sorted(sums.items())),
        _added(told),
        tuple(one.note for one in told if one.note),
        tuple(_checks(totals)),
    )


_MONTHS = range(1, 13)


def _kind(kind: Kind, tallies: list[Tally]) -> KindRow:
    def total(key: str) -> int:
        return sum(getattr(one, key) for one in tallies)

    return KindRow(kind, *(total(key) for key in _COUNTS))


def _added(told: Iterable[figures.Figures]) -> dict[str, int | None]:
    """The offices' own figures added up; None where no office told one."""
    rows = list(told)
    found: dict[str, int | None] = {}
    for key in figures.keys() if rows else ():
        numbers = [n for row in rows if (n := row.numbers[key]) is not None]
        found[key] = sum(numbers) if numbers else None
    return found


def _checks(totals: Iterable[Total]) -> Iterator[Check]:
    for one in totals:
        yield Check(one.title, one.article, one.assessed, one.fulfilled, one.not_assessable)


class Scope(NamedTuple):
    """Whose reports: an agency's (with its folder) or the whole site's."""

    url: str
    name: str
    crumbs: tuple[Crumb, ...]
    section: str
    folder: Folder | None
    reports: tuple[Report, ...]


def scopes(
    folders: Mapping[str, Folder], tallies: Sequence[Tally], totals: Sequence[Total]
) -> list[Scope]:
    """The whole site's reports, then each agency's. Checks are shown agency by agency."""
    every = tuple(row for folder in folders.values() for row in folder.library.figures)
    found = [Scope("statistics/", "", (), "statistics/", None, tuple(reports(tallies, (), every)))]
    for slug, folder in folders.items():
        own = reports(
            [one for one in tallies if one.agency == slug],
            [one for one in totals if one.agency == slug],
            folder.library.figures,
        )
        url = f"agencies/{slug}/statistics/"
        crumbs = under(folder.agency)
        found.append(Scope(url, folder.agency.name, crumbs, "agencies/", folder, tuple(own)))
    return found


def pages(found: Sequence[Scope], folders: Mapping[str, Folder], today: date) -> Iterator[Page]:
    """For each scope the years at a glance, and a page a year."""
    for scope in found:
        values = {"scope": scope, "agency": scope.folder.agency if scope.folder else None}
        yield Page(
            url=scope.url,
            template="statistics",
            title="年度执法数据",
            values={**values, "day": today, "folders": folders, "due": due(scope, today)},
            crumbs=scope.crumbs,
            section=scope.section,
        )
        for report in scope.reports:
            yield Page(
                url=f"{scope.url}{report.year}/",
                template="statistics_year",
                title=f"{report.year}年度执法数据",
                values={
                    **values,
                    "report": report,
                    "labels": figures.keys(),
                    "day": today,
                    "running": report.year >= today.year,
                    "due": due(scope, date(report.year + 1, 1, 1)),
                },
                crumbs=(*scope.crumbs, Crumb("年度执法数据", scope.url)),
                section=scope.section,
            )


def due(scope: Scope, day: date) -> date | None:
    """By when the figures of the year before ``day`` must be out; None for the whole site."""
    if scope.folder is None:
        return None
    month, number = map(int, scope.folder.policy.annual_report.day.split("-"))
    return date(day.year, month, number)


def files(found: Sequence[Scope]) -> Iterator[File]:
    """Each year's numbers as CSV and XLSX beside its page."""
    for scope in found:
        for report in scope.reports:
            rows = rows_of(scope.folder.agency if scope.folder else None, report)
            title = f"{report.year}年度执法数据"
            base = f"{scope.url}{report.year}/data"
            yield File(f"{base}.csv", csv_file(_COLUMNS, rows))
            yield File(f"{base}.xlsx", xlsx_file(title, _COLUMNS, rows))


def rows_of(agency: Agency | None, report: Report) -> list[tuple[str, ...]]:
    """The report's numbers as rows of a table."""
    whose = agency.name if agency else "全部机关"
    return [
        (whose, str(report.year), one.section, one.name, str(one.value), one.unit)
        for one in report.figures
    ]
