"""Wikidata's classes are mapped to ours only where that is certain."""

import pytest

from justicegraph.linking.records.classes import classes_of


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (["human"], {"person"}), (["nonprofit organization"], {"organization"}), (["U.S. state"], {"place"}),
        (["city in the United States"], {"place"}), (["federal prison"], {"facility"}), (["legal case"], {"legalcase"}),
        (["social movement"], set()), (["organization", "something new"], set()), ([], set()),
        (["prison of a sort " * 99], set()),
    ],
)  # fmt: skip
def test_class_is_given_only_where_it_is_certain(labels: list[str], classes: set[str]) -> None:
    assert classes_of(labels) == classes
