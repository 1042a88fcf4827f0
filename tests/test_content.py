"""Is what stands under content/ complete, consistent, and plainly a demonstration?"""

import csv
import re
import tomllib
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from stdnum.cn import uscc

from pipeline import policy
from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.errors import ConfigurationError
from pipeline.model import Kind
from pipeline.public.flowcharts.flowchart import read_flowchart
from pipeline.public.read.documents import read_document
from pipeline.public.read.word import read_word

CONTENT = Path(__file__).parent.parent / "content"
AGENCIES = ("liaoning", "mingshan", "shihao", "lingchuan", "zhejiang")  # in site order
DEMO_DAY = date(2026, 11, 20)

INSPECTION_COLUMNS = (
    "序号 抽查事项 抽查主体 抽查依据 抽查对象 抽查内容 抽查比例 抽查方式 抽查频次 更新日期"
)
MATTER_COLUMNS = "序号 事项名称 执法类别 实施主体 承办机构 职责权限 依据 更新日期"
OFFICER_COLUMNS = (
    "姓名 单位 职务 执法证件编号 执法类别 执法区域 有效期至 人员类别 状态 状态起 状态止"
)

FLOWCHARTS = {
    "liaoning": {"penalty-ordinary", "complaints"},
    "mingshan": {"penalty-ordinary", "legal-review"},
    "shihao": {"penalty-ordinary", "legal-review", "complaints"},
    "lingchuan": {"penalty-ordinary", "legal-review"},
    "zhejiang": {"penalty-ordinary", "legal-review"},
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def folder(slug: str) -> Path:
    return CONTENT / "agencies" / slug


def officers(slug: str) -> list[dict[str, str]]:
    return rows(folder(slug) / "officers.csv")


def flowcharts():
    paths = sorted(CONTENT.glob("agencies/*/flowcharts/*.toml"))
    return [pytest.param(path, id=f"{path.parts[-3]}-{path.stem}") for path in paths]


def documents():
    paths = sorted([*CONTENT.glob("pages/*.md"), *CONTENT.glob("agencies/*/*.md")])
    return [pytest.param(path, id=f"{path.parent.name}-{path.stem}") for path in paths]


def test_the_five_agencies_in_site_order():
    agencies = load_agencies(CONTENT)
    assert tuple(agencies) == AGENCIES
    assert all(agency.policy == slug for slug, agency in agencies.items())
    assert {agency.site_start for agency in agencies.values()} == {date(2026, 1, 1)}


def test_shihao_hotline_and_postcode():
    # R128: these two are facts of the town's own rule and must survive every mask.
    contact = load_agencies(CONTENT)["shihao"].contact
    assert (contact.hotline, contact.postcode) == ("023-48740007", "401024")
    assert policy.load("shihao").keep["contact"].values == (contact.hotline, contact.postcode)


@pytest.mark.parametrize("slug", AGENCIES)
def test_credit_code_is_valid_and_not_issued(slug):
    code = load_agencies(CONTENT)[slug].credit_code
    assert uscc.is_valid(code)
    assert code.startswith("11")
    assert code[8:11] == "DEM"


def test_no_two_agencies_answer_to_one_name():
    named = Counter(
        name
        for agency in load_agencies(CONTENT).values()
        for name in {agency.name, agency.short_name, *agency.aliases}
    )
    assert [name for name, times in named.items() if times > 1] == []


@pytest.mark.parametrize("slug", AGENCIES)
def test_other_numbers_could_not_be_anyones(slug):
    # No Chinese subscriber number begins with 0.
    own = set(load_agencies(CONTENT)[slug].own_values) - {"023-48740007"}
    phones = [value for value in own if re.fullmatch(r"0\d{2,3}-\d+", value)]
    assert phones
    assert all(phone.split("-")[1].startswith("0000") for phone in phones)


@pytest.mark.parametrize("slug", AGENCIES)
def test_a_roster_with_one_of_every_special_case(slug):
    staff = officers(slug)
    assert list(staff[0]) == OFFICER_COLUMNS.split()
    assert 6 <= len(staff) <= 12
    assert any(date.fromisoformat(line["有效期至"]) < DEMO_DAY for line in staff)
    assert any(line["人员类别"] == "执法辅助人员" for line in staff)
    assert any(line["状态"] == "暂扣" for line in staff)


@pytest.mark.parametrize("slug", AGENCIES)
def test_roster_dates_and_values(slug):
    for line in officers(slug):
        assert date.fromisoformat(line["有效期至"])
        assert line["人员类别"] in {"执法人员", "执法辅助人员"}
        assert line["状态"] in {"在岗", "暂扣", "收回", "遗失作废"}
        assert line["单位"]
        assert bool(line["状态起"]) == (line["状态"] != "在岗")
        assert bool(line["状态止"]) == (line["状态"] == "暂扣")


@pytest.mark.parametrize("slug", AGENCIES)
def test_a_suspension_lasts_thirty_days_around_the_demo_day(slug):
    # R101: 资格管理制度第十三条.
    for line in officers(slug):
        if line["状态"] == "暂扣":
            begin = date.fromisoformat(line["状态起"])
            end = date.fromisoformat(line["状态止"])
            assert end - begin == timedelta(days=30)
            assert begin < DEMO_DAY < end


def test_certificates_and_names_are_unique_over_all_agencies():
    staff = [line for slug in AGENCIES for line in officers(slug)]
    for column in ("执法证件编号", "姓名"):
        times = Counter(line[column] for line in staff)
        assert [value for value, n in times.items() if n > 1 or not value] == [], column
    assert all(line["执法证件编号"].startswith("演") for line in staff)


def test_rosters_open_in_excel():
    for slug in AGENCIES:
        assert (folder(slug) / "officers.csv").read_bytes().startswith(b"\xef\xbb\xbf"), slug


@pytest.mark.parametrize("slug", AGENCIES)
def test_inspection_items(slug):
    # R015: seven things to say; the town's rule leaves out the frequency.
    items = rows(folder(slug) / "checklists" / "inspection-items.csv")
    wanted = [c for c in INSPECTION_COLUMNS.split() if (slug, c) != ("shihao", "抽查频次")]
    assert list(items[0]) == wanted
    check_numbered(items)
    name = load_agencies(CONTENT)[slug].name
    assert all(item["抽查主体"] == name for item in items)
    assert all(re.fullmatch(r"\d+%", item["抽查比例"]) for item in items)


@pytest.mark.parametrize("slug", AGENCIES)
def test_matters(slug):
    matters = rows(folder(slug) / "checklists" / "matters.csv")
    agency = load_agencies(CONTENT)[slug]
    assert list(matters[0]) == MATTER_COLUMNS.split()
    check_numbered(matters)
    assert all(matter["实施主体"] == agency.name for matter in matters)
    bodies = {body.name for body in agency.inner_bodies}
    assert {matter["承办机构"] for matter in matters} <= bodies
    kinds = {matter["执法类别"] for matter in matters}
    assert kinds <= {kind.label for kind in Kind}
    assert kinds == {power.kind for power in agency.powers}


def check_numbered(lines: list[dict[str, str]]) -> None:
    assert 6 <= len(lines) <= 10
    assert [line["序号"] for line in lines] == [str(n) for n in range(1, len(lines) + 1)]
    assert all(all(line.values()) for line in lines)
    assert all(date.fromisoformat(line["更新日期"]) <= DEMO_DAY for line in lines)


@pytest.mark.parametrize("slug", AGENCIES)
def test_every_agency_has_its_flowcharts(slug):
    assert {path.stem for path in folder(slug).glob("flowcharts/*.toml")} == FLOWCHARTS[slug]


@pytest.mark.parametrize("path", flowcharts())
def test_a_flowchart_says_who_does_what_and_what_is_recorded(path):
    # R009, R010. The reader itself refuses missing targets, dead ends and lost steps.
    chart = read_flowchart(path)
    assert chart.kind in {"penalty", "legal_review", "complaint"}
    assert "制度" in chart.source or "办法" in chart.source
    for step in chart.steps:
        assert step.who, step.id
        assert step.record, step.id
        assert len(step.next) < 2 or all(arrow.when for arrow in step.next) or fork(step), step.id


def fork(step) -> bool:
    """Both ways are taken at once: after service, publication and execution."""
    return step.id == "serve" and not any(arrow.when for arrow in step.next)


@pytest.mark.parametrize("slug", [slug for slug in AGENCIES if "legal-review" in FLOWCHARTS[slug]])
def test_the_review_chart_and_the_policy_agree(slug):
    chart = read_flowchart(folder(slug) / "flowcharts" / "legal-review.toml")
    review = policy.load(slug).legal_review
    more = "工作日" if review.extension_unit == "working_day" else "日"
    assert chart.step("review").limit.startswith(f"{review.days}个工作日")
    assert re.search(rf"\D{review.extension_days}个?{more}", chart.step("extend").limit)


@pytest.mark.parametrize("slug", AGENCIES)
def test_the_penalty_chart_and_the_policy_agree(slug):
    chart = read_flowchart(folder(slug) / "flowcharts" / "penalty-ordinary.toml")
    days = policy.load(slug).deadlines[Kind.PENALTY].days
    assert chart.step("publish").limit.startswith(f"决定之日起{days}个工作日内")


@pytest.mark.parametrize("slug", ["liaoning", "shihao"])
def test_the_complaint_chart_and_the_policy_agree(slug):
    chart = read_flowchart(folder(slug) / "flowcharts" / "complaints.toml")
    limits = policy.load(slug).complaint
    assert chart.step("screen").limit == f"{limits.accept_working_days}个工作日"
    assert chart.step("handle").limit == f"受理后{limits.close_calendar_days}日内办结"
    assert chart.step("extend").limit == f"延长不超过{limits.extension_calendar_days}日"
    assert chart.step("extend").who == limits.extension_approved_by


@pytest.mark.parametrize("slug", AGENCIES)
def test_the_complaint_page_says_the_limits(slug):
    text = (folder(slug) / "complaint.md").read_text(encoding="utf-8")
    limits = policy.load(slug).complaint
    assert f"{limits.accept_working_days}个工作日" in text
    assert f"{limits.close_calendar_days}日" in text
    assert f"{limits.extension_calendar_days}日" in text
    # What the agency's own rule does not fix must not be sold as its own.
    assert ("本站的统一做法" in text) == (slug not in {"liaoning", "shihao"})


@pytest.mark.parametrize("path", documents())
def test_a_document_renders_with_its_headings_in_order(path):
    document = read_document(path)
    levels = [int(level) for level in re.findall(r"<h(\d)", document.body)]
    assert document.title
    assert levels[0] == 2
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_the_pages_of_the_site():
    pages = [read_document(path) for path in CONTENT.glob("pages/*.md")]
    in_order = [page.name for page in sorted(pages, key=lambda page: page.order)]
    assert in_order == ["about", "privacy", "accessibility", "objection"]


def test_the_site_says_that_it_is_a_demonstration():
    site = tomllib.loads((CONTENT / "site.toml").read_text(encoding="utf-8"))
    assert site["demo"] is True
    assert "虚构" in site["banner"]
    assert site["domain"].endswith(".invalid")
    assert int(site["id_code"]) == 0
    assert "演示" in site["name"]
    assert "演示" in site["footer"]["icp"]
    assert "演示" in site["footer"]["police"]


def test_only_reserved_domains_are_named():
    for path in CONTENT.rglob("*"):
        if path.is_file():
            text = read_word(path) if path.suffix == ".docx" else path.read_text("utf-8-sig")
            for domain in re.findall(r"@([A-Za-z0-9.-]+)", text):
                assert domain.endswith("example.invalid"), path.name


def test_the_calendar_readme_describes_a_file_that_loads(tmp_path):
    text = (CONTENT / "calendar" / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.+?)```", text, re.DOTALL)
    assert example
    (tmp_path / "calendar").mkdir()
    year = tmp_path / "calendar" / "2027.toml"
    year.write_text(example[1], encoding="utf-8")
    calendar = load_calendar(tmp_path)
    assert calendar.knows(2027)
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_workday(date(2027, 2, 7))  # a Sunday


def test_no_calendar_is_invented():
    assert [path.name for path in CONTENT.glob("calendar/*")] == ["README.md"]


def test_every_problem_of_every_agency_is_told_at_once(tmp_path):
    for slug, text in {"a": "name = '甲'", "b": "name = [", "c": "policy = 'beijing'"}.items():
        (tmp_path / "agencies" / slug).mkdir(parents=True)
        (tmp_path / "agencies" / slug / "agency.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_agencies(tmp_path)
    told = caught.value.problems
    assert list(dict.fromkeys(problem.split("/")[0] for problem in told)) == ["a", "b", "c"]
    assert "a/agency.toml：“contact（监督与投诉）”没有写，请补上。" in told
