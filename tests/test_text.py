"""Text is normalized in one module, and each way of it says what it is for."""

import pytest

from justicegraph.text import count, name_finder, normalize_for_search, normalize_name, normalize_words, strip_accents


def test_accents_go_and_the_rest_stays() -> None:
    assert strip_accents("L\u2019\u00c9t\u00e9, A.-B.") == "l\u2019ete, a.-b."
    assert strip_accents("\u0928\u093e\u092e") == "\u0928\u093e\u092e", "a vowel sign is no accent"


@pytest.mark.parametrize(
    ("text", "words", "search", "name"),
    [
        ("O'Brien", "o brien", "obrien", "obrien"),
        ("U.S. Prisons", "u s prisons", "us prisons", "us prisons"),
        ("\u0141\u00f3d\u017a & Stra\u00dfe", "\u0142odz strasse", "lodz strasse", "lodz and strasse"),
        ("\u0412\u044b\u0431\u043e\u0440", "\u0432\u044b\u0431\u043e\u0440", "\u0432\u044b\u0431\u043e\u0440", "vybor"),
        ("\u67b6\u7a7a\u6a5f\u95a2", "\u67b6\u7a7a\u6a5f\u95a2", "\u67b6\u7a7a \u7a7a\u6a5f \u6a5f\u95a2", "\u67b6\u7a7a\u6a5f\u95a2"),
        ("a%20b", "a b", "a b", "a 20b"),
    ],
)  # fmt: skip
def test_each_way_of_normalizing_has_its_use(text: str, words: str, search: str, name: str) -> None:
    assert normalize_words(text) == words
    assert normalize_for_search(text).split() == search.split()
    assert normalize_name(text) == name


def test_short_name_is_found_only_as_a_word() -> None:
    assert name_finder(["Al"])("with Al, and others")
    assert not name_finder(["Al"])("also")


def test_number_goes_with_its_noun() -> None:
    assert (count(1, "file"), count(2_000, "file")) == ("1 file", "2,000 files")
