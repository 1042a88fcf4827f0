"""Every error an operator can meet is a Chinese sentence that says what to do: no traceback."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import click
import msgspec
import pytest
from click.testing import CliRunner

from pipeline.commands import app, manual
from pipeline.errors import why
from pipeline.misfit import misfit, misplaced
from tests.conftest import ROOT, Site

VERBS = {
    name: command
    for name, command in manual.verbs(app)
    if not isinstance(command, click.Group) or command.invoke_without_command
}
DAY = ["--today", "2026-11-20"]
FOLDERS = {"inbox": "inbox", "content": "content", "state": "private", "output": "output"}
#: A value for whatever must be given.
GIVEN = {
    **{"number": "某罚决〔2026〕1号", "finding": "bcdfghjklmnp", "objection_id": "1"},
    **{"slug": "shihao-penalty-bcdfghjklmnpqr", "source": "x.jsonl", "outcome": "unfounded"},
    **{"last": "2026-01-01", "name": "base", "reason": "行政复议撤销"},
}


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory, one_agency: Path) -> Path:
    """A site with one decision, released."""
    site = Site(tmp_path_factory.mktemp("released"), one_agency)
    site.export("a.csv", {})
    assert site.publish().returncode == 0
    shutil.copytree(one_agency, site.folder / "content")
    return site.folder


@pytest.fixture
def office(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to be broken; the working folder."""
    folder = tmp_path / "office"
    shutil.copytree(released, folder)
    monkeypatch.chdir(folder)
    return folder


def told(*words: str) -> tuple[int, str]:
    """The exit code and what was said, which must be Chinese sentences."""
    done = CliRunner().invoke(app, list(words), prog_name="x", input="")
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exc_info
    said = done.output
    assert "程序内部错误" not in said, said
    assert "Traceback" not in said
    return done.exit_code, said


def call(verb: str, **values: str) -> list[str]:
    """A call of ``verb`` with all it must have, ``values`` in the place of the usual ones."""
    words = verb.split()
    for given in VERBS[verb].params:
        name = str(given.name)
        value = values.get(name) or (FOLDERS if isinstance(given, click.Option) else {}).get(name)
        if value is None and given.required:
            value = GIVEN.get(name, "output" if isinstance(given.type, click.Path) else "甲")
        if name == "today":
            value = value or "2026-11-20"
        if value is not None and not getattr(given, "is_flag", False):
            words += [given.opts[0], value] if isinstance(given, click.Option) else [value]
    return words


PLACES = [
    (verb, str(given.name))
    for verb, command in VERBS.items()
    for given in command.params
    if (isinstance(given.type, click.Path) or given.name == "source") and verb != "review serve"
]


@pytest.mark.parametrize(("verb", "name"), PLACES, ids=" ".join)
def test_a_wrong_folder_or_file_is_a_sentence(office: Path, verb: str, name: str) -> None:
    (office / "bytes").write_bytes(bytes(range(256)) * 8)
    (office / "empty").mkdir()
    (office / "dangling").symlink_to(office / "nowhere-at-all")
    places = ["bytes", "bytes/below", "/proc/nothing", "x" * 300]
    if verb != "publish":  # which would make a site there
        places += ["empty", "dangling"]
    for place in places:
        code, said = told(*call(verb, **{name: place}))
        assert code in (0, 1, 2, 3, 4), said
        assert said.strip()
        assert re.search(r"[\u4e00-\u9fff].*[。：）]", said), said
        assert not re.search(r"Errno|No such file|denied|not a directory|Is a ", said), said


OPTIONS = [
    (verb, str(given.name))
    for verb, command in VERBS.items()
    for given in command.params
    if isinstance(given, click.Option)
    and isinstance(given.type, click.DateTime | click.Choice | click.types.IntParamType)
]


@pytest.mark.parametrize(("verb", "name"), OPTIONS, ids=" ".join)
def test_a_wrong_value_names_its_option(office: Path, verb: str, name: str) -> None:
    code, said = told(*call(verb, **{name: "2026-02-30"}))
    option = next(o for o in VERBS[verb].params if o.name == name)
    assert code == 2
    assert option.opts[0] in said
    assert "值无效" in said


@pytest.mark.parametrize("verb", VERBS)
def test_what_must_be_given_is_asked_for_and_what_is_not_known_refused(verb: str) -> None:
    must = [one for one in VERBS[verb].params if one.required]
    if must:
        code, said = told(*verb.split())
        assert code == 2
        assert "缺少" in said
    code, said = told(*verb.split(), "--no-such-option")
    assert code == 2
    assert "--no-such-option" in said


