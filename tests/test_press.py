"""Joined from parts, a site is what plain rendering gives; built night by night, what one build gives."""

from __future__ import annotations

import locale
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, meta
from pelican.settings import read_settings

from pipeline.errors import ConfigurationError
from pipeline.model import Entry, Kind, PartyType, Publication, PublicDecision, Withdrawal
from pipeline.public import content, decisions, store
from pipeline.public.pages import lists
from pipeline.public.press import parts, shelf
from pipeline.public.press.frame import Frame
from pipeline.public.press.frame import given as given_to
from pipeline.public.press.parts import Setter
from pipeline.public.press.sheets import Sheets
from pipeline.public.site import SiteGenerator
from pipeline.public.theme import environment
from tests.conftest import tries
from tests.rendering import decided

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 20)
AGENCIES = ("mingshan", "shihao")
SIZE = 3


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small ``content/`` of two agencies."""
    folder = tmp_path_factory.mktemp("office") / "content"
    for name in ("site.toml", *(f"agencies/{slug}/agency.toml" for slug in AGENCIES)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "content" / name, folder / name)
    return folder


def entry(place: int, **changes: Any) -> Entry:
    """An invented decision; ``changes`` of its day, agency, party …"""
    withdrawal = changes.pop("withdrawal", None)
    replaces = changes.pop("replaces", ())
    decided = changes.pop("decided_on", date(2024, 12, 20) + timedelta(days=place))
    facts = {
        "slug": f"demo-{place:03d}",
        "agency": AGENCIES[place % 2],
        "kind": list(Kind)[place % 5],
        "number": f"演决〔{decided.year}〕{place}号",
        "party": f"演示<第{place}>&砂石有限公司",
        "party_type": PartyType.PERSON if place % 7 == 3 else PartyType.ORGANISATION,
        "decided_on": decided,
        "details": {"violation": "倾倒垃圾。", "fine": "1200", "full_text": f"一\n{place}号"},
        **changes,
    }
    publication = Publication(
        first_day=decided + timedelta(days=3),
        last_day=date(2031, 1, 31) if place % 3 else None,
        window_rule="公开满5年后撤下",
        window_source="演示办法第二十九条",
        due=decided + timedelta(days=9),
        due_provisional=place % 4 == 0,
        due_rule="自作出决定之日起7个工作日内",
        due_source="演示办法第二十八条",
    )
    if withdrawal:
        facts |= {"party": "", "details": {}}
    decision = PublicDecision(**facts)  # type: ignore[arg-type]
    return Entry(
        decision=decision, publication=publication, withdrawal=withdrawal, replaces=replaces
    )


def built(
    office: Path,
    database: Path,
    output: Path,
    kept: Path | None = None,
    theme: Path = ROOT / "theme",
    **more: object,
) -> SiteGenerator:
    """One build, in this process, with Pelican's settings."""
    given = {
        "PATH": str(office),
        "OUTPUT_PATH": str(output),
        "THEME": str(theme),
        "GONGSHI_STORE": str(database),
        "GONGSHI_PROOF": str(kept or ""),
        "GONGSHI_PAGE_SIZE": SIZE,
        "GONGSHI_BARE": True,
        **more,
    }
    before = locale.setlocale(locale.LC_ALL)
    read = read_settings(str(ROOT / "pelicanconf.py"), override=given)
    locale.setlocale(locale.LC_ALL, before)  # Pelican sets its own for the whole process
    output.mkdir(exist_ok=True)
    generator = SiteGenerator(
        context=read.copy(),
        settings=read,
        path=str(office),
        theme=str(theme),
        output_path=str(output),
    )
    generator.generate_context()
    generator.generate_output(None)
    return generator


