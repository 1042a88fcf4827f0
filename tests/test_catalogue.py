"""Of the store's decisions only those are read that the released index does not have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random

import msgspec
import pytest

from pipeline.model import Entry, Withdrawal
from pipeline.public import store
from pipeline.public.press import shelf
from pipeline.public.search import Catalogue, Document, catalogue, decisions, write, write_index
from pipeline.public.search.catalogue import DIGEST
from pipeline.public.search.files import read_json
from tests.test_search import contents, decision, said, site_of

TODAY = date(2026, 11, 22)
NAMES = {"demo": "演示局"}


def entries(number: int) -> list[Entry]:
    letters = "bcdfghjklm"
    return [
        decision(at, slug="demo-penalty-" + "".join(letters[int(d)] for d in f"{at:014d}"))
        for at in range(1, number + 1)
    ]


def changed(entry: Entry, **facts: object) -> Entry:
    return msgspec.structs.replace(entry, decision=msgspec.structs.replace(entry.decision, **facts))


class Told(list[str]):
    """The addresses that were read from a store."""

    def __init__(self, path: Path, kept: Iterable[Entry], names: dict[str, str] = NAMES) -> None:
        store.write(path, kept, today=TODAY)
        with closing(store.connect(path)) as connection:
            connection.executescript(shelf.SCHEMA)
            self.catalogue = decisions(connection, names)
            self.documents = list(self.catalogue.read(None))
        self._known = dict(zip(map(catalogue.digest, self.documents), self.documents, strict=True))

    def index(self, folder: Path, previous: Path | None) -> list[str]:
        def read(wanted: Collection[bytes] | None) -> list[Document]:
            chosen = self._known.keys() if wanted is None else wanted & self._known.keys()
            self.extend(self._known[one].url for one in chosen)
            return [self._known[one] for one in chosen]

        write_index(Catalogue(self.catalogue.digests, read), folder / "search", previous, TODAY)
        return self


def test_a_document_that_is_as_it_was_is_not_read(tmp_path: Path) -> None:
    before = entries(600)
    Told(tmp_path / "a.db", before).index(tmp_path / "a", None)
    now = [changed(before[0], party="东湖另一砂石有限公司"), *before[2:], *entries(601)[600:]]
    told = Told(tmp_path / "b.db", now).index(tmp_path / "b", tmp_path / "a")
    new = {f"decisions/{one.decision.slug}/" for one in (now[0], now[-1])}
    assert new <= set(told)
    assert len(told) <= len(new) + 16  # and what is compared with lunr


def digests(path: Path, entry: Entry, name: str = "演示局") -> set[bytes]:
    path.unlink(missing_ok=True)
    return set(Told(path, [entry], {"demo": name}).catalogue.digests)


#: Each a change after which a document must be read.
CHANGES: dict[str, Callable[[Entry], Entry]] = {
    "its text": lambda one: changed(one, details={**one.decision.details, "facts": "另有。"}),
    "its party": lambda one: changed(one, party="另一公司"),
    "its last day": lambda one: msgspec.structs.replace(
        one, publication=msgspec.structs.replace(one.publication, last_day=date(2030, 1, 1))
    ),
    "it is withdrawn": lambda one: msgspec.structs.replace(
        one, withdrawal=Withdrawal(on=TODAY, reason="撤销")
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changes_a_document_changes_its_digest(
    tmp_path: Path, change: Callable[[Entry], Entry]
) -> None:
    entry = decision(1)
    known = digests(tmp_path / "a.db", entry)
    assert known == digests(tmp_path / "b.db", entry)
    assert known != digests(tmp_path / "c.db", change(entry))
    assert {len(one) for one in known} == {DIGEST}


def test_so_does_the_name_of_its_agency_and_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = digests(tmp_path / "a.db", decision(1))
    assert known != digests(tmp_path / "b.db", decision(1), "另一局")
    monkeypatch.setattr(catalogue, "_program", lambda: b"another")
    assert known != digests(tmp_path / "c.db", decision(1))


@pytest.mark.parametrize("seed", range(3))
def test_what_was_settled_once_is_not_settled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Night after night the same files as when everything is looked at anew."""
    chance = Random(seed)  # noqa: S311
    nights = [site_of(600)]
    for _ in range(3):
        now = [one for one in nights[-1] if chance.random() > 0.005]
        for at in chance.sample(range(8), 4):
            text = now[at].fields["text"]
            more = chance.choice([f"{text}已结案。", text[: len(text) // 2], f"{text}另有某某。"])
            now[at] = said(now[at], text=more)
        nights.append(now)
    for name in ("one", "all"):
        if name == "all":
            monkeypatch.setattr(write, "digest", lambda document: b"")
        for night, documents in enumerate(nights):
            before = tmp_path / name / str(night - 1) if night else None
            write_index(documents, tmp_path / name / str(night) / "search", before, TODAY)
    for night in map(str, range(len(nights))):
        assert contents(tmp_path / "one" / night) == contents(tmp_path / "all" / night)
    assert len(read_json(tmp_path / "one/3/search/index/root.bin")["parts"]) == 2
