"""A project's folder: its files, the conclusions from them, and its snapshots."""
