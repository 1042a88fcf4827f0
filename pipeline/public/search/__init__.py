"""Search without a server: an index cut into small files, scored as lunr does."""

from pipeline.public.search.document import FIELDS, Document, document_of
from pipeline.public.search.tombstones import drop
from pipeline.public.search.write import IndexReport, write_index

__all__ = ["FIELDS", "Document", "IndexReport", "document_of", "drop", "write_index"]
