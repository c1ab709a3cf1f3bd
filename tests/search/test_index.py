"""Entries are found by part of a name and with typos; facets count what there is; removed entries leave no trace."""

import gc
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from justicegraph.errors import BadQuery, BrokenFile
from justicegraph.search import FOLDER, SearchIndex, SearchQuery, is_current
from tests.support.search import slugs


@pytest.mark.parametrize(
    "text",
    [
        "Zora Quillfeather", "quillfeather zora", "ZÓRA QUILLFEATHER", "zora quill", "quil", "Nellie Bramble",
        '"zora quillfeather"', "bramble", '"nellie bramb', "Zora  -- Quillfeather!",
    ],
)  # fmt: skip
def test_person_is_found_by_any_of_her_names(text: str, search: SearchIndex) -> None:
    assert "zora-quillfeather" in slugs(search, text)
    assert not search.find(SearchQuery(text)).is_fuzzy


@pytest.mark.parametrize("text", ["zroa quillfeather", "zora quilfeathr", "quillfaether", "nelie bramble", "brmble"])
def test_slip_is_forgiven_and_said(text: str, search: SearchIndex) -> None:
    result = search.find(SearchQuery(text))
    assert result.hits[0].slug == "zora-quillfeather"
    assert result.is_fuzzy


@pytest.mark.parametrize(
    "text", ["zqro", "bxmxle", "march 3", "quxxlfexther", '"quillfeather zora"', "quillfeather xyz"]
)
def test_what_is_too_far_off_is_not_found(text: str, search: SearchIndex) -> None:
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
def test_entry_is_found_in_every_language_and_text(text: str, slug: str, search: SearchIndex) -> None:
    assert slugs(search, text)[0] == slug


def test_exact_name_comes_first_then_names_then_other_names_then_definitions(search: SearchIndex) -> None:
    assert slugs(search, "lantern") == ["lantern", "quillfeather-vigil", "weavers"]
    assert slugs(search, "old group")[0] == "invented-group"


def test_well_linked_entry_comes_first_where_all_else_is_equal(search: SearchIndex) -> None:
    everything = slugs(search)
    assert everything.index("invented-person") < everything.index("lantern")
    assert everything[-2:] == ["invented-list", "dated-report"]


def test_hit_tells_what_a_list_shows(search: SearchIndex) -> None:
    (hit, *_) = search.find(SearchQuery("Zora Quillfeather")).hits
    assert (hit.iri, hit.names) == ("https://w3id.org/justicegraph/id/zora-quillfeather", {"en": "Zora Quillfeather"})
    assert (hit.kind.id, hit.kind.names, hit.year) == ("Person", {"en": "person", "es": "persona"}, "1987")
    assert hit.status is not None
    assert (hit.status.id, hit.status.names, hit.as_of) == ("jail", {"en": "jail", "es": "cárcel local"}, "1988")
    (vigil, *_) = search.find(SearchQuery("lanterns for")).hits
    assert vigil.names == {"en": "Lanterns for Quillfeather", "es": "Faroles para Quillfeather"}
    assert [(place.id, place.names) for place in vigil.where] == [("northmark", {"en": "Northmark"})]
    assert search.find(SearchQuery("guild")).hits[0].newest == "2019-07"


def test_names_sort_as_people_count_and_by_language(search: SearchIndex) -> None:
    assert slugs(search, "weavers march", "name") == ["march-2", "march-10"]
    spanish = search.find(SearchQuery("quillfeather", "es", sort="name")).hits
    assert [hit.slug for hit in spanish] == ["quillfeather-vigil", "zora-quillfeather"]


def test_newest_word_and_latest_year_come_first(search: SearchIndex) -> None:
    assert slugs(search, sort="newest")[:2] == ["weavers", "dated-report"]
    assert slugs(search, "lantern", "year") == ["quillfeather-vigil", "lantern", "weavers"]


@pytest.mark.parametrize("sort", ["relevance", "name", "newest", "year"])
def test_pages_put_together_are_the_whole(sort: str, search: SearchIndex) -> None:
    whole = slugs(search, sort=sort)
    pages = [search.find(SearchQuery(sort=sort, offset=at, limit=3, facets=())).hits for at in range(0, len(whole), 3)]
    assert [hit.slug for page in pages for hit in page] == whole
    assert len(set(whole)) == search.find(SearchQuery(facets=())).total


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_text_breaks_the_search(search: SearchIndex, text: str) -> None:
    for run_query in (
        search.suggest_spelling,
        search.complete,
        lambda parse_query: search.find(SearchQuery(parse_query)),
    ):
        with suppress(BadQuery):
            run_query(text)


