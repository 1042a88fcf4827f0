"""Search without a server: an index cut into small files, scored as lunr does."""

from pipeline.public.search.catalogue import Catalogue, catalogue_of
from pipeline.public.search.document import FIELDS, Document, document_of
from pipeline.public.search.from_store import decisions
from pipeline.public.search.tombstones import drop
from pipeline.public.search.write import IndexReport, write_index

__all__ = [
    "FIELDS",
    "Catalogue",
    "Document",
    "IndexReport",
    "catalogue_of",
    "decisions",
    "document_of",
    "drop",
    "write_index",
]
