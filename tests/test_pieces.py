"""A long file looked through by pieces: nothing is missed that the whole would show."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.public.downloads.spreadsheet import xlsx_file
from pipeline.restricted import look, pieces
from pipeline.restricted.audit import audit
from pipeline.restricted.audited import Audits
from pipeline.restricted.forms import fold, readings
from pipeline.restricted.pieces import cut
from pipeline.restricted.scan import Scanned
from tests.conftest import tries
from tests.test_audited import NAME, NUMBER, OTHER, run, watch

_SOLID = 20
_FILL = "本机关依法公开行政处罚决定书内容如下"  # a row of two of them is a piece
LONG_NAME = "欧阳覃测"
_KNOWN = watch((NAME, "name"), (LONG_NAME, "name"), ("13812345678", "phone"), (NUMBER, "id"))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files are cut too, behind rows of few characters."""
    make_small(monkeypatch)


def make_small(patch: pytest.MonkeyPatch) -> None:
    for module in (look, pieces):
        patch.setattr(module, "LEAST", 1)
        patch.setattr(module, "SOLID", _SOLID)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What is looked through of long files."""
    found: list[bytes] = []
    plain = look.overlapping
    monkeypatch.setattr(look, "overlapping", lambda data: found.append(data) or plain(data))
    return found


@pytest.fixture
def audits(tmp_path: Path) -> Audits:
    (tmp_path / "private").mkdir()
    return Audits(tmp_path / "private" / "audited")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    return tmp_path / "site"


def rows(count: int, *, less: int = 0) -> list[str]:
    return [f"{at},{_FILL}{at}{_FILL}" for at in range(count) if at != less]


def write(site: Path, lines: list[str], name: str = "a.csv") -> None:
    if name.endswith(".xlsx"):
        (site / name).write_bytes(xlsx_file("表", ["一", "二"], [[line, ""] for line in lines]))
    else:
        (site / name).write_text("\n".join(lines), encoding="utf-8")


# ------------------------------------------------------------------ what is spared


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
@pytest.mark.parametrize("change", ["changed", "come", "gone"])
def test_only_what_changed_is_looked_through(
    site: Path, audits: Audits, read: list[bytes], name: str, change: str
) -> None:
    lines = rows(2_000)
    write(site, lines, name)
    assert run(site, _KNOWN, audits=audits) == []
    whole = sum(map(len, read))
    read.clear()
    lines[1_000:1_001] = {"changed": ["改" * 40], "come": ["来" * 40, lines[1_000]], "gone": []}[
        change
    ]
    write(site, lines, name)
    assert run(site, _KNOWN, audits=audits) == []
    assert 0 < sum(map(len, read)) < whole / 100
    read.clear()
    lines[1_500] += NAME
    write(site, lines, name)
    assert [leak.file for leak in run(site, _KNOWN, audits=audits)] == [name]


@pytest.mark.usefixtures("small")
def test_a_new_value_is_looked_for_where_its_marks_are(
    site: Path, audits: Audits, read: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "_STRETCH", 1_000)
    monkeypatch.setattr(look, "_GROUP", 1_000)
    lines, name = rows(2_000), OTHER + "丁"
    lines[700] += name[:2]
    lines[701] = name[2:] + lines[701]
    write(site, lines)
    assert run(site, _KNOWN, audits=audits) == []
    whole = sum(map(len, read))
    read.clear()
    assert run(site, _KNOWN, watch(("冉霁某", "name")), audits=audits) == []
    assert not read
    assert run(site, _KNOWN, watch((name, "name")), audits=audits)
    read.clear()
    lines[3] = "改" * 40
    write(site, lines)
    assert run(site, _KNOWN, watch((name, "name")), audits=audits)
    assert 0 < sum(map(len, read)) < whole / 10
    write(site, [one.replace(name[:2], "") for one in lines])
    assert run(site, _KNOWN, watch((name, "name")), audits=audits) == []


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("at", range(10, 26))
def test_rows_between_which_one_is_gone_are_looked_through_together(
    site: Path, audits: Audits, at: int
) -> None:
    lines = rows(40)
    lines[at - 1] += LONG_NAME[:2]
    lines[at + 1] = LONG_NAME[2:] + lines[at + 1]
    write(site, lines)
    assert run(site, _KNOWN, audits=audits) == []
    write(site, lines[:at] + lines[at + 1 :])
    assert [leak.kind for leak in run(site, _KNOWN, audits=audits)] == ["name"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("at", range(8))
def test_a_value_that_may_hold_a_piece_is_looked_for_in_the_whole(
    site: Path, audits: Audits, at: int
) -> None:
    parts = [chr(0x5000 + at) * (_SOLID + part) for part in range(6)]
    address = watch(("".join(parts), "address"))
    write(site, [*rows(9), *parts[:-1]])
    assert run(site, address, audits=audits) == []
    write(site, [*rows(9), *parts])
    assert [leak.kind for leak in run(site, address, audits=audits)] == ["address"]


@pytest.mark.usefixtures("small")
def test_what_an_agency_may_show_no_more_is_looked_for_in_all_pieces(
    site: Path, audits: Audits
) -> None:
    lines, hotline = rows(50), "02350000001"
    lines[7] += hotline
    write(site, lines)
    secret = watch((hotline, "phone"))
    assert run(site, secret, audits=audits, one=[hotline]) == []
    write(site, [*lines, "又一行"])
    assert run(site, secret, audits=audits, one=[hotline]) == []
    assert run(site, secret, audits=audits, one=[])


@pytest.mark.usefixtures("small")
def test_marks_that_stand_in_too_many_places_are_made_again(
    site: Path, audits: Audits, read: list[bytes]
) -> None:
    lines = rows(2_000)
    sizes = []
    for night in range(8):
        lines[night * 200] = "改" * (40 + night)
        write(site, lines)
        assert run(site, _KNOWN, audits=audits) == []
        sizes.append(sum(map(len, read)))
        read.clear()
    assert [size > sizes[0] / 2 for size in sizes] == [True, *[False] * 3, True, *[False] * 3]


# ------------------------------------------------------------------ where it is cut


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "data",
    [
        f"{_FILL}{_FILL}\n".encode("gb18030") * 20,
        f"{_FILL}{_FILL}\n".encode("utf-16") * 20,
        f"{_FILL}{_FILL}\n".encode()[1:] * 20,
    ],
)
def test_what_may_be_read_in_another_encoding_is_not_cut(data: bytes) -> None:
    assert cut(data) == []


#: Rows, and parts of which rows are made; some open a tag that another closes.
_PARTS = (
    *(_FILL, _FILL, _FILL[:9], NAME, NAME[0], NAME[1:], LONG_NAME[:2], LONG_NAME[2:], "测"),
    *("1381234", "5678", "138", NUMBER[:10], NUMBER[10:], "-", " ", "、", "x"),
    *("<b>", "</b>", "<p title='", "'>", "<", ">", "&lt;", "&gt;", "&lt;i&gt;", "%3C", "\\u003e"),
    f"&lt;i {_FILL}&gt;",
    *("&#8203;", "&#35203;", "%E6%B5%8B", "</row>", "\r", "<i\u6d4b>", "\u200b", ",", '"'),
    base64.b64encode(f"当事人{NAME}，身份证{NUMBER}".encode()).decode()[:40],
    base64.b64encode(f"当事人{NAME}，身份证{NUMBER}".encode()).decode()[40:],
)
_ROWS = st.lists(st.sampled_from(_PARTS), max_size=7).map("".join)


def _shown(text: str) -> Iterator[str]:
    """What a reader sees of a text in each reading, without blanks."""
    for reading in readings(text):
        yield "".join(map(chr, Scanned(fold(reading.body)).dense.tolist()))


@settings(max_examples=tries(150), deadline=None)
@given(lines=st.lists(_ROWS, min_size=2, max_size=30))
def test_every_piece_shows_more_than_a_value_is_long_and_no_tag_is_cut(lines: list[str]) -> None:
    data = "\n".join(lines).encode()
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        found = [piece.decode() for piece in cut(data)]
    assert "".join(found) == data.decode()
    alone = [[*_shown(piece)] for piece in found]
    for shown in alone[:-1]:
        assert min(len(re.sub("[^\u4e00-\u9fff]", "", one)) for one in shown) >= _SOLID
    for index, whole in enumerate(_shown(data.decode())):
        pieced = "".join(shown[min(index, len(shown) - 1)] for shown in alone)
        assert whole.replace("\0", "") == pieced.replace("\0", "")


# ------------------------------------------------------------------ night by night


_EDITS = st.tuples(st.sampled_from(["put", "take", "change", "split"]), st.integers(0, 40), _ROWS)
_PLANTED = st.tuples(st.sampled_from([NAME, LONG_NAME, "13812345678", NUMBER]), st.integers(1, 6))


@settings(max_examples=tries(120), deadline=None)
@given(
    first=st.lists(_ROWS, min_size=5, max_size=30),
    nights=st.lists(
        st.tuples(
            st.lists(_EDITS, max_size=4),
            st.sets(st.sampled_from([NAME, LONG_NAME, "13812345678", NUMBER]), max_size=3),
            st.none() | _PLANTED,
        ),
        min_size=2,
        max_size=6,
    ),
    packed=st.booleans(),
)
@example(
    first=[f"{_FILL}{_FILL}{at}" for at in range(20)],
    nights=[([], {LONG_NAME}, None), ([("take", 7, "")], {LONG_NAME}, (LONG_NAME, 2))] * 3,
    packed=False,
)
def test_night_by_night_nothing_is_missed_in_a_long_file(
    tmp_path_factory: pytest.TempPathFactory,
    first: list[str],
    nights: list[tuple[list[tuple[str, int, str]], set[str], tuple[str, int] | None]],
    packed: bool,
) -> None:
    """Rows come, go and change, values are planted across them: a full audit finds the same."""
    folder, private = tmp_path_factory.mktemp("nights"), tmp_path_factory.mktemp("private")
    audits, lines = Audits(private / "audited"), first
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        patch.setattr(pieces, "_STRETCH", 300)
        patch.setattr(look, "_GROUP", 200)
        for edits, values, planted in nights:
            for what, at, row in edits:
                at %= len(lines)
                cut_row = [lines[at][: len(row)], lines[at][len(row) :]]
                lines[at : at + 1] = {
                    "put": [row, lines[at]],
                    "take": lines[at : at + 1] if len(lines) < 4 else [],
                    "change": [row],
                    "split": cut_row,
                }[what]
            shown = list(lines)
            if planted:
                value, place = planted[0], planted[1] * 3 % len(shown)
                half = 1 + planted[1] % (len(value) - 1)
                shown[place] += value[:half]
                shown[place + 1 : place + 2] = [
                    value[half:] + one for one in shown[place + 1 : place + 2] or [""]
                ]
            body = "\n".join(shown).encode()
            (folder / "a.csv").write_bytes(zipped(body) if packed else body)
            kinds = ((v, "phone" if v[0].isdigit() else "name") for v in sorted(values))
            secrets = watch(*kinds)
            full = audit(folder, (secrets,), (), allowed={}, written=())
            assert run(folder, secrets, audits=audits) == full


def zipped(body: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo("sheet.xml"), body)
        archive.writestr(zipfile.ZipInfo("other.xml"), body[: len(body) // 2])
    return file.getvalue()
