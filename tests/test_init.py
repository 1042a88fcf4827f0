"""``init``: a site for one's own agency, valid from the first day."""

from __future__ import annotations

import csv
import os
import pty
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import new_site, policy
from pipeline.commands import app
from pipeline.errors import ConfigurationError
from pipeline.public import content
from tests.conftest import ROOT, tries

NEEDED = ["--name", "某某县应急管理局", "--slug", "yjj", "--domain", "gs.example.invalid"]
DAY = ["--today", "2026-11-20"]


def init(folder: Path, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["init", str(folder), *DAY, *words])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("init") / "site"
    init(folder, *NEEDED, "--policy", "lingchuan", "--hotline", "0000-00001234")
    return folder


def test_the_very_next_check_and_publish_succeed(made: Path) -> None:
    """By the command that ``init`` left in the folder, from anywhere."""
    for verb in ("check", "publish"):
        done = subprocess.run(
            [made / "gongshi", verb, *DAY], cwd="/", capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    home = (made / "output" / "index.html").read_text()
    assert "某某县应急管理局" in home
    for page in made.glob("output/**/*.html"):
        text = page.read_text()
        assert "演示" not in text, page
        assert 'class="demo"' not in text, page


def test_the_answers_stand_where_they_belong(made: Path) -> None:
    site = tomllib.loads((made / "content/site.toml").read_text())
    agency = tomllib.loads((made / "content/agencies/yjj/agency.toml").read_text())
    assert site["domain"] == "gs.example.invalid"
    assert "demo" not in site
    assert (agency["policy"], agency["contact"]["hotline"]) == ("lingchuan", "0000-00001234")
    assert agency["short_name"] == agency["name"] == "某某县应急管理局"
    assert agency["site_start"] == date(2026, 11, 20)
    loaded = content.load(made / "content")
    assert loaded.folders["yjj"].flowcharts
    assert len(loaded.folders["yjj"].checklists) >= 10
    assert (made / "private/inbox/说明.md").is_file()
    assert "*" in (made / "private/.gitignore").read_text().splitlines()
    assert (made / "private").stat().st_mode & 0o777 == 0o700


def test_nothing_of_the_demonstration_is_in_it(made: Path) -> None:
    names = [path.name for path in (ROOT / "content/agencies").iterdir()]
    officers = {
        row[0]
        for path in ROOT.glob("content/agencies/*/officers.csv")
        for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    } - {"姓名"}
    for path in (p for p in (made / "content").rglob("*") if p.is_file()):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in (*officers, "演示", "023-48740007") if word in text], path
        assert not [name for name in names if name in str(path.relative_to(made))]
    for path in made.glob("content/agencies/yjj/**/*.csv"):
        assert len(path.read_text(encoding="utf-8-sig").splitlines()) == 1, path


@pytest.mark.parametrize("name", ["flowcharts", "calendar"])
def test_what_all_sites_share_is_the_same_in_the_template(name: str) -> None:
    mine = {path.name: path.read_bytes() for path in (ROOT / "content" / name).iterdir()}
    template = new_site.TEMPLATE / "site/content" / name
    assert {path.name: path.read_bytes() for path in template.iterdir()} == mine


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    told = init(tmp_path, *NEEDED, code=2)
    assert "不会覆盖" in told
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert "不会覆盖" in init(tmp_path / "mine.txt", *NEEDED, code=2)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], ["--name", "--slug", "--domain"]),
        ([*NEEDED, "--slug", "应急局"], ["--slug", "小写字母"]),
        ([*NEEDED, "--slug", "a--b"], ["--slug"]),
        ([*NEEDED, "--policy", "nowhere"], ["--policy", *policy.names()]),
        ([*NEEDED, "--domain", "https://a.example/"], ["--domain", "不带 https://"]),
        ([*NEEDED, "--hotline", "打这个"], ["--hotline", "电话号码"]),
        ([*NEEDED, "--id-code", "12"], ["--id-code", "10位"]),
        ([*NEEDED, "--postcode", "1"], ["--postcode", "6位"]),
        ([*NEEDED, "--name", "两\n行"], ["--name", "一行"]),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_once(
    tmp_path: Path, words: list[str], told: list[str]
) -> None:
    said = init(tmp_path / "new", *words, code=2)
    assert [word for word in told if word not in said] == []
    assert said.count("错误") == (3 if not words else 1)
    assert not (tmp_path / "new").exists()


@settings(max_examples=tries(15))
@given(
    name=st.text(min_size=1, max_size=12),
    slug=st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True),
    address=st.text(max_size=12),
    rules=st.sampled_from(policy.names()),
)
def test_whatever_is_accepted_makes_content_that_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, name: str, slug: str, address: str, rules: str
) -> None:
    given_ = {"name": name, "slug": slug, "address": address, "policy": rules}
    try:
        answers = new_site.completed({**given_, "domain": "a.example"})
    except ConfigurationError:
        return
    folder = tmp_path_factory.mktemp("any") / "it's 100% $HOME"
    new_site.make(folder, answers, date(2026, 11, 20))
    (agency,) = (one.agency for one in content.load(folder / "content").folders.values())
    assert (agency.name, agency.slug) == (name.strip(), slug)


def test_at_a_terminal_it_asks_until_it_understands(tmp_path: Path) -> None:
    """Wrong answers are asked again; an empty line takes what stands in brackets."""
    leader, follower = pty.openpty()
    folder = tmp_path / "site"
    command = [sys.executable, "-m", "pipeline", "init", str(folder), "--name", "某局", *DAY]
    typed = "某\n错 误\nmou-ju\nbase\nnowhere\ngs.example.invalid\n" + "\n" * 10
    run = subprocess.Popen(command, cwd=ROOT, stdin=follower, stdout=subprocess.PIPE, text=True)
    os.close(follower)
    os.write(leader, typed.encode())
    told, _ = run.communicate(timeout=60)
    os.close(leader)
    assert run.returncode == 0, told
    agency = tomllib.loads((folder / "content/agencies/mou-ju/agency.toml").read_text())
    assert (agency["name"], agency["short_name"], agency["policy"]) == ("某局", "某", "base")
    assert "小写字母" in told
    assert not re.search(r"Error|Usage|default", told)
    for name in policy.names():
        assert policy.load(name).title in told


def test_the_question_list_and_the_options_are_one(tmp_path: Path) -> None:
    helped = CliRunner().invoke(app, ["init", "--help"]).output
    for question in new_site.questions():
        assert f"--{question.key}" in helped
    assert "{{" not in "".join(
        path.read_text(encoding="utf-8")
        for path in new_site.make(
            tmp_path / "s",
            new_site.completed({"name": "甲", "slug": "jia", "domain": "a.example"}),
            date(2026, 11, 20),
        )
    )
