"""What stands under deploy/, run for real: nginx, rsync, systemd's own examination."""

from __future__ import annotations

import configparser
import gzip
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from pipeline.public.released import release
from tests import web
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
SERVICES = ("gongshi.service", "gongshi-sweep.service")
GONE = "shihao-penalty-bcdfghjklmnpqr"
HTML = "<!doctype html><title>公示</title>" + "<p>决定</p>" * 50


# nginx


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("nginx")
    root = place / "output"
    files = {
        "index.html": HTML,
        "404.html": "没有找到",
        "410.html": "已经撤下",
        "decisions/a/index.html": HTML,
        "theme/css/site.css": "p{}",
        "theme/js/site.js": "0",
        "data/decisions.csv": "文号",
        "data/decisions.jsonl": "{}",
        "feeds/all.atom.xml": "<feed/>",
        "sitemap.xml": "<urlset/>",
        "manifest.json": "{}",
        "empty/file.txt": "字",
        ".git/config": "secret",
        ".htpasswd": "secret",
        "decisions/.~tmp~/x.html": "secret",
        ".well-known/security.txt": "联系",
        "gone.map": f"{GONE} 1;\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "index.html.gz").write_bytes(gzip.compress(f"{HTML}<!-- twin -->".encode()))
    (root / "gone.map.gz").write_bytes(gzip.compress(b"secret"))
    with web.serving(root, place) as found:
        yield found


def ask(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urlopen(Request(address, headers=headers), timeout=5) as answer:  # noqa: S310
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


PATHS = {
    "/": 200,
    "/decisions/a/": 200,
    "/theme/css/site.css": 200,
    "/data/decisions.csv": 200,
    "/feeds/all.atom.xml": 200,
    "/nowhere/": 404,
    f"/decisions/{GONE}/": 410,
    "/empty/": 404,
    "/gone.map": 404,
    "/.git/config": 404,
}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(address: str, path: str) -> None:
    status, headers, _ = ask(address + path)
    assert status == PATHS[path]
    written = (ROOT / "theme/templates/base.html").read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', written)
    assert policy
    # The page's own and the server's hold together: what differs would be the stricter of both.
    assert headers["content-security-policy"] == f"{policy[1]}; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in headers  # this server speaks no https
    assert headers["server"] == "nginx"  # and not which one


@pytest.mark.parametrize("path", [path for path, status in PATHS.items() if status != 200])
def test_errors_show_the_site_s_own_page(address: str, path: str) -> None:
    status, headers, body = ask(address + path)
    assert body.decode() == ("已经撤下" if status == 410 else "没有找到")
    assert headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "cached"),
    [
        ("/", "no-cache"),
        ("/decisions/a/", "no-cache"),
        ("/data/decisions.csv", "no-cache"),
        (f"/decisions/{GONE}/", "no-cache"),
        ("/nowhere", "no-cache"),
        ("/theme/css/site.css", "public, max-age=3600"),
    ],
)
def test_only_the_theme_may_be_kept_without_asking(address: str, path: str, cached: str) -> None:
    assert ask(address + path)[1]["cache-control"] == cached


def test_what_did_not_change_is_not_sent_again(address: str) -> None:
    tag = ask(f"{address}/decisions/a/")[1]["etag"]
    assert ask(f"{address}/decisions/a/", **{"If-None-Match": tag})[0] == 304


def test_a_compressed_twin_is_sent_to_whoever_takes_it(address: str) -> None:
    _, headers, body = ask(f"{address}/", **{"Accept-Encoding": "gzip"})
    assert headers["content-encoding"] == "gzip"
    assert b"twin" in gzip.decompress(body)
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "accept-encoding" in headers["vary"].lower()
    _, headers, body = ask(f"{address}/")
    assert "content-encoding" not in headers
    assert body.decode() == HTML
    _, headers, _ = ask(f"{address}/decisions/a/", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in headers  # no twin there


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/decisions.csv", "text/csv; charset=utf-8"),
        ("/data/decisions.jsonl", "application/x-ndjson; charset=utf-8"),
        ("/feeds/all.atom.xml", "application/atom+xml; charset=utf-8"),
        ("/sitemap.xml", "text/xml; charset=utf-8"),
        ("/theme/js/site.js", "application/javascript; charset=utf-8"),
        ("/theme/css/site.css", "text/css; charset=utf-8"),
        ("/manifest.json", "application/json; charset=utf-8"),
    ],
)
def test_every_file_says_what_it_is(address: str, path: str, kind: str) -> None:
    assert ask(address + path)[1]["content-type"] == kind


