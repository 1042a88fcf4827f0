"""The command line as scripts and clerks use it."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline.commands import app, frame, manual
from tests.conftest import ROOT, Site

VERBS = dict(manual.verbs(app))
IDENTITY = "500000199003079906"


def cli(*words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        cwd=ROOT,
        input=stdin,
        env={**os.environ, "COLUMNS": "160", "PYTHONUTF8": "1"},
        capture_output=True,
    )


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_is_chinese_everywhere(verb: str) -> None:
    done = CliRunner().invoke(app, [*verb.split(), "--help"], prog_name="x", env={"COLUMNS": "160"})
    text = done.output
    assert done.exit_code == 0
    assert "用法" in text
    assert not re.search(r"Usage|Options|Commands|Arguments|[Rr]equired|[Dd]efault", text)
    assert re.findall(r"[A-Za-z]{2,}[,.]? [a-z]{2,} [a-z]{2,}", text) == []  # no English sentence
    for line in re.findall(r"--[a-z-]+.*", text):
        assert re.search(r"[\u4e00-\u9fff]", line), line


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_and_option_says_what_it_is_for(verb: str) -> None:
    command = VERBS[verb]
    assert re.search(r"[\u4e00-\u9fff]", command.help or ""), verb
    for option in command.params:
        if isinstance(option, click.Option):
            assert re.search(r"[\u4e00-\u9fff].*。$", option.help or ""), option.name
            assert option.is_flag or option.metavar, option.name  # else click names its type
        else:
            assert isinstance(option, click.Argument)
            assert option.metavar, option.name


def test_the_program_called_alone_says_what_there_is() -> None:
    text = CliRunner().invoke(app, [], prog_name="x", env={"COLUMNS": "160"}).output
    for verb in app.list_commands(click.Context(app)):
        assert re.search(rf"(?m)^ +{verb} +{re.escape(VERBS[verb].get_short_help_str(160))}$", text)


def test_what_there_is_is_said_before_anything_heavy_is_loaded() -> None:
    """An operator who asks for help does not wait for the dictionaries of the redaction."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "pipeline", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "pipeline.commands" in loaded
    ours = {name for name in loaded if name.startswith("pipeline.")}
    assert ours <= {"pipeline.__main__", "pipeline.chinese_help", "pipeline.commands"}
    assert not loaded & {"jieba", "numpy", "openpyxl", "pandas", "rich", "sqlite3"}


def test_what_the_library_says_of_a_wrong_call_is_chinese() -> None:
    """Every sentence of click about what was typed has its Chinese one."""
    known = tomllib.loads((ROOT / "pipeline" / "messages.toml").read_text(encoding="utf-8"))
    said = set()
    for name in ("exceptions", "parser", "types"):
        tree = ast.parse(Path(click.__file__).with_name(f"{name}.py").read_text(encoding="utf-8"))
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext"):
                said |= {a.value for a in call.args if isinstance(a, ast.Constant)}
    assert len(said) > 30
    assert sorted(str(one) for one in said - known.keys()) == []
    holes = re.compile(r"\{\w+(?:!r)?\}")
    assert [k for k, v in known.items() if set(holes.findall(v)) - set(holes.findall(k))] == []


def test_redact_masks_and_keeps_the_contract() -> None:
    record = {
        "id": 7,
        "fields": {"当事人": "覃测乐", "身份证号": IDENTITY, "没听说过的列": "内部文字"},
        "text": f"当事人覃测乐（身份证号{IDENTITY}）致电023-48740007，依据《道路交通安全法》第九十条。",
    }
    line = json.dumps(record, ensure_ascii=False).encode()
    done = cli("redact", "--policy", "shihao", "-", stdin=line + b"\n")
    assert done.returncode == 0, done.stderr.decode()
    assert IDENTITY.encode() not in done.stdout + done.stderr
    assert "覃测乐".encode() not in done.stdout + done.stderr
    assert "内部文字".encode() not in done.stdout
    (out,) = map(json.loads, done.stdout.decode().splitlines())
    assert out.keys() == {"id", "fields", "text", "held", "reasons", "spans"}
    assert out["id"] == 7
    assert "023-48740007" in out["text"]
    assert "《道路交通安全法》第九十条" in out["text"]
    for span in out["spans"]:
        assert span.keys() == {"start", "end", "kind", "by"}
    covered = {record["text"][s["start"] : s["end"]] for s in out["spans"]}
    assert {"覃测乐", IDENTITY} <= covered


def test_redact_costs_a_broken_line_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    good = {"id": 1, "fields": {}, "text": "公示"}
    file.write_bytes(
        json.dumps(good).encode()
        + b"\n{broken\n[1]\n\xff\xfe\n"
        + json.dumps(good).encode()
        + b"\n"
    )
    done = cli("redact", "--policy", "base", str(file))
    assert done.returncode == 4
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [line["id"] for line in lines] == [1, None, None, None, 1]
    assert "第2行" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["redact", "--policy", "nowhere"], 2, "shihao"),
        (["redact", "--policy", "base", "no-such-file.jsonl"], 2, "不能读取"),
        (["redact"], 2, "--policy"),
        (["publsh"], 2, "publsh"),
        (["verify"], 2, "OUTPUT"),
        (["verify", "tests"], 2, "manifest.json"),
        (["status", "--content", "nowhere"], 2, "没有任何机关"),
        (["review", "approve", "x"], 2, "--by"),
    ],
)
def test_wrong_calls_are_sentences(words: list[str], code: int, told: str) -> None:
    done = cli(*words)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == code
    assert told in said
    assert "Traceback" not in said


