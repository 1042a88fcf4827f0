"""A sweep takes what is due from a released site, everywhere, whole or not at all."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from pipeline import build
from pipeline.errors import ConfigurationError
from pipeline.model import Entry, Kind, PartyType, Publication, PublicDecision, Withdrawal
from pipeline.public import store
from pipeline.public.released import release, twins
from pipeline.public.released.alone import alone
from pipeline.public.sweep import sweep
from pipeline.public.sweep.pages import cut
from tests.conftest import ROOT

LAST = date(2026, 11, 30)
AFTER = LAST + timedelta(days=1)
KINDS = list(Kind)
AT = "{http://purl.org/atompub/tombstones/1.0}"


def letters(place: int) -> str:
    return "".join("bcdfghjklm"[int(digit)] for digit in f"{place:014d}")


def entry(place: int, *, last: date | None = date(2030, 1, 1), **changes: Any) -> Entry:
    """The ``place``-th invented decision, one a week."""
    kind, decided = KINDS[place % 5], date(2025, 10, 1) + timedelta(weeks=place)
    agency = ("shihao", "lingchuan")[place % 2]
    facts = {
        "slug": f"{agency}-{kind.value}-{letters(place)}",
        "agency": agency,
        "kind": kind,
        "number": f"演示决〔{decided.year}〕第{place}号",
        "party": f"砚棠{'甲乙丙丁戊己庚辛壬癸'[place % 10]}{letters(place)[-3:]}砂石有限公司",
        "party_type": PartyType.ORGANISATION,
        "decided_on": decided,
        "details": {"case_name": f"案由{letters(place)}", "facts": f"经查{letters(place)}属实。"},
    }
    withdrawal = changes.pop("withdrawal", None)
    publication = Publication(
        first_day=decided + timedelta(days=3),
        last_day=last,
        window_rule="规则",
        window_source="出处",
        due=decided + timedelta(days=9),
        due_provisional=False,
        due_rule="规则",
        due_source="出处",
    )
    decision = PublicDecision(**{**facts, **changes})  # type: ignore[arg-type]
    return Entry(decision=decision, publication=publication, withdrawal=withdrawal)


# Neighbours, the newest of all, a citizen's, one that stands alone in its kind's list page,
# and a withdrawal notice.
DUE = [
    entry(10, last=LAST),
    entry(11, last=LAST),
    entry(12, last=LAST, party="冉某某", party_type=PartyType.PERSON),
    entry(44, last=LAST),
    entry(
        20, last=LAST, party="", details={}, withdrawal=Withdrawal(on=LAST, reason="行政复议撤销")
    ),
]
SLUGS = sorted(one.decision.slug for one in DUE)
STAYING = [entry(place) for place in range(45) if place not in (10, 11, 12, 20, 44)]
STAYING.append(entry(45, last=None))


@pytest.fixture(scope="module", autouse=True)
def unsynced() -> Iterator[None]:
    """Not to wait for everybody's disk: a killed process, unlike a power cut, loses no write."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "sync", lambda: None)
        yield


def make_release(folder: Path) -> Path:
    """A real release of all of them in ``folder``, with compressed twins, some in brotli."""
    database, output = folder / "next.db", folder / "output"
    store.write(database, [*DUE, *STAYING], today=date(2026, 11, 20))
    staging = release.staging_for(output)
    build.site(ROOT / "content", staging, database)
    for name in ("index.html", f"decisions/{SLUGS[0]}/index.html"):
        body = (staging / name).read_bytes()
        (staging / f"{name}.br").write_bytes(b"brotli of " + body)
    twins.renew(staging, {}, wanted=True)
    release.write_manifest(staging, release.hash_files(staging), output)
    release.swap(staging, output)
    return output


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That release; read only."""
    return make_release(tmp_path_factory.mktemp("released"))


@pytest.fixture
def site(released: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(released, tmp_path / "web" / "site"))


@pytest.fixture(scope="module")
def swept(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same site after a sweep; read only."""
    site = Path(shutil.copytree(released, tmp_path_factory.mktemp("swept") / "site"))
    done = sweep(site, AFTER)
    assert list(done.decisions) == SLUGS
    assert done.named == ()
    return site


def files(site: Path) -> dict[str, bytes]:
    """Every file, compressed ones unpacked."""
    found = {}
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        body = path.read_bytes()
        body = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(io.BytesIO(body)) as book:
                body = book.read("xl/worksheets/sheet1.xml")
        found[path.relative_to(site).as_posix()] = body
    return found


