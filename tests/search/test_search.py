"""Who types half a name, or a wrong one, finds the entry; the facets count what there is; and nothing is left behind."""

import gc
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from justicegraph.build import build_snapshot, up_to_date
from justicegraph.errors import BadQuery, BrokenFile
from justicegraph.project.folder import load_folder, store_of
from justicegraph.project.reason import reason
from justicegraph.project.removal import remove
from justicegraph.search import FACETS, FOLDER, Facet, Search, Wanted, is_current, write_search
from justicegraph.search.text import folded, typed
from justicegraph.sparql.evaluate import evaluate
from justicegraph.sparql.query import RunQuery
from tests.cli.test_commands import run
from tests.support.project import ROOT, make_project, write_entity

SAID = 'skos:definition "Made up."@en ; jg:source id:invented-list'


def place(name: str, level: str, within: str = "") -> str:
    inside = f"jg:isWithin id:{within} ;" if within else ""
    return f'id:{name} a jg:Place ; skos:prefLabel "{name.title()}"@en ; jg:level jgt:{level} ; {inside} {SAID} .'


def campaign(slug: str, names: str, more: str = "") -> str:
    return f"id:{slug} a jg:Campaign ; skos:prefLabel {names} ; {more} {SAID} ."


MORE = {
    "causes/invented-narrow": """id:invented-narrow a jg:Cause ; skos:prefLabel "narrow cause"@en ;
        skos:broader id:invented-cause ; skos:definition "Narrow."@en ; skos:scopeNote "None."@en .""",
    "places/ruritania": place("ruritania", "country"),
    "places/northmark": place("northmark", "state", "ruritania"),
    "places/elmsted": place("elmsted", "city", "northmark"),
    "places/strelsau": place("strelsau", "city", "ruritania"),
    "facilities/elm-tower": f"""id:elm-tower a jg:Facility ; skos:prefLabel "Elm Tower"@en ;
        jg:isLocatedIn id:elmsted ; {SAID} .""",
    "people/zora-quillfeather": f"""id:zora-quillfeather a jg:Person ; skos:prefLabel "Zora Quillfeather"@en ;
        skos:altLabel "Nellie Bramble"@en ; {SAID} .
        id:zora-quillfeather.custody-1 a jg:Custody ; jg:isCustodyOf id:zora-quillfeather ; jg:position 1 ;
        jg:regime jgt:jail ; jg:isHeldAt id:elm-tower ; jg:startedOn "1987-03"^^xsd:gYearMonth ;
        jg:confirmedOn "1988"^^xsd:gYear ; jg:source id:invented-list .""",
    "campaigns/quillfeather-vigil": campaign(
        "quillfeather-vigil", '"Lanterns for Quillfeather"@en, "Faroles para Quillfeather"@es',
        'jg:slogan "¡Liberación ya!"@es ; jg:worksOn id:invented-narrow ; jg:isActiveIn id:northmark ;'
        'jg:startedOn "1994-05-06"^^xsd:date ; jg:endedOn "2001"^^xsd:gYear ;',
    ),
    "campaigns/lantern": campaign("lantern", '"Lantern"@en', 'jg:worksOn id:invented-cause ;'
        'jg:isActiveIn id:strelsau ; jg:startedOn "1991"^^xsd:gYear ;'),
    "campaigns/march-2": campaign("march-2", '"March 2 of the Ålesund Weavers"@en'),
    "campaigns/march-10": campaign("march-10", '"March 10 of the Ålesund Weavers"@en'),
    "organizations/weavers": """id:weavers a jg:Organization ; skos:prefLabel "Guild of St. Orwin's"@en ;
        skos:definition "Weavers who answer a lantern."@en ; jg:isLocatedIn id:elmsted ; jg:source id:invented-list .
        id:weavers.claim-1 a jg:Claim ; jg:about id:weavers ; jg:claimant id:weavers ; jg:stance jgt:asserts ;
        jg:says "That the loom belongs to everybody."@en ; jg:source id:dated-report .""",
    "organizations/east": f'id:east a jg:Organization ; skos:prefLabel "Higashi"@en, "東京監獄改革"@ja ; {SAID} .',
    "sources/dated-report": """id:dated-report a jg:Source ; skos:prefLabel "A dated report"@en ;
        skos:definition "Made up."@en ; jg:issuedOn "2019-07"^^xsd:gYearMonth .""",
}  # fmt: skip


