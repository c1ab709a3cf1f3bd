"""An IRI is taken apart in one place."""

import pytest

from justicegraph.namespaces import ID, JG, local_name, short, split_iri


@pytest.mark.parametrize(
    ("iri", "namespace", "name"),
    [
        (f"{JG}worksOn", JG, "worksOn"),
        (f"{ID}a-group.claim-1", ID, "a-group.claim-1"),
        ("https://a.example/x#y/z", "https://a.example/x#y/", "z"),
        ("https://a.example/", "https://a.example/", ""),
        ("urn:isbn:1", "", "urn:isbn:1"),
    ],
)
def test_local_name_follows_the_last_slash_or_hash(iri: str, namespace: str, name: str) -> None:
    assert split_iri(iri) == (namespace, name)
    assert local_name(iri) == name


def test_prefix_is_written_where_there_is_one() -> None:
    assert (short(f"{JG}worksOn"), short("https://a.example/x")) == ("jg:worksOn", "https://a.example/x")
