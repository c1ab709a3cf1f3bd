"""A linked-data knowledge graph of the prison-justice movement: from Turtle files to a SPARQL endpoint and dumps."""
