"""The page of an entry: what the graph says of it, in the reader's language, each fact with its source."""