def naming(site: Path, text: str) -> set[str]:
    return {name for name, body in files(site).items() if text.encode() in name.encode() + body}


@pytest.mark.parametrize("one", DUE, ids=lambda one: one.decision.slug)
def test_what_is_due_leaves_no_trace(swept: Path, one: Entry) -> None:
    decision = one.decision
    for text in (decision.number, decision.party, *decision.details.values()):
        assert not text or naming(swept, text) == set(), text
    kind = decision.kind.value
    feeds = ("all", f"kind-{kind}", decision.agency, f"{decision.agency}-{kind}")
    # An address alone stays: so that servers answer 410 and feed readers forget.
    named = {name.removesuffix(".gz") for name in naming(swept, decision.slug)}
    assert named <= {"gone.map", *(f"feeds/{f}.atom.xml" for f in feeds)}


def test_what_is_not_due_stays_to_the_byte(released: Path, swept: Path) -> None:
    before, after = files(released), files(swept)
    for one in STAYING:
        page = f"decisions/{one.decision.slug}/index.html"
        old, new = (
            re.sub(rb"(?s)<nav class=.neighbours.*?</nav>", b"", f[page]) for f in (before, after)
        )
        assert old == new
        assert naming(swept, one.decision.number) >= {page, "data/decisions.csv"}


def test_the_last_day_itself_is_public(site: Path) -> None:
    before = stamps(site)
    assert sweep(site, LAST).decisions == ()
    assert stamps(site) == before


def stamps(site: Path) -> dict[Path, tuple[int, int]]:
    return {path: ((s := path.stat()).st_mtime_ns, s.st_ino) for path in site.rglob("*")}


def test_every_total_is_what_its_list_holds(swept: Path) -> None:
    pages = {name: body.decode() for name, body in files(swept).items() if name.endswith(".html")}
    totals = [
        found
        for body in pages.values()
        for found in re.findall(r'data-count="([^"]*)"[^>]*>(\d+)', body)
    ]
    assert len({url for url, _ in totals}) >= 8
    for url, total in set(totals):
        items = sum(
            body.count('class="item"')
            for name, body in pages.items()
            if re.fullmatch(rf"{re.escape(url)}(page/[^/]+/)?index.html", name)
        )
        assert items == int(total), url


def test_no_link_leads_nowhere(swept: Path) -> None:
    for name, body in files(swept).items():
        if name.endswith(".html") and name not in ("404.html", "410.html"):
            for target in re.findall(rb'href="([^":#?]*)"', body):
                path = (swept / name).parent / target.decode()
                assert path.exists(), f"{name}: {target.decode()}"


def test_an_emptied_list_says_so(site: Path) -> None:
    sweep(site, date(2031, 1, 1))
    home = (site / "index.html").read_text()
    assert "已经撤下" in (site / "decisions/kind/levy/index.html").read_text()
    assert home.count('class="item"') == 1  # the one without a last day


def test_downloads_lose_rows_and_nothing_else(released: Path, swept: Path) -> None:
    def rows(site: Path) -> list[list[str]]:
        body = (site / "data/decisions.csv").read_bytes()
        assert body.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))

    gone = {f"decisions/{slug}/" for slug in SLUGS}
    assert rows(swept) == [row for row in rows(released) if row[-1] not in gone]
    lines = (swept / "data/decisions.jsonl").read_bytes().splitlines()
    assert {json.loads(line)["页面"] for line in lines} == {row[-1] for row in rows(swept)[1:]}


