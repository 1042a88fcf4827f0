"""What is not wrong in ``content/`` but wants doing: said by ``check`` as warnings.

One sentence each: file, place, what was expected, what to do. None of it stops a release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path, PurePosixPath

from stdnum.cn import uscc

from pipeline import schema
from pipeline.agencies import Agency
from pipeline.calendar import Calendar
from pipeline.errors import ConfigurationError
from pipeline.new_site import TO_FILL
from pipeline.public.content import Content, Folder, Identity
from pipeline.public.library import checklist
from pipeline.public.links import mentions
from pipeline.public.read.tables import place_of, read_rows, read_text
from pipeline.schema_reference import FILES

_SOON = timedelta(days=30)
_ASK_FOR_NEXT_YEAR = 11  # the arrangement is published in October or November
_TEXTS = (".md", ".toml", ".csv", ".txt")
_OTHERS = (
    "pages/*.md",
    "flowcharts/*.toml",
    "calendar/README.md",
    "agencies/*/complaint.md",
    "agencies/*/rights.md",
    "agencies/*/regulations/*",
    "agencies/*/checklists/*.csv",
)


def of_files(content: Path) -> Iterator[str]:
    """What the files themselves say, whether they can be read as content or not."""
    for path in _files(content):
        if open_ones := _to_fill(path):
            place = path.name if path.name == "site.toml" else place_of(path)
            yield f"{place}：{_at(open_ones)}还写着“{TO_FILL}”，请改成真实内容。"
        if not _is_read(path.relative_to(content)):
            yield (
                f"{place_of(path)}：程序不读这个文件，不会公示；请核对文件名和所在的文件夹"
                "（见 docs/内容文件.md），不要的请移走。"
            )


def of_content(content: Path, loaded: Content, today: date) -> Iterator[str]:
    """What content that can be read still wants on ``today``."""
    yield from _site(loaded.site)
    yield from _calendar(loaded.calendar, today)
    for folder in loaded.folders.values():
        yield from _agency(folder.agency, today)
        yield from _roster(content, folder, today)
        yield from _lists(folder)
    for one in checklist.following(loaded):
        late = "，已逾期" if one.due < today else ""
        yield (
            f"{one.agency}的{one.checklist}第{one.row}行：所依据的{one.law}，"
            f"应在 {one.due} 前更新{late}；改好后更新“更新日期”。"
        )


def of_links(content: Path, loaded: Content, known: Iterable[str]) -> Iterator[str]:
    """Texts that name a decision which is not among ``known`` slugs (public now or once)."""
    there = set(known)
    for mention in mentions(content, list(loaded.folders)):
        if there.isdisjoint(mention.slugs):
            yield (
                f"{mention.place}：第{mention.line}行所写{mention.said}的执法决定还没有公示过；"
                "下次运行仍没有公示的，网站不能生成。请核对或者去掉链接。"
            )


def _to_fill(path: Path) -> list[int]:
    """The lines that still wait for words; none of a file that reading it will complain of."""
    if path.suffix not in _TEXTS:
        return []
    try:
        lines = read_text(path).splitlines()
    except ConfigurationError:
        return []
    return [number for number, line in enumerate(lines, 1) if TO_FILL in line]


def _files(content: Path) -> list[Path]:
    return sorted(
        path
        for path in content.rglob("*")
        if path.is_file() and not any(p.startswith((".", "~$")) for p in path.parts)
    )


def _is_read(name: Path) -> bool:
    patterns = [*_OTHERS, *FILES.values()]
    return any(_matches(PurePosixPath(name.as_posix()), pattern) for pattern in patterns)


def _matches(name: PurePosixPath, pattern: str) -> bool:
    parts = [f"*{part.split('>')[-1]}" if "<" in part else part for part in pattern.split("/")]
    return len(parts) == len(name.parts) and name.match("/".join(parts))


_FOOT = (
    *(("icp", "备案号"), ("police", "公安备案号"), ("corrections", "找错邮箱")),
    ("organ_mark", "党政机关标识"),
)


def _site(site: Identity) -> Iterator[str]:
    if site.demo:
        yield "site.toml：“demo”为 true，每页都注明是演示数据；正式使用请改为 false。"
    if not site.id_code.strip("0"):
        yield "site.toml：“id_code”全是0；政府网站请写明申领的10位网站标识码。"
    if site.domain.endswith((".invalid", ".example", ".test", "example.com")):
        yield "site.toml：“domain”不是真实的域名，网页地址和订阅会因此不对；请改成网站的域名。"
    for key, name in _FOOT:
        if not getattr(site.footer, key):
            yield f"site.toml：没有写“footer.{key}”（{name}），政府网站的页脚应当注明。"


def _calendar(calendar: Calendar, today: date) -> Iterator[str]:
    wanted = [today.year, *([today.year + 1] if today.month >= _ASK_FOR_NEXT_YEAR else [])]
    for year in wanted:
        if not calendar.knows(year):
            yield (
                f"calendar/{year}.toml：没有{year}年的放假调休安排，跨入该年的期限都标为“暂定”；"
                "国务院办公厅公布后请写入这个文件（写法见 calendar/README.md）。"
            )


def _agency(agency: Agency, today: date) -> Iterator[str]:
    place = f"{agency.slug}/agency.toml"
    if TO_FILL not in agency.credit_code and not uscc.is_valid(agency.credit_code):
        yield f"{place}：“credit_code”的校验位不对，请核对统一社会信用代码。"
    if agency.contact.hotline.startswith("0000"):
        yield f"{place}：“contact.hotline”不是能拨打的号码，请写明投诉举报电话。"
    if not agency.contact.postcode.strip("0"):
        yield f"{place}：“contact.postcode”全是0，请写明邮政编码。"
    if agency.site_start > today:
        yield f"{place}：“site_start”在今天以后；请改成网站开通的日期，否则存量决定算不对。"


def _roster(content: Path, folder: Folder, today: date) -> Iterator[str]:
    path = content / "agencies" / folder.agency.slug / "officers.csv"
    place = place_of(path)
    if not folder.officers:
        yield f"{place}：名册没有人员，公众核对不了执法证件；请填写执法人员。"
        return
    ends: dict[int, date] = {}
    for row in read_rows(path, schema.load("officers")).rows:
        if row.cells["状态"] == "在岗" and (ends_on := row.cells["有效期至"]):
            ends[row.number] = date.fromisoformat(ends_on)
    past = [row for row, end in ends.items() if end < today]
    soon = [row for row, end in ends.items() if today <= end <= today + _SOON]
    if past:
        yield (
            f"{place}：{_at(past)}“有效期至”已经过了，网站标为“证件已过期”；"
            "换了证的请更新，不再执法的请改“状态”。"
        )
    if soon:
        first = min(ends[row] for row in soon)
        yield f"{place}：{_at(soon)}的证件30日内到期（最早 {first}）；请换证后更新“有效期至”。"


def _lists(folder: Folder) -> Iterator[str]:
    if empty := [one for one in folder.checklists if not one.table.rows]:
        told = "、".join(f"{one.name}.csv（{one.title}）" for one in empty)
        yield (
            f"{folder.agency.slug}/checklists/：{len(empty)} 份清单还没有内容：{told}；"
            "请填写，没有这类事项的请删去相应文件。"
        )


def _at(rows: Sequence[int]) -> str:
    """The rows or lines in words, the first ten of them."""
    told = "、".join(map(str, rows[:10]))
    return f"第{told}行{f'等{len(rows)}处' if len(rows) > 10 else ''}"
