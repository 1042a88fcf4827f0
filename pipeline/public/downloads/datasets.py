"""Every list of the site as a dataset (开放数据), the catalogue page, and the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.fields import dictionary
from pipeline.model import Kind, Timeliness
from pipeline.public.downloads import dataset, double, open_data
from pipeline.public.downloads.dataset import Column, Dataset, Kept, Listed, measured, workbooks
from pipeline.public.library.roster import COLUMNS
from pipeline.public.page import File, Page
from pipeline.public.pages import roster_pages, statistics

if TYPE_CHECKING:
    from pipeline.public.content import Content, Folder
    from pipeline.public.decisions import Line
    from pipeline.public.downloads.lines import Bodies

_AGENCY = Column("机关", "公布机关的全称")
_PAGE = Column("页面", "页面地址，相对于网站首页")
_DATES = {"date": "date", "amount": "number"}
#: The columns of the decisions' download that are dates.
_DAYS = ("决定日期", "首次公开日期", open_data.LAST_DAY)


def decisions() -> Dataset:
    """All decisions that are shown; their rows are kept with them (:mod:`lines`)."""
    fields = {field.heading: field for field in dictionary().values()}
    types = {heading: _DATES.get(field.type, "string") for heading, field in fields.items()}
    types |= dict.fromkeys(_DAYS, "date")
    columns = tuple(
        Column(
            heading,
            double.about(fields.get(heading)),
            types.get(heading, "string"),  # type: ignore[arg-type]
        )
        for heading in open_data.HEADINGS
    )
    about = "正在公示的全部执法决定，一件一行；金额单位为元。公示期至为最后一日，次日起撤下。"
    return Dataset("decisions", "执法决定", about, columns, (), "决定日期")


def described(
    content: Content,
    counts: Sequence[Timeliness],
    reports: Sequence[statistics.Scope],
    withdrawn: Sequence[Line],
    today: date,
) -> list[Dataset]:
    """Every dataset of the site; those of decisions without their rows."""
    folders = content.folders
    own = [_agencies, _guides, _articles, _cases, _steps, _posts]
    found = [make(folders) for make in own]
    more = [*_checklists(content), _timeliness(folders, counts), _figures(reports)]
    people = [_withdrawn(withdrawn), _officers(folders, today)]
    return [decisions(), *double.datasets(), *people, *found, *more]


def _withdrawn(lines: Sequence[Line]) -> Dataset:
    """The notices: their four facts, and the day a sweep goes by."""
    names = ("决定书文号", "决定种类", "撤下原因")
    dated = ("撤下日期", open_data.LAST_DAY)
    columns = (*(Column(name) for name in names), *(Column(name, "", "date") for name in dated))
    rows = []
    for line in lines:
        days = [day.isoformat() if day else "" for day in (line.withdrawn_on, line.last_day)]
        rows.append((line.number, line.kind.label, line.reason, *days))
    about = "被变更、撤销、确认违法或者确认无效而撤下的决定，只列文号、种类、原因和日期。"
    return Dataset("withdrawn", "撤下说明", about, columns, rows)


def _officers(folders: Mapping[str, Folder], today: date) -> Dataset:
    columns = [*COLUMNS.values(), "人员类别", "证件状态", "状态截至日期"]
    rows = []
    for slug, folder in folders.items():
        for member in roster_pages.members(folder, today):
            cells = [member.told(key) for key in COLUMNS]
            state = (member.officer.staff, member.standings[0].state.value, today.isoformat())
            rows.append((folder.agency.name, *cells, *state, f"agencies/{slug}/officers/"))
    about = "各机关的执法人员和辅助人员；各列是否公示依照本机关的规定。"
    return _list("officers", "执法人员名册", about, columns, rows)


def _agencies(folders: Mapping[str, Folder]) -> Dataset:
    columns = [
        "简称",
        "统一社会信用代码",
        "执法区域",
        "地址",
        "邮政编码",
        "办公时间",
        "投诉举报电话",
    ]
    rows = []
    for slug, folder in folders.items():
        agency, contact = folder.agency, folder.agency.contact
        told = (agency.short_name, agency.credit_code, agency.region, contact.address)
        more = (contact.postcode, contact.hours, contact.hotline, f"agencies/{slug}/")
        rows.append((agency.name, *told, *more))
    return _list("agencies", "执法主体", "各执法机关的名称、代码、地址和电话。", columns, rows)


def _guides(folders: Mapping[str, Folder]) -> Dataset:
    columns = ["事项名称", "执法类别", "受理机构", "审批机构", "办理时限", "更新日期"]
    rows = []
    for slug, folder in folders.items():
        for g in folder.library.guides:
            told = (g.title, g.kind, g.accepts, g.decides, g.limit, g.updated.isoformat())
            rows.append((folder.agency.name, *told, f"agencies/{slug}/guides/{g.name}/"))
    return _list("guides", "服务指南", "各机关的服务指南。", columns, rows)


def _articles(folders: Mapping[str, Folder]) -> Dataset:
    columns = ["制度名称", "条", "内容"]
    rows = []
    for slug, folder in folders.items():
        for one in folder.library.regulations:
            for piece, anchor in one.articles:
                address = f"agencies/{slug}/regulations/{one.name}/#{anchor}"
                rows.append((folder.agency.name, one.title, piece.label, piece.text, address))
    return _list("articles", "制度条文", "各机关制度文件的条文，一条一行。", columns, rows)


def _cases(folders: Mapping[str, Folder]) -> Dataset:
    columns = ["标题", "发布日期", "处理结果", "废止日期", "废止理由"]
    rows = []
    for slug, folder in folders.items():
        for case in folder.library.cases:
            end = case.repealed
            ended = (end.on.isoformat(), end.ground) if end else ("", "")
            told = (case.title, case.published_on.isoformat(), case.result.strip(), *ended)
            rows.append((folder.agency.name, *told, f"agencies/{slug}/cases/{case.name}/"))
    about = "各机关的指导性案例，当事人已作匿名处理。"
    return _list("cases", "指导性案例", about, columns, rows)


def _steps(folders: Mapping[str, Folder]) -> Dataset:
    columns = ["流程图", "步骤序号", "步骤", "办理", "时限", "记录", "下一步"]
    rows = []
    for slug, folder in folders.items():
        for chart in folder.flowcharts:
            labels = {step.id: step.label for step in chart.steps}
            for number, step in enumerate(chart.steps, 1):
                after = "；".join(
                    f"{arrow.when}：{labels[arrow.to]}" if arrow.when else labels[arrow.to]
                    for arrow in step.next
                )
                told = (str(number), step.label, step.who, step.limit, "；".join(step.record))
                page = f"agencies/{slug}/flowcharts/{chart.name}/#step-{number}"
                rows.append((folder.agency.name, chart.title, *told, after, page))
    return _list("flowcharts", "流程图步骤", "各机关流程图，一步一行。", columns, rows)


def _posts(folders: Mapping[str, Folder]) -> Dataset:
    columns = ["岗位", "职责"]
    rows = [
        (f.agency.name, post.title, duty, f"agencies/{slug}/posts/")
        for slug, f in folders.items()
        if f.library.posts
        for post in f.library.posts.posts
        for duty in post.duties
    ]
    return _list("posts", "岗位责任", "各机关的岗位责任，一项职责一行。", columns, rows)


def _checklists(content: Content) -> Iterator[Dataset]:
    """The checklists of one kind of all agencies together."""
    by_name: dict[str, list[tuple[str, Folder, int]]] = {}
    for slug, folder in content.folders.items():
        for place, checklist in enumerate(folder.checklists):
            by_name.setdefault(checklist.name, []).append((slug, folder, place))
    for name, places in sorted(by_name.items()):
        every = [(slug, folder, folder.checklists[place]) for slug, folder, place in places]
        columns = list(dict.fromkeys(c for _, _, one in every for c in one.table.columns))
        rows = []
        for slug, folder, one in every:
            for row in one.table.rows:
                cells = [row.cells.get(column, "") for column in columns]
                rows.append((folder.agency.name, *cells, f"agencies/{slug}/checklists/{name}/"))
        title = every[0][2].title
        yield _list(f"checklist-{name}", title, f"各机关的{title}。", columns, rows)


def _timeliness(folders: Mapping[str, Folder], counts: Sequence[Timeliness]) -> Dataset:
    columns = ["种类", "决定月份", "按时", "逾期", "未公开", "暂定"]
    rows = []
    for one in counts:
        if folder := folders.get(one.agency):
            told = map(str, (one.on_time, one.late, one.missing, one.provisional))
            address = f"agencies/{one.agency}/timeliness/"
            rows.append((folder.agency.name, one.kind.label, one.month, *told, address))
    return _list("timeliness", "公开时效", "各月决定按时公开的件数。", columns, rows)


def _figures(reports: Sequence[statistics.Scope]) -> Dataset:
    columns = ["年度", "类别", "指标", "数值", "单位"]
    rows = [
        (*row, f"{scope.url}{report.year}/")
        for scope in reports
        if scope.folder
        for report in scope.reports
        for row in statistics.rows_of(scope.folder.agency, report)
    ]
    return _list("statistics", "年度执法数据", "各机关各年度的执法数据。", columns, rows)


def _list(
    name: str, title: str, about: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> Dataset:
    dated = {column: "date" for column in columns if column.endswith("日期")}
    own = [Column(c, "", dated.get(c, "string")) for c in columns]  # type: ignore[arg-type]
    return Dataset(name, title, about, (_AGENCY, *own, _PAGE), rows)


_TYPES = {"string": "文字", "date": "日期", "integer": "整数", "number": "数字"}


def pages(
    content: Content, every: Sequence[Dataset], years: Iterable[tuple[str, str]], today: date
) -> Iterator[Page]:
    """The catalogue with the data dictionary: every dataset, its files and its columns.

    ``years``: of each kind the years that have decisions.
    """
    pairs = set(years)
    kinds = {double.NAMES[kind]: kind.value for kind in double.NAMES}
    books = {
        one.name: sorted({year for kind, year in pairs if kinds.get(one.name, kind) == kind})
        for one in every
        if one.by_year
    }
    yield Page(
        url=dataset.FOLDER,
        template="data",
        title="开放数据",
        values={
            "datasets": every,
            "books": books,
            "types": _TYPES,
            "kinds": list(Kind),
            "agencies": [folder.agency for folder in content.folders.values()],
            "day": today,
        },
        section=dataset.FOLDER,
    )


def files(
    content: Content, every: Sequence[Dataset], decided: Bodies, previous: Path | None = None
) -> Iterator[File]:
    """All downloads. ``decided``: the lines of decisions, of each dataset that has them.

    ``previous``: the last release, whose workbooks may be kept.
    """
    kept = Kept(previous) if previous else None
    listed: list[Listed] = []
    named = {*double.NAMES.values(), decisions().name}
    for one in every:
        made = dataset.joined(one, *decided(one.name)) if one.name in named else None
        for file in made or dataset.tables(one):
            listed.append(Listed(file.path, measured(file.body)))
            yield file
            if file.path.endswith(".csv"):
                for book in workbooks(one.name, one.title, file.body, one.by_year, kept):
                    listed.append(Listed(book.file.path, measured(book.file.body), book.source))
                    yield book.file
        yield dataset.description(one)
    yield dataset.package(content.site.name, every, listed)
    yield dataset.sums(listed)
