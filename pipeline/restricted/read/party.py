"""Which of the three 行政相对人类别 a party without a (clear) type column is."""

from __future__ import annotations

from pipeline.model import PartyType
from pipeline.restricted.read.layouts import layouts

#: 统一社会信用代码 of individual businesses begin with it (GB 32100: 9 工商, 2 个体工商户).
SOLE_TRADER_PREFIX = "92"

#: Endings of a single character count from this length of name on: 王社 is a person.
_LONG_NAME = 5


def party_type_of(choice: str, credit_code: str, id_number: str, party: str) -> PartyType:
    """The type column's choice, else what the codes say, else what the name looks like.

    An unclear party is taken for a natural person: the shorter window and the
    masked name do no harm to a body, the reverse harms a person.
    """
    if choice:
        return PartyType(choice)
    if credit_code:
        sole = credit_code.startswith(SOLE_TRADER_PREFIX)
        return PartyType.SOLE_TRADER if sole else PartyType.ORGANISATION
    if not id_number and _looks_like_a_body(party):
        return PartyType.ORGANISATION
    return PartyType.PERSON


def _looks_like_a_body(name: str) -> bool:
    bare = name.rstrip("）)")
    return any(
        bare.endswith(ending) and len(name) >= (_LONG_NAME if len(ending) == 1 else 4)
        for ending in layouts().party.organisation
    )
