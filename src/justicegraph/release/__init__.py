"""Releases: dated, immutable dumps of everything, and what changed from each to the next."""

from justicegraph.release.delta import applied
from justicegraph.release.dumps import QUADS, Source
from justicegraph.release.git import Commit, commits_since, is_dirty, newest_change
from justicegraph.release.manifest import MANIFEST, SUMS, Release, release_of, releases, standing
from justicegraph.release.sequence import Removals, release
from justicegraph.release.verify import verify
from justicegraph.release.write import Order
from justicegraph.system.compression import read_lines

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
    "newest_change",
    "read_lines",
    "release",
    "release_of",
    "releases",
    "standing",
    "verify",
]  # fmt: skip
