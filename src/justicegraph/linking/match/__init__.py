"""Match a record to the targets that may be the same thing.

The steps: normalize and tokenize names (names, spelling), find candidates in an index (index), compute their features
(features, facts), score them with the trained weights (model), turn scores into a calibrated probability (calibration),
and explain the result (explain). `Matcher` runs them all.
"""

from justicegraph.linking.match.matcher import Match, Matcher

__all__ = ["Match", "Matcher"]
