"""The pages of releases: lists, files, feeds."""
