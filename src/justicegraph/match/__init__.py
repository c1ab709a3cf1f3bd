"""One record to its likely twins among targets: candidates, a calibrated probability, and the reasons in words."""

from justicegraph.match.matcher import Match, Matcher
from justicegraph.match.record import Record

__all__ = ["Match", "Matcher", "Record"]
