"""A decision and the text of its Word document, as one row."""

from __future__ import annotations

import dataclasses
import hashlib

import msgspec

from pipeline.restricted.raw import RawDecision, Secret

#: The table beside the decisions: the last document of each, and the digest of its text.
SCHEMA = """
CREATE TABLE attachment (
  slug TEXT PRIMARY KEY REFERENCES decision (slug),
  body BLOB NOT NULL,
  digest TEXT NOT NULL
) STRICT;
"""


class _Stored(msgspec.Struct, frozen=True):
    shown: str
    unseen: str


def freeze(shown: Secret, unseen: Secret) -> tuple[bytes, str]:
    """A document's text as the private ledger keeps it, and its digest."""
    body = msgspec.json.encode(_Stored(shown.reveal(), unseen.reveal()))
    return body, hashlib.sha256(body).hexdigest()


def join(raw: RawDecision, body: bytes) -> RawDecision:
    """``raw`` with the document's text in place of the export's 决定书全文.

    What the export said there is still read, so that the names in it are known.
    """
    stored = msgspec.json.decode(body, type=_Stored)
    earlier = raw.text("full_text")
    unseen = [stored.unseen, earlier if earlier != stored.shown else "", raw.text("unseen_text")]
    added = {"full_text": stored.shown, "unseen_text": "\n".join(filter(None, unseen))}
    secrets = {key: Secret(text, key) for key, text in added.items() if text}
    return dataclasses.replace(raw, values={**raw.values, **secrets})
