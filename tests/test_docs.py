"""What the documents say is what the code does."""

from __future__ import annotations

import pkgutil
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest
from click import Context

from pipeline import policy, reference, schema, schema_reference
from pipeline.commands import app, manual
from pipeline.fields import dictionary

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("数据字典.md", reference.data_dictionary),
        ("政策一览.md", reference.policy_reference),
        ("内容文件.md", schema_reference.document),
        ("命令.md", lambda: manual.document(app)),
    ],
)
def test_reference_documents_are_current(name: str, made) -> None:  # type: ignore[no-untyped-def]
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == made(), "run: inv docs"


def test_every_kind_of_content_file_is_described() -> None:
    lists = {f"checklists/{name}" for name in schema.names("checklists")}
    assert set(schema_reference.FILES) == {*schema.names(), *lists}


def test_every_field_has_a_dictionary_row() -> None:
    text = reference.data_dictionary()
    assert all(f"| `{key}` |" in text for key in dictionary())


def test_every_verb_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    verbs = app.list_commands(Context(app))
    assert verbs
    assert [name for name in verbs if f"`{name}" not in readme and name not in readme] == []


def test_links_between_documents_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *ROOT.glob("docs/*.md")):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_runtime_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for line in project["dependencies"]:
        name = re.split(r"[><=~!;\[ ]", line)[0]
        assert f"| {name} |" in reasons, name


def test_lock_files_hold_no_address() -> None:
    for path in ROOT.glob("requirements*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("--hash=") > 50


def test_the_reasons_and_the_notices_name_what_is_locked_and_no_more() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["cluster"]]
    declared = {re.split(r"[>=<]", line)[0] for line in lines}
    lock = (ROOT / "requirements-cluster.txt").read_text()  # what a run needs, and Dask
    locked = set(re.findall(r"(?m)^([a-z0-9-]+)==", lock))
    assert _first_column("docs/dependencies.md") == declared
    assert _first_column("THIRD-PARTY-NOTICES.md") == locked


def _first_column(name: str) -> set[str]:
    rows = re.findall(r"(?m)^\| ([\w-]+) \|", (ROOT / name).read_text(encoding="utf-8"))
    return {row.lower().replace("_", "-") for row in rows} - {"package"}


