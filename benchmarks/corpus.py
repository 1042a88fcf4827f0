"""The hand-written corpora: front matter, text, gold marks ⟦kind|text⟧."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.model import Kind, PartyType
from pipeline.restricted.raw import Origin, RawDecision, Secret

ROOT = Path(__file__).parent.parent / "tests" / "corpora" / "redaction"
_MARK = re.compile(r"⟦([a-z_]+)\|([^⟦⟧]*)⟧")
DAY = date(2025, 6, 30)


@dataclass(frozen=True)
class Gold:
    """A marked stretch: offsets in the text without marks."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Case:
    """One document with its gold marks."""

    name: str
    meta: dict[str, Any]
    text: str
    gold: tuple[Gold, ...]

    def row(self) -> RawDecision:
        """The document as a row of an export would carry it."""
        values = {"party": self.meta.get("party", ""), "full_text": self.text}
        for key in ("legal_representative", "minor", "secret", "birth_date", "id_number"):
            if key in self.meta:
                values[key] = str(self.meta[key]).lower()
        return RawDecision(
            agency="demo",
            kind=Kind(self.meta.get("kind", "penalty")),
            number="",
            decided_on=DAY,
            party_type=PartyType(self.meta.get("party_type", "organisation")),
            values={k: Secret(v, k) for k, v in values.items() if v},
            origin=Origin(self.name, "", 1),
        )


def parse(path: Path) -> Case:
    """Read one file of a corpus."""
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    pieces: list[str] = []
    gold: list[Gold] = []
    at = length = 0
    for match in _MARK.finditer(body):
        before = body[at : match.start()]
        pieces += (before, match[2])
        start = length + len(before)
        length = start + len(match[2])
        gold.append(Gold(start, length, match[1]))
        at = match.end()
    pieces.append(body[at:])
    return Case(path.stem, tomllib.loads(front), "".join(pieces), tuple(gold))


def own_strings(cases: Iterable[Case]) -> tuple[str, ...]:
    """Officers' certificate numbers that the documents mark to be kept.

    The product knows them from the agency's roster; the documents of a corpus have none.
    """
    marked = (c.text[g.start : g.end] for c in cases for g in c.gold if g.kind == "keep")
    return tuple(sorted({text for text in marked if re.fullmatch(r"1\d{10}", text)}))


def load(part: str) -> list[Case]:
    """All documents of a folder of the corpus, in the order of their names."""
    return [parse(path) for path in sorted((ROOT / part).glob("*.txt"))]


def was_read(case: Case) -> bool:
    """Whether a document of ``fresh`` was read to improve the engine: the even-numbered were."""
    return int(case.name[:3]) % 2 == 0
