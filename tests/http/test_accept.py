"""The format that a client's Accept header prefers."""

import pytest

from justicegraph.errors import NotAcceptable
from justicegraph.http.accept import accepted_format
from justicegraph.rdf.formats import SOLUTIONS


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/csv;q=0.5, application/sparql-results+xml", "xml"),
        ("text/*;q=0.9, text/csv;q=0.1, application/*;q=0", "tsv"),
        ("application/xml;q=0.9, */*;q=0.8", "xml"),
        ("TEXT/CSV ; Q=1.0", "csv"),
    ],
)
def test_accept_header_prefers(accept: str, name: str) -> None:
    assert accepted_format(accept, SOLUTIONS).name == name


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "nonsense"])
def test_nothing_acceptable_lists_what_is_offered(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="application/sparql-results\\+json"):
        accepted_format(accept, SOLUTIONS)
