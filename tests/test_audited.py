"""Sparing a file the audit must never spare it a value: everything that could be new is looked for."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Entry
from pipeline.public.released import twins
from pipeline.public.released.release import hash_files
from pipeline.restricted import audit as auditing
from pipeline.restricted import audited, look, marks
from pipeline.restricted.asked import Watch
from pipeline.restricted.audit import Leak, audit, audit_again
from pipeline.restricted.audited import Audits, Spared
from pipeline.restricted.forms import fold
from pipeline.restricted.raw import Origin, Secret
from pipeline.restricted.scan import Finder, Scanned
from pipeline.restricted.visible import compact
from tests.conftest import tries
from tests.test_audit import entry
from tests.test_publish import PERSON

NAME, OTHER = "覃测乐", "冉霁砚"
NUMBER = PERSON["证件号码"]


def watch(*secrets: tuple[str, str]) -> Watch:
    return Watch("x", Origin("a.csv", "", 2), tuple(Secret(text, kind) for text, kind in secrets))


def run(
    folder: Path,
    *watches: Watch,
    audits: Audits,
    written: tuple[str, ...] = (),
    entries: tuple[Entry, ...] = (),
    **own: list[str],
) -> list[Leak]:
    files = hash_files(folder)
    return audit_again(
        folder, watches, entries, allowed=own, written=written, files=files, audits=audits
    )


@pytest.fixture
def audits(tmp_path: Path) -> Audits:
    (tmp_path / "private").mkdir()
    return Audits(tmp_path / "private" / "audited")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    tmp_path = tmp_path / "site"
    tmp_path.mkdir()
    for name, text in (("a.html", f"<p>{NAME}</p>"), ("b.html", "公开"), ("c.html", "02350000001")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_value_that_is_new_is_looked_for_in_old_files_too(site: Path, audits: Audits) -> None:
    assert run(site, watch((OTHER, "name")), audits=audits) == []
    again = run(site, watch((OTHER, "name")), watch((NAME, "name")), audits=audits)
    assert [leak.file for leak in again] == ["a.html"]


def test_a_word_that_nothing_explains_any_more_is_new(site: Path, audits: Audits) -> None:
    secret = watch((NAME, "name"))
    assert run(site, secret, audits=audits, written=(f"本站联系人{NAME}",)) == []
    assert run(site, secret, audits=audits)


def test_a_file_that_changed_is_looked_at_for_everything(site: Path, audits: Audits) -> None:
    secrets = watch((OTHER, "name"), (NUMBER, "id"))
    assert run(site, secrets, audits=audits) == []
    (site / "b.html").write_text(f"身份证{NUMBER}", encoding="utf-8")
    (site / "new.html").write_text(OTHER, encoding="utf-8")
    again = run(site, secrets, audits=audits)
    assert sorted(leak.file for leak in again) == ["b.html", "new.html"]


def test_a_file_under_another_name_is_another_file(site: Path, audits: Audits) -> None:
    """Where a number may stand goes by the file's name."""
    (site / "agencies" / "one").mkdir(parents=True)
    (site / "agencies" / "two").mkdir()
    (site / "agencies/one/index.html").write_text("电话02350000002", encoding="utf-8")
    own = {"one": ["02350000002"], "two": ["02350000003"]}
    secret = watch(("02350000002", "phone"))
    assert run(site, secret, audits=audits, **own) == []
    (site / "agencies/one/index.html").rename(site / "agencies/two/index.html")
    assert [leak.file for leak in run(site, secret, audits=audits, **own)] == [
        "agencies/two/index.html"
    ]


def test_what_an_agency_may_show_of_itself_no_more_is_looked_for_again(
    site: Path, audits: Audits
) -> None:
    secret = watch(("02350000001", "phone"))
    assert run(site, secret, audits=audits, one=["02350000001"]) == []
    assert run(site, secret, audits=audits, one=[])


