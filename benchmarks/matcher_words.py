"""What training does not find: the weights that are set by hand, and the words that explain each clue."""

GIVEN = {
    "identifier_agrees": 9.0, "identifier_contradicts": -9.0,
    "domain_agrees": 4.0, "domain_contradicts": -1.0,
    "type_agrees": 0.5, "type_contradicts": -1.5,
    "dates_agree": 2.0, "dates_near": 0.5, "dates_contradict": -6.0,
}  # fmt: skip

WORDS = {
    "same_text": "the same name",
    "same_words": "the same words in the name",
    "very_close": "nearly the same name",
    "close": "a similar name",
    "token_close": "similar words in the name",
    "ratio": "somewhat similar letters in the name",
    "rare_words_both": "shared words that are rare",
    "initials": "the initials of its name",
    "short_for": "fits as an abbreviation of its name",
    "short_for_query": "its abbreviation fits the name",
    "one_in_the_other": "one name contains the other",
    "other_script": "the names are in different scripts",
    "only_one_so_close": "no other is as close",
    "country_agrees": "the same country",
    "country_contradicts": "another country",
    "city_agrees": "the same city",
    "city_contradicts": "another city",
    "number_contradicts": "another number in the name",
    "kind_contradicts": "its names lack common words of the name",
    "identifier_agrees": "the same identifier",
    "identifier_contradicts": "another identifier",
    "domain_agrees": "the same website",
    "domain_contradicts": "another website",
    "type_agrees": "the same type",
    "type_contradicts": "another type",
    "dates_agree": "the same dates",
    "dates_near": "dates that nearly agree",
    "dates_contradict": "other dates",
}
