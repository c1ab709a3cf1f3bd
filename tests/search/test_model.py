"""An invalid search is refused with a message."""

import pytest

from justicegraph.errors import BadQuery
from justicegraph.search import SearchIndex, SearchQuery


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (SearchQuery("x" * 201), "201 characters: 200 are read"),
        (
            SearchQuery("one two three four five six seven eight nine ten eleven twelve thirteen"),
            "13 words: 12 are read",
        ),
        (SearchQuery(filters={"colour": ("red",)}), 'no facet "colour"'),
        (SearchQuery(filters={"kind": tuple(f"k{at}" for at in range(21))}), "21 values are chosen"),
        (SearchQuery(filters={"kind": ('") OR *:*',)}), "not a value of a facet"),
        (SearchQuery(sort="luck"), 'no order "luck"'),
        (SearchQuery(offset=9_990, limit=20), "narrow the search"),
        (SearchQuery(limit=1_001), "up to 1,000 entries"),
        (SearchQuery(offset=-1), "counted from 0"),
    ],
)
def test_search_that_asks_for_too_much_is_refused_in_a_sentence(
    query: SearchQuery, message: str, search: SearchIndex
) -> None:
    with pytest.raises(BadQuery, match=message.replace("*", r"\*")):
        search.find(query)
