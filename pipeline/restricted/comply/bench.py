"""One agency's rows as frames, and checks put to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.calendar import Calendar
from pipeline.restricted.comply import cases, yearly
from pipeline.restricted.comply.checks import Check
from pipeline.restricted.comply.findings import Word
from pipeline.restricted.comply.frame import Frame
from pipeline.restricted.comply.rules import Judged, World, judge
from pipeline.restricted.comply.tables import SideTables, read_side_tables
from pipeline.restricted.ledger import Kept

#: The folder of the side tables, in the state folder.
FOLDER = "comply"


class Inputs(NamedTuple):
    """What a run looks at. ``exempt``: decisions that lawfully stay unpublished."""

    kept: Iterable[Kept]
    tables: SideTables
    agencies: Mapping[str, Agency]
    calendar: Calendar
    exempt: frozenset[str] = frozenset()
    words: Mapping[str, Word] = {}


def side_tables(state: Path, content: Path, agencies: Mapping[str, Agency]) -> SideTables:
    """The side tables of a state folder, and the rosters."""
    return read_side_tables(state / FOLDER, content, agencies)


class Bench:
    """What the checks of one agency look at; ``asked`` are those that will be put."""

    def __init__(
        self,
        agency: Agency,
        kept: list[Kept],
        inputs: Inputs,
        today: date,
        asked: Iterable[Check],
    ) -> None:
        tables = dict(inputs.tables.frames.get(agency.slug, {}))
        tables |= yearly.count(tables, today)
        self._world = World(policy.load(agency.policy), inputs.calendar, today, tables)
        known = cases.frame_of(kept, cases.keys_of(asked), inputs.exempt, agency)
        self._frames = {**tables, "case": known}

    def frame(self, check: Check) -> Frame | None:
        """The rows that a check is about; None when the office keeps no such table."""
        return self._frames.get(check.over)

    def judge(self, check: Check, frame: Frame) -> Judged:
        """What a check says of its rows."""
        return judge(check, frame, self._world)
