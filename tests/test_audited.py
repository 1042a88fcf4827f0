"""Sparing a file the audit must never spare it a value: everything that could be new is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.public.release import hash_files
from pipeline.restricted import audit as audits
from pipeline.restricted import audited, look
from pipeline.restricted.audit import Audit, Watch, audit_again
from pipeline.restricted.audited import Audited
from pipeline.restricted.raw import Origin, Secret
from tests.test_publish import PERSON

NAME, OTHER = "覃测乐", "冉霁砚"
NUMBER = PERSON["证件号码"]


def watch(*secrets: tuple[str, str]) -> Watch:
    return Watch("x", Origin("a.csv", "", 2), tuple(Secret(text, kind) for text, kind in secrets))


def run(
    folder: Path,
    *watches: Watch,
    before: Audited | None = None,
    written: tuple[str, ...] = (),
    **own: list[str],
) -> Audit:
    return audit_again(
        folder, watches, (), allowed=own, written=written, files=hash_files(folder), before=before
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in (("a.html", f"<p>{NAME}</p>"), ("b.html", "公开"), ("c.html", "02350000001")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_value_that_is_new_is_looked_for_in_old_files_too(site: Path) -> None:
    first = run(site, watch((OTHER, "name")))
    assert first.leaks == []
    again = run(site, watch((OTHER, "name")), watch((NAME, "name")), before=first.memory)
    assert [leak.file for leak in again.leaks] == ["a.html"]


def test_a_word_that_nothing_explains_any_more_is_new(site: Path) -> None:
    first = run(site, watch((NAME, "name")), written=(f"本站联系人{NAME}",))
    assert first.leaks == []
    assert run(site, watch((NAME, "name")), before=first.memory).leaks


def test_a_file_that_changed_is_looked_at_for_everything(site: Path) -> None:
    first = run(site, watch((OTHER, "name"), (NUMBER, "id")))
    (site / "b.html").write_text(f"身份证{NUMBER}", encoding="utf-8")
    (site / "new.html").write_text(OTHER, encoding="utf-8")
    again = run(site, watch((OTHER, "name"), (NUMBER, "id")), before=first.memory)
    assert sorted(leak.file for leak in again.leaks) == ["b.html", "new.html"]


def test_a_file_under_another_name_is_another_file(site: Path) -> None:
    """Where a number may stand goes by the file's name."""
    (site / "agencies" / "one").mkdir(parents=True)
    (site / "agencies" / "two").mkdir()
    (site / "agencies/one/index.html").write_text("电话02350000002", encoding="utf-8")
    own = {"one": ["02350000002"], "two": ["02350000003"]}
    secret = watch(("02350000002", "phone"))
    first = run(site, secret, **own)
    assert first.leaks == []
    (site / "agencies/one/index.html").rename(site / "agencies/two/index.html")
    assert [leak.file for leak in run(site, secret, before=first.memory, **own).leaks] == [
        "agencies/two/index.html"
    ]


def test_what_an_agency_may_show_of_itself_no_more_is_looked_for_again(site: Path) -> None:
    secret = watch(("02350000001", "phone"))
    first = run(site, secret, one=["02350000001"])
    assert first.leaks == []
    assert run(site, secret, before=first.memory, one=[]).leaks


def test_another_program_looks_at_everything(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(site)
    files = hash_files(site)
    assert first.memory.clean(files, (), audited.rules({})) == set(files)
    monkeypatch.setattr(audited, "_program", lambda: b"another")
    assert first.memory.clean(files, (), audited.rules({})) == set()


def test_a_number_that_may_not_pass_any_more_is_looked_for_again(site: Path) -> None:
    memory = audited.remember(hash_files(site), (), {"13800000000"}, "rules")
    assert memory.clean(hash_files(site), {"13800000000", "x"}, "rules") == set(hash_files(site))
    assert memory.clean(hash_files(site), (), "rules") == set()


def test_old_files_are_spared_when_nothing_is_new(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(site, watch((OTHER, "name")))
    read: list[str] = []
    plain = look.blocks
    monkeypatch.setattr(look, "blocks", lambda path: read.append(path.name) or plain(path))
    (site / "b.html").write_text("别的", encoding="utf-8")
    assert run(site, watch((OTHER, "name")), before=first.memory).leaks == []
    assert read == ["b.html"]
    assert run(site, watch((OTHER, "name")), before=None).leaks == []
    assert sorted(read) == ["a.html", "b.html", "b.html", "c.html"]


def test_the_memory_holds_no_value_and_survives_the_disk(site: Path, tmp_path: Path) -> None:
    memory = run(site, watch((OTHER, "name"), (NUMBER, "id"))).memory
    path = tmp_path / "audited"
    audited.write(path, memory)
    assert audited.read(path) == memory
    body = path.read_bytes()
    assert OTHER.encode() not in body
    assert NUMBER.encode() not in body
    path.write_bytes(b"torn")
    assert audited.read(path) is None


words = st.sampled_from([NAME, OTHER, "綦冬篁", "13812345678", "62220000000000000"])


@settings(max_examples=60, deadline=None)
@given(
    nights=st.lists(
        st.tuples(
            st.dictionaries(st.sampled_from("abcd"), st.lists(words, max_size=2), max_size=3),
            st.sets(words, max_size=3),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_night_by_night_nothing_is_missed(
    tmp_path_factory: pytest.TempPathFactory, nights: list[tuple[dict[str, list[str]], set[str]]]
) -> None:
    """Whatever a full audit finds, the sparing one finds; a night that leaks is not remembered."""
    folder = tmp_path_factory.mktemp("nights")
    before = None
    for texts, values in nights:
        for name, found in texts.items():
            (folder / name).write_text("、".join(found), encoding="utf-8")
        secrets = watch(*((v, "phone" if v[0].isdigit() else "name") for v in sorted(values)))
        sparing = run(folder, secrets, before=before)
        assert sparing.leaks == run(folder, secrets).leaks
        before = before if sparing.leaks else sparing.memory
    assert audits
