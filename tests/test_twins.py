"""Compressed twins: made with their files, gone with them, and looked into."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from pipeline.public.released import gone, release, twins
from pipeline.public.sweep import sweep
from pipeline.restricted.asked import Watch
from pipeline.restricted.audit import Leak, audit, audit_again
from pipeline.restricted.audited import Audits
from pipeline.restricted.raw import Origin, Secret
from tests import web
from tests.conftest import PENALTY, Site

_TEXT = "执法决定公示。" * 400
_NUMBER = "500000199003079906"  # invented, with a right check digit


def files(folder: Path) -> dict[str, bytes]:
    """Every file but the manifest, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != release.MANIFEST
    }


def are_equal(folder: Path) -> bool:
    """Whether every twin holds what its file holds."""
    found = files(folder)
    packed = {name: name.removesuffix(".gz") for name in found if name.endswith(".gz")}
    return all(gzip.decompress(found[twin]) == found.get(name) for twin, name in packed.items())


def are_twinned(folder: Path) -> bool:
    """Whether just the files that may have a twin have one, which holds what they hold."""
    found = files(folder)
    expected = {f"{name}.gz" for name, body in found.items() if twins.may_have(name, len(body))}
    return expected == {name for name in found if name.endswith(".gz")} and are_equal(folder)


