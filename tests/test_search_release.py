"""Does a release keep the base of the last one's search index, and never what it must not?"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.public.search.files import read_json, read_packed
from pipeline.public.search.tombstones import dead
from tests.conftest import Site

pytestmark = pytest.mark.slow
ROWS = 505


def rows(changed: dict[str, str]) -> list[dict[str, str]]:
    """So many decisions that a base is kept; the first with changes."""
    numbers = [f"石壕罚决〔2026〕{at}号" for at in range(1, ROWS + 1)]
    plain = [{"行政处罚决定书文号": number} for number in numbers]
    return [{**plain[0], **changed}, *plain[1:]]


def index(site: Site) -> Path:
    return site.output / "search" / "index"


def test_the_base_is_kept_without_the_words_that_a_correction_took_out(site: Site) -> None:
    site.export("a.csv", *rows({"违法事实": "堆放砂石，铸铁的水泵一台停在路边。"}))
    assert site.publish().returncode == 0
    assert any("铸铁".encode() in read_packed(path) for path in bucket_files(site))
    (first,) = read_json(index(site) / "root.bin")["parts"]
    site.export("a.csv", *rows({"违法事实": "堆放砂石，现场有水泵一台。"}))
    assert site.publish("2026-11-21").returncode == 0
    base, delta = read_json(index(site) / "root.bin")["parts"]
    assert base["base"] == first["base"]
    assert dead(base)
    assert delta["count"] < 60  # that decision, and pages that tell the day or count
    assert not any("铸铁".encode() in read_packed(path) for path in bucket_files(site))


def bucket_files(site: Site) -> list[Path]:
    return [path for path in index(site).rglob("*.bin") if path.parent.name == "b"]
