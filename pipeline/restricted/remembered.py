"""What was redacted once is not redacted again, unless something it depends on changed.

A night's work thus follows what changed, and a reviewer's command answers at once. A
result depends on the row, the policy, the agency's own strings and the engine: its
source, its data and its models. It is kept in the ledger, because it holds raw values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.fields import dictionary
from pipeline.model import PublicDecision
from pipeline.policy import Policy
from pipeline.progress import SILENT, Steps
from pipeline.restricted import crossing, lifting
from pipeline.restricted.hands import Hands, Sent
from pipeline.restricted.ledger import Kept, Ledger
from pipeline.restricted.pooled import POOL
from pipeline.restricted.raw import Secret
from pipeline.restricted.redact import Reason, Redacted, Redactor, Span, Verdict
from pipeline.restricted.rulings import Fitted, Ruling, fit

_HERE = Path(__file__).parent
_MODELS = ("jieba", "numpy")
_SOURCES = ("*.py", "detect/*")
#: Decisions redacted before they are remembered: so much a run that fails has to do again.
_AT_ONCE = 20_000
_NOTHING = ("", b"")


class _Stored(msgspec.Struct, frozen=True):
    decision: PublicDecision
    verdict: Verdict
    reasons: tuple[Reason, ...]
    spans: dict[str, tuple[Span, ...]]
    secrets: tuple[tuple[str, str], ...]
    left: tuple[str, ...]


def redact_ledger(
    ledger: Ledger,
    agencies: Mapping[str, Agency],
    hands: Hands = POOL,
    steps: Steps = SILENT,
    kept: Iterable[Kept] | None = None,
) -> dict[str, Redacted]:
    """Every decision of a known agency, redacted by its agency's policy, by slug.

    What reviewers said on single words holds, as far as it fits the text of today.
    ``hands``: who redacts where there is much to do; they are let go. ``steps`` counts
    decisions. ``kept``: those of the ledger, where they are read already.
    """
    said, known = ledger.rulings(), {slug: (on, body) for slug, on, body in ledger.redactions()}
    desks = {slug: Remembering(agency) for slug, agency in agencies.items()}
    rows = ledger.decisions() if kept is None else kept
    ours = {one.slug: one for one in rows if one.raw.agency in desks}
    fitted = {slug: fit_to(one, said.get(slug, ())) for slug, one in ours.items()}
    grounds = {s: desks[one.raw.agency].grounds(one, fitted[s]) for s, one in ours.items()}
    same = [slug for slug, on in grounds.items() if known.get(slug, _NOTHING)[0] == on]
    steps.expect(len(ours), "件")
    work = _Work(desks, hands, fitted)
    try:
        coming = map(work.begun, _parts(ours.keys() - set(same), ours))
        ahead = next(coming, None)  # under way while what is known is read back
        found = {slug: thaw(known[slug][1]) for slug in steps.through(same)}
        while ahead is not None:
            begun, ahead = ahead, next(coming, None)
            new = dict(steps.through(begun))
            ledger.remember((slug, grounds[slug], body) for slug, body in new.items())
            found |= {slug: thaw(body) for slug, body in new.items()}
        masked = found | _masked_again(found, ours, agencies, said, work)
    finally:
        hands.close()
    return crossing.hold(masked, own_strings(agencies))


def _parts(changed: Collection[str], ours: Mapping[str, Kept]) -> Iterator[list[Kept]]:
    """The changed ones of ``ours``, so many at a time as are to be remembered together."""
    rows = [one for slug, one in ours.items() if slug in changed]
    yield from (rows[at : at + _AT_ONCE] for at in range(0, len(rows), _AT_ONCE))


class _Work(NamedTuple):
    """Who redacts: here, or other hands when there is much to do."""

    desks: Mapping[str, Remembering]
    hands: Hands
    fitted: Mapping[str, Fitted]

    def begun(self, rows: Sequence[Kept]) -> Iterator[tuple[str, bytes]]:
        """The rows redacted, slug and frozen result; other hands begin at once."""
        sent: dict[str, list[Sent]] = {}
        for one in rows:
            row = Sent.of(one.slug, one.raw, self.fitted[one.slug])
            sent.setdefault(one.raw.agency, []).append(row)
        desks = [(self.desks[agency], part) for agency, part in sent.items()]
        here = len(rows) < self.hands.least
        done = (d.frozen(part) if here else self.hands.redact(d.agency, part) for d, part in desks)
        slugs = (row.slug for _, part in desks for row in part)
        return zip(slugs, chain.from_iterable(list(done)), strict=True)


class Remembering:
    """Redacts decisions of one agency, and knows what each result depends on."""

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        rules, keep = policy.load(agency.policy), _own(agency)
        self._engine = fingerprint(rules, keep)
        self._redactor = Redactor(rules, keep=keep)

    def grounds(self, one: Kept, rulings: Fitted) -> str:
        """What the redaction of a decision depends on."""
        return self._engine + one.digest + rulings.fingerprint

    def frozen(self, rows: Sequence[Sent]) -> list[bytes]:
        """Rows that were sent to this process, redacted, as the ledger remembers them."""
        raws, slugs = [row.raw for row in rows], [row.slug for row in rows]
        said = {row.slug: row.rulings for row in rows}
        return [freeze(one) for one in self._redactor.redact_all(raws, slugs, said)]

    def redact(self, kept: Iterable[Kept], rulings: Mapping[str, Fitted]) -> dict[str, Redacted]:
        """The decisions redacted in this process, by slug."""
        by_slug = {one.slug: one.raw for one in kept}
        done = self._redactor.redact_all(list(by_slug.values()), list(by_slug), rulings)
        return dict(zip(by_slug, done, strict=True))


def fit_to(one: Kept, rulings: Iterable[Ruling]) -> Fitted:
    """What of the rulings on a decision holds for its text of today."""
    return fit(one.slug, {key: s.reveal() for key, s in one.raw.values.items()}, rulings)


def _masked_again(
    found: Mapping[str, Redacted],
    ours: Mapping[str, Kept],
    agencies: Mapping[str, Agency],
    said: Mapping[str, list[Ruling]],
    work: _Work,
) -> dict[str, Redacted]:
    """The decisions that show a number which some row holds as a secret, with it masked."""
    own = [value for agency in agencies.values() for value in agency.own_values]
    again = [ours[slug] for slug in lifting.to_mask_again(found, own)]
    fewer = {one.slug: _fewer(one, said) for one in again}
    begun = work._replace(fitted=fewer).begun(again)
    return {slug: lifting.held_again(thaw(body)) for slug, body in begun}


def _fewer(one: Kept, said: Mapping[str, list[Ruling]]) -> Fitted:
    fitted = fit_to(one, said[one.slug])
    return fitted.without(lifting.numbers_shown(fitted.holding))


def own_strings(agencies: Mapping[str, Agency]) -> dict[str, tuple[str, ...]]:
    """The strings of each agency that redaction leaves alone, by its slug."""
    return {slug: _own(agency) for slug, agency in agencies.items()}


def _own(agency: Agency) -> tuple[str, ...]:
    """The agency's strings that redaction leaves alone."""
    return (*agency.own_values, agency.name, agency.short_name, *agency.aliases)


