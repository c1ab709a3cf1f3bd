"""The parts of model.json that are not trained: the weights of facts, and the words that explain each feature."""

FACT_WEIGHTS = {
    "same_identifier": 9.0, "other_identifier": -9.0,
    "same_website": 4.0, "other_website": -1.0,
    "same_type": 0.5, "other_type": -1.5,
    "same_dates": 2.0, "similar_dates": 0.5, "other_dates": -6.0,
}  # fmt: skip

EXPLANATIONS = {
    "same_text": "the same name",
    "same_tokens": "the same words in the name",
    "ratio_above_90": "nearly the same name",
    "ratio_above_75": "a similar name",
    "token_sort_ratio_above_80": "similar words in the name",
    "ratio": "somewhat similar letters in the name",
    "shared_idf_of_both": "shared words that are rare",
    "is_initials": "the initials of its name",
    "abbreviates_target": "fits as an abbreviation of its name",
    "abbreviated_by_target": "its abbreviation fits the name",
    "contains": "one name contains the other",
    "other_script": "the names are in different scripts",
    "name_margin": "no other is as close",
    "same_country": "the same country",
    "other_country": "another country",
    "same_city": "the same city",
    "other_city": "another city",
    "other_number": "another number in the name",
    "lacks_common_tokens": "its names lack common words of the name",
    "same_identifier": "the same identifier",
    "other_identifier": "another identifier",
    "same_website": "the same website",
    "other_website": "another website",
    "same_type": "the same type",
    "other_type": "another type",
    "same_dates": "the same dates",
    "similar_dates": "dates that nearly agree",
    "other_dates": "other dates",
}
