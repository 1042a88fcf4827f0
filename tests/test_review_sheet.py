"""The spreadsheet goes out, is filled in as people fill in spreadsheets, and comes back."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.errors import ConfigurationError
from pipeline.restricted.assess import State
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.review.back import Outcome, take_back
from pipeline.restricted.review.desk import Desk
from pipeline.restricted.review.out import private_target, write
from tests.conftest import Site
from tests.test_review import AGENCIES, CALENDAR, PHONE, TODAY, WAYBILL, desk, raw

FACTS = f"证人覃测乐到场，覃测乐称其不知情。经办记录{WAYBILL}。"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


class Office:
    """A ledger with one held and one clear decision, and the spreadsheet on somebody's desk."""

    def __init__(self, ledger: Ledger, folder: Path, *rows: Any) -> None:
        self.ledger, self.file = ledger, folder / "审查表.xlsx"
        at = desk(ledger, *(rows or (raw(FACTS), raw("堆放杂物。", number=2))))
        self.words = write(self.file, at.cases())
        self.held, *self.others = (case.slug for case in at.cases())

    def fill(self, change: Callable[[Any], None]) -> None:
        book = load_workbook(self.file)
        change(book)
        book.save(self.file)

    def put(self, sheet: str, heading: str, value: str, word: str = "", row: int = 0) -> None:
        """Fill in the cell of the row where ``word`` stands (or of row ``row``)."""

        def change(book: Any) -> None:
            at = book[sheet]
            heads = [cell.value for cell in at[1]]
            found = row or next(r[0].row for r in at.iter_rows(min_row=2) if word in values(r))
            at.cell(found, heads.index(heading) + 1).value = value

        self.fill(change)

    def back(self, reviewer: str = "审查员甲") -> Outcome:
        return take_back(self.file, Desk(self.ledger, AGENCIES, CALENDAR, TODAY), reviewer)

    def facts(self, slug: str = "") -> str:
        case = Desk(self.ledger, AGENCIES, CALENDAR, TODAY).case(slug or self.held)
        return case.redacted.decision.details["facts"]

    def state(self, slug: str = "") -> State:
        found = Desk(self.ledger, AGENCIES, CALENDAR, TODAY).case(slug or self.held)
        return found.assessment.state


def values(row: Any) -> list[Any]:
    return [cell.value for cell in row]


@pytest.fixture
def office(ledger: Ledger, tmp_path: Path) -> Office:
    return Office(ledger, tmp_path)


def only(outcome: Outcome) -> str:
    (problem,) = outcome.refused
    return str(problem)


def test_it_looks_like_what_a_clerk_expects(office: Office) -> None:
    assert stat.S_IMODE(office.file.stat().st_mode) == 0o600
    book = load_workbook(office.file)
    assert book.sheetnames == ["填写说明", "词语", "补充遮盖", "整件"]
    sheet = book["词语"]
    assert sheet.freeze_panes == "A2"
    rows = {row[5]: row for row in map(values, sheet.iter_rows(min_row=2))}
    assert rows.keys() == {"覃测乐", WAYBILL}
    assert rows["覃测乐"][4].startswith("证人【覃测乐】到场")
    assert rows["覃测乐"][6:8] == ["已遮盖为“覃某某”", "2"]
    assert "来源不明" in rows[WAYBILL][8]
    rules = [rule.formula1 for rule in sheet.data_validations.dataValidation]
    assert '"确认遮盖,遮盖,显示"' in rules
    assert sheet.column_dimensions["M"].hidden
    assert [row[1] for row in map(values, book["整件"].iter_rows(min_row=2))] == [
        office.held,
        *office.others,
    ]


def test_words_and_decisions_come_back_in_one_go(office: Office) -> None:
    office.put("词语", "处理", "确认遮盖", "覃测乐")
    office.put("词语", "处理", "遮盖", WAYBILL)
    office.put("补充遮盖", "决定编号", office.held, row=2)
    office.put("补充遮盖", "词语", "不知情", row=2)
    office.put("整件", "处理", "批准", office.held)
    office.put("整件", "处理", "不批准", office.others[0])
    outcome = office.back()
    assert (outcome.words, outcome.decisions, outcome.same, outcome.refused) == (3, 2, 0, [])
    assert office.facts() == "证人覃某某到场，覃某某称其［略］。经办记录［号码］。".replace(
        "［略］", "不某某"
    )
    assert office.state() is State.PUBLIC
    assert office.state(office.others[0]) is State.REFUSED
    assert office.ledger.broken_history() is None


