"""What can be found of decisions, from the open store."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping

from pipeline.public import store
from pipeline.public.search.catalogue import Catalogue, digest_of
from pipeline.public.search.document import Document, document_of


def decisions(shelf: sqlite3.Connection, agencies: Mapping[str, str]) -> Catalogue:
    """The documents of all entries; ``agencies`` are their names by slug."""
    slugs = {
        digest_of(entry, agencies[agency]): slug for slug, agency, entry in store.digests(shelf)
    }

    def read(wanted: Collection[bytes] | None) -> Iterator[Document]:
        digests = {slugs[one]: one for one in slugs if wanted is None or one in wanted}
        for entry in store.entries(shelf, digests):
            decision = entry.decision
            yield document_of(entry, agencies[decision.agency], digests[decision.slug])

    return Catalogue([*slugs], read)
