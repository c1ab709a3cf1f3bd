"""Names that differ in accents, case, script, order or language are normalized to the same text or tokens."""

import pytest

from justicegraph.linking.match.names import (
    abbreviation_score,
    fingerprint,
    initials,
    is_acronym,
    may_abbreviate,
    read_lexicon,
    script_of,
    tokenize,
)
from justicegraph.text import normalize_name


def test_normalized_name_has_no_case_accents_or_punctuation() -> None:
    assert normalize_name("The “É.C.O.L.E.” — Straße & Łódź") == "the ecole strasse and lodz"


def test_cyrillic_is_transliterated() -> None:
    assert normalize_name("Выдуманный") == "vydumannyi"


def test_fingerprint_ignores_order_small_words_and_language() -> None:
    names = ("University of X-Town", "X Town University", "Universidad X-Town")
    assert len({fingerprint(normalize_name(name)) for name in names}) == 1


def test_word_without_spaces_becomes_pairs_of_letters() -> None:
    assert tokenize(normalize_name("架空機関")) == ("架空", "空機", "機関")


def test_initials_come_without_small_words_first() -> None:
    assert initials("invented society for letters") == ("isl", "isfl")
    assert initials("invented") == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("ISPL", True), ("DGfE", True), ("Prison", False), ("EA 12", True), ("A Long Name Here", False)],
)
def test_acronym_is_told_from_words(name: str, expected: bool) -> None:
    assert is_acronym(name) is expected


def test_abbreviation_uses_the_initials_of_all_main_words() -> None:
    assert abbreviation_score("ispl", "invented society for prison letters") == 1.0
    assert abbreviation_score("xyz", "invented society") == 0.0
    assert may_abbreviate("ispl", "invented society for prison letters")


@pytest.mark.parametrize(
    ("name", "script"), [("Prison", "LATIN"), ("Выдуманный", "CYRILLIC"), ("架空", "CJK"), ("12 !", "")]
)
def test_script_is_that_of_the_first_letter(name: str, script: str) -> None:
    assert script_of(name) == script


def test_translation_is_not_translated_again() -> None:
    lexicon = read_lexicon()
    assert lexicon["universidad"] == "university"
    assert lexicon.keys().isdisjoint(lexicon.values())
    assert all(normalize_name(token) == token for token in lexicon)
