"""Lists of entries: found by text, narrowed by facets, all of it in the address; as a page, CSV, JSON-LD and SPARQL."""