def asking(folder: Path) -> RunQuery:
    """Return a way to ask the graph of a project with what is concluded from it."""
    project = load_folder(folder)
    store = store_of(project)
    reason(store, project.rules)
    return partial(evaluate, store, union=True)


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("search") / "project")
    for name, turtle in MORE.items():
        write_entity(folder, name, turtle)
    return folder


@pytest.fixture(scope="module")
def snapshot(wide: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("snapshot")
    write_search(asking(wide), made / FOLDER)
    return made


@pytest.fixture(scope="module")
def search(snapshot: Path) -> Search:
    return Search.open(snapshot)


def slugs(search: Search, text: str = "", sort: str = "relevance", **filters: tuple[str, ...]) -> list[str]:
    """Return the slugs of what is found, in order."""
    return [hit.slug for hit in search.find(Wanted(text, filters=filters, sort=sort, limit=100, facets=())).hits]


def counted(search: Search, name: str, text: str = "", **filters: tuple[str, ...]) -> dict[str, int]:
    """Return the values of a facet with their counts."""
    (found,) = search.find(Wanted(text, filters=filters, limit=0, facets=(name,))).facets
    return {value.id: value.count for value in found.values}


# What is found.


@pytest.mark.parametrize(
    "text",
    [
        "Zora Quillfeather", "quillfeather zora", "ZÓRA QUILLFEATHER", "zora quill", "quil", "Nellie Bramble",
        '"zora quillfeather"', "bramble", '"nellie bramb', "Zora  -- Quillfeather!",
    ],
)  # fmt: skip
def test_person_is_found_by_any_of_her_names(text: str, search: Search) -> None:
    assert "zora-quillfeather" in slugs(search, text)
    assert not search.find(Wanted(text)).is_forgiving


@pytest.mark.parametrize("text", ["zroa quillfeather", "zora quilfeathr", "quillfaether", "nelie bramble", "brmble"])
def test_slip_is_forgiven_and_said(text: str, search: Search) -> None:
    found = search.find(Wanted(text))
    assert found.hits[0].slug == "zora-quillfeather"
    assert found.is_forgiving


@pytest.mark.parametrize(
    "text", ["zqro", "bxmxle", "march 3", "quxxlfexther", '"quillfeather zora"', "quillfeather xyz"]
)
def test_what_is_too_far_off_is_not_found(text: str, search: Search) -> None:
    assert slugs(search, text) == []


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("liberacion", "quillfeather-vigil"),
        ("faroles", "quillfeather-vigil"),
        ("loom everybody", "weavers"),
        ("guild of st orwins", "weavers"),
        ("alesund 10", "march-10"),
        ("監獄", "east"),
        ("東京監獄改革", "east"),
        ("東", "east"),
        ("the march of a 10", "march-10"),
        ("dated", "dated-report"),
        ("elm tower", "elm-tower"),
    ],
)
def test_entry_is_found_in_every_language_and_text(text: str, slug: str, search: Search) -> None:
    assert slugs(search, text)[0] == slug


def test_exact_name_comes_first_then_names_then_other_names_then_definitions(search: Search) -> None:
    assert slugs(search, "lantern") == ["lantern", "quillfeather-vigil", "weavers"]
    assert slugs(search, "old group")[0] == "invented-group"


def test_well_linked_entry_comes_first_where_all_else_is_equal(search: Search) -> None:
    everything = slugs(search)
    assert everything.index("invented-person") < everything.index("lantern")
    assert everything[-2:] == ["invented-list", "dated-report"]


def test_hit_tells_what_a_list_shows(search: Search) -> None:
    (hit, *_) = search.find(Wanted("Zora Quillfeather")).hits
    assert (hit.iri, hit.names) == ("https://w3id.org/justicegraph/id/zora-quillfeather", {"en": "Zora Quillfeather"})
    assert (hit.kind.id, hit.kind.names, hit.year) == ("Person", {"en": "person", "es": "persona"}, "1987")
    assert hit.status is not None
    assert (hit.status.id, hit.status.names, hit.as_of) == ("jail", {"en": "jail", "es": "cárcel local"}, "1988")
    (vigil, *_) = search.find(Wanted("lanterns for")).hits
    assert vigil.names == {"en": "Lanterns for Quillfeather", "es": "Faroles para Quillfeather"}
    assert [(each.id, each.names) for each in vigil.where] == [("northmark", {"en": "Northmark"})]
    assert search.find(Wanted("guild")).hits[0].newest == "2019-07"


# Facets.