def _sources(value: object) -> Iterator[str]:
    """Every article that anything in a policy rests on."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "source":
                yield inner
            elif key not in ("examples", "terms"):  # the terms stand in their channel's rule
                yield from _sources(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _sources(inner)


@pytest.mark.parametrize("name", policy.names())
def test_every_rule_of_a_policy_is_in_the_reference(name: str) -> None:
    rules = policy.load(name)
    (section,) = re.findall(
        rf"(?ms)^## [^\n]*（`{name}`）$.*?(?=^## |\Z)", reference.policy_reference()
    )
    values = msgspec.to_builtins(rules)
    assert [one for one in _sources(values) if one not in section] == []
    table = {line.rsplit("|", 2)[1].strip() for line in section.splitlines() if line[:2] == "| "}
    for key in type(rules).__struct_fields__:
        inner = values[key]
        if isinstance(inner, dict) and "source" in inner:
            assert inner["source"] in table, key


# The operator's handbook


HANDBOOK = sorted(
    path for path in (ROOT / "docs").glob("*.md") if re.search(r"[\u4e00-\u9fff]", path.name)
)
#: How a document calls the program.
_PROGRAM = re.compile(r"(?:\S*python3? -m pipeline|(?:\./|/srv/gongshi/)?gongshi)(?= |$)")
_PLACEHOLDER = {"命令"}


def _calls(path: Path, *, blocks: bool) -> list[list[str]]:
    """Every call of the program: in the ```sh blocks, or elsewhere between backticks."""
    text = path.read_text(encoding="utf-8")
    shown = re.findall(r"(?ms)^ *```(?:sh|bat)\n(.*?)^ *```", text)
    rest = re.sub(r"(?ms)^ *```.*?^ *```", "", text)
    lines = (
        "\n".join(shown).replace("\\\n", " ").splitlines()
        if blocks
        else re.findall(r"`([^`\n]+)`", rest)
    )
    found = []
    for line in lines:
        if call := _PROGRAM.match(line.strip().removeprefix("sudo -u gongshi ")):
            words = shlex.split(
                line.strip().removeprefix("sudo -u gongshi ")[call.end() :], comments=True
            )
            found.append(words)
    return found


def _resolved(words: list[str]) -> tuple[click.Command, str, list[str]]:
    """The command that the words name, its name, and what follows it."""
    command, name = app, ""
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(Context(command), words[0])
        if inner is None:
            break
        command, name, words = inner, words[0], words[1:]  # type: ignore[assignment]
    return command, name, words


@pytest.mark.parametrize("path", [*HANDBOOK, ROOT / "README.md"], ids=lambda path: path.stem)
def test_every_call_shown_is_one_that_the_program_takes(path: Path) -> None:
    for call in _calls(path, blocks=True):
        command, name, words = _resolved(list(call))
        assert not isinstance(command, click.Group) or command.invoke_without_command, call
        command.make_context(name, words).close()  # raises for what it would not take


@pytest.mark.parametrize("path", [*HANDBOOK, ROOT / "README.md"], ids=lambda path: path.stem)
def test_every_call_named_in_passing_has_a_verb_and_options_there_are(path: Path) -> None:
    verbs = "|".join(app.list_commands(Context(app)))
    text = path.read_text(encoding="utf-8")
    inline = [one for one in re.findall(r"`([^`\n]+)`", text) if re.match(rf"(?:{verbs}) ", one)]
    calls = [call for call in _calls(path, blocks=False) if call and call[0] not in _PLACEHOLDER]
    for call in [*calls, *(one.split() for one in inline)]:
        command, _, words = _resolved(call)
        assert command is not app, call
        known = {name for option in command.params for name in option.opts} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= known, call


def test_the_handbook_is_seen_at_work() -> None:
    """A pattern that finds nothing proves nothing."""
    assert sum(len(_calls(path, blocks=True)) for path in HANDBOOK) > 25
    assert sum(len(_calls(path, blocks=False)) for path in HANDBOOK) > 15


@pytest.mark.parametrize("path", [*HANDBOOK, ROOT / "README.md"], ids=lambda path: path.stem)
def test_every_file_and_task_a_document_names_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"/opt/gongshi/((?:deploy|docs)/[\w./-]+\w)", text):
        assert (ROOT / name).exists(), name
    tasks = (ROOT / "tasks.py").read_text(encoding="utf-8")
    for verb in re.findall(r"(?:`|bin/)inv ([a-z][a-z-]*)|tasks\.py ([a-z]+)", text):
        assert f"def {(verb[0] or verb[1]).replace('-', '_')}(" in tasks, verb


def test_the_index_names_every_document() -> None:
    index = (ROOT / "docs" / "目录.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "目录.md" or f"({page.name})" in index, page.name


def test_every_name_of_the_glossary_is_in_the_code() -> None:
    rows = re.findall(
        r"(?m)^\| ([^|]+) \| [^|]+ \| `(pipeline[\w.]*)` \|$",
        (ROOT / "docs" / "术语表.md").read_text(encoding="utf-8"),
    )
    assert len(rows) > 40
    for term, name in rows:
        assert pkgutil.resolve_name(name) is not None, term


def test_what_to_do_about_a_leak_is_told_step_by_step() -> None:
    """The steps a person takes when something private is out: all of them, in this order."""
    text = (ROOT / "docs" / "撤下与泄露.md").read_text(encoding="utf-8")
    steps = text[text.index("## 怀疑泄露") :]
    order = [
        "withdraw",
        "rollback",
        "copy.sh",
        "verify",
        "ledger check",
        "review serve",
        "自动清除",
    ]
    places = [steps.index(word) for word in (*order, "告诉谁", "第五十七条")]
    assert places == sorted(places)
