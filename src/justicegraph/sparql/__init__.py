"""The SPARQL 1.1 Protocol over whatever answers questions."""

from justicegraph.sparql.endpoint import Wsgi, sparql_endpoint
from justicegraph.sparql.reading import client_of

__all__ = ["Wsgi", "client_of", "sparql_endpoint"]