@pytest.mark.parametrize(
    "text", ["*", "name:zora", "[a TO z]", "/.*/", "+zora -zora", "zora~9", "\\", '"', "marks:kind"]
)
def test_text_is_never_a_query_language(text: str, search: SearchIndex) -> None:
    assert len(slugs(search, text)) < 3


@pytest.mark.parametrize(
    ("text", "meant"),
    [("qillfeather", "quillfeather"), ("zora quillfether", "zora quillfeather"), ("zora", ""), ("1999", ""), ("", "")],
)
def test_what_may_have_been_meant(text: str, meant: str, search: SearchIndex) -> None:
    assert search.suggest_spelling(text) == meant


def test_half_a_name_is_completed_and_names_that_begin_so_come_first(search: SearchIndex) -> None:
    assert [hit.slug for hit in search.complete("lan")] == ["lantern", "quillfeather-vigil"]
    assert search.complete("loom") == ()
    assert search.complete("  ") == ()
    assert len(search.complete("a", 1)) == 1


def test_threads_ask_at_once_and_get_the_same(search: SearchIndex) -> None:
    queries = [SearchQuery(text) for text in ("zora", "zroa", "", "lantern", "quillfaether")] * 8
    alone = [search.find(query) for query in queries]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(search.find, queries)) == alone


def test_opening_and_asking_writes_nothing(snapshot: Path, search: SearchIndex) -> None:
    def files() -> dict[str, tuple[int, int]]:
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_mode) for path in snapshot.rglob("*")}

    before = files()
    again, beside = SearchIndex.open(snapshot), SearchIndex.open(snapshot)
    assert again.find(SearchQuery("zora")) == beside.find(SearchQuery("zora")) == search.find(SearchQuery("zora"))
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
    assert SearchIndex.open(snapshot).find(SearchQuery("zora")).total


def test_index_that_is_let_go_leaves_no_thread(snapshot: Path) -> None:
    before = len(list(Path("/proc/self/task").iterdir()))
    for _ in range(3):
        SearchIndex.open(snapshot).find(SearchQuery("zora"))
    gc.collect()
    end = time.monotonic() + 5
    while len(list(Path("/proc/self/task").iterdir())) > before and time.monotonic() < end:
        time.sleep(0.05)
    assert len(list(Path("/proc/self/task").iterdir())) <= before


READ = """
import os, sys
from pathlib import Path
from justicegraph.search import SearchIndex, SearchQuery
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
print(SearchIndex.open(Path(sys.argv[1])).find(SearchQuery("zora")).total)
"""


def test_another_user_reads_a_folder_that_is_read_only(snapshot: Path) -> None:
    with TemporaryDirectory() as name:
        folder = shutil.copytree(snapshot, Path(name) / "snapshot")
        for path in folder.rglob("*"):
            path.chmod(0o555 if path.is_dir() else 0o444)
        folder.chmod(0o555)
        Path(name).chmod(0o755)
        ended = subprocess.run([sys.executable, "-c", READ, folder], capture_output=True, text=True, check=False)
        for path in (folder, folder / FOLDER):
            path.chmod(0o755)  # so that it can be removed
    assert (ended.stdout.strip(), ended.returncode) == ("1", 0), ended.stderr


@pytest.mark.parametrize("suffix", [".json", ".term", ".idx", ".store", ".fast", ".fieldnorm", ".pos"])
@pytest.mark.parametrize("left", [0, 40])
def test_broken_index_is_said(suffix: str, left: int, snapshot: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(snapshot, tmp_path / "snapshot")
    for path in (folder / FOLDER).glob(f"*{suffix}"):
        path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(BrokenFile, match=r"search: .*Run `justicegraph build`"):
        SearchIndex.open(folder)


def test_missing_index_is_said(tmp_path: Path) -> None:
    assert not is_current(tmp_path)
    with pytest.raises(BrokenFile, match="no index for this version of the program"):
        SearchIndex.open(tmp_path)


def test_every_entry_of_our_graph_is_the_first_by_its_own_name(own: SearchIndex) -> None:
    hits = own.find(SearchQuery(limit=1_000, facets=())).hits
    assert len(hits) > 500
    for hit in hits:
        if len(hit.names["en"].split()) <= 12:
            assert hit.names["en"] in {
                other.names["en"] for other in own.find(SearchQuery(hit.names["en"], limit=2)).hits
            }
