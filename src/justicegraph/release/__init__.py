"""Releases: dated, immutable dumps of everything, and what changed from each to the next."""

from justicegraph.packing import lines_of
from justicegraph.release.delta import applied
from justicegraph.release.dumps import QUADS, Source
from justicegraph.release.history import Commit, commits_since, is_dirty, newest_change
from justicegraph.release.issue import Order
from justicegraph.release.shelf import MANIFEST, SUMS, Release, release_of, releases, standing
from justicegraph.release.verify import verify
from justicegraph.release.versions import Removals, release

__all__ = [
    "MANIFEST",
    "QUADS",
    "SUMS",
    "Commit",
    "Order",
    "Release",
    "Removals",
    "Source",
    "applied",
    "commits_since",
    "is_dirty",
    "lines_of",
    "newest_change",
    "release",
    "release_of",
    "releases",
    "standing",
    "verify",
]  # fmt: skip