def overwrite(name: str, body: bytes | str) -> Callable[[Path], object]:
    def done(office: Path) -> None:
        path = office / name
        if path.is_dir():
            shutil.rmtree(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body if isinstance(body, bytes) else body.encode())

    return done


def folder(name: str) -> Callable[[Path], object]:
    def done(office: Path) -> None:
        (office / name).unlink()
        (office / name).mkdir()

    return done


def another_database(office: Path) -> None:
    (office / "private/public/store.db").unlink()
    with sqlite3.connect(office / "private/public/store.db") as connection:
        connection.execute("CREATE TABLE other (x)")


GARBAGE = b"\x00\xff no database" * 100
CSV = "content/agencies/shihao/officers.csv"
HEAD = "姓名,执法证件编号,人员类别,状态\n"
#: What is broken, the call, its exit code, and words of what must be said.
BROKEN: dict[str, tuple[Callable[[Path], object], list[str], int, list[str]]] = {
    "ledger": (overwrite("private/ledger.db", GARBAGE), ["status"], 2, ["恢复备份"]),
    "ledger, run": (overwrite("private/ledger.db", GARBAGE), ["publish"], 2, ["恢复备份"]),
    "ledger a folder": (folder("private/ledger.db"), ["publish"], 2, ["ledger.db", "打不开"]),
    "store": (overwrite("private/public/store.db", GARBAGE), ["status"], 3, ["ledger check"]),
    "store, run": (overwrite("private/public/store.db", GARBAGE), ["publish"], 3, ["public"]),
    "store, check": (overwrite("private/public/store.db", b""), ["check"], 3, ["public"]),
    "store of others": (another_database, ["status"], 3, ["不是本程序的"]),
    "state a file": (overwrite("private", "x"), ["publish"], 2, ["状态目录", "private"]),
    "output a file": (overwrite("output", "x"), ["publish"], 2, ["不是普通文件夹"]),
    "output of others": (
        lambda o: [(o / "output/manifest.json").unlink(), overwrite("output/index.html", "x")(o)],
        ["publish"],
        2,
        ["不是本程序生成的文件", "空目录"],
    ),
    "manifest": (overwrite("output/manifest.json", GARBAGE), ["sweep"], 2, ["manifest.json"]),
    "manifest, verify": (overwrite("output/manifest.json", "{}"), ["verify"], 2, ["无法核对"]),
    "link": (
        lambda o: (o / "output/link").symlink_to("/"),
        ["verify"],
        2,
        ["不应有链接", "link"],
    ),
    "site a folder": (folder("content/site.toml"), ["publish"], 2, ["site.toml", "是文件夹"]),
    "roster a folder": (folder(CSV), ["publish"], 2, ["shihao/officers.csv", "是文件夹"]),
    "roster, bytes": (overwrite(CSV, b"\xff\x00\x81"), ["check"], 2, ["另存为 UTF-8"]),
    "roster, a cell without end": (
        overwrite(CSV, f'{HEAD}"{"甲" * 200_000},1,执法人员,在岗\n'),
        ["check"],
        2,
        ["shihao/officers.csv", "引号没有成对"],
    ),
    "chart too deep": (
        overwrite("content/flowcharts/x.toml", "a = " + "[" * 5000),
        ["check"],
        2,
        ["flowcharts/x.toml", "嵌套得太深"],
    ),
    "year": (
        overwrite("content/calendar/20277.toml", 'source = "x"'),
        ["check"],
        2,
        ["calendar/20277.toml", "四位年份"],
    ),
    "unknown slug": (
        lambda o: None,
        ["review", "approve", "x", "--by", "甲"],
        2,
        ["没有编号为“x”", "review list"],
    ),
    "unknown slug refused": (
        lambda o: None,
        ["review", "refuse", "x", "--by", "甲"],
        2,
        ["review list"],
    ),
    "unknown number": (
        lambda o: None,
        ["withdraw", "无此号", "--reason", "撤销", "--by", "甲"],
        2,
        ["没有这个文号", "核对文号"],
    ),
    "unknown objection": (lambda o: None, ["objection", "show", "99"], 2, ["objection list"]),
    "sheet of others": (
        overwrite("表.xlsx", GARBAGE),
        ["review", "import", "表.xlsx", "--by", "甲"],
        2,
        ["表.xlsx", "重新"],
    ),
    "sheet to the site": (
        lambda o: None,
        ["review", "export", "output/a.xlsx"],
        2,
        ["公开的文件夹"],
    ),
    "backup over another": (
        overwrite("b.db", "x"),
        ["ledger", "backup", "b.db"],
        2,
        ["已经存在", "换一个文件名"],
    ),
    "site made in a file": (
        overwrite("f", "x"),
        ["init", "f/site", "--name", "甲", "--slug", "jia", "--domain", "a.example"],
        3,
        ["不是文件夹"],
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_said_with_the_next_step(office: Path, case: str) -> None:
    breaking, words, code, wanted = BROKEN[case]
    breaking(office)
    verb = " ".join(words)
    full = call(verb) if verb in VERBS else words
    if verb not in VERBS and "--today" in str(
        VERBS[" ".join(words[:2])].params if " ".join(words[:2]) in VERBS else ""
    ):
        full = [*words, *DAY]
    got, said = told(*full)
    assert got == code, said
    assert [one for one in wanted if one not in said] == [], said


@pytest.mark.parametrize("limit", [0, 8, 200])
def test_a_full_disk_stops_a_run_with_a_sentence_and_leaves_the_site(
    office: Path, limit: int
) -> None:
    """No file may grow past so many blocks: as near to a full disk as needs no disk."""
    before = {p: p.read_bytes() for p in (office / "output").rglob("*") if p.is_file()}
    folders = " ".join(f"--{name} {place}" for name, place in FOLDERS.items())
    run = f"trap '' XFSZ; ulimit -f {limit}; exec {sys.executable} -m pipeline publish {folders}"
    done = subprocess.run(
        ["sh", "-c", f"{run} --today 2031-12-01"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=office,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (2, 3), done.stdout + done.stderr
    assert "错误" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    after = {p: p.read_bytes() for p in (office / "output").rglob("*") if p.is_file()}
    assert after == before


def test_the_reasons_of_the_system_are_chinese() -> None:
    for code in (1, 2, 13, 17, 20, 21, 24, 28, 30, 36, 39):
        assert re.fullmatch(r"[\u4e00-\u9fff，]+", why(OSError(code, os.strerror(code))))
    assert why(OSError(12345, "odd")) == "odd"
    assert why(OSError("no number")) == "原因不明"


class Shape(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    days: Annotated[int, msgspec.Meta(ge=1)]
    name: Annotated[str, msgspec.Meta(min_length=1, pattern="^a")] = "a"
    kind: Literal["x", "y"] = "x"
    many: tuple[str, ...] = ()
    day: date | None = None


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "“inner”缺少 days，请补上。"),
        ({"days": 1, "dayz": 1}, "“inner”没有名为 dayz 的项目，请核对写法。"),
        ({"days": "个人"}, "“inner.days”应为整数（不加引号）。"),
        ({"days": 0}, "“inner.days”应不小于 1。"),
        ({"days": 1, "name": "个人"}, "“inner.name”写法不对。"),
        ({"days": 1, "name": ""}, "“inner.name”不能为空。"),
        ({"days": 1, "kind": "个人"}, "“inner.kind”不是可用的值，请核对写法。"),
        ({"days": 1, "many": [1]}, "“inner.many[0]”应为文字（加引号）。"),
        ({"days": 1, "day": "个人"}, "“inner.day”应为日期，例如 2026-01-01。"),
        ({"days": 1, "day": 1}, "“inner.day”应为日期，例如 2026-01-01或者空。"),
    ],
)
def test_what_does_not_fit_is_said_in_chinese_without_the_value(
    table: dict[str, object], said: str
) -> None:
    with pytest.raises(msgspec.ValidationError) as wrong:
        msgspec.convert({"inner": table}, type=msgspec.defstruct("Outer", [("inner", Shape)]))
    assert misfit(wrong.value) == said


def test_what_fits_no_pattern_is_still_chinese() -> None:
    assert (
        misfit(ValueError("Something new - at `$.a[...].b`")) == "“a.b”写法不对，请对照同类文件。"
    )
    for text, where in (("a = ", "第1行第5列"), ("a = 1\nb c", "第2行第3列"), ("[a", "第1行第3列")):
        with pytest.raises(tomllib.TOMLDecodeError) as wrong:
            tomllib.loads(text)
        assert misplaced(wrong.value).startswith((where, "文件结尾处"))