@pytest.mark.parametrize("path", ["/data/decisions.csv", "/feeds/all.atom.xml"])
def test_open_data_may_be_read_by_other_sites_and_nothing_else(address: str, path: str) -> None:
    assert ask(address + path)[1]["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in ask(f"{address}/decisions/a/")[1]


@pytest.mark.parametrize(
    "path",
    [
        *("/.git/config", "/.htpasswd", "/decisions/.~tmp~/x.html", "/%2egit/config"),
        *("/gone.map", "/gone.map.gz", "/empty/", "/decisions/"),
    ],
)
def test_nothing_hidden_is_served_and_no_folder_listed(address: str, path: str) -> None:
    status, _, body = ask(address + path, **{"Accept-Encoding": "gzip"})
    assert status == 404
    assert b"secret" not in body
    assert b"file.txt" not in body


def test_the_one_hidden_folder_of_the_standard_is_served(address: str) -> None:
    assert ask(f"{address}/.well-known/security.txt")[0] == 200


def test_https_alone_asks_for_https() -> None:
    text = (DEPLOY / "nginx/gone.conf").read_text(encoding="utf-8")
    (block,) = re.findall(r"map \$https \$gongshi_hsts \{(.*?)\}", text, re.DOTALL)
    assert re.findall(r"(\S+) \"(.*)\";", block) == [("default", ""), ("on", "max-age=31536000")]
    site = (DEPLOY / "nginx/site.conf").read_text(encoding="utf-8")
    # One add_header further in would drop all of these.
    assert len(set(re.findall(r"(?m)^( *)add_header ", site))) == 1


# rsync


def a_release(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    release.write_manifest(folder, release.hash_files(folder), folder.parent / "nothing")
    return folder


OLD = {
    "index.html": "首页：甲、乙、丙",
    "decisions/jia/index.html": "甲的决定",
    "decisions/yi/index.html": "乙的决定",
    "decisions/bing/index.html": "丙的决定",
    "search/index/1.bin": "甲乙",
    "theme/css/a.css": "p{}",
    "feeds/all.atom.xml": "甲乙丙",
}
NEW = {
    "index.html": "首页：丙、丁",
    "decisions/yi/index.html": "已撤回的公告",
    "decisions/bing/index.html": "丙的决定",
    "decisions/ding/index.html": "丁的决定",
    "search/index/2.bin": "丙丁",
    "theme/css/a.css": "p{}",
    "feeds/all.atom.xml": "丙丁",
}


def copy(
    source: Path, target: Path | str, passes: int = 99, tmp: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """The script, which the network leaves after so many calls of rsync."""
    assert shutil.which("rsync"), "rsync is missing: install it (Debian: rsync)"
    environment = dict(os.environ)
    if tmp:
        shim = tmp / "rsync.sh"
        shim.write_text(
            '#!/bin/sh\ncase "$1" in --list-only) exec rsync "$@" ;; esac\n'
            f'n=$(cat {tmp}/n); echo $((n + 1)) > {tmp}/n\n[ "$n" -lt {passes} ] || exit 12\n'
            'exec rsync "$@"\n'
        )
        (tmp / "n").write_text("0")
        environment["RSYNC"] = f"sh '{shim}'"
    script = DEPLOY / "rsync/copy.sh"
    return subprocess.run([script, source, target], env=environment, capture_output=True, text=True)


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_copy_is_the_release_to_the_byte_and_open_to_readers(tmp_path: Path) -> None:
    source, target = a_release(tmp_path / "new", NEW), tmp_path / "web"
    source.chmod(0o700)
    done = copy(source, target)
    assert done.returncode == 0, done.stderr
    assert files(target) == files(source)
    difference = release.verify(target)
    assert difference is not None
    assert not difference
    for path in (target, *target.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)
    assert copy(a_release(tmp_path / "old", OLD), target).returncode == 0
    assert files(target) == files(tmp_path / "old")


@pytest.mark.parametrize("passes", range(6))
def test_a_copy_that_breaks_never_shows_what_was_taken_down(tmp_path: Path, passes: int) -> None:
    target = tmp_path / "web"
    assert copy(a_release(tmp_path / "old", OLD), target).returncode == 0
    done = copy(a_release(tmp_path / "new", NEW), target, passes, tmp_path)
    there = files(target)
    assert (done.returncode == 0) is (passes == 5)
    if passes >= 1:
        assert "decisions/jia/index.html" not in there
    if passes >= 2:
        assert there["decisions/yi/index.html"] == "已撤回的公告"
    if passes >= 4:
        assert not [name for name, text in there.items() if "甲" in text or "乙" in text]
    assert there["decisions/bing/index.html"] == "丙的决定"
    if 0 < passes < 5:
        assert release.verify(target)  # and whoever asks is told that it is not whole
    assert copy(tmp_path / "new", target).returncode == 0
    assert files(target) == files(tmp_path / "new")


def test_a_first_copy_that_breaks_can_be_taken_up_again(tmp_path: Path) -> None:
    source, target = a_release(tmp_path / "new", NEW), tmp_path / "web"
    assert copy(source, target, 4, tmp_path).returncode != 0
    assert files(target)
    assert copy(source, target).returncode == 0
    assert files(target) == files(source)


def test_what_a_sweep_changed_on_the_server_is_as_released_again(tmp_path: Path) -> None:
    source, target = a_release(tmp_path / "new", NEW), tmp_path / "web"
    copy(source, target)
    before = (target / "index.html").stat()
    (target / "index.html").write_text(NEW["index.html"].replace("丁", "□"))
    os.utime(target / "index.html", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert copy(source, target).returncode == 0
    assert files(target) == files(source)


def test_neither_a_wrong_source_nor_a_foreign_target_is_touched(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private/ledger.db").write_text("secret")
    done = copy(tmp_path / "private", tmp_path / "web")
    assert done.returncode == 2
    assert "没有复制" in done.stderr
    assert not (tmp_path / "web").exists()
    (tmp_path / "home").mkdir()
    (tmp_path / "home/mine.txt").write_text("mine")
    done = copy(a_release(tmp_path / "new", NEW), tmp_path / "home")
    assert done.returncode == 2
    assert "别的文件" in done.stderr
    assert files(tmp_path / "home") == {"mine.txt": "mine"}


# systemd


def unit(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "systemd" / name, encoding="utf-8")
    return parser


def test_systemd_understands_every_line(tmp_path: Path) -> None:
    assert shutil.which("systemd-analyze"), "systemd-analyze is missing (Debian: systemd)"
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text(encoding="utf-8")
        # The program is not at its place here, nor is systemd's own.
        text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    units = sorted(tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, cwd=tmp_path
    )
    ours = [line for line in done.stderr.splitlines() if "gongshi" in line]
    assert ours == []
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_closed_as_far_as_systemd_can_judge(name: str) -> None:
    words = ["systemd-analyze", "security", "--offline=true", "--threshold=15"]
    done = subprocess.run([*words, DEPLOY / "systemd" / name], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-200:]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_writes_its_own_folder_and_reaches_no_network(name: str) -> None:
    service = unit(name)["Service"]
    wanted = {
        **{"UMask": "0077", "ProtectSystem": "strict", "NoNewPrivileges": "yes"},
        **{"PrivateTmp": "yes", "PrivateNetwork": "yes", "ProtectHome": "yes"},
        **{"CapabilityBoundingSet": "", "RestrictAddressFamilies": "AF_UNIX"},
    }
    assert {key: service[key] for key in wanted} == wanted
    assert service["ReadWritePaths"] == service["WorkingDirectory"]
    assert service["User"] not in ("root", "")


def test_the_server_s_service_sees_nothing_private() -> None:
    assert unit("gongshi-sweep.service")["Service"]["InaccessiblePaths"] == "-/srv/gongshi"


@pytest.mark.parametrize("name", ["gongshi.timer", "gongshi-sweep.timer"])
def test_a_timer_goes_by_the_clock_of_peking_and_makes_up_for_a_lost_night(name: str) -> None:
    timer = unit(name)["Timer"]
    assert timer["OnCalendar"].endswith(" Asia/Shanghai")
    assert timer["Persistent"] == "yes"
    words = ["systemd-analyze", "calendar", timer["OnCalendar"]]
    assert subprocess.run(words, capture_output=True).returncode == 0


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_calls_a_verb_there_is(name: str) -> None:
    from pipeline.commands import app

    words = unit(name)["Service"]["ExecStart"].split()
    assert words[1:3] == ["-m", "pipeline"]
    assert words[3] in app.list_commands(None)  # type: ignore[arg-type]


# Windows


def test_the_windows_task_runs_the_site_s_own_command() -> None:
    tree = ET.parse(DEPLOY / "windows/gongshi.xml")  # noqa: S314
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}

    def said(path: str) -> str:
        found = tree.find(path, space)
        assert found is not None
        return found.text or ""

    assert said(".//t:Command").endswith(r"\gongshi.cmd")
    assert said(".//t:Arguments") == "publish"
    assert said(".//t:StartBoundary").endswith("+08:00")
    assert said(".//t:RunLevel") == "LeastPrivilege"
    assert said(".//t:MultipleInstancesPolicy") == "IgnoreNew"
    assert said(".//t:StartWhenAvailable") == "true"
