"""RDF in general: formats, canonical forms and schemas, with nothing of our own."""
