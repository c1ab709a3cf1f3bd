"""The graph and its shapes to findings that a person can act on."""

from justicegraph.validate.files import check_files
from justicegraph.validate.findings import Finding

__all__ = ["Finding", "check_files"]
