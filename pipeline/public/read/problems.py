"""What is wrong with ``content/``: gathered from every file first, then told all at once.

A reader may add its problems one by one (:meth:`Problems.add`) or raise a
:class:`ConfigurationError` of its own inside ``with problems.collecting():``; both end
up in the same list. No problem ever repeats the value it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import ConfigurationError


class Problems:
    """The list of problems; ``bool()`` says whether there is any, ``len()`` how many."""

    def __init__(self) -> None:
        self._told: list[str] = []

    def __len__(self) -> int:
        return len(self._told)

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def add(self, place: str, what: str, *, row: int = 0, line: int = 0, column: str = "") -> None:
        """One problem of the file called ``place`` (see ``tables.place_of``).

        ``row``: a table's row, its header being row 1; ``line``: a text's line;
        ``column``: the column's or key's name. ``what`` goes on with the sentence: what
        was expected, what to do.
        """
        where = f"第{row}行" if row else f"第{line}行" if line else ""
        told = f"{place}：{where}{f'“{column}”' if column else ''}{what}"
        if told not in self._told:
            self._told.append(told)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Keep the problems of a :class:`ConfigurationError` and go on after the block."""
        try:
            yield
        except ConfigurationError as error:
            self._told += [told for told in error.problems if told not in self._told]

    def stop(self) -> None:
        """Raise :class:`ConfigurationError` with every problem, when there is any."""
        if self._told:
            raise ConfigurationError(self._told)