def test_the_same_file_again_says_nothing_new(office: Office) -> None:
    office.put("词语", "处理", "显示", "覃测乐")
    office.put("词语", "处理", "显示", WAYBILL)
    office.put("整件", "处理", "批准", office.held)
    assert office.back().refused == []
    again = office.back()
    assert (again.words, again.decisions, again.same, again.refused) == (0, 0, 3, [])


def test_a_changed_text_makes_its_rows_stale_and_no_others(ledger: Ledger, tmp_path: Path) -> None:
    office = Office(ledger, tmp_path, raw(FACTS), raw(FACTS, number=2))
    first, second = office.held, office.others[0]
    for row in range(2, 6):
        office.put("词语", "处理", "显示", row=row)
    office.put("整件", "处理", "批准", first)
    changed = first if "〕1号" in _number(office, first) else second
    kept = second if changed == first else first
    desk(ledger, raw(FACTS + "已改正。"))
    outcome = office.back()
    assert outcome.words == 2
    assert "覃测乐" in office.facts(kept)
    assert "覃测乐" not in office.facts(changed)
    told = "\n".join(map(str, outcome.refused))
    assert "工作表“词语”第" in told
    assert "已过时" in told
    assert "重新导出" in told
    assert "覃测乐" not in told


def _number(office: Office, slug: str) -> str:
    case = Desk(office.ledger, AGENCIES, CALENDAR, TODAY).case(slug)
    return case.assessment.kept.raw.number


def test_an_approval_of_what_has_changed_is_refused(office: Office) -> None:
    office.put("整件", "处理", "批准", office.others[0])
    desk(office.ledger, raw("堆放杂物，已改正。", number=2))
    outcome = office.back()
    assert outcome.decisions == 0
    assert "有变动" in only(outcome)
    assert office.state(office.others[0]) is State.WAITING


def test_a_second_reviewers_copy_does_not_overrule_the_first(office: Office) -> None:
    office.put("词语", "处理", "显示", "覃测乐")
    copy = office.file.read_bytes()
    office.back("审查员甲")
    office.file.write_bytes(copy)
    office.put("词语", "处理", "确认遮盖", "覃测乐")
    problem = only(office.back("审查员乙"))
    assert "已由审查员甲于2026-11-20定为“显示”" in problem
    assert "覃测乐" in office.facts()


def test_a_row_that_was_copied_and_answered_twice_is_refused_both_times(office: Office) -> None:
    office.put("词语", "处理", "显示", "覃测乐")

    def double(book: Any) -> None:
        sheet = book["词语"]
        row = next(values(r) for r in sheet.iter_rows(min_row=2) if "覃测乐" in values(r))
        row[10] = "确认遮盖"
        sheet.append(row)

    office.fill(double)
    office.put("词语", "处理", "遮盖", WAYBILL)
    outcome = office.back()
    assert outcome.words == 1
    assert len(outcome.refused) == 2
    assert "处理不同" in str(outcome.refused[0])
    assert "覃测乐" not in office.facts()


@pytest.mark.parametrize(
    ("heading", "value", "told"),
    [
        ("核对码", "", "与导出时不一致"),
        ("核对码", "0123456789abcdef.0123456789ab", "与导出时不一致"),
        ("词语", "别的词", "与导出时不一致"),
        ("原文摘录", "别的【摘录】", "与导出时不一致"),
        ("决定编号", "shihao-penalty-bbbbbbbbbbbbbb", "与导出时不一致"),
        ("处理", "随便", "不认识这种处理"),
        ("处理", "=1+1", "是公式"),
        ("属于", "随便", "不认识这个类别"),
    ],
)
def test_a_damaged_row_costs_itself_alone(
    office: Office, heading: str, value: str, told: str
) -> None:
    office.put("词语", "处理", "遮盖", "覃测乐")
    office.put("词语", heading, value, "覃测乐")
    office.put("词语", "处理", "遮盖", WAYBILL)
    office.put("整件", "处理", "批准", office.held)
    office.put("整件", "处理", "批准", office.others[0])
    outcome = office.back()
    told_all = [str(one) for one in outcome.refused]
    assert any(told in one and "工作表“词语”第" in one and "列“" in one for one in told_all)
    assert outcome.words == 1
    assert any("暂不批准" in one for one in told_all)
    assert office.state() is State.WAITING
    # Of a damaged row nobody can say which decision it was about; of a mistaken one, one can.
    assert outcome.decisions == (0 if "不一致" in told else 1)
    assert "覃测乐" not in "".join(told_all)


