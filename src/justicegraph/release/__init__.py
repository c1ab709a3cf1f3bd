"""Releases: dated, immutable dumps of the whole graph, with a delta from each release to the next."""

from justicegraph.release.delta import apply_delta
from justicegraph.release.dumps import QUADS, Source
from justicegraph.release.git import Commit, commits_since, is_dirty, latest_commit
from justicegraph.release.manifest import (
    Release,
    available_releases,
    find_release,
    list_releases,
)
from justicegraph.release.publish import RemovedEntries, publish_release
from justicegraph.release.verify import verify
from justicegraph.release.write import ReleaseRequest
from justicegraph.system.compression import read_lines

__all__ = [
    "QUADS",
    "Commit",
    "Release",
    "ReleaseRequest",
    "RemovedEntries",
    "Source",
    "apply_delta",
    "available_releases",
    "commits_since",
    "find_release",
    "is_dirty",
    "latest_commit",
    "list_releases",
    "publish_release",
    "read_lines",
    "verify",
]  # fmt: skip
