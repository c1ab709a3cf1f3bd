"""Suggestions of readers: forms made from the shapes, proposals, their storage, and their review."""
