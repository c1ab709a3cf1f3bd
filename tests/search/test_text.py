"""Text is normalized in every script, and parsed into words and phrases."""

from justicegraph.search.text import parse_query
from justicegraph.text import normalize_for_search


def test_normalizing_keeps_the_words_of_every_script() -> None:
    assert normalize_for_search("U.S. Łódź & O\u2019Brien's Ærø") == "us lodz obriens aero"
    assert parse_query('free "the march" of ann').phrases == (("the", "march"),)
    assert parse_query("of the").words == ("of", "the")
