"""The reviewer's word: on single words, on whole decisions, remembered and never outlived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import policy
from pipeline.agencies import load_agencies
from pipeline.calendar import load_calendar
from pipeline.errors import NotAccepted
from pipeline.model import Kind, PartyType
from pipeline.restricted import review, rulings
from pipeline.restricted.asked import Watch
from pipeline.restricted.assess import State
from pipeline.restricted.audit import audit
from pipeline.restricted.ledger import Approval, Ledger
from pipeline.restricted.raw import Origin, RawDecision, Secret
from pipeline.restricted.remembered import redact_ledger
from pipeline.restricted.review.desk import Asked, Case, Desk
from pipeline.restricted.review.marks import Mark, Place
from pipeline.restricted.rulings import Ruling

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 20)
AGENCIES = load_agencies(ROOT / "content")
CALENDAR = load_calendar(ROOT / "content")
# Invented: a waybill of 16 digits that nothing explains, and a number of an invented citizen.
WAYBILL = "1182736450912034"
IDENTITY = "500000199003079906"


def raw(
    facts: str, number: int = 1, party_type: PartyType = PartyType.ORGANISATION, **more: str
) -> RawDecision:
    spoken = f"石壕罚决〔2026〕{number}号"
    values = {"number": spoken, "party": "綦江测试砂石有限公司", "facts": facts, **more}
    return RawDecision(
        agency="shihao",
        kind=Kind.PENALTY,
        number=spoken,
        decided_on=date(2026, 11, 2),
        party_type=party_type,
        values={key: Secret(value, key) for key, value in values.items()},
        origin=Origin("a.xlsx", "表", number),
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db") as opened:
        yield opened


def desk(ledger: Ledger, *rows: RawDecision) -> Desk:
    ledger.take_over(rows, TODAY)
    return Desk(ledger, AGENCIES, CALENDAR, TODAY)


def one(ledger: Ledger, *rows: RawDecision) -> tuple[Desk, Case]:
    opened = desk(ledger, *rows)
    return opened, next(c for c in map(opened.case, opened._kept) if "〕1号" in _number(c))


def _number(case: Case) -> str:
    return case.assessment.kept.raw.number


def mark_of(case: Case, word: str) -> Mark:
    return next(mark for mark in case.marks if mark.text == word)


def every(mark: Mark, act: rulings.Act, kind: str = "") -> list[Asked]:
    return [Asked(place, act, kind) for place in mark.places]


def facts(case: Case) -> str:
    return case.redacted.decision.details["facts"]


def place(case: Case, word: str, field: str = "facts") -> Place:
    at = case.assessment.kept.raw.text(field).index(word)
    return Place(field, at, at + len(word))


def again(ledger: Ledger) -> Case:
    """As the next night's run finds it."""
    return next(
        c
        for slug in redact_ledger(ledger, AGENCIES)
        if "〕1号" in _number(c := Desk(ledger, AGENCIES, CALENDAR, TODAY).case(slug))
    )


NAMED = "证人覃测乐到场，覃测乐称其不知情。"


def test_a_masked_word_is_let_stand_and_stays_so_the_next_night(ledger: Ledger) -> None:
    at, case = one(ledger, raw(NAMED))
    mark = mark_of(case, "覃测乐")
    assert (mark.standing, len(mark.places)) == ("masked", 2)
    case = at.rule(case.slug, every(mark, "show"), "审查员甲")
    assert facts(case) == NAMED
    assert case.assessment.state is State.HELD  # one by one, never in a batch
    assert mark_of(case, "覃测乐").standing == "shown"
    assert facts(again(ledger)) == NAMED
    assert at.approve_clear("审查员甲") == 0
    at.sign(case.slug, "approve", "审查员甲", "")
    assert again(ledger).assessment.state is State.PUBLIC
    assert ledger.broken_history() is None


def test_a_ruling_is_a_ground_of_what_is_remembered(ledger: Ledger) -> None:
    """Killed between the ruling and its new redaction: the next run does not show the old one."""
    _, case = one(ledger, raw("在老槐树下倾倒垃圾。"))
    bound = rulings.bind(case.slug, "facts", "在老槐树下倾倒垃圾。")
    said = Ruling("facts", 1, 4, "mask", "other", bound, "审查员甲", TODAY, "老槐树")
    ledger.rule(case.slug, [said], [], TODAY)
    assert facts(again(ledger)) == "在［略］下倾倒垃圾。"


def test_one_place_alone_may_stand(ledger: Ledger) -> None:
    at, case = one(ledger, raw(NAMED))
    first = mark_of(case, "覃测乐").places[0]
    case = at.rule(case.slug, [Asked(first, "show")], "审查员甲")
    assert facts(case) == "证人覃测乐到场，覃某某称其不知情。"


