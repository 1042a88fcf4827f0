"""What a run takes over from the release before: never more than is true, never shared for writing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline import build
from pipeline.public.released import release
from tests.conftest import ROOT, Site


def released(tmp_path: Path, **texts: str) -> Path:
    """A release of these files (``a__b`` is ``a/b.html``)."""
    output = tmp_path / "output"
    staging = release.staging_for(output)
    for name, text in texts.items():
        path = staging / f"{name.replace('__', '/')}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    release.write_manifest(staging, release.hash_files(staging), output)
    release.swap(staging, output)
    return output


def test_linked_files_are_hashed_once_and_written_ones_anew(tmp_path: Path) -> None:
    output = released(tmp_path, a="1", b__c="2", theme__d="3", search__index__e="4")
    staging = release.staging_for(output)
    known = release.carry(output, staging)
    assert sorted(release.hash_files(staging)) == ["a.html", "b/c.html"]
    assert release.hash_files(staging, known) == release.hash_files(staging)
    (staging / "a.html").unlink()
    (staging / "a.html").write_text("new", encoding="utf-8")
    assert release.hash_files(staging, known) == release.hash_files(staging)
    assert (output / "a.html").read_text() == "1"


@pytest.mark.parametrize("how", ["changed", "added", "lost", "no manifest"])
def test_of_a_release_that_was_touched_nothing_is_carried(tmp_path: Path, how: str) -> None:
    output = released(tmp_path, a="1", b="2")
    staging = release.staging_for(output)
    if how == "changed":
        (output / "a.html").write_text("x", encoding="utf-8")
    elif how == "added":
        (output / "c.html").write_text("x", encoding="utf-8")
    else:
        (output / ("a.html" if how == "lost" else release.MANIFEST)).unlink()
    assert release.carry(output, staging) == {}
    assert list(staging.iterdir()) == []


def test_without_links_nothing_is_carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = released(tmp_path, a="1", b__c="2")
    staging = release.staging_for(output)

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refused)
    assert release.carry(output, staging) == {}
    assert list(staging.iterdir()) == []


def test_night_after_night_the_release_is_what_one_build_gives(site: Site) -> None:
    """A change, a new decision, one taken down, a stray hand, a quiet night."""
    second = {"行政处罚决定书文号": "石壕罚决〔2026〕2号"}
    site.export("a.csv", {}, second, {"行政处罚决定书文号": "石壕罚决〔2026〕3号"})
    assert site.publish("2026-11-20").returncode == 0
    kept = site.output / "pages/about/index.html"
    first = kept.stat().st_ino
    site.export("b.csv", {"违法事实": "该公司将废弃混凝土倾倒在河道内。"})
    site.export("c.csv", {**second, "变动情形": "撤销", "变动日期": "2026-11-21"})
    site.export("d.csv", {"行政处罚决定书文号": "石壕罚决〔2026〕4号"})
    assert site.publish("2026-11-21").returncode == 0
    assert kept.stat().st_ino == first, "a page that did not change is the very same file"
    _is_whole(site)

    kept.write_bytes(kept.read_bytes() + b"<!-- a stray hand -->")
    assert site.publish("2026-11-22").returncode == 0
    assert b"stray" not in kept.read_bytes()
    _is_whole(site)

    done = site.publish("2026-11-22")
    assert site.report()["outcome"] == "unchanged", done.stdout
    assert "生成网站" not in site.report()["stages"], "Pelican need not even start"

    home = site.output / "index.html"
    home.write_bytes(b"<!-- gone -->")
    assert site.publish("2026-11-22").returncode == 0
    assert site.report()["outcome"] == "released"
    _is_whole(site)


def test_what_is_known_since_is_looked_for_although_nothing_changed(site: Site) -> None:
    """A row that is withheld changes no page, and may yet say that one of them is a leak."""
    site.content = site.folder / "content"
    shutil.copytree(ROOT / "content", site.content)
    about = next(site.content.glob("pages/*.md"))
    about.write_text(about.read_text("utf-8") + "\n\n来信 tanceyue@example.com\n", encoding="utf-8")
    site.export("a.csv", {})
    assert site.publish().returncode == 0
    secret = {"行政处罚决定书文号": "石壕罚决〔2026〕2号", "是否涉密": "是"}
    site.export("b.csv", {**secret, "违法事实": "当事人邮箱 tanceyue@example.com。"})
    assert site.publish().returncode == 3
    assert site.report()["outcome"] == "refused"
    assert "电子邮箱" in "".join(site.report()["problems"])


def _is_whole(site: Site) -> None:
    assert not release.verify(site.output)
    fresh = site.folder / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    build.site(site.content, fresh, site.state / "public" / "store.db")
    wanted, found = release.hash_files(fresh), release.hash_files(site.output)
    differ = {n for n in wanted.keys() | found.keys() if wanted.get(n) != found.get(n)}
    # The index keeps its base from release to release.
    assert {name for name in differ if not name.startswith("search/index/")} == set()