def files(folder: Path) -> dict[str, bytes]:
    """What stands in a folder."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def pressed(office: Path, database: Path, entries: Sequence[Entry], today: date = TODAY) -> None:
    """Take decisions into a store, with their parts, as a run does."""
    store.write(database, entries, today=today)
    shelf.refresh(database, Setter(environment(ROOT / "theme"), content.load(office).folders))


MIXED = [
    *(entry(place) for place in range(24)),
    entry(30, withdrawal=Withdrawal(on=TODAY, reason="原决定被撤销", successor="demo-031")),
    entry(31, replaces=("demo-030",)),
    entry(32, withdrawal=Withdrawal(on=TODAY, reason="原决定被<确认>无效")),
]


def test_a_joined_page_is_what_plain_rendering_gives(office: Path, tmp_path: Path) -> None:
    pressed(office, tmp_path / "store.db", MIXED)
    generator = built(office, tmp_path / "store.db", tmp_path / "out")
    loaded = content.load(office)
    lines = [decisions.line(one) for one in sorted(MIXED, key=_order)]
    beside = decisions.neighbours(lines)
    plain = [
        *decisions.pages(MIXED, loaded.folders, beside, lines),
        *lists.pages(loaded, lines, SIZE),
    ]
    assert len(plain) > 50
    found = files(tmp_path / "out")
    for page in plain:
        template = generator.get_template(page.template)
        assert template.render(given_to(page)).encode() == found[page.path], page.path
    made = {path for path in found if path.startswith("decisions/") or "/decisions/" in path}
    assert made == {page.path for page in plain}


def _order(one: Entry) -> tuple[date, str, str]:
    return one.decision.decided_on, one.decision.number, one.decision.slug


def test_downloads_are_joined_from_what_is_kept_with_the_decisions(
    office: Path, tmp_path: Path
) -> None:
    """Also after a night that changed some: each once, in the order of lists."""
    database = tmp_path / "store.db"
    pressed(office, database, MIXED[3:])
    changed = [*MIXED[:-4], entry(5, details={"violation": "另一件事"})]
    pressed(office, database, changed)
    shown = [one for one in {one.decision.slug: one for one in changed}.values() if not one.withdrawal]  # fmt: skip
    plain = decided(sorted(shown, key=_order), content.load(office).folders)
    with closing(store.open_read_only(database)) as connection:
        for name in ("decisions", "double-penalty", "double-licence"):
            told = shelf.bodies(connection)(name)
            assert told == plain(name)
            assert told[0].count(b"\r\n") == told[1].count(b"\n") > 1


def test_parts_use_nothing_that_their_grounds_do_not_cover() -> None:
    """A part that used ``site`` or ``today`` would go stale unseen."""
    theme = environment(ROOT / "theme")
    allowed = {
        *(
            "line",
            "publication",
            "agency",
            "sentence",
            "cells",
            "basis",
            "text",
            "replaced",
            "contested",
        ),
        *("title", "root", "earlier", "later", "successor"),
    }
    waiting, seen = [*parts.TEMPLATES], set[str]()
    while waiting:
        name = waiting.pop()
        seen.add(name)
        tree = theme.parse(_source(theme, name))
        assert meta.find_undeclared_variables(tree) <= allowed, name
        waiting += [one for one in meta.find_referenced_templates(tree) if one and one not in seen]
    assert seen == set(parts.TEMPLATES)


def _source(theme: Environment, name: str) -> str:
    assert theme.loader
    return theme.loader.get_source(theme, name)[0]


def test_a_text_that_looks_like_a_slot_stays_a_text(office: Path, tmp_path: Path) -> None:
    odd = entry(1, party="甲\0body\0乙\0公司", details={"violation": "\0items\0"})
    pressed(office, tmp_path / "store.db", [odd])
    built(office, tmp_path / "store.db", tmp_path / "out")
    assert "甲body乙公司" in (tmp_path / "out/decisions/demo-001/index.html").read_text("utf-8")
    pages = {name: body for name, body in files(tmp_path / "out").items() if name[-4:] == "html"}
    assert [name for name, body in pages.items() if b"\0" in body] == []


def test_a_store_whose_parts_are_missing_or_old_is_shown_all_the_same(
    office: Path, tmp_path: Path
) -> None:
    pressed(office, tmp_path / "new.db", MIXED)
    built(office, tmp_path / "new.db", tmp_path / "new")
    store.write(tmp_path / "bare.db", MIXED, today=TODAY)
    before = (tmp_path / "bare.db").read_bytes()
    built(office, tmp_path / "bare.db", tmp_path / "bare")
    assert files(tmp_path / "bare") == files(tmp_path / "new")
    assert (tmp_path / "bare.db").read_bytes() == before


def test_a_store_of_an_older_version_is_brought_up_to_date(office: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(
            """CREATE TABLE entry (slug TEXT PRIMARY KEY, agency TEXT, kind TEXT, decided_on TEXT,
               number TEXT, body BLOB) STRICT, WITHOUT ROWID;
               CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) STRICT;
               INSERT INTO meta VALUES ('today', '2026-11-20');"""
        )
        for one in MIXED:
            d = one.decision
            row = (d.slug, d.agency, d.kind.value, str(d.decided_on), d.number)
            body = msgspec.json.encode(one)
            connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", (*row, body))
        connection.commit()
    built(office, old, tmp_path / "out")
    pressed(office, tmp_path / "new.db", MIXED)
    built(office, tmp_path / "new.db", tmp_path / "new")
    assert files(tmp_path / "out") == files(tmp_path / "new")


def test_an_agency_without_a_folder_is_said(office: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="没有的机关：nowhere"):
        pressed(office, tmp_path / "store.db", [entry(1, agency="nowhere")])


# ---- night by night -------------------------------------------------------------------

places = st.integers(0, 15)
days = st.integers(0, 40).map(lambda n: date(2024, 12, 20) + timedelta(days=n))
night = st.dictionaries(
    places,
    st.one_of(
        st.just("gone"),
        st.builds(lambda day: {"decided_on": day}, days),  # moved, over the end of the year too
        st.sampled_from(["甲", "乙"]).map(lambda text: {"details": {"facts": text}}),
        st.sampled_from(list(Kind)).map(lambda kind: {"kind": kind}),
        st.sampled_from(AGENCIES).map(lambda agency: {"agency": agency}),
        st.just({"party_type": PartyType.PERSON, "party": "冉某某"}),
        places.map(
            lambda to: {"withdrawal": Withdrawal(on=TODAY, reason="撤", successor=f"demo-{to:03d}")}
        ),
        places.map(lambda of: {"replaces": (f"demo-{of:03d}",)}),
        st.just({}),
    ),
    max_size=8,
)


@settings(
    max_examples=tries(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(nights=st.lists(night, min_size=1, max_size=4), loses=st.integers(0, 9), many=st.booleans())
def test_night_by_night_gives_the_bytes_of_one_build(
    office: Path, nights: list[dict[int, Any]], loses: int, *, many: bool
) -> None:
    with tempfile.TemporaryDirectory() as temporary, pytest.MonkeyPatch.context() as patch:
        if many:  # a second process takes its part
            patch.setattr("pipeline.public.press.aside.MANY", 0)
        folder = Path(temporary)
        database, output, kept = folder / "store.db", folder / "out", folder / "proof"
        shown = {place: entry(place) for place in range(0, 16, 2)}
        for number, changes in enumerate([{}, *nights]):
            for place, change in changes.items():
                if change == "gone":
                    shown.pop(place, None)
                else:
                    shown[place] = entry(place, **change)
            pressed(office, database, list(shown.values()), TODAY + timedelta(days=number))
            if number == loses:
                continue  # a night whose build was never made: the next one covers both
            built(office, database, output, kept)
        built(office, database, output, kept)
        patch.undo()
        pressed(office, folder / "once.db", list(shown.values()), TODAY + timedelta(days=number))
        built(office, folder / "once.db", folder / "once")
        assert files(output) == files(folder / "once")


def test_a_second_build_writes_nothing_and_a_small_change_little(
    office: Path, tmp_path: Path
) -> None:
    entries = [entry(place) for place in range(40)]
    database, output, kept = tmp_path / "store.db", tmp_path / "out", tmp_path / "proof"
    pressed(office, database, entries)
    built(office, database, output, kept)
    stamps = _stamps(output)
    built(office, database, output, kept)
    assert _stamps(output) == stamps
    entries[20] = entry(20, details={"violation": "另一件事"})
    pressed(office, database, entries)
    built(office, database, output, kept)
    changed = {path for path, stamp in _stamps(output).items() if stamps.get(path) != stamp}
    inner = {path for path in changed if "/page/" in path}
    assert "decisions/demo-020/index.html" in changed
    # One page in each of the four lists that hold it; no neighbour, whose link stays.
    assert len({path for path in changed if path.startswith("decisions/demo-")}) == 1
    assert len(inner) <= 4
    assert len(changed) < 12


def test_a_file_that_shares_its_bytes_with_the_released_site_is_never_written_into(
    office: Path, tmp_path: Path
) -> None:
    database, output, kept = tmp_path / "store.db", tmp_path / "out", tmp_path / "proof"
    pressed(office, database, [entry(place) for place in range(12)])
    built(office, database, output, kept)
    released = tmp_path / "released"
    for path in output.rglob("*"):
        target = released / path.relative_to(output)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(path)
    before = files(released)
    pressed(office, database, [entry(place, party="另一家") for place in range(1, 14)])
    built(office, database, output, kept)
    assert files(released) == before
    assert files(output) != before


def test_a_proof_of_another_history_is_not_gone_by(office: Path, tmp_path: Path) -> None:
    """The store was restored, or replaced: marks alone could agree by chance."""
    output, kept = tmp_path / "out", tmp_path / "proof"
    pressed(office, tmp_path / "a.db", [entry(place) for place in range(10)])
    built(office, tmp_path / "a.db", output, kept)
    pressed(office, tmp_path / "b.db", [entry(place) for place in range(5, 15)])
    built(office, tmp_path / "b.db", output, kept)
    built(office, tmp_path / "b.db", tmp_path / "fresh")
    assert files(output) == files(tmp_path / "fresh")


def test_a_build_that_was_cut_short_leaves_no_proof(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, output, kept = tmp_path / "store.db", tmp_path / "out", tmp_path / "proof"
    pressed(office, database, [entry(place) for place in range(10)])
    built(office, database, output, kept)
    monkeypatch.setattr(SiteGenerator, "_ordinary", _interrupted)
    with pytest.raises(KeyboardInterrupt):
        built(office, database, output, kept)
    assert not kept.exists()


def test_pages_that_the_second_process_cannot_write_fail_the_build(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.public.press.aside.MANY", 0)
    monkeypatch.setattr(Sheets, "put", _interrupted)
    pressed(office, tmp_path / "store.db", [entry(place) for place in range(10)])
    with pytest.raises(ChildProcessError):
        built(office, tmp_path / "store.db", tmp_path / "out", tmp_path / "proof")
    assert not (tmp_path / "proof").exists()


def _interrupted(*_: object) -> Iterator[None]:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("name", "old", "new", "pages"),
    [
        ("decision_body.html", "公示内容", "公示的内容", 24),
        ("macros.html", 'class="item"', 'class="item" id="x"', 10),
        ("decision.html", "{% block main %}", "{% block main %}另一段", 24),
        ("decision_beside.html", "相邻的决定", "前后的决定", 24),
        ("list.html", "回到最新", "去最新", 10),
        ("base.html", "跳到正文", "到正文", 50),
    ],
)
def test_a_changed_template_reaches_every_page(
    office: Path, tmp_path: Path, name: str, old: str, new: str, pages: int
) -> None:
    theme = tmp_path / "theme"
    shutil.copytree(ROOT / "theme", theme)
    database, output, kept = tmp_path / "store.db", tmp_path / "out", tmp_path / "proof"
    pressed(office, database, MIXED)
    built(office, database, output, kept)
    template = theme / "templates" / name
    assert old in template.read_text("utf-8")
    template.write_text(template.read_text("utf-8").replace(old, new), encoding="utf-8")
    # In the same night a decision leaves: its page must not outlive it.
    store.write(database, MIXED[1:], today=TODAY)
    folders = content.load(office).folders
    shelf.refresh(database, Setter(environment(theme), folders))
    built(office, database, output, kept, theme)
    built(office, database, tmp_path / "fresh", None, theme)
    assert files(output) == files(tmp_path / "fresh")
    shown = new.removeprefix("{% block main %}").encode()
    assert sum(shown in body for body in files(output).values()) >= pages
    assert "decisions/demo-000/index.html" not in files(output)


def test_a_changed_agency_reaches_its_pages(office: Path, tmp_path: Path) -> None:
    other = tmp_path / "content"
    shutil.copytree(office, other)
    database, output, kept = tmp_path / "store.db", tmp_path / "out", tmp_path / "proof"
    pressed(other, database, MIXED)
    built(other, database, output, kept)
    path = other / "agencies" / "shihao" / "agency.toml"
    path.write_text(path.read_text("utf-8").replace("石壕", "新石壕"), encoding="utf-8")
    pressed(other, database, MIXED)
    built(other, database, output, kept)
    built(other, database, tmp_path / "fresh")
    assert files(output) == files(tmp_path / "fresh")
    assert "新石壕" in (output / "decisions/demo-001/index.html").read_text("utf-8")


def test_a_decision_that_a_notice_names_changes_the_notice(office: Path, tmp_path: Path) -> None:
    database, output, kept = tmp_path / "store.db", tmp_path / "out", tmp_path / "proof"
    pressed(office, database, MIXED)
    built(office, database, output, kept)
    moved = entry(31, replaces=("demo-030",), decided_on=date(2026, 3, 3))
    pressed(office, database, [*(one for one in MIXED if one.decision.slug != "demo-031"), moved])
    built(office, database, output, kept)
    assert moved.decision.number in (output / "decisions/demo-030/index.html").read_text("utf-8")


def test_of_what_left_the_store_keeps_no_word(office: Path, tmp_path: Path) -> None:
    database = tmp_path / "store.db"
    pressed(office, database, [entry(1, party="独一无二砂石公司"), entry(2)])
    pressed(office, database, [entry(2)])
    assert "独一无二".encode() not in database.read_bytes()
    assert entry(1).decision.number.encode() not in database.read_bytes()


def test_a_frame_fills_a_slot_wherever_it_stands() -> None:
    frame = Frame("甲\0title\0乙\0body\0丙\0title\0")
    assert frame.fill({"title": b"T", "body": b"\0title\0"}).decode() == "甲T乙\0title\0丙T"


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    found = ((path, path.stat()) for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): (s.st_ino, s.st_mtime_ns) for p, s in found}
