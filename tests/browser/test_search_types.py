"""Do the types in the search client's comments hold? Asked where TypeScript is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TSC = shutil.which("tsc")


def test_every_module_is_checked() -> None:
    modules = sorted((ROOT / "theme" / "static" / "search").glob("*.js"))
    assert len(modules) > 8
    for module in modules:
        assert "\n// @ts-check\n" in module.read_text(encoding="utf-8"), module.name


@pytest.mark.skipif(TSC is None, reason="npm install --global typescript")
def test_the_types_hold() -> None:
    command = [str(TSC), "--project", str(ROOT / "theme" / "jsconfig.json")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
