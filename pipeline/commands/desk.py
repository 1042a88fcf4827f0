"""What the verbs of ``review`` share: an open desk, and who sits at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from pipeline.agencies import Agency, load_agencies
from pipeline.calendar import Calendar, load_calendar
from pipeline.errors import ConfigurationError
from pipeline.restricted.comply.hold import hold
from pipeline.restricted.comply.run import side_tables
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.redact import Redacted
from pipeline.restricted.remembered import redact_ledger
from pipeline.restricted.review.desk import Desk
from pipeline.state import StateFolder

#: The reviewer, under either name of the option.
reviewer = click.option(
    "--by", "--reviewer", "by", metavar="姓名", required=True, help="审查人姓名。"
)
note = click.option("--note", metavar="说明", default="", help="说明（不要写入个人信息）。")


@contextmanager
def opened(content: Path, state: Path, today: date) -> Iterator[Desk]:
    """The desk of ``today`` with the state folder locked; see the errors of both folders."""
    agencies, calendar = load_agencies(content), load_calendar(content)
    with StateFolder.existing(state) as folder, Ledger(folder.ledger) as ledger:
        yield at(ledger, folder.root, content, agencies, calendar, today)


def at(
    ledger: Ledger,
    state: Path,
    content: Path,
    agencies: Mapping[str, Agency],
    calendar: Calendar,
    today: date,
) -> Desk:
    """The desk of ``today``."""
    found = redacted(ledger, state, content, agencies, calendar, today)
    return Desk(ledger, agencies, calendar, today, found)


def redacted(
    ledger: Ledger,
    state: Path,
    content: Path,
    agencies: Mapping[str, Agency],
    calendar: Calendar,
    today: date,
) -> dict[str, Redacted]:
    """Every decision as it would be published, with what the internal checks hold."""
    tables = side_tables(state, content, agencies)
    return hold(redact_ledger(ledger, agencies), ledger, tables, agencies, calendar, today)


def named(by: str) -> str:
    """The reviewer's name as it is recorded. Raises when there is none."""
    if not (name := " ".join(by.split())):
        raise ConfigurationError(["审查人姓名不能为空。"])
    return name
