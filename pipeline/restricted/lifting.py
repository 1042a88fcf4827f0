"""Whether a number that a reviewer let stand may stand: asked with the eyes of the audit.

The audit refuses a whole release for one number that is a secret of any row. So a number
is shown only while no row, its own or another, holds it as one; the day it does, it is
masked again and its decision held, and everything else goes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.model import PublicDecision
from pipeline.restricted.forms import folded
from pipeline.restricted.redact import Redacted, Verdict
from pipeline.restricted.rulings import Ruling
from pipeline.restricted.verdict import Reason
from pipeline.restricted.visible import WORDS, all_text, compact, patterns, shapes

_BARRED = Reason(
    "barred",
    "",
    "审查员同意显示的一处号码，也是台账中不得公开的个人号码，已照旧遮盖，请再看一次。",
)


def numbers_of(redacted: Iterable[Redacted], own_values: Iterable[str]) -> frozenset[str]:
    """Every number the audit will look for, compact, but the agencies' own."""
    known = {
        pattern
        for one in redacted
        for secret in one.secrets
        if secret.kind not in WORDS
        for pattern in patterns(secret)
    }
    return frozenset(known - {compact(value) for value in own_values})


def is_barred(decision: PublicDecision, numbers: Iterable[str]) -> bool:
    """Whether a decision shows one of ``numbers``, or an identity number of anybody."""
    text = all_text(decision)
    if any(kind == "id" for kind, _ in shapes(folded(text))):
        return True
    plain = compact(text)
    return any(number in plain for number in numbers)


def lifts_a_number(one: Redacted) -> bool:
    """Whether a reviewer let a number stand in this decision."""
    return any(reason.code == "lifted_number" for reason in one.reasons)


def to_mask_again(redacted: Mapping[str, Redacted], own_values: Iterable[str]) -> list[str]:
    """The slugs of the decisions that show by a ruling what must not be shown."""
    lifted = [slug for slug, one in redacted.items() if lifts_a_number(one)]
    if not lifted:
        return []
    numbers = numbers_of(redacted.values(), own_values)
    return [slug for slug in lifted if is_barred(redacted[slug].decision, numbers)]


def numbers_shown(rulings: Iterable[Ruling]) -> list[Ruling]:
    """The rulings that let something with a digit in it stand."""
    return [r for r in rulings if not r.masks and any(char.isdigit() for char in folded(r.text))]


def held_again(one: Redacted) -> Redacted:
    """The decision, masked again, with the reason why a person must look."""
    verdict: Verdict = "withheld" if one.verdict == "withheld" else "held"
    return replace(one, verdict=verdict, reasons=(*one.reasons, _BARRED))
