"""The W3C's SPARQL 1.1 suite: what it asks, over which data, and how an answer is held against the right one."""
