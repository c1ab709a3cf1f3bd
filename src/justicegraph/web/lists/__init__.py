"""Lists of entries, filtered by text and facets in their address, as pages, CSV, JSON-LD and SPARQL."""
