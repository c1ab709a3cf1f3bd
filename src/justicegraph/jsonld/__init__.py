"""One entity as one JSON-LD document, and the whole graph as one."""

from justicegraph.jsonld.context import make_context, read_context
from justicegraph.jsonld.documents import entity_document, graph_document
from justicegraph.jsonld.dump import write_jsonld

__all__ = ["entity_document", "graph_document", "make_context", "read_context", "write_jsonld"]
