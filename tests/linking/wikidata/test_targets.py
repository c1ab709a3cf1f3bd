"""A file of targets is called by the database that its items are in."""

from justicegraph.linking.wikidata.targets import file_name
from justicegraph.project.sssom import SPACES, WIKIDATA


def test_known_collections_give_their_file_a_name() -> None:
    names = [file_name(each) for each in (WIKIDATA, SPACES["ror"], "https://a.example/x/../y#")]
    assert names == ["wikidata.jsonl", "ror.jsonl", "a-example-x-y.jsonl"]
