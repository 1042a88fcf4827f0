"""What was redacted once is not redacted again, unless something it depends on changed.

A night's work thus follows what changed, and a reviewer's command answers at once. A
result depends on the row, the policy, the agency's own strings and the engine: its
source, its data and its models. It is kept in the ledger, because it holds raw values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

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
from pipeline.restricted.rulings import NOTHING, Fitted, Ruling, fit

_HERE = Path(__file__).parent
_MODELS = ("jieba", "python-crfsuite")
_SOURCES = ("*.py", "detect/*")
#: Decisions redacted before they are remembered: so much a run that fails has to do again.
_AT_ONCE = 20_000


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
    ``hands``: who redacts where there is much to do. ``steps`` counts decisions. ``kept``: those
    of the ledger, where they are read already.
    """
    said = ledger.rulings()
    by_agency: dict[str, list[Kept]] = {}
    for one in ledger.decisions() if kept is None else kept:
        by_agency.setdefault(one.raw.agency, []).append(one)
    known = {slug: (depends_on, body) for slug, depends_on, body in ledger.redactions()}
    found: dict[str, Redacted] = {}
    steps.expect(sum(len(by_agency.get(slug, ())) for slug in agencies), "件")
    for agency in agencies.values():
        desk = Remembering(agency, hands)
        changed: dict[str, Kept] = {}
        fitted: dict[str, Fitted] = {}
        for one in by_agency.get(agency.slug, ()):
            fitted[one.slug] = fit_to(one, said.get(one.slug, ()))
            depends_on, body = known.get(one.slug, ("", b""))
            if depends_on == desk.grounds(one, fitted[one.slug]):
                found[one.slug] = thaw(body)
                steps.tick()
            else:
                changed[one.slug] = one
        slugs = list(changed)
        for at in range(0, len(slugs), _AT_ONCE):
            part = slugs[at : at + _AT_ONCE]
            new = desk.redact([changed[s] for s in part], fitted, steps)
            ledger.remember((s, desk.grounds(changed[s], fitted[s]), freeze(new[s])) for s in part)
            found |= new
    masked = found | _masked_again(found, by_agency, agencies, said, hands)
    return crossing.hold(masked, own_strings(agencies))


class Remembering:
    """Redacts decisions of one agency, and knows what each result depends on."""

    def __init__(self, agency: Agency, hands: Hands = POOL) -> None:
        self._agency, self._hands = agency, hands
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

    def redact(
        self, kept: Iterable[Kept], rulings: Mapping[str, Fitted], steps: Steps = SILENT
    ) -> dict[str, Redacted]:
        """The decisions redacted, by slug; many of them in other processes.

        ``steps`` counts them as they come back.
        """
        by_slug = {one.slug: one.raw for one in kept}
        if len(by_slug) >= self._hands.least:
            rows = [Sent.of(s, raw, rulings.get(s, NOTHING)) for s, raw in by_slug.items()]
            frozen = steps.through(self._hands.redact(self._agency, rows))
            return dict(zip(by_slug, map(thaw, frozen), strict=True))
        done = self._redactor.redact_all(list(by_slug.values()), list(by_slug), rulings)
        steps.tick(len(by_slug))
        return dict(zip(by_slug, done, strict=True))


def fit_to(one: Kept, rulings: Iterable[Ruling]) -> Fitted:
    """What of the rulings on a decision holds for its text of today."""
    return fit(one.slug, {key: s.reveal() for key, s in one.raw.values.items()}, rulings)


def _masked_again(
    found: Mapping[str, Redacted],
    by_agency: Mapping[str, list[Kept]],
    agencies: Mapping[str, Agency],
    said: Mapping[str, list[Ruling]],
    hands: Hands,
) -> dict[str, Redacted]:
    """The decisions that show a number which some row holds as a secret, with it masked."""
    own = [value for agency in agencies.values() for value in agency.own_values]
    again = set(lifting.to_mask_again(found, own))
    masked: dict[str, Redacted] = {}
    for slug, agency in agencies.items():
        ours = [one for one in by_agency.get(slug, ()) if one.slug in again] if again else []
        if ours:
            fewer = {one.slug: _fewer(one, said) for one in ours}
            masked |= Remembering(agency, hands).redact(ours, fewer)
    return {slug: lifting.held_again(one) for slug, one in masked.items()}


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
