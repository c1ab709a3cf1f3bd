"""One entry as one JSON-LD document, and the whole graph as one, or as a document a line."""

from justicegraph.jsonld.context import make_context, make_frames, older_contexts, read_context, read_frames
from justicegraph.jsonld.documents import FORMS, PROFILE, Documents
from justicegraph.jsonld.dump import write_both, write_document, write_lines

__all__ = [
    "FORMS", "PROFILE", "Documents", "make_context", "make_frames", "older_contexts", "read_context", "read_frames",
    "write_both", "write_document", "write_lines",
]  # fmt: skip
