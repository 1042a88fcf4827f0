"""Where an agency's own numbers and addresses may stand: in what is its own, nowhere else.

A hotline is public on the pages of its agency; the same digits in the decision of another
agency, or in the decision of the officer whose telephone it is, are somebody's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from pipeline.model import PublicDecision
from pipeline.restricted.forms import fold
from pipeline.restricted.raw import Secret
from pipeline.restricted.scan import Finder, Scanned
from pipeline.restricted.visible import APART, WORDS, all_text, compact, patterns

_GROUP = 100  # decisions


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

    def suspects(
        self, decisions: Iterable[PublicDecision], secrets: Mapping[str, Iterable[Secret]]
    ) -> Iterator[PublicDecision]:
        """The decisions that :meth:`misplaced` need be asked about; many are looked at at once.

        ``secrets``: by slug, those of rows one of which may be an agency's own value.
        """
        by_agency: defaultdict[str, list[PublicDecision]] = defaultdict(list)
        for one in decisions:
            by_agency[one.agency].append(one)
        for agency, ours in by_agency.items():
            others = self.values - self._own.get(agency, set())
            finder = Finder(others)
            left = iter(ours)
            while group := list(islice(left, _GROUP)):
                found = finder.look(Scanned(fold(APART.join(map(all_text, group)))))
                shown = found.values or any(value in others for _, value in found.shapes)
                for one in group:
                    if shown or self._is_secret(secrets.get(one.slug, ())):
                        yield one

    def _is_secret(self, secrets: Iterable[Secret]) -> bool:
        """Whether one of these is an own value of some agency."""
        return any(
            not self.values.isdisjoint(patterns(secret))
            for secret in secrets
            if secret.kind not in WORDS
        )

    def misplaced(self, decision: PublicDecision, secrets: Iterable[Secret]) -> Iterator[str]:
        """The kinds of own values that a decision shows and its agency may not show there:
        another agency's, or one that is a secret of this very row."""
        found = self._finder.look(Scanned(fold(all_text(decision))))
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
