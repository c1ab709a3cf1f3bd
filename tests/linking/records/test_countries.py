"""A country has one code, whatever it is called."""

import pytest

from justicegraph.linking.records.countries import country_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US", "US"), ("USA", "US"), ("U.S.A.", "US"), ("United States of America", "US"), ("Estados Unidos", "US"),
        ("UK", "GB"), ("Great Britain", "GB"), ("deutschland", "DE"), ("Côte d'Ivoire", "CI"), ("Россия", "RU"),
        (" US ", "US"), ("Trinidad and Tobago", "TT"), ("Trinidad & Tobago", "TT"), ("Alemania", "DE"),
        ("Russian Federation", "RU"), ("America", "US"), (" France ", "FR"), ("", ""), ("Atlantis", "Atlantis"), ("XA", "XA"), ("x" * 10_000, "x" * 10_000),
    ],
)  # fmt: skip
def test_country_has_one_code_whatever_it_is_called(text: str, code: str) -> None:
    assert country_code(text) == code
