"""What is personal and still stands in a redacted decision: asked before and after the build.

Before, a decision that shows such a thing is held, so that it costs only itself; after
it, the audit asks the same of what was built.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from stdnum import luhn
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from pipeline.model import PublicDecision
from pipeline.restricted.forms import folded, is_plain
from pipeline.restricted.raw import Secret

#: Kinds that are words of the language: they may stand elsewhere and mean another thing.
WORDS = frozenset({"name", "address", "wealth", "other"})
#: Words that only a reviewer marked: private where they stand, and ordinary elsewhere.
OWN_ROW_ONLY = frozenset({"other"})
_SHORTEST = {"name": 2, "address": 6, "wealth": 6, "other": 2}
_SHORTEST_NUMBER = 7
_LONG = 200_000  # characters
APART = "\0"  # between values, so that the end of one and the start of the next are no name

# GB 11643: a province, a birth date that exists in form, sequence, check character. A wrong
# check character does not make it harmless: people mistype their numbers.
_ID = re.compile(
    r"(?<![0-9a-z])(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)\d{4}"
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx](?![0-9a-z])"
)
_MOBILE = re.compile(r"(?<![0-9a-z.])1[3-9]\d{9}(?![0-9a-z])")
_CARD = re.compile(r"(?<![0-9a-z.])(?:62|4|5)\d{14,18}(?![0-9a-z])")


_BLANKS = re.compile(r"[\s\-]")


def compact(value: str) -> str:
    """``value`` folded, without white space and hyphens: how values are compared."""
    return _BLANKS.sub("", folded(value))


def patterns(secret: Secret) -> list[str]:
    """What to look for, compact; a reader joins two columns of one field with a semicolon.

    What is too short to mean something when it is found is left out.
    """
    shortest, value = _SHORTEST.get(secret.kind, _SHORTEST_NUMBER), secret.reveal()
    parts = [value] if is_plain(value) else map(compact, re.split("[；;]", value))
    return [part for part in parts if len(part) >= shortest]


def all_text(decision: PublicDecision) -> str:
    """Every public text of a decision."""
    return APART.join((decision.party, decision.number, *decision.details.values()))


def joined(texts: Iterable[str]) -> Iterator[str]:
    """Many texts as fewer long ones, which are looked through faster; apart from each other."""
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size > _LONG:
            yield APART.join(held)
            held, size = [], 0
    yield APART.join(held)


def own_text(decision: PublicDecision) -> str:
    """The public text of a decision without its lawfully shown names.

    The party of an organisation and a legal representative shown by policy may
    contain or be the name that is secret elsewhere in the row (张三 → 张三面馆).
    """
    shown = {decision.party, decision.details.get("legal_representative", "")} - {""}
    text = APART.join((decision.number, *decision.details.values()))
    for value in sorted(shown, key=len, reverse=True):
        text = text.replace(value, APART)
    return text


def words_in(text: str, secrets: Iterable[Secret], left: Iterable[Secret]) -> Iterator[str]:
    """The kinds of the words among ``secrets`` that a compact text shows.

    A name may stand as often as the redaction left it as another thing's (``left``).
    """
    may_stand = Counter(compact(secret.reveal()) for secret in left)
    for secret in secrets:
        if secret.kind in WORDS and any(text.count(p) > may_stand[p] for p in patterns(secret)):
            yield secret.kind


def left_over(
    decision: PublicDecision,
    secrets: Iterable[Secret],
    keep: Iterable[str],
    left: Iterable[Secret] = (),
) -> list[str]:
    """The kinds of what a decision still shows of its own row's secrets, or of their shape.

    ``keep`` are the agency's own strings, which may stand unless they are also this row's
    secret; ``left`` see :func:`words_in`.
    """
    known = tuple(secrets)
    permitted = {compact(value) for value in keep}
    own = own_text(decision)
    text = compact(own)
    found = [
        secret.kind
        for secret in known
        if secret.kind not in WORDS
        if any(p in text for p in patterns(secret))
    ]
    found += words_in(text, known, left)
    found += [kind for kind, value in shapes(folded(own)) if value not in permitted]
    return sorted(set(found))


def shapes(view: str) -> Iterator[tuple[str, str]]:
    """Values of a personal shape in a folded text: their kind and themselves."""
    for match in _ID.finditer(view):
        value = match[0].upper()
        if mod_11_2.is_valid(value) or not uscc.is_valid(value):
            yield "id", match[0]
    for match in _MOBILE.finditer(view):
        yield "phone", match[0]
    for match in _CARD.finditer(view):
        if 16 <= len(match[0]) <= 19 and luhn.is_valid(match[0]):
            yield "bank", match[0]
