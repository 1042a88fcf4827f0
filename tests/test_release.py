"""The manifest names every difference; the swap leaves the old or the new release, whole."""

import hashlib
import os
from pathlib import Path

import pytest

from pipeline.errors import ConfigurationError
from pipeline.public.released import release


def fill(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")


def released(tmp_path: Path, **files: str) -> Path:
    output = tmp_path / "output"
    staging = release.staging_for(output)
    fill(staging, **files)
    release.write_manifest(staging, release.hash_files(staging), output)
    release.swap(staging, output)
    return output


def test_verify_names_added_changed_and_lost(tmp_path: Path) -> None:
    output = released(tmp_path, a="1", b="2", c="3")
    assert not release.verify(output)
    (output / "a.html").write_text("x", encoding="utf-8")
    (output / "b.html").unlink()
    (output / "d.html").write_text("4", encoding="utf-8")
    assert release.verify(output) == (("d.html",), ("a.html",), ("b.html",))


def test_verify_of_a_folder_without_manifest(tmp_path: Path) -> None:
    fill(tmp_path / "other", a="1")
    assert release.verify(tmp_path / "other") is None


def test_a_release_is_chained_to_the_one_before(tmp_path: Path) -> None:
    output = released(tmp_path, a="1")
    before = hashlib.sha256((output / release.MANIFEST).read_bytes()).hexdigest()
    released(tmp_path, a="2")
    manifest = release.read_manifest(output)
    assert manifest is not None
    assert manifest.previous == before


def test_nothing_of_the_old_release_is_left(tmp_path: Path) -> None:
    output = released(tmp_path, a="1", gone="old")
    released(tmp_path, a="2")
    assert not (output / "gone.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_nor_is_any_of_its_folders(tmp_path: Path) -> None:
    output = released(tmp_path, a="1")
    for name in ("d/x/index.html", "d/index.html", "d/y/z/index.html", "d/y/more.html", "e/f.html"):
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        (output / name).write_text("old")
    (output / "empty").mkdir()
    released(tmp_path, a="2")
    assert [path.name for path in tmp_path.iterdir()] == ["output"]
    assert sorted(path.name for path in output.iterdir()) == ["a.html", release.MANIFEST]


@pytest.mark.parametrize("exchange", [True, False])
def test_swap_with_and_without_the_kernel_s_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(release, "_exchange", lambda one, other: False)
    output = released(tmp_path, a="1")
    released(tmp_path, a="2")
    assert (output / "a.html").read_text() == "2"
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_a_crash_between_the_two_renames_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release, "_exchange", lambda one, other: False)
    output = released(tmp_path, a="old")
    staging = release.staging_for(output)
    fill(staging, a="new")
    plain = Path.rename

    def dies(self: Path, target: Path) -> Path:
        if self == staging:
            raise KeyboardInterrupt
        return plain(self, target)

    monkeypatch.setattr(Path, "rename", dies)
    with pytest.raises(KeyboardInterrupt):
        release.swap(staging, output)
    monkeypatch.setattr(Path, "rename", plain)
    release.staging_for(output)
    assert (output / "a.html").read_text() == "old"


def test_readers_may_read_only_what_was_released(tmp_path: Path) -> None:
    output = tmp_path / "output"
    staging = release.staging_for(output)
    assert staging.stat().st_mode & 0o077 == 0
    fill(staging, a="1")
    fill(staging / "b" / "c", d="2")
    (staging / "b").chmod(0o700)
    (staging / "b/c/d.html").chmod(0o600)
    release.swap(staging, output)
    for folder in ("", "b", "b/c"):
        assert (output / folder).stat().st_mode & 0o777 == 0o755
    for name in ("a", "b/c/d"):
        assert (output / f"{name}.html").stat().st_mode & 0o777 == 0o644


def test_a_folder_that_is_not_ours_is_not_replaced(tmp_path: Path) -> None:
    fill(tmp_path / "documents", letter="dear")
    with pytest.raises(ConfigurationError, match="不是本程序生成"):
        release.staging_for(tmp_path / "documents")
    assert (tmp_path / "documents" / "letter.html").exists()


def test_an_output_that_is_a_file_or_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(ConfigurationError, match="不是普通文件夹"):
            release.staging_for(tmp_path / name)


@pytest.mark.skipif(os.name == "nt", reason="links need privileges on Windows")
def test_a_link_in_a_release_is_refused(tmp_path: Path) -> None:
    fill(tmp_path / "site", a="1")
    (tmp_path / "site" / "out").symlink_to("/")
    with pytest.raises(ConfigurationError, match="链接"):
        release.hash_files(tmp_path / "site")
