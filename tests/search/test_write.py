"""An index is written with every build, is the same for the same graph, and loses removed entries."""

from pathlib import Path

from justicegraph.build import build_snapshot, ensure_snapshot
from justicegraph.project.folder import load_folder
from justicegraph.project.removal import remove
from justicegraph.search import FOLDER, SearchIndex, SearchQuery, write_search
from tests.support.project import write_entity
from tests.support.search import MORE, query_runner


def test_equal_graphs_give_equal_answers(wide: Path, search: SearchIndex, tmp_path: Path) -> None:
    write_search(query_runner(wide), tmp_path / FOLDER)
    again = SearchIndex.open(tmp_path)
    for query in (SearchQuery(), SearchQuery("quillfaether"), SearchQuery(sort="year"), SearchQuery(sort="name")):
        assert again.find(query) == search.find(query)


def test_index_is_no_part_of_the_snapshots_id_and_is_built_anew_where_it_is_missing(project: Path) -> None:
    reports: list[str] = []
    made = build_snapshot(project, project / "build")
    assert set(made.files) == {"justicegraph.jsonld", "justicegraph.nq", "justicegraph.ttl"}
    (made.path / FOLDER / "about.json").write_text('{"version": "0"}')
    again = ensure_snapshot(project, project / "build", report=reports.append)
    assert "missing or of another version" in reports.pop()
    assert (again.id, SearchIndex.open(again.path).find(SearchQuery("invented person")).total) == (made.id, 2)
    assert ensure_snapshot(project, project / "build", report=reports.append) == again
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
    assert SearchIndex.open(after.path).find(SearchQuery("quillfeather")).total == 0


def _bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