def test_status_says_what_is_due_and_what_comes_down(site: Site) -> None:
    site.export("a.csv", {}, {"行政处罚决定书文号": "石壕罚决〔2026〕3号", "是否涉密": "是"})
    site.publish()
    folders = ("--state", str(site.state), "--content", str(site.content))
    done = site.pipeline("status", *folders, "--today", "2026-11-20", "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["states"] == {"public": 1, "withheld": 1}
    (ending,) = summary["next_take_downs"]
    assert ending["last_day"] == "2031-11-20"
    table = site.pipeline("status", *folders, "--today", "2026-11-20")
    assert "石壕罚决〔2026〕1号" in table.stdout


def test_a_held_decision_is_approved_one_by_one_or_refused(site: Site) -> None:
    held = {"违法事实": "经查，该案另案处理。"}
    site.export("a.csv", held)
    site.publish()
    assert site.pages() == []
    folders = ("--state", str(site.state), "--content", str(site.content))
    day = ("--today", "2026-11-20")
    listed = site.pipeline("review", "list", *folders, *day).stdout
    (slug,) = set(re.findall(r"shihao-penalty-[a-z]+", listed))
    approved = site.pipeline("review", "approve", slug, "--by", "审查员甲", *folders, *day)
    assert approved.returncode == 0, approved.stderr
    site.publish()
    assert site.pages() == [slug]
    assert (
        site.pipeline("review", "refuse", slug, "--by", "审查员甲", *folders, *day).returncode == 0
    )
    site.publish()
    assert site.pages() == []
    assert site.pipeline("ledger", "check", "--state", str(site.state)).returncode == 0


def test_a_withdrawal_is_a_notice_with_its_reason(site: Site) -> None:
    site.export("a.csv", {})
    site.publish()
    (slug,) = site.pages()
    folders = ("--state", str(site.state), "--content", str(site.content))
    call = ["withdraw", "石壕罚决[2026] 1 号", *folders, "--today", "2026-11-23", "--by", "甲"]
    personal = site.pipeline(*call, "--reason", "因覃测乐（身份证号500000199003079906）申请")
    assert personal.returncode == 2
    assert "不能含姓名" in personal.stderr
    assert "覃测乐" not in personal.stderr
    unknown = site.pipeline("withdraw", "无此号", *folders, "--by", "甲", "--reason", "复议撤销")
    assert unknown.returncode == 2
    done = site.pipeline(*call, "--reason", "行政复议撤销")
    assert done.returncode == 0, done.stderr
    assert "2026-11-26" in done.stdout  # three working days: 行政处罚法第四十八条、第八十五条
    site.publish("2026-11-23")
    page = (site.output / "decisions" / slug / "index.html").read_text()
    assert "行政复议撤销" in page
    assert site.traces("綦江测试砂石") == site.traces("村道旁") == []
    # A later export of the same decision does not bring it back.
    site.export("b.csv", {"违法事实": "另有事实。"})
    site.publish("2026-11-24")
    assert site.traces("另有事实") == []


def test_verify_names_what_was_changed(site: Site) -> None:
    site.export("a.csv", {})
    site.publish()
    assert site.pipeline("verify", str(site.output)).returncode == 0
    (site.output / "index.html").write_text("changed")
    (site.output / "extra.html").write_text("x")
    done = site.pipeline("verify", str(site.output))
    assert done.returncode == 3
    assert "index.html" in done.stdout
    assert "extra.html" in done.stdout


@pytest.mark.parametrize(
    "verb", [["status"], ["review", "list"], ["ledger", "check"]], ids=" ".join
)
def test_a_mistyped_state_folder_is_said_and_not_made(tmp_path: Path, verb: list[str]) -> None:
    """An empty ledger, made on the spot, would look like one in which all is well."""
    done = cli(*verb, "--state", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "没有台账" in done.stderr.decode()
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_is_no_ledger_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_text("不是数据库的内容" * 20, encoding="utf-8")
    done = cli("ledger", "check", "--state", str(tmp_path))
    assert done.returncode == 2
    assert "恢复备份" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_a_day_that_can_only_be_a_slip_is_refused(tmp_path: Path) -> None:
    done = cli("publish", "--state", str(tmp_path), "--today", "9026-11-20")
    assert done.returncode == 2
    assert "年份" in done.stderr.decode()


def test_an_error_nobody_foresaw_shows_its_place_and_never_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left, frame.sentences():
        raise KeyError(IDENTITY)
    told = capsys.readouterr().err
    assert left.value.code == 3
    assert "KeyError" in told
    assert "test_cli.py" in told
    assert IDENTITY not in told


def test_redact_survives_json_that_nests_too_deep() -> None:
    done = cli(
        "redact", "--policy", "shihao", stdin=b"[" * 100_000 + b'\n{"text": "\xe5\x85\xac"}\n'
    )
    assert done.returncode == 4
    assert len(done.stdout.splitlines()) == 2
    assert b"Traceback" not in done.stderr