def fingerprint(rules: Policy, keep: Iterable[str]) -> str:
    """What every redaction under ``rules`` with these own strings depends on, but the row."""
    parts = (_engine(), msgspec.json.encode(rules, order="deterministic"), *map(str.encode, keep))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


@cache
def _engine() -> bytes:
    digest = hashlib.sha256(sources())
    digest.update(msgspec.json.encode(dictionary(), order="deterministic"))
    digest.update("".join(map(version, _MODELS)).encode())
    return digest.digest()


def sources() -> bytes:
    """The digest of the engine's own files: its source, its data and its model."""
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(_HERE.glob(pattern)):
            if path.is_file():
                digest.update(path.name.encode() + path.read_bytes())
    return digest.digest()


def freeze(done: Redacted) -> bytes:
    """A result as the private ledger keeps it."""
    secrets = tuple((secret.kind, secret.reveal()) for secret in done.secrets)
    left = tuple(secret.reveal() for secret in done.left)
    return msgspec.msgpack.encode(
        _Stored(done.decision, done.verdict, done.reasons, dict(done.spans), secrets, left)
    )


def thaw(body: bytes) -> Redacted:
    """The result that :func:`freeze` was given."""
    stored = msgspec.msgpack.decode(body, type=_Stored)
    secrets = tuple(Secret(text, kind) for kind, text in stored.secrets)
    left = tuple(Secret(text, "name") for text in stored.left)
    return Redacted(stored.decision, stored.verdict, stored.reasons, stored.spans, secrets, left)
