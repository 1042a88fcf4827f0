"""Who is the same decision: (agency, number, kind), and the address that follows from it."""

from __future__ import annotations

from pipeline.slug import slug

__all__ = ["slug"]
