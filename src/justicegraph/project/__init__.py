"""A project's folder: its files, what is derived from them, and the snapshots of it."""
