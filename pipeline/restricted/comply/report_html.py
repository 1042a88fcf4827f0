"""The internal report as one local page: no script, nothing loaded from anywhere."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.restricted.comply.findings import SEVERITIES, STATES
from pipeline.restricted.comply.matrix import matrix
from pipeline.restricted.comply.run import Result

#: A page with more rows is no longer read; the workbook holds all of them.
MAX_FINDINGS = 2_000
MAX_LINES = 300


def write(path: Path, result: Result) -> None:
    """Write the page; the file is readable by its owner alone (0600)."""
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    table = matrix(result.findings)
    text = env.get_template("report.html").render(
        result=result,
        table=table,
        lines=table.lines[:MAX_LINES],
        findings=result.findings[:MAX_FINDINGS],
        states=STATES,
        severities=SEVERITIES,
        by_state=Counter(finding.state for finding in result.findings),
        by_severity=Counter(f.severity for f in result.findings if f.state == "open"),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    path.chmod(0o600)
