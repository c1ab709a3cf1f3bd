"""JSON-LD: context and frames, the document of an entry, and dumps of the whole graph."""

from justicegraph.jsonld.context import make_context, older_contexts, read_context
from justicegraph.jsonld.documents import FORMS, PROFILE, Documents
from justicegraph.jsonld.dump import write_both, write_document, write_lines
from justicegraph.jsonld.frames import make_frames, read_frames

__all__ = [
    "FORMS", "PROFILE", "Documents", "make_context", "make_frames", "older_contexts", "read_context", "read_frames",
    "write_both", "write_document", "write_lines",
]  # fmt: skip
