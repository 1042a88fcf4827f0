"""Does the index hold what the documents say, weigh it as lunr does, and nothing else?"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ReleaseRefused
from pipeline.fields import dictionary
from pipeline.model import Entry, Kind, PartyType, Publication, PublicDecision, Withdrawal
from pipeline.public.search import FIELDS, document_of, text, weights, write_index
from pipeline.public.search.buckets import APART
from pipeline.public.search.encode import integers
from pipeline.public.search.postings import BLOCK, Collector, collect
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
    assert list(read_integers(integers(values))) == values


def test_small_numbers_never_read_as_digits() -> None:
    """Lengths of 48 to 57 in a row would be a telephone number to the audit."""
    assert not any(chr(byte).isascii() for byte in integers(range(128)))


def read_integers(data: bytes) -> Iterator[int]:
    value = shift = 0
    for byte in data:
        value |= (byte & 127) << shift
        shift += 7
        if byte & 128:
            yield value
            value = shift = 0


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
    assert (found.year, found.date, found.last_day) == (2026, "2026-01-04", "2031-02-01")
    assert (found.agency, found.agency_name, found.kind_name) == ("demo", "演示局", "行政处罚")


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
    root = json.loads(gzip.decompress((tmp_path / "index" / "root.bin").read_bytes()))
    assert (root["count"], root["sizes"]) == (0, [])


def test_many_documents_are_cut_into_chunks(tmp_path: Path) -> None:
    many = [
        msgspec.structs.replace(DOCUMENTS[0], url=f"decisions/x-{at}/", last_day="2030-01-01")
        for at in range(1_300)
    ]
    write_index(many, tmp_path)
    root = json.loads(gzip.decompress((tmp_path / "index" / "root.bin").read_bytes()))
    assert "all" not in root
    assert len(root["leaving"]["documents"]) == 300
    place = tmp_path / "index" / root["base"]
    shown = json.loads(gzip.decompress((place / "r" / "3.bin").read_bytes()))
    assert len(shown["url"]) == len(shown["agency"]) == root["results"]


def test_the_audit_can_read_the_index_and_is_not_alarmed(tmp_path: Path) -> None:
    long = [
        msgspec.structs.replace(
            document, url=f"decisions/x-{at}/", fields={**document.fields, "text": "警示标志" * 13}
        )
        for at, document in enumerate(DOCUMENTS * 4)
    ]
    write_index(long, tmp_path)
    assert audit(tmp_path, [], [], allowed=[], written=[]) == []
    planted = "1380000" + "0000"
    fields = {**DOCUMENTS[0].fields, "text": planted}
    write_index([*long, msgspec.structs.replace(DOCUMENTS[0], fields=fields)], tmp_path)
    assert audit(tmp_path, [], [], allowed=[], written=[])
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