def test_another_program_looks_at_everything(
    site: Path, audits: Audits, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(site, audits=audits)
    assert spared(site, audits).unread == set()
    monkeypatch.setattr(audited, "_program", lambda: b"another")
    assert spared(site, audits).unread == set(hash_files(site))


def test_a_number_that_may_not_pass_any_more_is_looked_for_again(
    site: Path, audits: Audits
) -> None:
    with spared(site, audits, passed={"13800000000"}) as first:
        for path in first.unread:
            first.note([path], marks.of_text(Scanned(fold(""))))
    audits.keep(first.memory())
    assert spared(site, audits, passed={"13800000000", "x"}).unread == set()
    assert spared(site, audits).unread == set(hash_files(site))


def spared(site: Path, audits: Audits, passed: Collection[str] = ()) -> Spared:
    memory = audits.memory(audited.rules({}))
    return Spared(audits, memory, hash_files(site), (), passed, frozenset())


@pytest.mark.parametrize(
    ("secrets", "read"),
    [
        ((), []),
        (((NAME, "name"),), ["a.html"]),
        (((NUMBER, "id"), ("02350000001", "phone")), ["c.html"]),
        ((("测乐", "name"), (NUMBER, "id")), ["a.html"]),
        ((("测乐覃", "name"),), []),
        ((("冉公示", "name"), ("02359999999", "phone")), []),
    ],
)
def test_old_files_are_read_only_where_a_new_value_could_stand(
    site: Path,
    audits: Audits,
    monkeypatch: pytest.MonkeyPatch,
    secrets: tuple[tuple[str, str], ...],
    read: list[str],
) -> None:
    monkeypatch.setattr(look, "_GROUP", 1)  # every file in a group of its own
    run(site, watch((OTHER, "name")), audits=audits)
    found: set[str] = set()
    plain = look.blocks
    monkeypatch.setattr(look, "blocks", lambda path: found.add(path.name) or plain(path))
    (site / "d.html").write_text("别的", encoding="utf-8")
    run(site, watch((OTHER, "name"), *secrets), audits=audits)
    assert sorted(found) == [*read, "d.html"]


def test_a_value_in_a_tag_that_many_files_share_is_found_when_one_is_left(
    site: Path, audits: Audits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tags seen before are not looked at again; the marks of each group tell of them all."""
    monkeypatch.setattr(look, "_GROUP", 1)
    for name in ("a.html", "b.html", "c.html"):
        (site / name).write_text(f'<p title="{NAME}">', encoding="utf-8")
    assert run(site, watch((OTHER, "name")), audits=audits) == []
    (site / "a.html").write_text("别的", encoding="utf-8")
    (site / "b.html").unlink()
    again = run(site, watch((OTHER, "name"), (NAME, "name")), audits=audits)
    assert [leak.file for leak in again] == ["c.html"]


def test_a_new_value_is_found_in_an_old_file_and_in_its_twin(
    site: Path, audits: Audits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "_GROUP", 1)
    for name in ("a.html", "b.html"):
        (site / f"{name}.gz").write_bytes(twins.packed((site / name).read_bytes()))
    assert run(site, watch((OTHER, "name")), audits=audits) == []
    again = run(site, watch((OTHER, "name"), (NAME, "name")), audits=audits)
    assert sorted(leak.file for leak in again) == ["a.html", "a.html.gz"]


def test_a_file_that_only_looks_packed_is_named_beside_its_twin(site: Path, audits: Audits) -> None:
    (site / "a.html").write_bytes(b"\x1f\x8b\x08\x00broken")
    (site / "a.html.gz").write_bytes(twins.packed((site / "a.html").read_bytes()))
    assert [leak.file for leak in run(site, watch((OTHER, "name")), audits=audits)] == ["a.html"]


def test_the_memory_holds_no_value_and_survives_the_disk(
    site: Path, audits: Audits, tmp_path: Path
) -> None:
    run(site, watch((OTHER, "name"), (NUMBER, "id")), audits=audits)
    path = tmp_path / "private" / "audited"
    for one in path.parent.iterdir():
        assert OTHER.encode() not in one.read_bytes()
        assert NUMBER.encode() not in one.read_bytes()
    found = audits.read()
    assert found
    audits.marks(found.token).rename(tmp_path / "elsewhere")
    assert audits.read() is None
    path.write_bytes(b"torn")
    assert audits.read() is None


def test_the_marks_of_earlier_audits_do_not_pile_up(site: Path, audits: Audits) -> None:
    for _ in range(3):
        run(site, watch((OTHER, "name")), audits=audits)
    (site / "a.html").write_text(OTHER, encoding="utf-8")
    for _ in range(3):
        assert run(site, watch((OTHER, "name")), audits=audits)
    found = audits.read()
    assert found
    private = audits.marks(found.token).parent
    assert audits.marks(found.token).is_file()
    assert len(list(private.glob("*.marks"))) == 2  # the last clean one, and the last of all


words = st.sampled_from(
    [NAME, OTHER, "綦冬篁", "篁冉", "13812345678", "62220000000000000", "1381234", "510223X"]
)
joints = st.sampled_from(["、", "", " ", "-", "</b>", "\u6d4b", "&#8203;", "\n", "12"])


@settings(max_examples=tries(80), deadline=None)
@given(
    nights=st.lists(
        st.tuples(
            st.dictionaries(
                st.sampled_from("abcd"),
                st.lists(st.tuples(words, joints), max_size=3),
                max_size=3,
            ),
            st.sets(words, max_size=3),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_night_by_night_nothing_is_missed(
    tmp_path_factory: pytest.TempPathFactory,
    nights: list[tuple[dict[str, list[tuple[str, str]]], set[str]]],
) -> None:
    """Whatever a full audit finds, the sparing one finds; a night that leaks is not remembered."""
    folder = tmp_path_factory.mktemp("nights")
    audits = Audits(tmp_path_factory.mktemp("private") / "audited")
    for texts, values in nights:
        for name, found in texts.items():
            text = "".join(
                joint.join(word) if len(joint) > 1 else word + joint for word, joint in found
            )
            (folder / name).write_text(text, encoding="utf-8")
        secrets = watch(*((v, "phone" if v[0].isdigit() else "name") for v in sorted(values)))
        full = audit(folder, (secrets,), (), allowed={}, written=())
        assert run(folder, secrets, audits=audits) == full


texts_of = st.text(st.sampled_from("王素祥0123456789xXaＢ -.,\n\ufdd0<>"), max_size=60)


@given(text=texts_of, at=st.integers(0, 60), length=st.integers(2, 20))
def test_a_value_that_is_found_has_its_marks_there(text: str, at: int, length: int) -> None:
    codes = fold(text)
    for value in {compact(text[at : at + length]), compact(text)} - {""}:
        if Finder([value]).look(Scanned(codes)).values:
            assert marks.of_value(value) <= set(marks.of_text(Scanned(codes)).tolist())


def test_digits_and_letters_apart_are_no_number_plate() -> None:
    """Else every long text could hold every plate, and all would be looked through again."""
    plate = marks.Suspicion([compact("豫A5C27K")])
    for text, could in (
        ("豫A5C27K", True),
        ("豫 Ａ·5c27k", False),
        ("豫A a5 5c c2 27 7k 豫5", False),
    ):
        assert plate.could_stand(marks.of_text(Scanned(fold(text)))) == could


# ------------------------------------------------------------------ decisions


_CLEAN = (entry("x", facts=f"证人{NAME}之外的人"), entry("y", facts="无照经营"))
_LEFT = (Secret(NAME, "name"),)
_ROW = Watch("x", Origin("a.csv", "", 2), (Secret(NAME, "name"),), left=_LEFT)


@pytest.mark.parametrize(
    ("rows", "entries", "own", "kinds"),
    [
        ([_ROW], _CLEAN, ["02350000001"], []),
        ([_ROW._replace(left=())], _CLEAN, ["02350000001"], ["name"]),
        ([_ROW._replace(secrets=(*_LEFT, Secret("无照经", "name")))], _CLEAN, ["02350000001"], []),
        (
            [_ROW._replace(secrets=(*_LEFT, Secret("之外的", "name")))],
            _CLEAN,
            ["02350000001"],
            ["name"],
        ),
        ([_ROW], (entry("x", facts=NAME * 2), _CLEAN[1]), ["02350000001"], ["name"]),
        ([_ROW], (entry("x", facts="02350000001"),), ["02350000001"], ["own"]),
        ([_ROW], (entry("x", facts="02350000001"),), [], []),
    ],
)
def test_a_decision_is_asked_about_again_when_anything_of_it_is_new(
    site: Path,
    audits: Audits,
    rows: list[Watch],
    entries: tuple[Entry, ...],
    own: list[str],
    kinds: list[str],
) -> None:
    assert run(site, _ROW, audits=audits, entries=_CLEAN, another=["02350000001"]) == []
    found = run(site, *rows, audits=audits, entries=entries, another=own)
    assert [leak.kind for leak in found if leak.file.startswith("decisions/")] == kinds


def test_a_decision_that_a_reviewer_no_longer_lets_pass_is_asked_about_again(
    site: Path, audits: Audits
) -> None:
    passed = _ROW._replace(left=(), accepted=True)
    assert run(site, passed, audits=audits, entries=_CLEAN) == []
    assert run(site, passed._replace(accepted=False), audits=audits, entries=_CLEAN)


def test_only_decisions_of_which_something_is_new_are_asked_about(
    site: Path, audits: Audits, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    plain = auditing.own_text
    monkeypatch.setattr(auditing, "own_text", lambda one: asked.append(one.slug) or plain(one))
    changed = (_CLEAN[0], entry("y", facts="占道经营"), entry("z"))
    for entries, anew in ((_CLEAN, ["x", "y"]), (_CLEAN, []), (changed, ["y", "z"])):
        assert run(site, _ROW, audits=audits, entries=entries) == []
        assert asked == anew
        asked.clear()
    run(site, _ROW, audits=audits, entries=_CLEAN, another=["02350000001"])
    assert asked == ["x", "y"]  # what an agency may show is another thing now