def test_narrower_values_count_under_wider_ones(search: Search) -> None:
    assert counted(search, "cause", kind=("Campaign",)) == {"invented-cause": 2, "invented-narrow": 1}
    assert counted(search, "kind", "quillfeather") == {"Campaign": 1, "Person": 1, "Prisoner": 1}
    assert slugs(search, kind=("Campaign",), cause=("invented-cause",)) == ["lantern", "quillfeather-vigil"]
    assert set(slugs(search, place=("northmark",), kind=("Person", "Campaign"))) == {
        "quillfeather-vigil", "zora-quillfeather",
    }  # fmt: skip


def test_places_and_years_unfold_step_by_step(search: Search) -> None:
    assert set(counted(search, "place")) == {"ruritania"}
    assert set(counted(search, "place", place=("ruritania",))) == {"ruritania", "northmark", "strelsau"}
    assert set(counted(search, "place", place=("northmark",))) == {"ruritania", "northmark", "strelsau", "elmsted"}
    assert counted(search, "year", "lantern", year=("1994",)) == {"1990s": 2, "1991": 1, "1994": 1}


def test_facet_counts_what_the_other_filters_let_through(search: Search) -> None:
    assert counted(search, "year", kind=("Campaign",), year=("1991",))["1990s"] == 2
    assert counted(search, "place", kind=("Campaign",), year=("1991",)) == {"ruritania": 1}
    assert counted(search, "status", kind=("Campaign",)) == {"endedOn": 1}
    assert counted(search, "source", source=("dated-report",)) == {"invented-list": 15, "dated-report": 1}


def test_every_count_is_what_choosing_the_value_finds(search: Search) -> None:
    for facet in search.find(Wanted(filters={"kind": ("Campaign", "Person")})).facets:
        for value in facet.values:
            filters = {"kind": ("Campaign", "Person"), facet.name: (value.id,)}
            assert search.find(Wanted(filters=filters, facets=())).total == value.count, value


def test_values_have_labels_and_say_what_is_chosen(search: Search) -> None:
    found: dict[str, Facet] = {each.name: each for each in search.find(Wanted(filters={"place": ("elmsted",)})).facets}
    elmsted = next(value for value in found["place"].values if value.id == "elmsted")
    assert (elmsted.names, elmsted.wider, elmsted.is_chosen) == ({"en": "Elmsted"}, "northmark", True)
    assert found["kind"].values[0].names
    assert found["source"].values[0].names == {"en": "An invented list"}


def test_value_that_nothing_has_is_said_and_no_error(search: Search) -> None:
    found = search.find(Wanted(filters={"place": ("atlantis",)}))
    assert (found.total, found.hits) == (0, ())
    (chosen,) = [value for facet in found.facets for value in facet.values if value.is_chosen]
    assert (chosen.id, chosen.count) == ("atlantis", 0)


def test_campaign_is_open_or_closed_by_the_newest_word(wide: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(wide, tmp_path / "project")
    claims = [("open", "2019"), ("closed", "2021-05")]
    write_entity(folder, "campaigns/lantern", MORE["campaigns/lantern"] + "".join(
        f"id:lantern.claim-{at} a jg:Claim ; jg:about id:lantern ; jg:ascribes jgt:{word} ; jg:claimedOn \"{day}\" ;"
        " jg:claimant id:invented-list ; jg:stance jgt:reports ; jg:source id:invented-list ."
        for at, (word, day) in enumerate(claims, 1)
    ))  # fmt: skip
    write_search(asking(folder), tmp_path / FOLDER)
    (hit,) = Search.open(tmp_path).find(Wanted("lantern", filters={"status": ("closed",)})).hits
    assert (hit.slug, hit.as_of) == ("lantern", "2021-05")


# Order and pages.


def test_names_sort_as_people_count_and_by_language(search: Search) -> None:
    assert slugs(search, "weavers march", "name") == ["march-2", "march-10"]
    spanish = search.find(Wanted("quillfeather", "es", sort="name")).hits
    assert [hit.slug for hit in spanish] == ["quillfeather-vigil", "zora-quillfeather"]


def test_newest_word_and_latest_year_come_first(search: Search) -> None:
    assert slugs(search, sort="newest")[:2] == ["weavers", "dated-report"]
    assert slugs(search, "lantern", "year") == ["quillfeather-vigil", "lantern", "weavers"]


@pytest.mark.parametrize("sort", ["relevance", "name", "newest", "year"])
def test_pages_put_together_are_the_whole(sort: str, search: Search) -> None:
    whole = slugs(search, sort=sort)
    pages = [search.find(Wanted(sort=sort, offset=at, limit=3, facets=())).hits for at in range(0, len(whole), 3)]
    assert [hit.slug for page in pages for hit in page] == whole
    assert len(set(whole)) == search.find(Wanted(facets=())).total


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("x" * 201), "201 characters: 200 are read"),
        (Wanted("one two three four five six seven eight nine ten eleven twelve thirteen"), "13 words: 12 are read"),
        (Wanted(filters={"colour": ("red",)}), 'no facet "colour"'),
        (Wanted(filters={"kind": tuple(f"k{at}" for at in range(21))}), "21 values are chosen"),
        (Wanted(filters={"kind": ('") OR *:*',)}), "no value of a facet"),
        (Wanted(sort="luck"), 'no order "luck"'),
        (Wanted(offset=9_990, limit=20), "narrow the search"),
        (Wanted(limit=1_001), "up to 1,000 entries"),
        (Wanted(offset=-1), "counted from 0"),
    ],
)
def test_search_that_asks_for_too_much_is_refused_in_a_sentence(wanted: Wanted, said: str, search: Search) -> None:
    with pytest.raises(BadQuery, match=said.replace("*", r"\*")):
        search.find(wanted)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_search(search: Search, text: str) -> None:
    for run_query in (search.near, search.complete, lambda typed: search.find(Wanted(typed))):
        with suppress(BadQuery):
            run_query(text)


