"""rdflib-endpoint on an Oxigraph store, for the environment of the peers: it imports nothing of ours.

    python rdflib_server.py FILE.nq PORT [by-text]

Its processes are two, each with a store of its own. As it is, it asks by queries that it has prepared; these the store
refuses, and rdflib's own engine answers. With `by-text` it is helped: the store answers.
"""

import os
import sys

import uvicorn  # type: ignore[import-not-found]
from oxrdflib import OxigraphStore  # type: ignore[import-not-found]
from pyoxigraph import RdfFormat, Store
from rdflib import Dataset
from rdflib.query import Result
from rdflib_endpoint import SparqlEndpoint  # type: ignore[import-not-found]

FILE, BY_TEXT = "RDFLIB_SERVER_FILE", "RDFLIB_SERVER_BY_TEXT"
"""The variables of the environment that tell the processes which file to load, and whether to help."""
PROCESSES = 2


class TextDataset(Dataset):
    """A dataset that asks its store by a query's text."""

    def query(self, query_object, processor="sparql", *args, **named) -> Result:  # type: ignore[no-untyped-def]
        """Return the result of a query, be it a text or one that rdflib has prepared."""
        text, *_ = getattr(query_object, "_original_args", (query_object,))
        return super().query(text, processor, *args, **named)


def create_app() -> SparqlEndpoint:
    """Return the application that serves the union of the file's graphs."""
    store = Store()
    store.bulk_load(path=os.environ[FILE], format=RdfFormat.N_QUADS)
    dataset = TextDataset if os.environ[BY_TEXT] else Dataset
    return SparqlEndpoint(graph=dataset(OxigraphStore(store=store), default_union=True))


def main() -> None:
    """Run the command."""
    os.environ[FILE], os.environ[BY_TEXT] = os.path.abspath(sys.argv[1]), " ".join(sys.argv[3:])
    here = os.path.dirname(os.path.abspath(__file__))
    app = "rdflib_server:create_app"
    uvicorn.run(
        app, factory=True, app_dir=here, port=int(sys.argv[2]), workers=PROCESSES, access_log=False,
        timeout_worker_healthcheck=600,  # loading takes longer than the five seconds that it gives
    )  # fmt: skip


if __name__ == "__main__":
    main()
