"""Downloads beside a table that lost rows: its workbooks made anew, sizes and checksums again."""

from __future__ import annotations

from typing import Any

import msgspec

from pipeline.public.downloads.dataset import (
    FOLDER,
    PACKAGE,
    SUMS,
    Listed,
    measured,
    name_of,
    sums,
    workbooks,
)
from pipeline.public.sweep.plan import Plan


def follow(plan: Plan) -> None:
    """Bring what is made of the planned tables in ``data/`` into line with them.

    A year's workbook of which nothing is left keeps its heading row: the page links to it.
    """
    changed = {path: "" for path in plan.written if path.startswith(FOLDER)}
    package = msgspec.json.decode(plan.read(PACKAGE) or b"{}")
    resources: list[dict[str, Any]] = package.get("resources", [])
    for one in resources:
        if f"{FOLDER}{one['path']}" in changed and one["format"] == "csv":
            changed |= _workbooks(plan, one)
    if not changed or not resources:
        return
    for one in resources:
        if (path := f"{FOLDER}{one['path']}") in changed:
            one |= measured(plan.read(path))
            if source := changed[path]:
                one["source"] = source
    plan.write(PACKAGE, msgspec.json.format(msgspec.json.encode(package), indent=2) + b"\n")
    listed = [Listed(f"{FOLDER}{one['path']}", {"hash": one["hash"]}) for one in resources]
    plan.write(SUMS, sums(listed).body)


def _workbooks(plan: Plan, table: dict[str, Any]) -> dict[str, str]:
    """Write the workbooks of a table; the hash of the rows that each was made of."""
    path, title = f"{FOLDER}{table['path']}", table["title"]
    name, by_year = name_of(path), table.get("workbooksByYear", "")
    body = plan.read(path)
    made = {book.file.path: book for book in workbooks(name, title, body, by_year)}
    for found in plan.names(f"{FOLDER}{name}*.xlsx"):
        if name_of(found) == name and found not in made:
            (made[found],) = workbooks(name, title, body.splitlines(keepends=True)[0])
    for found, book in made.items():
        plan.write(found, book.file.body)
    return {found: book.source for found, book in made.items()}
