"""Makes a site folder for one's own agency from ``pipeline/template/``: valid from the first day.

What is asked stands in ``questions.toml``, each answer's form in the schema of the file it
goes to; what is made stands in ``site/``, with ``{{key}}`` where an answer goes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

import msgspec

from pipeline import policy, schema
from pipeline.agencies import SLUG, SLUG_TOLD
from pipeline.errors import ConfigurationError

TEMPLATE = Path(__file__).parent / "template"
#: What still waits for the office's own words; ``check`` names every place of it.
TO_FILL = "待填写"
_AGENCY = "agency"  # the folder's name in the template
_HOLE = re.compile(r"\{\{([a-z-]+)\}\}")


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``init`` asks: as a question (``label``) and as an option (``key``, ``help``).

    ``column``: the schema column that says what an answer may be (``agency.contact.hotline``);
    ``default`` None: an answer is needed; it may name an earlier answer in braces.
    """

    key: str
    label: str
    help: str
    column: str = ""
    default: str | None = None

    def fault(self, answer: str) -> str:
        """What is wrong with an answer, as the rest of a sentence; "" when nothing is."""
        if not answer.strip():
            return "不能为空。"
        if not answer.isprintable():
            return "应为一行文字，不能有换行等看不见的字符。"
        if self.key == "slug":
            return "" if SLUG.fullmatch(answer) else SLUG_TOLD
        if self.key == "policy" and answer not in policy.names():
            return f"没有名为“{answer}”的政策；可用的有：{'、'.join(policy.names())}。"
        return schema.fault(_column(self.column), answer)


@cache
def questions() -> tuple[Question, ...]:
    """Everything that is asked, in order."""
    table = tomllib.loads((TEMPLATE / "questions.toml").read_text(encoding="utf-8"))
    return msgspec.convert(table["questions"], tuple[Question, ...])


def default(question: Question, answers: Mapping[str, str]) -> str | None:
    """The answer to take when none is given; None when there must be one."""
    return question.default and question.default.format(**answers)


def completed(given: Mapping[str, str | None]) -> dict[str, str]:
    """The answers with the defaults filled in, all checked.

    Raises :class:`ConfigurationError` with every one that is missing or wrong.
    """
    answers: dict[str, str] = {}
    problems = []
    for question in questions():
        answer = given.get(question.key) or default(question, {"name": "—", **answers})
        if answer is None:
            problems.append(f"缺少 --{question.key}：请写明{question.label}。")
        elif said := question.fault(answer):
            problems.append(f"--{question.key}（{question.label}）{said}")
        else:
            answers[question.key] = answer.strip()
    if problems:
        raise ConfigurationError(problems)
    return answers


def check_free(folder: Path) -> None:
    """Refuse a folder in which there is something already."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise ConfigurationError([f"{folder} 已经有内容，不会覆盖；请换一个新文件夹。"])


def make(folder: Path, answers: Mapping[str, str], today: date) -> list[Path]:
    """Make the site in ``folder``, which must be free; every file that was written.

    ``answers``: what :func:`completed` gives. The site counts as opened on ``today``.
    """
    check_free(folder)
    program = Path(__file__).resolve().parents[1]
    words = {
        **answers,
        "site-start": today.isoformat(),
        "program": str(program),
        "python": sys.executable,
    }
    written = [
        _write(source, folder / _target(source, answers["slug"]), words)
        for source in sorted(TEMPLATE.glob("site/**/*"))
        if source.is_file()
    ]
    agency = folder / "content" / "agencies" / answers["slug"]
    written += _tables(agency, answers["policy"])
    (folder / "private").chmod(0o700)
    (folder / "gongshi").chmod(0o755)
    return sorted(written)


def _target(source: Path, slug: str) -> Path:
    """Where a file of the template goes; hidden files have no dot there."""
    parts = source.relative_to(TEMPLATE / "site").parts
    renamed = {_AGENCY: slug, "gitignore": ".gitignore"}
    return Path(*(renamed.get(part, part) for part in parts))


def _write(source: Path, target: Path, words: Mapping[str, str]) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".csv":
        shutil.copyfile(source, target)
        return target
    escape = _ESCAPES.get(source.suffix, str)
    text = source.read_text(encoding="utf-8")
    filled = _HOLE.sub(lambda hole: escape(words[hole[1]]), text)
    ending = "\r\n" if source.suffix == ".cmd" else os.linesep
    target.write_text(filled, encoding="utf-8", newline=ending)
    return target


def _tables(agency: Path, name: str) -> list[Path]:
    """The agency's tables with their headings alone: the roster and every kind of checklist."""
    kinds = {f"checklists/{kind}": schema.load(f"checklists/{kind}") for kind in _kinds(name)}
    made = []
    for place, kind in {"officers": schema.load("officers"), **kinds}.items():
        path = agency / f"{place}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        labels = [column.label for column in kind.columns if name not in column.not_for]
        # With a mark at its head, by which Excel knows the encoding.
        path.write_text(",".join(labels) + "\r\n", encoding="utf-8-sig", newline="")
        made.append(path)
    return made


def _kinds(name: str) -> list[str]:
    found = {kind: schema.load(f"checklists/{kind}") for kind in schema.names("checklists")}
    return [kind for kind, one in found.items() if not one.only or name in one.only]


def _column(path: str) -> schema.Column:
    kind, *keys = path.split(".")
    columns, found = schema.load(kind).columns, None
    for key in keys:
        found = next(column for column in columns if column.key == key)
        columns = found.columns
    if found is None:
        raise LookupError(path)
    return found


#: How a word is written inside the quotation marks of each kind of file.
_ESCAPES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        ".toml": lambda word: json.dumps(word, ensure_ascii=False)[1:-1],
        ".cmd": lambda word: word.replace("%", "%%"),
        "": lambda word: word.replace("'", "'\\''"),
    }
)
