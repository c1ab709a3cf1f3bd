"""One record to its likely twins among targets: candidates, a calibrated probability, and the reasons in words."""

from justicegraph.linking.match.matcher import Match, Matcher

__all__ = ["Match", "Matcher"]
