"""Where an agency's own numbers and addresses may stand: in what is its own, nowhere else.

A hotline is public on the pages of its agency; the same digits in the decision of another
agency, or in the decision of the officer whose telephone it is, are somebody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipeline.model import PublicDecision
from pipeline.restricted.forms import fold
from pipeline.restricted.raw import Secret
from pipeline.restricted.scan import Finder
from pipeline.restricted.visible import WORDS, all_text, compact, patterns


class Places:
    """The agencies' own values (by slug) and the files in which each may stand."""

    def __init__(self, own: Mapping[str, Iterable[str]]) -> None:
        self._own = {slug: {compact(value) for value in values} for slug, values in own.items()}
        self.values = frozenset[str]().union(*self._own.values())
        self._finder = Finder(self.values)

    def may_stand(self, value: str, file: str) -> bool:
        """Whether an own value may stand in a file of the site (its relative path).

        Pages of one agency or of one of its decisions may show its own; lists, feeds,
        downloads and the search index, which are made of all of them, those of any.
        """
        if value not in self.values:
            return False
        agency = self._agency_of(file)
        return not agency or value in self._own[agency]

    def misplaced(self, decision: PublicDecision, secrets: Iterable[Secret]) -> Iterator[str]:
        """The kinds of own values that a decision shows and its agency may not show there:
        another agency's, or one that is a secret of this very row."""
        found = self._finder.in_codes(fold(all_text(decision)))
        shown = found.values | {value for _, value in found.shapes if value in self.values}
        for secret in secrets:
            if secret.kind not in WORDS and shown.intersection(patterns(secret)):
                yield secret.kind
        if shown - self._own.get(decision.agency, set()):
            yield "own"

    def _agency_of(self, file: str) -> str:
        folder, _, rest = file.partition("/")
        if "/" not in rest or folder not in ("agencies", "decisions"):
            return ""
        end = "/" if folder == "agencies" else "-"
        return max((slug for slug in self._own if rest.startswith(slug + end)), key=len, default="")
