"""Link our entries to Wikidata: search for items, propose candidates, review them, and check links later."""
