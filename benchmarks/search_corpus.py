"""A seeded corpus for the search: invented decisions, queries, and what they should find."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import jieba
import msgspec

from pipeline.model import Kind
from pipeline.public.search import Document
from pipeline.public.search.text import RUN, normalise
from pipeline.slug import slug

WORDS = tomllib.loads((Path(__file__).parent / "search_words.toml").read_text(encoding="utf-8"))
AGENCIES = tuple(f"{place}{office}" for place in "甲乙丙丁戊己" for office in WORDS["offices"])
DIGITS = "零一二三四五六七八九"
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Query:
    """What is typed, what kind of thing it is, and whether the exact thing must come first."""

    kind: str
    text: str
    exact: str = ""  # the normalised number or code that must be first


class Words:
    """Common words with their frequencies, so that texts have the statistics of a language."""

    def __init__(self) -> None:
        path = Path(jieba.__file__).parent / "dict.txt"
        lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
        short = ((int(count), word) for word, count, *_ in lines if 2 <= len(word) <= 4)
        ranked = sorted(short, reverse=True)
        self.words = [word for _, word in ranked[:30_000]]
        self.weights = [min(count, 20_000) for count, _ in ranked[:30_000]]

    def text(self, rng: Random, count: int) -> str:
        """``count`` words in clauses."""
        chosen = rng.choices(self.words, self.weights, k=count)
        clauses = ["".join(chosen[at : at + 5]) for at in range(0, count, 5)]
        return "，".join(clauses) + "。"


def corpus(size: int, seed: int = 7, first: int = 1) -> list[Document]:
    """``size`` invented decisions; each party has about three, each agency counts from ``first``."""
    rng, words = Random(seed), Words()
    signs = [word for word in words.words if len(word) == 2]
    parties = [_party(rng, signs) for _ in range(max(1, size // 3))]
    series = [first - 1] * (len(AGENCIES) * 10)
    return [_document(at, rng, words, rng.choice(parties), series) for at in range(size)]


def _party(rng: Random, signs: Sequence[str]) -> tuple[str, str]:
    sign = rng.choice(signs) if rng.random() < 0.5 else rng.choice(signs)[0] + rng.choice(signs)[1]
    if rng.random() < 0.3:
        sign += rng.choice(signs)[0]
    name = _word(rng, "regions") + sign + _word(rng, "industries") + _word(rng, "suffixes")
    region = "".join(rng.choice("0123456789") for _ in range(6))
    return name, "91" + region + "".join(rng.choice(CODE) for _ in range(10))


def _word(rng: Random, table: str) -> str:
    found: str = rng.choice(WORDS[table])
    return found


def _document(
    at: int, rng: Random, words: Words, party: tuple[str, str], series: list[int]
) -> Document:
    agency = rng.randrange(len(AGENCIES))
    day = date(2022, 1, 1) + timedelta(days=rng.randrange(1800))
    name, code = party
    violation = _word(rng, "verbs") + _word(rng, "acts") + _word(rng, "things")
    series[agency * 10 + day.year % 10] += 1
    number = f"{AGENCIES[agency]}罚〔{day.year}〕{series[agency * 10 + day.year % 10]}号"
    person = rng.random() < 0.1
    article = f"第{_chinese(rng.randint(11, 99))}条第{_chinese(rng.randint(1, 9))}款"
    basis = f"《中华人民共和国{_word(rng, 'laws')}》{article}"
    key, kind = f"agency{agency}", Kind.PENALTY if at % 4 else Kind.LICENCE
    return Document(
        url=f"decisions/{slug(key, kind, number)}/",
        title=f"{'张某某' if person else name}：{violation}",
        fields={
            "number": number,
            "party": "张某某" if person else name,
            "code": "" if person else code,
            "title": f"{'张某某' if person else name}{violation}案",
            "violation": violation,
            "basis": basis,
            "text": f"经查，{words.text(rng, rng.randint(20, 110))}该行为违反了{basis}的规定，"
            f"构成{violation}。罚款{rng.randint(1, 90)}00元",
        },
        agency=key,
        agency_name=AGENCIES[agency],
        kind=kind.value,
        kind_name=kind.label,
        party_type="person" if person else "organisation",
        party_type_name="自然人" if person else "法人及非法人组织",
        date=day.isoformat(),
        last_day=(day + timedelta(days=3000 if person else 3652)).isoformat(),
    )


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    before = "" if tens == 1 else DIGITS[tens]
    return (before + "十" if tens else "") + (DIGITS[ones] if ones else "")


def queries(documents: Sequence[Document], count: int = 200, seed: int = 11) -> list[Query]:
    """Queries of all kinds, taken from documents that exist."""
    rng = Random(seed)
    firms = [document for document in documents if document.fields["code"]]
    makers = (
        _fragment,
        _fragment,
        _fragment,
        _name,
        _violation,
        _violation,
        _statute,
        _statute,
        _half_number,
        _half_number,
        _number,
        _code_start,
        _code,
        _own_code,
        _two,
        _two,
        _wide,
        _single,
        _text,
        _text,
    )
    return [makers[at % len(makers)](rng, rng.choice(firms)) for at in range(count)]


def changed(documents: Sequence[Document], share: float, seed: int = 5) -> list[Document]:
    """The documents of the next day: half of ``share`` edited, a quarter new, a quarter gone.

    Four of five edits add a sentence, the fifth replaces an amount.
    """
    rng = Random(seed)
    count = max(4, round(len(documents) * share))
    touched = rng.sample(range(len(documents)), count - count // 4)
    edited, gone = set(touched[: count // 2]), set(touched[count // 2 :])
    found = [
        _edited(document, at) if at in edited else document
        for at, document in enumerate(documents)
        if at not in gone
    ]
    return found + corpus(count // 4, seed=seed, first=len(documents))


def _edited(document: Document, at: int) -> Document:
    text = document.fields["text"]
    added = text + "罚款已经缴清，本案结案。"
    return with_text(document, added if at % 5 else text.replace("罚款", "减为"))


def masked(document: Document) -> Document:
    """The document, a name of three characters in its text now masked."""
    text = document.fields["text"]
    at = text.index("，") + 1
    return with_text(document, text[: at + 1] + "某某" + text[at + 3 :])


def with_text(document: Document, text: str) -> Document:
    """The document with another text."""
    return msgspec.structs.replace(document, fields={**document.fields, "text": text})


def _cut(rng: Random, text: str, least: int, most: int) -> str:
    size = min(len(text), rng.randint(least, most))
    start = rng.randint(0, len(text) - size)
    return text[start : start + size]


def _fragment(rng: Random, document: Document) -> Query:
    name = document.fields["party"][3:]
    return Query("company fragment", _cut(rng, name[: max(4, len(name) - 4)], 2, 6))


def _name(rng: Random, document: Document) -> Query:
    return Query("company name", document.fields["party"])


def _violation(rng: Random, document: Document) -> Query:
    return Query("violation phrase", _cut(rng, document.fields["violation"], 4, 12))


def _statute(rng: Random, document: Document) -> Query:
    basis = document.fields["basis"]
    start = basis.index("国") + 1
    return Query("statute", basis[start : basis.index("条") + 1])


def _half_number(rng: Random, document: Document) -> Query:
    number = document.fields["number"]
    middle = number.index("〔")
    if rng.random() < 0.5:
        return Query("half a number", number[middle:])
    return Query("half a number", number[: min(len(number) - 2, middle + 7)])


def _number(rng: Random, document: Document) -> Query:
    number = document.fields["number"]
    typed = number if rng.random() < 0.5 else number.replace("〔", "[").replace("〕", "]第")
    return Query("number", typed, folded(number))


def _code_start(rng: Random, document: Document) -> Query:
    return Query("code, first 12", document.fields["code"][:12])


def _code(rng: Random, document: Document) -> Query:
    code = document.fields["code"]
    return Query("code", code.lower() if rng.random() < 0.5 else code, folded(code))


def _own_code(rng: Random, document: Document) -> Query:
    return Query("code, own part", document.fields["code"][8:])


def _two(rng: Random, document: Document) -> Query:
    first = _fragment(rng, document).text
    return Query("two words", f"{first} {_cut(rng, document.fields['violation'], 2, 6)}")


def _wide(rng: Random, document: Document) -> Query:
    number = document.fields["number"]
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in number)
    return Query("full width", wide, folded(number))


def _single(rng: Random, document: Document) -> Query:
    return Query("one character", rng.choice(document.fields["party"][3:5]))


def _text(rng: Random, document: Document) -> Query:
    return Query("words of the text", _cut(rng, document.fields["text"].split("，")[1], 4, 8))


def folded(text: str) -> str:
    """What texts are compared by: normalised runs with one space between."""
    return " ".join(match[0] for match in RUN.finditer(normalise(text)))


class Truth:
    """Brute force: a word stands, as it is, in one field of the document."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.texts = [
            "\n".join(folded(text) for text in document.fields.values()) for document in documents
        ]
        self.urls = [document.url for document in documents]

    def matches(self, query: str) -> set[str]:
        """Addresses of the documents that hold every word of the query."""
        words = [folded(word) for word in query.split()]
        return set(self._matches([word for word in words if word]))

    def _matches(self, words: Sequence[str]) -> Iterator[str]:
        for url, text in zip(self.urls, self.texts, strict=True):
            if all(word in text for word in words):
                yield url