def test_a_changed_text_is_looked_at_again(ledger: Ledger) -> None:
    at, case = one(ledger, raw(NAMED))
    at.rule(case.slug, every(mark_of(case, "覃测乐"), "show"), "审查员甲")
    at.sign(case.slug, "approve", "审查员甲", "")
    changed = desk(ledger, raw(NAMED + "已改正。")).case(case.slug)
    assert "覃测乐" not in facts(changed)
    assert changed.assessment.state is State.HELD
    assert "审查之后有变动" in "".join(changed.reasons)
    # The old text again: the old word holds again.
    assert facts(desk(ledger, raw(NAMED)).case(case.slug)) == NAMED


def test_what_a_reviewer_masked_stays_masked_when_the_text_changes(ledger: Ledger) -> None:
    text = "在红旗渠旁的老槐树下倾倒垃圾。"
    at, case = one(ledger, raw(text))
    assert case.assessment.state is State.WAITING
    case = at.rule(case.slug, [Asked(place(case, "老槐树"), "mask", "other")], "审查员甲")
    assert facts(case) == "在红旗渠旁的［略］下倾倒垃圾。"
    changed = desk(ledger, raw("另查明，" + text)).case(case.slug)
    assert facts(changed) == "另查明，在红旗渠旁的［略］下倾倒垃圾。"
    assert changed.assessment.state is State.HELD


def test_a_word_masked_by_a_reviewer_runs_through_the_masks_of_its_row(ledger: Ledger) -> None:
    at, case = one(ledger, raw("证人覃测乐到场。老船长可以证明。"))
    case = at.rule(case.slug, [Asked(place(case, "老船长"), "mask", "name")], "审查员甲")
    assert facts(case) == "证人覃某某到场。老某某可以证明。"
    assert mark_of(case, "老船长").said == "mask"
    case = at.take_back(case.slug, mark_of(case, "老船长").places)
    assert "老船长" in facts(case)


def test_a_mask_may_widen_what_was_found(ledger: Ledger) -> None:
    at, case = one(ledger, raw("证人覃测乐到场。"))
    case = at.rule(case.slug, [Asked(place(case, "证人覃测乐"), "mask", "other")], "审查员甲")
    assert facts(case) == "［略］到场。"


def test_a_confirmed_doubt_no_longer_holds(ledger: Ledger) -> None:
    at, case = one(ledger, raw(f"经办记录{WAYBILL}。"))
    assert case.assessment.state is State.HELD
    mark = mark_of(case, WAYBILL)
    assert mark.standing == "open"
    assert mark.why
    case = at.rule(case.slug, every(mark, "mask", "number"), "审查员甲")
    assert facts(case) == "经办记录［号码］。"
    assert case.assessment.state is State.WAITING
    assert at.approve_clear("审查员乙") == 1


def test_an_unmasked_doubt_may_stand_and_one_signature_is_enough(ledger: Ledger) -> None:
    at, case = one(ledger, raw(f"经办记录{WAYBILL}。"))
    case = at.rule(case.slug, every(mark_of(case, WAYBILL), "show"), "审查员甲")
    assert not case.two
    assert at.sign(case.slug, "approve", "审查员甲", "").assessment.state is State.PUBLIC


def test_a_masked_number_that_may_stand_needs_two_different_signatures(ledger: Ledger) -> None:
    at, case = one(ledger, raw("开户行账号9030 7121 0010 0000 5523 88。"))
    (mark,) = [m for m in case.marks if m.kind == "bank"]
    case = at.rule(case.slug, every(mark, "show"), "审查员甲")
    assert "5523 88" in facts(case)
    assert case.two
    case = at.sign(case.slug, "approve", "审查员甲", "")
    assert case.assessment.state is State.HELD
    with pytest.raises(NotAccepted, match="另一名审查员"):
        at.sign(case.slug, "approve", " 审查员 甲", "")
    assert at.sign(case.slug, "approve", "审查员乙", "").assessment.state is State.PUBLIC
    assert again(ledger).assessment.state is State.PUBLIC
    assert ledger.approvals()[case.slug].second == "审查员乙"


def test_grounds_for_not_publishing_need_two_when_the_policy_says_so() -> None:
    base = policy.load("base")
    asked = msgspec.structs.replace(base.second_signature, grounds=True)
    strict = msgspec.structs.replace(base, second_signature=asked)
    with_ground = _redacted("该线索已移送公安机关。")
    assert not review.needs_two(with_ground, base)
    assert review.needs_two(with_ground, strict)
    assert not review.needs_two(_redacted("堆放杂物。"), strict)


