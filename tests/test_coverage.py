"""Each published row of the requirements has its page in the demonstration site."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from pipeline.pages_coverage import Answer, answers, section
from pipeline.restricted.comply import coverage
from tests.conftest import ROOT, Site
from tests.rendering import demo as content

#: The rows of types publish, roster, checklist, flowchart, guide, complaint, stats.
NUMBERS = [*range(1, 28), *range(31, 41), 42, 99, *range(100, 103), 104, 121, 127, 128]
NUMBERS += [*range(131, 140), 141]
ROWS = {f"R{number:03d}" for number in NUMBERS}


def test_every_row_is_answered() -> None:
    assert {row.partition("-")[0] for row in answers()} >= ROWS


def test_the_document_is_current() -> None:
    text = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert text == coverage.document() + section(), "run: inv docs"


def addresses(answer: Answer, site: Site) -> Iterator[str]:
    """The pages of an answer, every agency's for "*", a penalty's for <处罚>."""
    penalty = next(slug for slug in site.pages() if slug.startswith("shihao-penalty-"))
    for page in answer.pages:
        named = page.replace("<处罚>", penalty)
        for slug in content().folders if "*" in named else [""]:
            yield named.replace("*", slug)


@pytest.mark.parametrize("row", answers())
def test_the_pages_are_there_and_say_it(demo: Site, row: str) -> None:
    for page in addresses(answers()[row], demo):
        path = demo.output / page / "index.html"
        assert path.is_file(), page
        html = path.read_text(encoding="utf-8")
        main = html[html.index("<main") :]
        text = re.sub(r"<[^>]*>", "", main)
        assert [word for word in answers()[row].says if word not in text] == [], page
