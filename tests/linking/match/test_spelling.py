"""A misspelled or incomplete token is corrected to one that targets have."""

import pytest

from justicegraph.linking.match.spelling import Spelling

WEIGHTS = {"lantern": 5.0, "meadow": 4.0, "lagoon": 3.0}


@pytest.mark.parametrize(
    ("token", "meant"), [("lanterm", "lantern"), ("lnatern", "lantern"), ("lant", "lantern"), ("zzz", "")]
)
def test_typo_is_corrected(token: str, meant: str) -> None:
    assert "".join(Spelling(WEIGHTS).correct(token)) == meant


@pytest.mark.parametrize(("token", "expected"), [("lantern", False), ("lanterm", True), ("of", False)])
def test_only_a_longer_token_that_no_target_has_may_be_misspelled(token: str, expected: bool) -> None:
    assert Spelling(WEIGHTS).is_unknown(token) is expected
