"""What the server of :mod:`tests.command` has ready: the command line, and loaded models."""

from __future__ import annotations

import pipeline.__main__  # noqa: F401
from pipeline import policy
from pipeline.restricted.redact import redact_record

redact_record({}, "当事人张测，住某市某区某路1号。", policy.load("base"))