@pytest.mark.parametrize(
    "text", ["*", "name:zora", "[a TO z]", "/.*/", "+zora -zora", "zora~9", "\\", '"', "marks:kind"]
)
def test_text_is_never_a_query_language(text: str, search: Search) -> None:
    assert len(slugs(search, text)) < 3


# As one types.


@pytest.mark.parametrize(
    ("text", "meant"),
    [("qillfeather", "quillfeather"), ("zora quillfether", "zora quillfeather"), ("zora", ""), ("1999", ""), ("", "")],
)
def test_what_may_have_been_meant(text: str, meant: str, search: Search) -> None:
    assert search.near(text) == meant


def test_half_a_name_is_completed_and_names_that_begin_so_come_first(search: Search) -> None:
    assert [hit.slug for hit in search.complete("lan")] == ["lantern", "quillfeather-vigil"]
    assert search.complete("loom") == ()
    assert search.complete("  ") == ()
    assert len(search.complete("a", 1)) == 1


def test_folding_keeps_the_words_of_every_script() -> None:
    assert folded("U.S. Łódź & O\u2019Brien's Ærø") == "us lodz obriens aero"
    assert typed('free "the march" of ann').phrases == (("the", "march"),)
    assert typed("of the").words == ("of", "the")


# The folder.


def test_threads_ask_at_once_and_get_the_same(search: Search) -> None:
    wanted = [Wanted(text) for text in ("zora", "zroa", "", "lantern", "quillfaether")] * 8
    alone = [search.find(each) for each in wanted]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(search.find, wanted)) == alone


def test_opening_and_asking_writes_nothing(snapshot: Path, search: Search) -> None:
    def files() -> dict[str, tuple[int, int]]:
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_mode) for path in snapshot.rglob("*")}

    before = files()
    again, beside = Search.open(snapshot), Search.open(snapshot)
    assert again.find(Wanted("zora")) == beside.find(Wanted("zora")) == search.find(Wanted("zora"))
    assert files() == before
    assert not [name for name in before if name.endswith(".lock")]


def test_lock_that_comes_while_the_links_go_is_no_reason_not_to_serve(
    snapshot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    went = os.rmdir

    def rmdir(path: str, **more: Any) -> None:
        (tmp_path / "links" / path / ".tantivy-meta.lock").touch()
        went(path, **more)

    (tmp_path / "links").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "links"))
    monkeypatch.setattr("os.rmdir", rmdir)
    assert Search.open(snapshot).find(Wanted("zora")).total


def test_index_that_is_let_go_leaves_no_thread(snapshot: Path) -> None:
    before = len(list(Path("/proc/self/task").iterdir()))
    for _ in range(3):
        Search.open(snapshot).find(Wanted("zora"))
    gc.collect()
    end = time.monotonic() + 5
    while len(list(Path("/proc/self/task").iterdir())) > before and time.monotonic() < end:
        time.sleep(0.05)
    assert len(list(Path("/proc/self/task").iterdir())) <= before


READ = """
import os, sys
from pathlib import Path
from justicegraph.search import Search, Wanted
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
print(Search.open(Path(sys.argv[1])).find(Wanted("zora")).total)
"""