def _redacted(text: str):  # type: ignore[no-untyped-def]
    from pipeline.restricted.redact import Redactor

    return Redactor(policy.load("base")).redact_all([raw(text)], ["s"])[0]


def test_what_the_export_declares_a_citizen_is_never_shown(ledger: Ledger) -> None:
    row = raw(NAMED, party_type=PartyType.PERSON, party="覃测乐")
    at, case = one(ledger, row)
    with pytest.raises(NotAccepted, match="自己写明"):
        at.rule(case.slug, [Asked(Place("party", 0, 3), "show")], "审查员甲")
    assert ledger.rulings() == {}


def test_an_identity_number_is_never_shown(ledger: Ledger) -> None:
    at, case = one(ledger, raw(f"身份证号{IDENTITY}。"))
    (mark,) = case.marks
    with pytest.raises(NotAccepted, match="不能显示"):
        at.rule(case.slug, every(mark, "show"), "审查员甲")
    assert IDENTITY not in facts(at.case(case.slug))


PHONE = "13857091164"


def test_a_number_that_another_row_keeps_secret_is_not_shown(ledger: Ledger) -> None:
    at, case = one(ledger, raw(f"联系电话{PHONE}。"), raw("堆放杂物。", number=2, phone=PHONE))
    (mark,) = case.marks
    with pytest.raises(NotAccepted, match="不能显示"):
        at.rule(case.slug, every(mark, "show"), "审查员甲")


def test_a_lawful_unmask_never_refuses_a_later_release(ledger: Ledger, tmp_path: Path) -> None:
    """A later row brings the number as somebody's own: the decision goes back to be held."""
    at, case = one(ledger, raw(f"联系电话{PHONE}。"))
    at.rule(case.slug, every(case.marks[0], "show"), "审查员甲")
    at.sign(case.slug, "approve", "审查员甲", "")
    case = at.sign(case.slug, "approve", "审查员乙", "")
    assert _leaks(ledger, tmp_path) == []
    desk(ledger, raw("堆放杂物。", number=2, phone=PHONE))
    assert _leaks(ledger, tmp_path) == []
    after = again(ledger)
    assert after.assessment.state is State.HELD
    assert PHONE not in facts(after)
    assert "已照旧遮盖" in "".join(after.reasons)


def _leaks(ledger: Ledger, folder: Path) -> list[str]:
    """The audit over a page that shows every public decision of the ledger."""
    at = Desk(ledger, AGENCIES, CALENDAR, TODAY)
    cases = [at.case(slug) for slug in redact_ledger(ledger, AGENCIES)]
    entries = [entry for case in cases if (entry := case.assessment.entry)]
    page = "\n".join(str(msgspec.to_builtins(entry.decision)) for entry in entries)
    (folder / "www").mkdir(exist_ok=True)
    (folder / "www" / "index.html").write_text(page, encoding="utf-8")
    watches = [
        Watch(
            case.slug,
            case.assessment.kept.raw.origin,
            case.redacted.secrets,
            case.redacted.verdict == "held" and case.assessment.state is State.PUBLIC,
            case.redacted.left,
        )
        for case in cases
    ]
    found = audit(folder / "www", watches, entries, allowed={}, written=())
    return [str(leak) for leak in found]


@pytest.mark.parametrize(
    "word", ["老槐树", "倾倒", "垃圾", "2026", "时间", "10月1日", "在红旗渠旁的老槐树下"]
)
def test_a_word_masked_by_a_reviewer_does_not_refuse_a_release(
    ledger: Ledger, tmp_path: Path, word: str
) -> None:
    text = "2026年10月1日的时间段，在红旗渠旁的老槐树下倾倒垃圾。"
    at, case = one(ledger, raw(text), raw(text, number=2))
    for kind in rulings.KINDS:
        case = at.rule(case.slug, [Asked(place(case, word), "mask", kind)], "审查员甲")
        assert word not in facts(case)
        if case.open:
            at.sign(case.slug, "approve", "审查员甲", "")
        at.approve_clear("审查员甲")
        assert _leaks(ledger, tmp_path) == [], kind


def test_a_word_is_found_at_all_its_places(ledger: Ledger) -> None:
    at, case = one(ledger, raw("老槐树下，另一老槐树旁。", case_name="老槐树案"))
    places = at.same_words(case.slug, place(case, "老槐树"))
    assert [p.field for p in places] == ["facts", "case_name", "facts"]
    assert len(at.same_words(case.slug, place(case, "老"))) == 1


