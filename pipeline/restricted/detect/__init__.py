"""The detectors, one small file each, in the order they are asked.

To add one: a file with ``NAME``, ``find``, ``EXAMPLES`` and ``COUNTER_EXAMPLES``, and
one line here; a test runs every detector's examples.
"""

from __future__ import annotations

from pipeline.restricted.detect import (
    address,
    alias,
    bank,
    counted,
    credit_code,
    date,
    declared,
    document_number,
    email,
    identity,
    label,
    masked,
    messenger,
    own,
    passport,
    phone,
    plate,
    postal,
    property,
    role,
    saying,
    script,
    statute,
    treasury,
    wealth,
)
from pipeline.restricted.detect.finding import Detector

#: What must stay readable.
SHIELDS: tuple[Detector, ...] = (
    own,
    credit_code,
    document_number,
    statute,
    date,
    postal,
    treasury,
    masked,
)

#: Numbers, addresses, accounts.
NUMBERS: tuple[Detector, ...] = (
    identity,
    property,
    passport,
    bank,
    phone,
    email,
    messenger,
    plate,
    address,
    wealth,
)

#: Names, by rule. The judge (:mod:`.judge`) is asked after them.
NAMES: tuple[Detector, ...] = (declared, alias, label, role, saying, script, counted)
