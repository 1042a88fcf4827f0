"""Do the types in the search client's comments hold?"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_module_is_checked() -> None:
    modules = sorted((ROOT / "theme" / "static" / "search").glob("*.js"))
    assert len(modules) > 8
    for module in modules:
        assert "\n// @ts-check\n" in module.read_text(encoding="utf-8"), module.name


def test_the_types_hold() -> None:
    tsc = shutil.which("tsc")
    assert tsc, (
        "没有 tsc：请运行 apt-get install node-typescript，或者 npm install --global typescript"
    )
    command = [tsc, "--project", str(ROOT / "theme" / "jsconfig.json")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
