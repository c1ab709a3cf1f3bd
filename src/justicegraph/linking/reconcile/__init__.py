"""A table and targets to the same table with its matches; and the same for others, as a service."""
