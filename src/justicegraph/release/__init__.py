"""Releases: dated, immutable dumps of everything, and what changed from each to the next."""
