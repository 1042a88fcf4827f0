"""Does the index hold what the documents say, weigh it as lunr does, and nothing else?"""

from __future__ import annotations

import gzip
import shutil
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.errors import ReleaseRefused
from pipeline.fields import dictionary
from pipeline.model import Entry, Kind, PartyType, Publication, PublicDecision, Withdrawal
from pipeline.public.released.release import hash_files, write_manifest
from pipeline.public.search import (
    FIELDS,
    Document,
    document_of,
    text,
    tombstones,
    weights,
    write_index,
)
from pipeline.public.search.buckets import APART, Content, decoded, encoded
from pipeline.public.search.cut import Leaving
from pipeline.public.search.encode import integers, read_integers
from pipeline.public.search.files import read_json, read_packed
from pipeline.public.search.postings import BLOCK, Collector, collect, says
from pipeline.restricted.audit import audit

TEXTS = st.text(
    alphabet="安全生产建筑有限公司第号〇𠮷aZ09Ａ１〔〕（）《》-. \n、國ー가", max_size=40
)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("安全生产", ["安全", "全生", "生产", "产"]),
        ("安应急罚〔2024〕15号", ["安应", "应急", "急罚", "罚", "2024", "15", "2024.15"]),
        ("安应急罚［２０２４］第１５号", ["安应", "应急", "急罚", "罚", "2024", "15", "2024.15"]),
        ("國際貿易", ["国际", "际贸", "贸易", "易"]),
        ("第十条", ["十条", "条"]),
        ("A公司B", ["a", "公司", "司", "b"]),  # no pair over ideographs
        ("1\n2", ["1", "2"]),  # nor over lines
        ("91210102DEMO00000K", ["91210102demo00000k", "demo00000k"]),
        ("", []),
        ("。，—", []),
    ],
)
def test_terms(given_text: str, expected: list[str]) -> None:
    assert text.terms(given_text) == expected


@given(TEXTS)
def test_every_ideograph_starts_one_term(value: str) -> None:
    ideographs = Counter(c for c in text.normalise(value) if text.is_ideograph(c))
    starts = Counter(term[0] for term in text.terms(value) if text.is_ideograph(term[0]))
    assert starts == ideographs


@given(st.lists(st.dictionaries(st.sampled_from([f.name for f in FIELDS]), TEXTS), max_size=5))
def test_postings_hold_exactly_the_terms(documents: list[dict[str, str]]) -> None:
    postings = collect(documents)
    found: Counter[tuple[int, int, str]] = Counter()
    rows = zip(
        postings.documents.tolist(),
        postings.fields.tolist(),
        postings.texts(postings.terms),
        postings.counts.tolist(),
        strict=True,
    )
    for document, field, term, count in rows:
        found[document, field, term] += count
    expected: Counter[tuple[int, int, str]] = Counter(
        (at, place, term)
        for at, document in enumerate(documents)
        for place, field in enumerate(FIELDS)
        for term in text.terms(document.get(field.name, ""))
    )
    assert found == expected
    assert postings.counts.sum() == len(postings.follows) == postings.lengths.sum()
    order = list(dict.fromkeys(postings.texts(postings.terms)))
    assert order == sorted(order)


def test_blocks_and_slices_change_nothing() -> None:
    documents = [
        {"party": f"测试第{at}砂石厂", "number": f"〔2024〕{at}"} for at in range(BLOCK + 9)
    ]
    collector = Collector()
    collector.add(documents[:BLOCK])
    collector.add(documents[BLOCK:])
    slices = list(collector.slices(5_000))
    assert len(slices) > 3
    terms = np.concatenate([found.terms for found in slices])
    assert (np.diff(terms) >= 0).all()
    assert sum(int(found.counts.sum()) for found in slices) == sum(
        len(text.terms(value)) for document in documents for value in document.values()
    )
    for before, after in pairwise(slices):
        assert after.terms[0] > before.terms[-1], "a term was cut in two"


@pytest.mark.parametrize("values", [[], [0], [127, 128, 0], [1 << 30, 5, 16_383, 16_384]])
def test_integers_are_read_back(values: list[int]) -> None:
    found, rest = read_integers(integers(values) + b"rest", len(values))
    assert (found.tolist(), rest) == (values, b"rest")


