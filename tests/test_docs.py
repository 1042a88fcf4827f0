"""What the documents say is what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from click import Context

from pipeline import reference, schema, schema_reference
from pipeline.commands import app
from pipeline.fields import dictionary

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("数据字典.md", reference.data_dictionary),
        ("政策一览.md", reference.policy_reference),
        ("内容文件.md", schema_reference.document),
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
    declared = {re.split(r"[>=<]", line)[0] for line in project["dependencies"]}
    locked = set(re.findall(r"(?m)^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text()))
    assert _first_column("docs/dependencies.md") == declared
    assert _first_column("THIRD-PARTY-NOTICES.md") == locked


def _first_column(name: str) -> set[str]:
    rows = re.findall(r"(?m)^\| ([\w-]+) \|", (ROOT / name).read_text(encoding="utf-8"))
    return {row.lower().replace("_", "-") for row in rows} - {"package"}
