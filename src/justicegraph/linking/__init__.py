"""Finding the same entity elsewhere: records, a matcher, reconciliation, Wikidata."""