def test_small_numbers_never_read_as_digits() -> None:
    """Lengths of 48 to 57 in a row would be a telephone number to the audit."""
    assert not any(chr(byte).isascii() for byte in integers(range(128)))


def decision(number: int, **changes: object) -> Entry:
    """An invented decision."""
    facts: dict[str, object] = {
        "slug": f"demo-penalty-{'bcdfghjk'[number % 8]}{'lmnpqrst'[number // 8 % 8]}",
        "agency": "demo",
        "kind": Kind.PENALTY,
        "number": f"演应急罚〔2026〕{number}号",
        "party": "东湖演棠砂石有限公司",
        "party_type": PartyType.ORGANISATION,
        "decided_on": date(2026, 1, 1 + number % 28),
        "details": {
            "credit_code": "91500110DEM000007X",
            "violation": "未按规定设置安全警示标志",
            "basis": "《中华人民共和国安全生产法》第九十九条",
            "facts": "现场检查发现料仓入口没有警示标志。",
            "fine": "12000",
            "valid_to": "2030-01-01",
        },
    }
    withdrawal = changes.pop("withdrawal", None)
    publication = Publication(
        first_day=date(2026, 2, 1),
        last_day=date(2031, 2, 1),
        window_rule="规则",
        window_source="出处",
        due=date(2026, 2, 1),
        due_provisional=False,
        due_rule="规则",
        due_source="出处",
    )
    public = PublicDecision(**{**facts, **changes})  # type: ignore[arg-type]
    return Entry(decision=public, publication=publication, withdrawal=withdrawal)  # type: ignore[arg-type]


DOCUMENTS = [
    document_of(decision(number, party=f"东湖演棠{'砂石' * (number % 4)}有限公司"), "演示局")
    for number in range(1, 60)
]


def test_a_document_holds_what_can_be_searched() -> None:
    found = document_of(decision(3), "演示局")
    assert found.url.startswith("decisions/demo-penalty-")
    assert found.title == "东湖演棠砂石有限公司：未按规定设置安全警示标志"
    assert found.fields == {
        "number": "演应急罚〔2026〕3号",
        "party": "东湖演棠砂石有限公司",
        "violation": "未按规定设置安全警示标志",
        "basis": "《中华人民共和国安全生产法》第九十九条",
        "code": "91500110DEM000007X",
        "text": "现场检查发现料仓入口没有警示标志。",
    }
    assert (found.date, found.last_day) == ("2026-01-04", "2031-02-01")
    assert (found.amount_band, found.amount_band_name) == ("3", "1万元至5万元")
    assert (found.agency, found.agency_name, found.kind_name) == ("demo", "演示局", "行政处罚")


def test_a_title_names_the_party_once() -> None:
    party = "东湖演棠砂石有限公司"
    found = document_of(decision(3, details={"case_name": f"{party}超范围经营案"}), "演示局")
    assert found.title == f"{party}：超范围经营案"


def test_a_withdrawn_decision_is_found_by_its_number_only() -> None:
    gone = decision(
        3, party="", details={}, withdrawal=Withdrawal(on=date(2026, 5, 1), reason="撤")
    )
    found = document_of(gone, "演示局")
    assert found.fields == {"number": "演应急罚〔2026〕3号"}
    assert (found.party_type, found.amount) == ("", None)


def test_every_public_text_of_the_dictionary_is_searched() -> None:
    public = [f for f in dictionary().values() if f.public and f.type in {"text", "code", "person"}]
    details = {f.key: f"文{at}" for at, f in enumerate(public) if f.key not in {"number", "party"}}
    found = document_of(decision(1, details=details), "演示局")
    searched = "\n".join(found.fields.values()).split("\n")
    assert set(details.values()) <= set(searched)


def test_weights_are_lunrs() -> None:
    assert weights.check([document.fields for document in DOCUMENTS]) > 500


def test_a_difference_from_lunr_stops_the_release(monkeypatch: pytest.MonkeyPatch) -> None:
    builder = weights.lunr_builder

    def other(documents):  # type: ignore[no-untyped-def]
        made = builder(documents)
        made.k1(1.3)
        return made

    monkeypatch.setattr(weights, "lunr_builder", other)
    with pytest.raises(ReleaseRefused, match="不予发布"):
        weights.check([document.fields for document in DOCUMENTS])