# ------------------------------------------------------------------ a folder


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A release with twins."""
    output = tmp_path / "output"
    staging = release.staging_for(output)
    for name in ("index.html", "a/b/index.html", "c/index.html", "data/x.csv", "short.txt"):
        path = staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("短" if "short" in name else name + _TEXT, encoding="utf-8")
    for name in ("search/index/root.bin", "picture.png", "gone.map", "book.xlsx"):
        path = staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_TEXT.encode())
    twins.renew(staging, {}, wanted=True)
    release.write_manifest(staging, release.hash_files(staging), output)
    release.swap(staging, output)
    return output


def test_text_has_a_twin_and_nothing_else(released: Path) -> None:
    found = files(released)
    named = ("a/b/index.html.gz", "c/index.html.gz", "data/x.csv.gz", "index.html.gz")
    assert tuple(name for name in found if name.endswith(".gz")) == named
    assert are_twinned(released)
    assert all(found[name][4:8] == bytes(4) for name in named)  # no time of its making
    manifest = release.read_manifest(released)
    assert manifest
    assert set(named) <= manifest.files.keys()
    assert not release.verify(released)


def test_only_what_changed_gets_a_new_twin(released: Path) -> None:
    before = files(released)
    staging = release.staging_for(released)
    known = release.carry(released, staging)
    for name in ("a/b/index.html", "c/index.html"):
        (staging / name).unlink()
    (staging / "a/b/index.html").write_text("anders" + _TEXT)
    (staging / "new.html").write_text("neu" + _TEXT)
    twins.renew(staging, known, wanted=True)
    assert are_twinned(staging)
    assert not (staging / "c").exists()
    kept = staging / "index.html.gz"
    assert kept.stat().st_ino == (released / "index.html.gz").stat().st_ino
    assert files(released) == before  # nothing was written into what is shared
    (staging / "new.html").unlink()
    (staging / "new.html").write_text("kurz")
    twins.renew(staging, known, wanted=True)
    assert not (staging / "new.html.gz").exists()


def test_a_site_that_wants_none_keeps_none(released: Path) -> None:
    staging = release.staging_for(released)
    known = release.carry(released, staging)
    twins.renew(staging, known, wanted=False)
    assert not list(staging.rglob("*.gz"))
    assert (released / "index.html.gz").is_file()
    twins.renew(staging, known, wanted=True)
    linked = {n: body for n, body in files(released).items() if not n.startswith("search/")}
    assert files(staging) == linked


# ------------------------------------------------------------------ the audit


def _watch() -> Watch:
    return Watch("x", Origin("a.csv", "", 2), (Secret(_NUMBER, "id"),))


def _again(folder: Path, memory: Path) -> list[Leak]:
    return audit_again(
        folder,
        [_watch()],
        (),
        allowed={},
        written=(),
        files=release.hash_files(folder),
        audits=Audits(memory),
    )


def test_a_value_in_a_twin_is_found(released: Path, tmp_path: Path) -> None:
    assert _again(released, tmp_path / "audited") == []
    twin = released / "index.html.gz"
    twin.write_bytes(twins.packed((_TEXT + _NUMBER).encode()))
    assert [leak.file for leak in audit(released, [_watch()], (), allowed={}, written=())] == [
        "index.html.gz"
    ]
    found = {(leak.file, leak.kind) for leak in _again(released, tmp_path / "audited")}
    assert found == {("index.html.gz", "id"), ("index.html.gz", "unlike")}


@pytest.mark.parametrize("again", [False, True], ids=["first", "after a clean audit"])
@pytest.mark.parametrize(
    "twin",
    [
        twins.packed(b"other"),
        twins.packed(b"index.html" + _TEXT.encode()) + b"behind",
        twins.packed(b"index.html" + _TEXT.encode()) + twins.packed(b"more"),
        b"\x1f\x8b\x08\x08"
        + bytes(6)
        + b"a name\0"
        + twins.packed(b"index.html" + _TEXT.encode())[10:],
        twins.packed(b"index.html" + _TEXT.encode())[:-9],
        b"no gzip",
    ],
    ids=["other", "behind", "two", "named", "cut", "none"],
)
def test_a_twin_that_is_not_its_file_refuses_the_release(
    twin: bytes, again: bool, released: Path, tmp_path: Path
) -> None:
    if again:
        assert _again(released, tmp_path / "audited") == []
    (released / "index.html.gz").write_bytes(twin)
    found = [leak for leak in _again(released, tmp_path / "audited") if leak.kind == "unlike"]
    assert [leak.file for leak in found] == ["index.html.gz"]
    assert str(found[0]) == "index.html.gz：压缩副本与它的原文件内容不一致；请删去后重新运行。"


def test_a_file_that_changed_beside_its_old_twin_refuses_the_release(
    released: Path, tmp_path: Path
) -> None:
    assert _again(released, tmp_path / "audited") == []
    (released / "index.html").write_text("neu" + _TEXT, encoding="utf-8")
    assert [leak.kind for leak in _again(released, tmp_path / "audited")] == ["unlike"]
    (released / "index.html").unlink()
    assert [leak.kind for leak in _again(released, tmp_path / "audited")] == ["unlike"]


def test_a_value_that_is_learned_later_is_found_in_file_and_twin(
    released: Path, tmp_path: Path
) -> None:
    page = released / "index.html"
    page.write_text(_NUMBER[:17] + _TEXT, encoding="utf-8")  # not yet anybody's
    page.with_name("index.html.gz").write_bytes(twins.packed(page.read_bytes()))
    assert _again(released, tmp_path / "audited") == []
    late = Watch("y", Origin("b.csv", "", 2), (Secret(_NUMBER[:17], "id"),))
    found = audit_again(
        released,
        [_watch(), late],
        (),
        allowed={},
        written=(),
        files=release.hash_files(released),
        audits=Audits(tmp_path / "audited"),
    )
    assert {leak.file for leak in found} == {"index.html", "index.html.gz"}


# ------------------------------------------------------------------ whole runs


@pytest.fixture(scope="module")
def nights(
    one_agency: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, Path, list[str]]:
    """Two nights, then the second at once elsewhere: all three outputs, and what came down."""
    folder = tmp_path_factory.mktemp("nights")
    content = Path(shutil.copytree(one_agency, folder / "content"))
    told = content / "site.toml"
    told.write_text("compressed = true\n" + told.read_text("utf-8"), encoding="utf-8")
    site = Site(folder / "site", content)
    numbers = {key: f"石壕罚决〔2026〕{key}号" for key in range(1, 5)}
    rows = [{"行政处罚决定书文号": one} for one in numbers.values()]
    site.export("a.csv", *rows)
    assert site.publish().returncode == 0
    first = Path(shutil.copytree(site.output, folder / "first"))
    before = set(site.pages())
    withdrawn = {"变动情形": "撤销", "变动时间": "2026-11-20", "变动原因": "依法撤销"}
    site.export("b.csv", {**rows[0], "违法事实": "另有查明的事实。"}, {**rows[1], **withdrawn})
    slug = sorted(before)[2]
    words = ("--state", str(site.state), "--content", str(content), "--by", "测试审查员")
    assert site.pipeline("review", "refuse", slug, *words, "--today", "2026-11-21").returncode == 0
    assert site.publish("2026-11-21").returncode == 0
    second = Path(shutil.copytree(site.output, folder / "second"))
    site.output = folder / "elsewhere" / "output"
    assert site.publish("2026-11-21").returncode == 0
    return first, second, site.output, sorted(before - set(site.pages()))


def test_every_night_has_its_twins(nights: tuple[Path, Path, Path, list[str]]) -> None:
    first, second, _, down = nights
    assert are_twinned(first)
    assert are_twinned(second)
    assert len(down) == 1
    for slug in down:
        assert (first / f"decisions/{slug}/index.html.gz").is_file()
        assert not (second / f"decisions/{slug}").exists()
    assert files(second)["index.html.gz"] != files(first)["index.html.gz"]
    assert not release.verify(second)


def test_a_night_of_changes_gives_the_bytes_of_a_whole_build(
    nights: tuple[Path, Path, Path, list[str]],
) -> None:
    _, second, whole, _ = nights
    assert files(second) == files(whole)


def test_a_swept_site_shows_nothing_in_its_twins(
    nights: tuple[Path, Path, Path, list[str]], tmp_path: Path
) -> None:
    site = Path(shutil.copytree(nights[1], tmp_path / "web" / "site"))
    swept = sweep(site, date(2041, 1, 1))
    assert len(swept.decisions) == 3  # a notice of withdrawal among them
    assert are_equal(site)
    number = PENALTY["行政处罚决定书文号"].encode()
    shown = {name: gzip.decompress(b) for name, b in files(site).items() if name.endswith(".gz")}
    assert not [name for name, body in shown.items() if number in body]
    assert not release.verify(site)


# ------------------------------------------------------------------ the server


@pytest.fixture
def address(nights: tuple[Path, Path, Path, list[str]], tmp_path: Path) -> Iterator[str]:
    root = Path(shutil.copytree(nights[1], tmp_path / "root"))
    with web.serving(root, tmp_path) as found:
        yield found


def ask(address: str, accept: str = "gzip") -> tuple[int, str, bytes]:
    """Status, Content-Encoding and body."""
    try:
        request = Request(address, headers={"Accept-Encoding": accept})  # noqa: S310
        with urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.status, answer.headers.get("Content-Encoding", ""), answer.read()
    except HTTPError as error:
        return error.code, "", b""


def test_nginx_sends_twins_and_none_of_what_is_gone(
    nights: tuple[Path, Path, Path, list[str]], address: str
) -> None:
    _, second, _, (down,) = nights
    page = (second / "index.html").read_bytes()
    status, encoding, body = ask(f"{address}/")
    assert (status, encoding) == (200, "gzip")
    assert body == (second / "index.html.gz").read_bytes()
    assert gzip.decompress(body) == page
    assert ask(f"{address}/", accept="identity") == (200, "", page)
    assert down in gone.slugs_of((second / gone.NAME).read_bytes())
    for tail in ("/", "/index.html", "/index.html.gz"):
        assert ask(f"{address}/decisions/{down}{tail}")[0] == 410
    for name in ("gone.map", "gone.map.gz"):
        assert ask(f"{address}/{name}")[0] == 404