def test_workbooks_and_checksums_follow_the_tables(released: Path, swept: Path) -> None:
    def books(site: Path) -> list[str]:
        return sorted(path.name for path in site.glob("data/*.xlsx"))

    def rows(path: Path) -> list[list[str]]:
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]

    assert books(swept) == books(released)
    for name in ("decisions", "double-penalty", "double-licence"):
        table = (swept / f"data/{name}.csv").read_text("utf-8-sig")
        found = [
            row for path in sorted(swept.glob(f"data/{name}-*.xlsx")) for row in rows(path)[1:]
        ]
        assert sorted(found) == sorted(list(csv.reader(io.StringIO(table, newline="")))[1:])
    done = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=swept / "data")
    assert done.returncode == 0
    package = json.loads((swept / "data/datapackage.json").read_bytes())
    for one in package["resources"]:
        body = (swept / "data" / one["path"]).read_bytes()
        assert one["bytes"] == len(body), one["path"]
        assert one["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}", one["path"]


def test_a_year_of_which_nothing_is_left_keeps_an_empty_workbook(site: Path) -> None:
    sweep(site, date(2031, 1, 1))
    book = openpyxl.load_workbook(site / "data/decisions-2025.xlsx").worksheets[0]
    assert book.max_row == 1
    assert not release.verify(site)


def test_feeds_bury_what_is_gone(swept: Path) -> None:
    feed = ElementTree.fromstring((swept / "feeds/all.atom.xml").read_bytes())
    graves = {grave.get("ref"): grave.get("when") for grave in feed.iter(f"{AT}deleted-entry")}
    buried = {ref.split("/")[-2] for ref in graves if ref}
    shown = {one.decision.slug for one in DUE if not one.withdrawal}
    assert buried == shown  # a notice was never in the feed
    assert set(graves.values()) == {f"{AFTER.isoformat()}T00:00:00+08:00"}
    assert feed.findtext("{http://www.w3.org/2005/Atom}updated") >= max(graves.values(), key=str)
    ids = {entry.text for entry in feed.iter("{http://www.w3.org/2005/Atom}id")}
    assert not ids & graves.keys()


def test_the_sitemap_is_repaired(swept: Path) -> None:
    found = ElementTree.fromstring((swept / "sitemap.xml").read_bytes())
    assert len(found) > 20
    assert not [loc for loc in found.itertext() if any(slug in loc for slug in SLUGS)]


def test_the_gone_list_names_them(swept: Path) -> None:
    assert re.findall(r"(?m)^(\S+) 1;$", (swept / "gone.map").read_text()) == SLUGS


def test_twins_go_or_are_made_anew(swept: Path) -> None:
    found = {path.relative_to(swept).as_posix() for path in swept.rglob("*") if path.is_file()}
    pairs = {name: name.removesuffix(".gz") for name in found if name.endswith(".gz")}
    assert {"index.html.gz", "feeds/all.atom.xml.gz", "data/decisions.csv.gz"} <= pairs.keys()
    for twin, name in pairs.items():
        assert gzip.decompress((swept / twin).read_bytes()) == (swept / name).read_bytes()
    assert not list(swept.rglob("*.br"))
    assert not (swept / "decisions" / SLUGS[0]).exists()


def test_a_twin_that_has_lost_its_file_goes(site: Path) -> None:
    page = site / "decisions" / SLUGS[0] / "index.html"
    page.unlink()  # by hand; a server would go on sending the twin
    assert page.with_name("index.html.gz").is_file()
    sweep(site, LAST)
    assert not page.parent.exists()


def test_the_manifest_proves_the_swept_folder(released: Path, swept: Path) -> None:
    assert not release.verify(swept)
    manifest = release.read_manifest(swept)
    assert manifest
    assert manifest.swept == AFTER.isoformat()
    assert manifest.previous == release.manifest_hash(released)
    call = [sys.executable, "-m", "pipeline", "verify", str(swept)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert f"与发布清单一致；清单由 {AFTER} 的 sweep 更新过" in done.stdout


def test_a_sweep_does_not_whitewash(site: Path) -> None:
    """What was changed or added behind the release's back is still told by verify."""
    (site / "index.html").write_text((site / "index.html").read_text() + "<!-- x -->")
    (site / "pages/about/index.html").write_text("x")
    (site / "extra.html").write_text("x")
    (site / "robots.txt").unlink()
    sweep(site, AFTER)
    assert release.verify(site) == (
        ("extra.html",),
        ("index.html", "pages/about/index.html"),
        ("robots.txt",),
    )


def test_swept_twice_is_swept_once(site: Path) -> None:
    sweep(site, AFTER)
    before = stamps(site)
    assert sweep(site, AFTER) == ((), (), (), ())
    assert stamps(site) == before


def test_what_the_sweep_cannot_repair_is_named(site: Path) -> None:
    (site / "data/other.txt").write_text(f"decisions/{SLUGS[0]}/")
    done = command(site)
    assert done.returncode == 4
    assert "data/other.txt" in done.stdout


def command(site: Path, *words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "pipeline", "sweep", str(site), "--today", AFTER.isoformat()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "200"}
    return subprocess.run([*call, *words], cwd=cwd, env=environment, capture_output=True, text=True)


def test_the_command_needs_nothing_but_the_folder(site: Path) -> None:
    done = command(site, cwd=site.parent)
    assert done.returncode == 0, done.stderr
    assert f"撤下 {len(DUE)} 件" in done.stdout
    assert [path.name for path in site.parent.iterdir()] == ["site"]
    assert "没有到期" in command(site).stdout


def test_the_sweep_knows_nothing_of_private_data() -> None:
    code = "import sys, pipeline.commands.sweep; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert "pipeline.public.sweep.sweep" in done.stdout
    assert "pipeline.restricted" not in done.stdout


@pytest.mark.parametrize("broken", ["no manifest", "unreadable", "no folder"])
def test_a_folder_that_is_no_release_is_left_alone(site: Path, broken: str) -> None:
    if broken == "no folder":
        site = site / "nowhere"
    else:
        (site / release.MANIFEST).unlink()
        if broken == "unreadable":
            (site / release.MANIFEST).write_text('{"format": 1}')
    before = stamps(site)
    done = command(site)
    assert done.returncode == 2
    assert "不是发布的网站" in done.stderr
    assert stamps(site) == before


def test_a_link_in_the_site_is_refused(site: Path) -> None:
    (site / "out").symlink_to("/")
    with pytest.raises(ConfigurationError, match="链接"):
        sweep(site, AFTER)


def test_a_linked_web_root_is_swept_where_it_stands(site: Path) -> None:
    (site.parent / "current").symlink_to(site)
    sweep(site.parent / "current", AFTER)
    assert (site.parent / "current").is_symlink()
    assert not (site / "decisions" / SLUGS[0]).exists()


def test_a_sweep_waits_for_a_release(site: Path) -> None:
    done = threading.Event()

    def work() -> None:
        sweep(site, AFTER)
        done.set()

    thread = threading.Thread(target=work)
    with alone(site):
        thread.start()
        assert not done.wait(3)
        assert (site / "decisions" / SLUGS[0]).exists()
    thread.join(60)
    assert not (site / "decisions" / SLUGS[0]).exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
def test_a_kill_at_any_step_leaves_the_old_site_or_the_new_one(
    released: Path, site: Path, swept: Path
) -> None:
    """Every file operation of a sweep is a point to die at; a sample of them, in real processes."""
    old, new = _bytes(site), _bytes(swept)
    points = _killed(site, -1)
    assert points > 300
    for point in sorted({*range(1, points, points // 8), *range(points - 4, points + 1)}):
        if _bytes(site) != old:
            shutil.rmtree(site)
            shutil.copytree(released, site)
        _killed(site, point)
        assert _bytes(site) in (old, new), f"killed at {point}"
    sweep(site, AFTER)
    assert _bytes(site) == new
    sweep(site, date(2031, 1, 1))  # whatever a crash left beside the site goes
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def _bytes(site: Path) -> dict[Path, bytes]:
    return {p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()}


def _killed(site: Path, point: int) -> int:
    """Sweep in a process that dies before its ``point``-th step; the steps it took."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            steps = _die_at(point)
            sweep(site, AFTER)
            os.write(writing, str(len(steps)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    told = os.read(reading, 20)
    os.close(reading)
    return int(told or 0)


_STEPS = {"os.link", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod"}


def _die_at(point: int) -> list[str]:
    """Note this process's writing file operations; die before the ``point``-th."""
    steps: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and str(arguments[1])[:1] in ("w", "a", "x")
        if event in _STEPS or writes or event == "ctypes.call_function":
            steps.append(event)
            if len(steps) == point:
                os._exit(9)

    sys.addaudithook(hook)
    return steps


TAGS = st.sampled_from(["p", "li", "div"])


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> tuple[str, str]:
    """A random piece of HTML, and what must be left of it on the day after LAST."""
    if not depth or draw(st.booleans()):
        text = draw(st.text("甲乙&;19 \n", max_size=4))
        return text, text
    tag, parts = draw(TAGS), draw(st.lists(trees(depth - 1), max_size=3))
    last = draw(st.sampled_from(["", LAST.isoformat(), AFTER.isoformat()]))
    start = f'<{tag} class="x" data-last-day="{last}">' if last else f"<{tag}>"
    whole = start + "".join(before for before, _ in parts) + f"</{tag}>"
    left = start + "".join(after for _, after in parts) + f"</{tag}>"
    return whole, "" if last == LAST.isoformat() else left


@given(st.lists(trees(), max_size=4))
def test_cutting_takes_whole_elements_and_no_more(parts: list[tuple[str, str]]) -> None:
    page = "".join(before for before, _ in parts)
    left = "".join(after for _, after in parts)
    done = cut(page, AFTER.isoformat()).page
    assert done.replace("\n", "") == left.replace("\n", "")
    assert cut(done, AFTER.isoformat()).page == done