def test_the_same_documents_give_the_same_bytes(tmp_path: Path) -> None:
    report = write_index(DOCUMENTS, tmp_path / "a")
    write_index(reversed(DOCUMENTS), tmp_path / "b")
    files = contents(tmp_path / "a")
    assert files == contents(tmp_path / "b")
    assert (report.documents, report.files) == (len(DOCUMENTS), len(files))
    assert report.bytes == sum(map(len, files.values()))


def test_a_document_taken_down_leaves_nothing(tmp_path: Path) -> None:
    special = document_of(decision(63, party="西坪鹭砚木材厂"), "演示局")
    write_index([*DOCUMENTS, special], tmp_path)
    assert any("鹭砚".encode() in gzip.decompress(data) for data in contents(tmp_path).values())
    write_index(DOCUMENTS, tmp_path)
    for data in contents(tmp_path).values():
        assert "鹭砚".encode() not in gzip.decompress(data)


def test_no_documents_make_an_empty_index(tmp_path: Path) -> None:
    assert write_index([], tmp_path).documents == 0
    (only,) = root_of(tmp_path)["parts"]
    assert (only["count"], only["sizes"]) == (0, [])


def test_many_documents_are_cut_into_chunks(tmp_path: Path) -> None:
    many = [
        msgspec.structs.replace(DOCUMENTS[0], url=f"decisions/x-{at}/", last_day="2030-01-01")
        for at in range(1_300)
    ]
    write_index(many, tmp_path)
    root = root_of(tmp_path)
    (only,) = root["parts"]
    assert "all" not in only
    assert len(only["leaving"]["documents"]) == 300
    shown = read_json(tmp_path / "index" / only["base"] / "r" / "3.bin")
    assert len(shown["url"].split("\n")) == len(shown["agency"]) == root["results"]


@pytest.mark.parametrize(
    ("amount", "band"),
    [(None, ""), ("", ""), ("约3000", ""), ("999.99", "1"), ("1000", "2"), ("1000000", "6")],
)
def test_bands_of_amounts(amount: str | None, band: str) -> None:
    assert msgspec.structs.replace(DOCUMENTS[0], amount=amount).amount_band == band


# The day's changes: a delta beside the base, and what leaves


#: Characters that are searched as they are.
PLAIN = [c for c in map(chr, range(0x4E00, 0x6000)) if text.normalise(c) == c]


def site_of(count: int) -> list[Document]:
    """So many documents that a base is kept; the last day of each is another one."""
    return [
        msgspec.structs.replace(
            DOCUMENTS[at % len(DOCUMENTS)],
            url=f"decisions/demo-penalty-{letters(at)}/",
            last_day=(date(2030, 1, 1) + timedelta(days=at)).isoformat(),
            fields={**DOCUMENTS[0].fields, "party": f"东湖{PLAIN[at]}鹭公司"},
        )
        for at in range(count)
    ]


def letters(number: int) -> str:
    return "".join("bcdfghjklm"[int(digit)] for digit in f"{number:04}")


def root_of(folder: Path) -> Any:
    return read_json(folder / "index" / "root.bin")


def parties(index: Path) -> Counter[str]:
    """How often each first pair of a party's own name is in the living postings, by the files."""
    found: Counter[str] = Counter()
    for entry in read_json(index / "root.bin")["parts"]:
        gone = tombstones.dead(entry)
        for number in range(len(entry["sizes"])):
            content = decoded(read_packed(index / entry["base"] / "b" / f"{number}.bin"))
            for group, at in zip(content.groups.tolist(), content.documents.tolist(), strict=True):
                term = content.terms[group // len(FIELDS)]
                if at not in gone and term[1:] == "鹭":
                    found[term[0]] += 1
    return found


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Document], Path]:
    documents, site = site_of(700), tmp_path_factory.mktemp("site")
    write_index(documents, site / "search")
    return documents, site


def test_buckets_are_read_as_they_were_written(released: tuple[list[Document], Path]) -> None:
    for path in released[1].rglob("b/*.bin"):
        data = read_packed(path)
        assert encoded(decoded(data)) == data


