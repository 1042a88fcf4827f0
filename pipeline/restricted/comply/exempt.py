"""Which decisions lawfully stay unpublished: late for nobody."""

from __future__ import annotations

from pipeline.restricted import remembered
from pipeline.restricted.ledger import Ledger


def withheld(ledger: Ledger) -> frozenset[str]:
    """The decisions that the last redaction withheld."""
    return frozenset(
        slug for slug, _, body in ledger.redactions() if remembered.thaw(body).verdict == "withheld"
    )