def test_another_user_reads_a_folder_that_is_read_only(snapshot: Path) -> None:
    with TemporaryDirectory() as name:
        folder = shutil.copytree(snapshot, Path(name) / "snapshot")
        for path in folder.rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        folder.chmod(0o555)
        Path(name).chmod(0o755)
        ended = subprocess.run([sys.executable, "-c", READ, folder], capture_output=True, text=True, check=False)
        for each in (folder, folder / FOLDER):
            each.chmod(0o755)  # so that it can be removed
    assert (ended.stdout.strip(), ended.returncode) == ("1", 0), ended.stderr


@pytest.mark.parametrize("suffix", [".json", ".term", ".idx", ".store", ".fast", ".fieldnorm", ".pos"])
@pytest.mark.parametrize("left", [0, 40])
def test_broken_index_is_said(suffix: str, left: int, snapshot: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(snapshot, tmp_path / "snapshot")
    for path in (folder / FOLDER).glob(f"*{suffix}"):
        path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(BrokenFile, match=r"search: .*Run `justicegraph build`"):
        Search.open(folder)


def test_missing_index_is_said(tmp_path: Path) -> None:
    assert not is_current(tmp_path)
    with pytest.raises(BrokenFile, match="no index for this version of the program"):
        Search.open(tmp_path)


def test_equal_graphs_give_equal_answers(wide: Path, search: Search, tmp_path: Path) -> None:
    write_search(asking(wide), tmp_path / FOLDER)
    again = Search.open(tmp_path)
    for wanted in (Wanted(), Wanted("quillfaether"), Wanted(sort="year"), Wanted(sort="name")):
        assert again.find(wanted) == search.find(wanted)


# With builds.


def test_index_is_no_part_of_the_snapshots_id_and_is_built_anew_where_it_is_missing(project: Path) -> None:
    reports: list[str] = []
    made = build_snapshot(project, project / "build")
    assert set(made.files) == {"justicegraph.jsonld", "justicegraph.nq", "justicegraph.ttl"}
    (made.path / FOLDER / "about.json").write_text('{"version": "0"}')
    again = up_to_date(project, project / "build", report=reports.append)
    assert "missing or of another version" in reports.pop()
    assert (again.id, Search.open(again.path).find(Wanted("invented person")).total) == (made.id, 2)
    assert up_to_date(project, project / "build", report=reports.append) == again
    assert reports == []


def test_removed_entry_leaves_no_trace_in_the_next_index(project: Path) -> None:
    write_entity(project, "people/zora-quillfeather", MORE["people/zora-quillfeather"].replace(
        "jg:isHeldAt id:elm-tower ; ", ""))  # fmt: skip
    before = build_snapshot(project, project / "build")
    assert b"quillfeather" in _bytes(before.path / FOLDER).lower()
    remove(load_folder(project), "zora-quillfeather")
    after = build_snapshot(project, project / "build")
    assert b"quillfeather" not in _bytes(after.path / FOLDER).lower()
    assert b"bramble" not in _bytes(after.path / FOLDER).lower()
    assert Search.open(after.path).find(Wanted("quillfeather")).total == 0


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_command_prints_what_it_finds(project: Path) -> None:
    found = run(project, "search", "invnted persn", "--only", "kind=Person")
    assert (found.exit_code, found.stdout.split()[3:7]) == (0, ["invented-person", "Invented", "Person", "person,"])
    assert found.stderr.strip().endswith("1 hit spelt nearly so.")
    assert run(project, "search", "nobody at all").exit_code == 3
    assert run(project, "search", "x", "--only", "colour=red").exit_code == 4


# Our own graph.


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Search:
    made = tmp_path_factory.mktemp("own")
    write_search(asking(ROOT), made / FOLDER)
    return Search.open(made)


def test_every_entry_of_our_graph_is_the_first_by_its_own_name(own: Search) -> None:
    hits = own.find(Wanted(limit=1_000, facets=())).hits
    assert len(hits) > 500
    for hit in hits:
        if len(hit.names["en"].split()) <= 12:
            assert hit.names["en"] in {each.names["en"] for each in own.find(Wanted(hit.names["en"], limit=2)).hits}


def test_every_facet_of_our_graph_has_labelled_values(own: Search) -> None:
    facets = own.find(Wanted()).facets
    assert tuple(facet.name for facet in facets) == FACETS
    assert all(value.names for facet in facets if facet.name != "year" for value in facet.values)
