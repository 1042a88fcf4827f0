"""Both errors of the rule for names: a planted name that passes, a row stopped for nothing.

The demonstration exports are published once. Then, many times over, a name of one row is
written into the public text of another (as if the redaction had not found it there) or of
its own, and the rule is asked; and names that are words, that officers bear, or that stand
as legal representatives are given to persons of the ledger, and nothing must be stopped.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec

from pipeline import publish
from pipeline.places import Places
from pipeline.public import content
from pipeline.restricted import crossing
from pipeline.restricted.asked import Watch
from pipeline.restricted.audit import audit
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.raw import Origin, Secret
from pipeline.restricted.redact import Redacted
from pipeline.restricted.remembered import redact_ledger
from pipeline.restricted.visible import left_over, patterns

ROOT = Path(__file__).resolve().parents[1]
_DAY = date(2026, 11, 20)
_WORDS = (
    *("高兴", "江山", "田野", "安全", "高山", "方便", "成功", "明确", "时间", "严重"),
    *("平安", "常规", "相应", "和平", "温度", "程度", "黄河", "长江", "白云", "金属"),
)
_BEFORE = ("证人", "经查，", "由", "向", "对", "、", "与", "主张")
_AFTER = ("说，", "证实", "在场", "的", "，", "、", "等人", "承认")


def measure(folder: Path, trials: int, rng: random.Random) -> None:
    """Print both errors."""
    places = Places(
        ROOT / "examples" / "inbox", ROOT / "content", folder / "private", folder / "output"
    )
    report = publish.publish(places, today=_DAY, approve_as="演示审查员")
    print(f"demonstration: {report.outcome}, {report.states}")
    folders = content.load(places.content).folders
    agencies = {slug: one.agency for slug, one in folders.items()}
    own = {s: (a.name, a.short_name, *a.aliases, *a.own_values) for s, a in agencies.items()}
    with Ledger(places.state / "ledger.db") as ledger:
        redacted = redact_ledger(ledger, agencies)
    held = sum(any(r.code == "foreign" for r in one.reasons) for one in redacted.values())
    print(f"held for a name of another row: {held} of {len(redacted)}")
    _planted(redacted, own, trials, rng)
    _given(
        redacted,
        own,
        [o.cells["name"] for f in folders.values() for o in f.officers],
        places.output,
    )


def _planted(
    redacted: Mapping[str, Redacted],
    own: Mapping[str, tuple[str, ...]],
    trials: int,
    rng: random.Random,
) -> None:
    clear = [one for one in redacted.values() if one.verdict == "clear"]
    named = [(one, s) for one in clear for s in one.secrets if s.kind == "name" and patterns(s)]
    missed: Counter[str] = Counter()
    for _ in range(trials):
        bearer, secret = rng.choice(named)
        for where, target in (("its own row", bearer), ("another row", rng.choice(clear))):
            shown = _with(target, secret.reveal(), rng)
            if where == "its own row":
                seen = bool(left_over(shown.decision, shown.secrets, ()))
            else:
                both = {bearer.decision.slug: bearer, shown.decision.slug: shown}
                seen = crossing.hold(both, own)[shown.decision.slug].verdict == "held"
                seen |= bool(left_over(shown.decision, shown.secrets, ()))
            if not seen:
                missed[where] += 1
                missed["a word" if crossing.is_word(secret.reveal()) else "no word"] += 1
    print(f"planted {trials} times in each: missed {dict(missed)}")


def _with(one: Redacted, name: str, rng: random.Random) -> Redacted:
    """``one`` with a name written into its facts, after a mark or in a sentence."""
    details = dict(one.decision.details)
    texts = [key for key in sorted(details) if key != "legal_representative"]
    key = rng.choice([key for key in texts if len(details[key]) > 20] or texts)
    text = details[key]
    at = rng.choice([i + 1 for i, char in enumerate(text) if char in "，。；"] or [len(text)])
    details[key] = f"{text[:at]}{rng.choice(_BEFORE)}{name}{rng.choice(_AFTER)}{text[at:]}"
    return replace(one, decision=msgspec.structs.replace(one.decision, details=details))


def _given(
    redacted: Mapping[str, Redacted],
    own: Mapping[str, tuple[str, ...]],
    officers: list[str],
    output: Path,
) -> None:
    shown = {one.decision.details.get("legal_representative", "") for one in redacted.values()}
    shown = {name for name in shown if name and "某" not in name}
    kinds = {"a word": _WORDS, "an officer's": officers, "a representative's": shown}
    entries = [one for one in redacted.values() if one.verdict == "clear"]
    clear = sorted(one.decision.slug for one in entries)
    texts = [path.read_text(encoding="utf-8") for path in ROOT.glob("content/**/*.csv")]
    for kind, names in kinds.items():
        wrongly, watches = 0, []
        for place, name in enumerate(sorted(set(names))):
            slug = clear[place % len(clear)]
            bearer = redacted[slug]
            bearer = replace(bearer, secrets=(*bearer.secrets, Secret(name, "name")))
            again = crossing.hold({**redacted, slug: bearer}, own)
            wrongly += sum(again[s].verdict != redacted[s].verdict for s in again if s != slug)
            watches.append(Watch("x-none", Origin("a.csv", "", place), (Secret(name, "name"),)))
        decisions = [_Shown(one.decision) for one in entries]
        leaks = audit(output, watches, decisions, allowed={}, written=texts)
        print(
            f"names that are also {kind}: {len(watches)}, other rows held {wrongly}, "
            f"names that refuse a release {len({leak.origin for leak in leaks})}"
        )


class _Shown(msgspec.Struct):
    """An entry as the audit looks at it."""

    decision: object
