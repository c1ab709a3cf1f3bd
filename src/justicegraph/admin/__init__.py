"""The operator's own pages, on a port of their own: reviewing links and suggestions."""
