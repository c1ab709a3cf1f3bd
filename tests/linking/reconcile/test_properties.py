"""A query names an entry by its id only if that is certain."""

import pytest

from justicegraph.linking.reconcile.batch import ReconciliationQuery
from justicegraph.linking.reconcile.properties import slug_in_query
from justicegraph.namespaces import ID


@pytest.mark.parametrize(
    ("text", "slug"),
    [("bail", ""), ("bail-fund", "bail-fund"), ("id:bail", "bail"), (ID + "bail", "bail"), ("id:nobody", "")],
)
def test_word_that_may_be_a_name_is_no_id_until_it_says_so(text: str, slug: str) -> None:
    assert slug_in_query(ReconciliationQuery(text), {"bail", "bail-fund"}.__contains__) == slug