def test_one_column_sorted_alone_is_noticed(office: Office) -> None:
    """Excel's oldest accident: the codes no longer stand beside what they were made for."""

    def shuffle(book: Any) -> None:
        sheet = book["词语"]
        sheet["M2"].value, sheet["M3"].value = sheet["M3"].value, sheet["M2"].value
        sheet["K2"].value = sheet["K3"].value = "显示"

    office.fill(shuffle)
    outcome = office.back()
    assert outcome.words == 0
    assert len(outcome.refused) == 2


def test_rows_may_be_sorted_and_deleted(office: Office) -> None:
    def turn(book: Any) -> None:
        sheet = book["词语"]
        first, second = values(sheet[2]), values(sheet[3])
        for at, value in enumerate(second, start=1):
            sheet.cell(2, at).value = value
        sheet.delete_rows(3)
        sheet["K2"].value = "遮盖"
        assert first != second

    office.fill(turn)
    assert office.back().words == 1


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"决定编号": "x", "词语": "不知情"}, "没有这个编号"),
        ({"词语": "不知情"}, "没有写决定编号"),
        ({"决定编号": "HELD"}, "没有写要遮盖的词语"),
        ({"决定编号": "HELD", "词语": "天外飞仙"}, "没有这个词语"),
        ({"决定编号": "HELD", "词语": "不知情", "属于": "随便"}, "不认识这个类别"),
    ],
)
def test_more_to_mask_is_checked_too(office: Office, cells: dict[str, str], told: str) -> None:
    for heading, value in cells.items():
        office.put("补充遮盖", heading, value.replace("HELD", office.held), row=2)
    outcome = office.back()
    assert outcome.words == 0
    assert told in only(outcome)
    assert "工作表“补充遮盖”第2行" in only(outcome)


def test_an_unlawful_row_costs_itself_alone(ledger: Ledger, tmp_path: Path) -> None:
    rows = (raw(f"{FACTS}联系电话{PHONE}。"), raw("堆放杂物。", number=2, phone=PHONE))
    office = Office(ledger, tmp_path, *rows)
    office.put("词语", "处理", "显示", PHONE)
    office.put("词语", "处理", "显示", "覃测乐")
    outcome = office.back()
    assert outcome.words == 1
    assert "不能显示" in only(outcome)
    assert "覃测乐" in office.facts()
    assert PHONE not in office.facts()


def _no_sheet(book: Any) -> None:
    del book["整件"]


def _no_column(book: Any) -> None:
    book["词语"].delete_cols(11)


def _two_columns(book: Any) -> None:
    book["词语"]["A1"].value = "处理"


@pytest.mark.parametrize("break_", [_no_sheet, _no_column, _two_columns])
def test_broken_headings_record_nothing(office: Office, break_: Callable[[Any], None]) -> None:
    office.put("词语", "处理", "显示", "覃测乐")
    office.fill(break_)
    with pytest.raises(ConfigurationError, match="没有记录任何一行"):
        office.back()
    assert office.ledger.rulings() == {}


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04" + b"x" * 400, "不是表".encode() * 99])
def test_a_file_that_is_no_workbook_is_one_sentence(office: Office, body: bytes) -> None:
    office.file.write_bytes(body)
    with pytest.raises(ConfigurationError, match="审查表"):
        office.back()


def test_a_truncated_file_is_one_sentence(office: Office) -> None:
    office.file.write_bytes(office.file.read_bytes()[:-200])
    with pytest.raises(ConfigurationError):
        office.back()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
