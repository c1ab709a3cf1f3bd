"""Facets count what choosing a value would find."""

from justicegraph.search import FACETS, Facet, SearchIndex, SearchQuery
from tests.support.search import counted, slugs


def test_narrower_values_count_under_wider_ones(search: SearchIndex) -> None:
    assert counted(search, "cause", kind=("Campaign",)) == {"invented-cause": 2, "invented-narrow": 1}
    assert counted(search, "kind", "quillfeather") == {"Campaign": 1, "Person": 1, "Prisoner": 1}
    assert slugs(search, kind=("Campaign",), cause=("invented-cause",)) == ["lantern", "quillfeather-vigil"]
    assert set(slugs(search, place=("northmark",), kind=("Person", "Campaign"))) == {
        "quillfeather-vigil", "zora-quillfeather",
    }  # fmt: skip


def test_places_and_years_unfold_step_by_step(search: SearchIndex) -> None:
    assert set(counted(search, "place")) == {"ruritania"}
    assert set(counted(search, "place", place=("ruritania",))) == {"ruritania", "northmark", "strelsau"}
    assert set(counted(search, "place", place=("northmark",))) == {"ruritania", "northmark", "strelsau", "elmsted"}
    assert counted(search, "year", "lantern", year=("1994",)) == {"1990s": 2, "1991": 1, "1994": 1}


def test_facet_counts_what_the_other_filters_let_through(search: SearchIndex) -> None:
    assert counted(search, "year", kind=("Campaign",), year=("1991",))["1990s"] == 2
    assert counted(search, "place", kind=("Campaign",), year=("1991",)) == {"ruritania": 1}
    assert counted(search, "status", kind=("Campaign",)) == {"endedOn": 1}
    assert counted(search, "source", source=("dated-report",)) == {"invented-list": 15, "dated-report": 1}


def test_every_count_is_what_choosing_the_value_finds(search: SearchIndex) -> None:
    for facet in search.find(SearchQuery(filters={"kind": ("Campaign", "Person")})).facets:
        for value in facet.values:
            filters = {"kind": ("Campaign", "Person"), facet.name: (value.id,)}
            assert search.find(SearchQuery(filters=filters, facets=())).total == value.count, value


def test_values_have_labels_and_say_what_is_chosen(search: SearchIndex) -> None:
    facets: dict[str, Facet] = {
        facet.name: facet for facet in search.find(SearchQuery(filters={"place": ("elmsted",)})).facets
    }
    elmsted = next(value for value in facets["place"].values if value.id == "elmsted")
    assert (elmsted.names, elmsted.wider, elmsted.is_chosen) == ({"en": "Elmsted"}, "northmark", True)
    assert facets["kind"].values[0].names
    assert facets["source"].values[0].names == {"en": "An invented list"}


def test_value_that_nothing_has_is_said_and_no_error(search: SearchIndex) -> None:
    result = search.find(SearchQuery(filters={"place": ("atlantis",)}))
    assert (result.total, result.hits) == (0, ())
    (chosen,) = [value for facet in result.facets for value in facet.values if value.is_chosen]
    assert (chosen.id, chosen.count) == ("atlantis", 0)


def test_every_facet_of_our_graph_has_labelled_values(own: SearchIndex) -> None:
    facets = own.find(SearchQuery()).facets
    assert tuple(facet.name for facet in facets) == FACETS
    assert all(value.names for facet in facets if facet.name != "year" for value in facet.values)
