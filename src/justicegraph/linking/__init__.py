"""Find the same thing elsewhere.

`records` reads what is compared, and `match` compares it. `reconcile` serves spreadsheets and OpenRefine. `wikidata`
links our entries to Wikidata.
"""