def test_no_cell_becomes_a_formula(ledger: Ledger, tmp_path: Path, start: str) -> None:
    evil = f"{start}CMD|'/C'!A1"
    office = Office(ledger, tmp_path, raw(f"{evil}，证人覃测乐到场。经办记录{WAYBILL}\x0b。"))
    book = load_workbook(office.file)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    risky = [cell for cell in cells if str(cell.value).startswith(("=", "+", "-", "@"))]
    assert risky
    assert all(cell.quotePrefix for cell in risky)
    office.put("词语", "处理", "遮盖", WAYBILL)
    assert office.back().words == 1


def test_it_is_not_written_where_the_public_could_read_it(tmp_path: Path) -> None:
    public, web = tmp_path / "output", tmp_path / "www"
    (public / "deep").mkdir(parents=True)
    (web / "a").mkdir(parents=True)
    (web / "index.html").touch()
    (tmp_path / "link").symlink_to(public)
    (tmp_path / "there.xlsx").touch()
    for place in (
        *(public / "a.xlsx", public / "deep" / "a.xlsx", tmp_path / "link" / "a.xlsx"),
        *(web / "a" / "a.xlsx", tmp_path / "there.xlsx", tmp_path / "none" / "a.xlsx"),
        tmp_path / "a.csv",
    ):
        with pytest.raises(ConfigurationError):
            private_target(place, [public])
    private_target(tmp_path / "a.xlsx", [public])


def test_the_way_out_and_back_on_the_command_line(site: Site, tmp_path: Path) -> None:
    site.export(
        "a.csv", {"违法事实": f"经办记录{WAYBILL}。"}, {"行政处罚决定书文号": "石壕罚决〔2026〕2号"}
    )
    folders = ("--state", str(site.state), "--content", str(site.content))
    day, file = ("--today", "2026-11-20"), tmp_path / "审查表.xlsx"
    site.publish()
    inside = site.output / "审查表.xlsx"
    refused = site.pipeline(
        "review", "export", str(inside), *folders, "--output", str(site.output), *day
    )
    assert refused.returncode == 2
    assert "公开的文件夹" in refused.stderr
    assert not inside.exists()
    out = site.pipeline("review", "export", str(file), *folders, *day)
    assert out.returncode == 0, out.stderr
    assert "待审查 1 件，待看的词语 1 行" in out.stdout
    book = load_workbook(file)
    book["词语"]["K2"].value = "遮盖"
    book["整件"]["J2"].value = "批准"
    book["补充遮盖"]["B2"].value = "没有编号"
    book.save(file)
    back = site.pipeline("review", "import", str(file), "--reviewer", "审查员甲", *folders, *day)
    assert back.returncode == 4, back.stderr
    assert "词语 1 行，整件 0 件" in back.stdout
    assert "工作表“补充遮盖”第2行，列“决定编号”" in back.stderr
    assert "认不出属于哪一件" in back.stderr
    book["补充遮盖"]["B2"].value = None
    book.save(file)
    back = site.pipeline("review", "import", str(file), "--reviewer", "审查员甲", *folders, *day)
    assert back.returncode == 0, back.stderr
    assert "词语 0 行，整件 1 件；此前已有同样记录 1 行" in back.stdout
    site.publish()
    assert len(site.pages()) == 2
    assert site.traces(WAYBILL) == []
    assert site.traces("［号码］")


def test_clear_ones_are_approved_in_one_act_and_held_ones_one_by_one(site: Site) -> None:
    held = {"行政处罚决定书文号": "石壕罚决〔2026〕9号", "违法事实": "经查，该案另案处理。"}
    site.export("a.csv", {}, {"行政处罚决定书文号": "石壕罚决〔2026〕2号"}, held)
    folders = ("--state", str(site.state), "--content", str(site.content))
    day = ("--today", "2026-11-20")
    assert site.publish("2026-11-20", "--approve-as", "").returncode == 0
    assert site.pages() == []
    call = ("review", "approve", *folders, *day, "--by", "审查员甲")
    assert site.pipeline(*call).returncode == 2
    assert site.pipeline(*call, "--all-clear", "x").returncode == 2
    done = site.pipeline(*call, "--all-clear")
    assert done.returncode == 0, done.stderr
    assert "2 件" in done.stdout
    site.publish("2026-11-20", "--approve-as", "")
    assert len(site.pages()) == 2