@pytest.mark.parametrize(
    "asked",
    [
        Asked(Place("facts", 0, 999), "mask", "name"),
        Asked(Place("facts", 3, 3), "mask", "name"),
        Asked(Place("facts", -1, 2), "show"),
        Asked(Place("phone", 0, 3), "show"),
        Asked(Place("fine", 0, 1), "mask", "other"),
        Asked(Place("facts", 0, 2), "mask", ""),
        Asked(Place("facts", 0, 2), "mask", "随便"),
    ],
)
def test_what_is_no_place_is_not_accepted(ledger: Ledger, asked: Asked) -> None:
    at, case = one(ledger, raw(NAMED, phone=PHONE, fine="200.00"))
    with pytest.raises(NotAccepted):
        at.rule(case.slug, [asked], "审查员甲")
    assert ledger.rulings() == {}


def test_part_of_a_mask_is_not_shown(ledger: Ledger) -> None:
    at, case = one(ledger, raw(NAMED))
    with pytest.raises(NotAccepted, match="一部分"):
        at.rule(case.slug, [Asked(place(case, "覃测"), "show")], "审查员甲")


def test_rulings_are_no_raw_value_in_history_or_repr(ledger: Ledger) -> None:
    at, case = one(ledger, raw(NAMED))
    at.rule(case.slug, every(mark_of(case, "覃测乐"), "confirm", "name"), "审查员甲")
    lines = list(ledger.lines("rule"))
    assert len(lines) == 2
    assert "审查员甲 confirm name facts:2-5" in lines[0][3]
    assert "覃测乐" not in str(lines)
    assert "覃测乐" not in repr(ledger.rulings())
    assert "覃测乐" not in repr(at.case(case.slug))


def test_offsets_survive_odd_characters(ledger: Ledger) -> None:
    text = "证人覃\u200b测乐（𠮷林籍）到场，电话１３８５７０９１１６４，门牌㎡。𠮷甘在场。"
    at, case = one(ledger, raw(text))
    case = at.rule(case.slug, [Asked(place(case, "𠮷甘"), "mask", "other")], "审查员甲")
    assert facts(case).endswith("［略］在场。")
    phone = next(m for m in case.marks if m.kind == "phone")
    assert phone.text == "１３８５７０９１１６４"


def ruling(start: int, end: int, act: rulings.Act, bound: str = "b") -> Ruling:
    return Ruling("facts", start, end, act, "", bound, "甲", TODAY, "x" * (end - start))


SPANS = st.tuples(st.integers(0, 20), st.integers(1, 8)).map(lambda s: (s[0], s[0] + s[1]))
ACTS = st.sampled_from(["confirm", "mask", "show"])


@given(st.lists(st.tuples(SPANS, ACTS), max_size=8))
def test_the_last_word_on_a_place_counts(said: list[tuple[tuple[int, int], rulings.Act]]) -> None:
    known: list[Ruling] = []
    for (start, end), act in said:
        known, _ = rulings.settle(known, [ruling(start, end, act)])
        over = [r for r in known if r.touches(known[-1])]
        if act == "show":
            assert all(not r.masks for r in over)
    assert len({(r.start, r.end) for r in known}) == len(known)


@given(st.text(alphabet="甲乙丙丁", max_size=12), st.text(alphabet="甲乙丙丁", max_size=12))
def test_a_ruling_binds_to_one_text_of_one_decision(before: str, after: str) -> None:
    known = [
        replace(ruling(0, 2, "mask"), bound=rulings.bind("s", "facts", before), text="甲乙"),
        replace(ruling(2, 4, "show"), bound=rulings.bind("s", "facts", before)),
    ]
    fitted = rulings.fit("s", {"facts": after}, known)
    assert (len(fitted.holding) == 2) == (before == after)
    if before != after:
        assert fitted.stale == ("facts",)
        assert all(r.masks and after[r.start : r.end] == "甲乙" for r in fitted.carried)
        assert ("甲乙" in after) == bool(fitted.carried)
    assert rulings.fit("other", {"facts": before}, known).holding == ()


def test_a_second_signature_of_the_same_person_counts_for_nothing() -> None:
    first = Approval("d", "approve", "审查员甲", TODAY, "")
    later = TODAY + timedelta(days=1)
    assert review.sign(first, first._replace(reviewer="审查员　甲", day=later)) == first
    other = review.sign(first, first._replace(reviewer="审查员乙", day=later))
    assert (other.reviewer, other.second, other.second_day) == (
        "审查员甲",
        "审查员乙",
        "2026-11-21",
    )
    assert review.sign(first, first._replace(digest="e")).digest == "e"
    assert review.sign(first, first._replace(act="refuse", reviewer="乙")).act == "refuse"


def test_a_decision_withheld_by_law_has_no_words_to_decide(ledger: Ledger) -> None:
    at, case = one(ledger, raw(NAMED, minor="是"))
    with pytest.raises(NotAccepted, match="不予公开"):
        at.rule(case.slug, every(mark_of(case, "覃测乐"), "show"), "审查员甲")