#: A posting: term, field, document; what follows each occurrence; how long the field is.
_PLACES = st.tuples(
    st.sampled_from(["12", "罚款", "甲", "甲乙"]), st.integers(0, 6), st.integers(0, 700)
)
_FOLLOWS = st.lists(st.integers(0, 127), min_size=1, max_size=3).map(bytes)
_POSTINGS = st.dictionaries(_PLACES, st.tuples(_FOLLOWS, st.integers(0, 40_000)))


def content_of(postings: dict[tuple[str, int, int], tuple[bytes, int]], scored: bool) -> Content:
    terms = sorted({term for term, _, _ in postings})
    rows = sorted((terms.index(term) * len(FIELDS) + field, at) for term, field, at in postings)
    told = [postings[terms[group // len(FIELDS)], group % len(FIELDS), at] for group, at in rows]
    kept = told if scored else []
    return Content(
        terms,
        np.array([group for group, _ in rows], np.int64),
        np.array([at for _, at in rows], np.int64),
        np.array([len(follows) for follows, _ in kept], np.int64),
        np.array([length for _, length in kept], np.int64),
        np.frombuffer(b"".join(follows for follows, _ in kept), np.uint8),
    )


@given(_POSTINGS, st.data(), st.booleans())
def test_a_bucket_without_some_documents_is_as_if_they_had_never_been(
    postings: dict[tuple[str, int, int], tuple[bytes, int]], data: st.DataObject, scored: bool
) -> None:
    documents = sorted({at for _, _, at in postings})
    gone = data.draw(st.sets(st.sampled_from(documents))) if documents else set()
    still = data.draw(st.sets(st.sampled_from(sorted(postings)))) if postings else set()
    remaining: dict[int, dict[tuple[str, int], bytes]] = {number: {} for number in gone}
    for term, field, at in still:
        if at in gone:
            changed = data.draw(st.booleans())
            remaining[at][term, field] = b"!" if changed else postings[term, field, at][0]
    left = {
        (term, field, at): told
        for (term, field, at), told in postings.items()
        if at not in gone
        or remaining[at].get((term, field)) == told[0]
        or (not scored and (term, field) in remaining[at])
    }
    assume(left or scored)  # an empty bucket does not tell that its term was common
    before, after = (encoded(content_of(some, scored)) for some in (postings, left))
    found = Leaving(remaining, 701).without(before)
    assert (before if found is None else found) == after
    assert (found is None) == (before == after)


def test_a_day_s_changes_leave_the_base_alone(
    released: tuple[list[Document], Path], tmp_path: Path
) -> None:
    documents, site = released
    now = [*documents[:5], *documents[34:], site_of(701)[-1], *documents[6:8]]
    write_index(now, tmp_path / "search", site, date(2040, 1, 1))  # the others expired
    (before,) = root_of(site / "search")["parts"]
    base, delta = root_of(tmp_path / "search")["parts"]
    assert (base["base"], delta["count"]) == (before["base"], 1)
    assert len(tombstones.dead(base)) == 27
    old, new = contents(site), contents(tmp_path)
    changed = {name for name in new if old.get(name) != new[name]}
    kept = {name for name in changed if f"/{base['base']}/" in name}
    assert kept == set()
    expected = Counter(document.fields["party"][2] for document in now)
    assert parties(tmp_path / "search" / "index") == expected
    lengths = [sum(len(text.terms(d.fields.get(f.name, ""))) for d in now) for f in FIELDS]
    assert [a + b for a, b in zip(base["totals"], delta["totals"], strict=True)] == lengths
    write_index(reversed(now), tmp_path / "again", tmp_path, date(2040, 1, 1))
    assert contents(tmp_path / "again") == contents(tmp_path / "search")


def said(document: Document, **fields: str) -> Document:
    return msgspec.structs.replace(document, fields={**document.fields, **fields})


#: The text of the first document, with the name of a person that nobody noticed.
OVERLOOKED = "现场由负责人仇鹤翎签收，另有一人在场。"


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Document], Path]:
    documents, site = site_of(700), tmp_path_factory.mktemp("named")
    documents[0] = said(documents[0], text=OVERLOOKED)
    write_index(documents, site / "search")
    return documents, site


def buckets_with(folder: Path, piece: str) -> int:
    return sum(piece.encode() in read_packed(path) for path in folder.rglob("b/*.bin"))


def released_again(
    documents: list[Document], site: Path, folder: Path, today: date = date(2029, 1, 1)
) -> list[dict[str, Any]]:
    """The parts of the next release's index."""
    write_index(documents, folder / "search", site, today)
    parts: list[dict[str, Any]] = root_of(folder / "search")["parts"]
    return parts


@pytest.mark.parametrize(
    "now",
    [
        "现场由负责人仇某某签收，另有一人在场。",
        "现场由负责人［姓名略］签收，另有一人在场；以上情况均有笔录。",
        "现场由负责人仇××签收，另有一人在场，有笔录。",
        "现场由负责人签收，另有一人在场。",
    ],
)
def test_an_overlooked_name_leaves_the_postings_at_once(
    named: tuple[list[Document], Path], tmp_path: Path, now: str
) -> None:
    documents, site = named
    assert buckets_with(site, "仇鹤") == buckets_with(site, "鹤翎") == 1
    parts = released_again([said(documents[0], text=now), *documents[1:]], site, tmp_path)
    assert len(parts) == 2, "the base was not kept"
    for piece in ("仇鹤", "鹤翎", "翎签"):
        assert buckets_with(tmp_path, piece) == 0
    assert len(parties(tmp_path / "search" / "index")) == 700


def test_what_follows_a_term_that_stays_does_not_tell_the_name(
    named: tuple[list[Document], Path], tmp_path: Path
) -> None:
    documents, site = named
    now = said(documents[0], text=OVERLOOKED.replace("仇鹤翎", "仇某某"))
    base, _ = released_again([now, *documents[1:]], site, tmp_path)
    (dead,) = tombstones.dead(base)
    left = postings_of(tmp_path / "search" / "index", base, dead)
    new = says(now.fields)
    assert left
    assert all(new[place] == follows for place, follows in left.items())
    assert ("责人", 6) not in left  # in the base, 仇 and 鹤 follow it
    assert ("由负", 6) in left


def postings_of(index: Path, part: dict[str, Any], document: int) -> dict[tuple[str, int], bytes]:
    found = {}
    for number in range(len(part["sizes"])):
        content = decoded(read_packed(index / part["base"] / "b" / f"{number}.bin"))
        ends = np.cumsum(content.counts)
        for row in np.flatnonzero(content.documents == document):
            term, field = divmod(int(content.groups[row]), len(FIELDS))
            follows = content.follows[ends[row] - content.counts[row] : ends[row]]
            found[content.terms[term], field] = follows.tobytes()
    return found


def test_an_edit_that_shows_as_much_waits_for_the_next_base(
    named: tuple[list[Document], Path], tmp_path: Path
) -> None:
    documents, site = named
    now = [said(one, text=one.fields["text"] + "已结案。") for one in documents[:30]]
    base, delta = released_again([*now, *documents[30:]], site, tmp_path)
    assert (len(tombstones.dead(base)), delta["count"]) == (30, 30)
    old, new = contents(site), contents(tmp_path)
    changed = {name for name in new if name in old and old[name] != new[name]}
    assert changed == {"search/index/root.bin"}


def test_who_waits_is_judged_by_each_later_edit(
    named: tuple[list[Document], Path], tmp_path: Path
) -> None:
    documents, site = named
    longer = said(documents[0], text=OVERLOOKED + "罚款已经缴清，本案结案。")
    released_again([longer, *documents[1:]], site, tmp_path / "one")
    assert buckets_with(tmp_path / "one", "仇鹤") == 2
    # Still longer than in the base, and no mask: only the last release shows that it lost words.
    cut = said(longer, text=longer.fields["text"].replace("仇鹤翎", ""))
    parts = released_again([cut, *documents[1:]], tmp_path / "one", tmp_path / "two")
    assert len(parts) == 2
    assert buckets_with(tmp_path / "two", "仇鹤") == 0
    parts = released_again([cut, *documents[1:]], tmp_path / "two", tmp_path / "three")
    assert contents(tmp_path / "three") == contents(tmp_path / "two")


@pytest.mark.parametrize("how", ["taken down", "withdrawn", "dropped", "expired"])
def test_who_waits_leaves_entirely_with_its_page(
    named: tuple[list[Document], Path], tmp_path: Path, how: str
) -> None:
    documents, site = named
    longer = said(documents[0], text=OVERLOOKED + "已结案。")
    released_again([longer, *documents[1:]], site, tmp_path / "one")
    if how in {"taken down", "withdrawn"}:
        notice = msgspec.structs.replace(
            longer, title="撤", fields={"number": longer.fields["number"]}
        )
        now = [notice] if how == "withdrawn" else []
        released_again([*now, *documents[1:]], tmp_path / "one", tmp_path / "two")
    else:
        shutil.copytree(tmp_path / "one", tmp_path / "two")
        given = {"urls": {longer.url}} if how == "dropped" else {"today": date(2030, 1, 2)}
        before = contents(tmp_path / "two")
        changed = tombstones.drop(tmp_path / "two", **given)  # type: ignore[arg-type]
        after = contents(tmp_path / "two")
        assert changed == sorted(n for n in before if after.get(n) != before[n])
    assert buckets_with(tmp_path / "two", "鹤翎") == (how == "expired")  # in the delta, nameless
    for path in (tmp_path / "two").rglob("*.bin"):
        assert how == "withdrawn" or longer.url.encode() not in read_packed(path)


def test_a_result_whose_title_was_edited_is_blanked(
    named: tuple[list[Document], Path], tmp_path: Path
) -> None:
    documents, _ = named
    one = msgspec.structs.replace(documents[0], title="仇鹤翎：无证经营")
    write_index([one, *documents[1:]], tmp_path / "a" / "search")
    longer = said(one, text=OVERLOOKED + "已结案。")
    released_again([longer, *documents[1:]], tmp_path / "a", tmp_path / "b")
    other = msgspec.structs.replace(longer, title="仇某某：无证经营")
    released_again([other, *documents[1:]], tmp_path / "b", tmp_path / "c")
    assert "仇鹤翎：" in str(root_of(tmp_path / "b" / "search"))
    assert "仇鹤翎：" not in str(root_of(tmp_path / "c" / "search"))


def test_what_was_edited_or_left_cannot_be_read_in_the_base(
    released: tuple[list[Document], Path], tmp_path: Path
) -> None:
    documents, site = released
    write_index(documents[1:], tmp_path / "search", site, date(2040, 1, 1))
    (base,) = root_of(tmp_path / "search")["parts"]
    shown = base["all"]
    (at,) = tombstones.dead(base)
    assert [shown[key].split("\n")[at] for key in ("url", "title", "number")] == ["", "", ""]
    assert documents[0].url.rsplit("-", 1)[1] not in shown["url"]
    assert documents[1].url.rsplit("-", 1)[1] in shown["url"]


@pytest.mark.parametrize("changed", [60, 200])
def test_a_new_base_when_much_has_changed(
    released: tuple[list[Document], Path], tmp_path: Path, changed: int
) -> None:
    documents, site = released
    write_index(documents[changed:], tmp_path / "search", site, date(2040, 1, 1))
    root = root_of(tmp_path / "search")
    assert (len(root["parts"]), root["parts"][0]["count"]) == (1, 700 if changed == 60 else 500)


def test_what_was_taken_down_leaves_the_postings_of_the_base_too(
    released: tuple[list[Document], Path], tmp_path: Path
) -> None:
    documents, site = released
    withdrawn = msgspec.structs.replace(
        documents[1], fields={"number": documents[1].fields["number"]}
    )
    now = [withdrawn, *documents[2:]]
    write_index(now, tmp_path / "search", site, date(2029, 1, 1))
    (base, _) = root_of(tmp_path / "search")["parts"]
    assert len(tombstones.dead(base)) == 2
    for path in (tmp_path / "search").rglob("*.bin"):
        data = read_packed(path)
        for gone in documents[:2]:
            assert gone.fields["party"][2:4].encode() not in data
    expected = {document.fields["party"][2] for document in documents[2:]}
    assert set(parties(tmp_path / "search" / "index")) == expected


@pytest.mark.parametrize(("down", "kept"), [(1, True), (50, True), (75, False)])
def test_the_base_is_kept_until_a_tenth_of_it_is_gone(
    tmp_path: Path, down: int, kept: bool
) -> None:
    """However many of its buckets must be written again for what leaves them."""
    documents = [
        said(
            document, text="".join(PLAIN[(at * 37 + 41 * more) % len(PLAIN)] for more in range(40))
        )
        for at, document in enumerate(site_of(600))
    ]
    write_index(documents, tmp_path / "one" / "search")
    (before,) = root_of(tmp_path / "one" / "search")["parts"]
    gone = documents[:: 600 // down]
    now = [document for document in documents if document not in gone]
    (base,) = released_again(now, tmp_path / "one", tmp_path / "two")
    assert (base["base"] == before["base"]) == kept
    assert base["count"] == (600 if kept else 600 - down)


def test_a_base_that_was_tampered_with_is_not_used_again(
    released: tuple[list[Document], Path], tmp_path: Path
) -> None:
    documents, site = released
    copy = tmp_path / "copy"
    shutil.copytree(site, copy)
    write_manifest(copy, hash_files(copy), tmp_path)
    assert base_kept(documents, copy, tmp_path / "one")
    bucket = next((copy / "search" / "index").rglob("b/3.bin"))
    bucket.write_bytes(gzip.compress(b"other", mtime=0))
    assert not base_kept(documents, copy, tmp_path / "two")


def base_kept(documents: list[Document], site: Path, folder: Path) -> bool:
    write_index(documents[1:], folder / "search", site)
    return len(tombstones.dead(root_of(folder / "search")["parts"][0])) == 1


def test_the_expired_are_dropped_without_the_store(
    released: tuple[list[Document], Path], tmp_path: Path
) -> None:
    documents, site = released
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    assert tombstones.drop(copy, today=date(2030, 1, 1)) == [], "on its last day it is public"
    changed = tombstones.drop(copy, today=date(2030, 1, 4))
    old, new = contents(site), contents(copy)
    assert changed == sorted(name for name in new if old[name] != new[name])
    assert changed == ["search/index/root.bin"]
    assert set(parties(copy / "search" / "index")) == {d.fields["party"][2] for d in documents[3:]}
    fresh = tmp_path / "fresh"
    write_index(documents[3:], fresh)
    assert root_of(copy / "search")["parts"][0]["totals"] == root_of(fresh)["parts"][0]["totals"]
    assert tombstones.drop(copy, today=date(2030, 1, 4)) == []


def test_what_is_taken_down_leaves_every_file(tmp_path: Path) -> None:
    many = site_of(1_300)
    write_index(many, tmp_path / "search")
    changed = tombstones.drop(tmp_path, urls={many[7].url, "decisions/none/"})
    assert any("/r/" in name for name in changed)
    assert any("/b/" in name for name in changed)
    own = many[7].fields["party"][2:4]
    for path in (tmp_path / "search").rglob("*.bin"):
        data = read_packed(path)
        assert own.encode() not in data
        assert many[7].url.rsplit("-", 1)[1].encode() not in data
    assert len(parties(tmp_path / "search" / "index")) == 1_299
    assert tombstones.drop(tmp_path, urls={many[7].url}) == []


def test_a_site_without_an_index_has_nothing_to_drop(tmp_path: Path) -> None:
    assert tombstones.drop(tmp_path, today=date(2030, 1, 1)) == []


def test_the_audit_can_read_the_index_and_is_not_alarmed(tmp_path: Path) -> None:
    long = [
        msgspec.structs.replace(
            document, url=f"decisions/x-{at}/", fields={**document.fields, "text": "警示标志" * 13}
        )
        for at, document in enumerate(DOCUMENTS * 4)
    ]
    write_index(long, tmp_path)
    assert audit(tmp_path, [], [], allowed={}, written=[]) == []
    planted = "1380000" + "0000"
    fields = {**DOCUMENTS[0].fields, "text": planted}
    write_index([*long, msgspec.structs.replace(DOCUMENTS[0], fields=fields)], tmp_path)
    assert audit(tmp_path, [], [], allowed={}, written=[])
    assert not APART.isspace()


def test_variants_lead_to_characters_that_stay() -> None:
    table = text.variants()
    assert len(table) > 700
    assert not set(table.values()) & set(table), "a target is replaced again"
    assert table["國"] == "国"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
