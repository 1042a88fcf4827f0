"""Amounts of money to decimal 元."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from pipeline.fields import Field, label_key
from pipeline.restricted.read.cells import plain

#: 1,000 亿元; no single decision is larger.
MAX_AMOUNT = Decimal(10**11)

_AMOUNT = re.compile(
    r"(?:人民币|¥|RMB)?(-?(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d{1,2})?)(亿元|万元|元|亿|万)?整?",
    re.IGNORECASE,
)
_UNITS = {"元": 1, "万": 10**4, "万元": 10**4, "亿": 10**8, "亿元": 10**8}
_LABEL_IN_YUAN = re.compile(r"[(:](?:人民币)?元|人民币元$")


def label_unit(field: Field, heading: str) -> int:
    """What a bare number in a column means, in 元: the label's unit, else the field's."""
    key = label_key(heading)
    if "万元" in key:
        return 10**4
    return 1 if _LABEL_IN_YUAN.search(key) else _UNITS[field.unit or "元"]


def yuan(text: str, unit: int) -> str:
    """An amount in 元, to the 分; a unit written behind the number wins over ``unit``.

    ``text`` is half-width. Raises ValueError for anything but a number, LookupError
    for one that is negative or beyond :data:`MAX_AMOUNT`.
    """
    match = _AMOUNT.fullmatch("".join(text.split()).replace(",", ""))
    if match is None:
        raise ValueError
    factor = _UNITS[match[2]] if match[2] else unit
    amount = Decimal(match[1]) * factor
    if not 0 <= amount <= MAX_AMOUNT:
        raise LookupError
    try:
        return plain(amount.quantize(Decimal("0.01")))
    except InvalidOperation:
        raise LookupError from None
