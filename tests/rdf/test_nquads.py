"""Quads are moved about as lines, in the order of RDFC-1.0, and in little memory."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from justicegraph.namespaces import ID
from justicegraph.rdf.nquads import compare, digest, groups_of, owner_of, quads_of, write_sorted

SLUGS = st.from_regex(r"[ab1]{1,3}(-[ab1]{1,2})?", fullmatch=True)
LOCALS = st.one_of(SLUGS, st.builds("{}.part-{}".format, SLUGS, st.integers(1, 11)))
SUBJECTS = st.one_of(LOCALS.map(lambda local: f"<{ID}{local}>"), st.just("<http://www.w3.org/x>"))
LINES = st.sets(
    st.builds("{} <https://invented.example/p> {} <https://invented.example/g> .\n".format, SUBJECTS, SUBJECTS)
)


@given(LINES)
def test_groups_hold_each_thing_once_with_all_its_parts(said: set[str]) -> None:
    groups = list(groups_of(quads_of(line.encode() for line in sorted(said))))
    names = [group.subject for group in groups]
    assert len(names) == len(set(names))
    assert all({owner_of(quad.subject) for quad in group.quads} == {group.subject} for group in groups)
    assert sorted(" ".join(quad) + " .\n" for group in groups for quad in group.quads) == sorted(said)


def test_terms_stand_as_they_are_written() -> None:
    line = f'<{ID}x> <https://invented.example/p> "a \\"b\\" <c> .\\n"@en-us <https://invented.example/g> .\n'
    assert [tuple(quad) for quad in quads_of([line.encode()])] == [
        (f"<{ID}x>", "<https://invented.example/p>", '"a \\"b\\" <c> .\\n"@en-us', "<https://invented.example/g>")
    ]


def test_sorted_lines_are_the_canonical_form(tmp_path: Path, own_quads: Path) -> None:
    quads = own_quads.read_bytes()
    lines = quads.splitlines(keepends=True)
    with (tmp_path / "sorted.nq").open("wb") as file:
        write_sorted(reversed(lines), file)
    dataset = Dataset(parse(quads, format=RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    canonical = sorted(f"{quad} .\n" for quad in dataset)
    assert (tmp_path / "sorted.nq").read_text() == "".join(canonical)


def test_many_lines_are_sorted_in_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"{number:05} line\n".encode() for number in range(1_000)]
    monkeypatch.setattr("justicegraph.rdf.nquads.RUN", 90)
    with (tmp_path / "sorted").open("wb") as file:
        write_sorted(reversed(lines), file)
    assert (tmp_path / "sorted").read_bytes() == b"".join(lines)
    assert list(tmp_path.iterdir()) == [tmp_path / "sorted"]


@given(st.sets(st.binary(max_size=2)), st.sets(st.binary(max_size=2)))
def test_comparison_shows_each_line_once_and_who_has_it(old: set[bytes], new: set[bytes]) -> None:
    found = list(compare(sorted(old), sorted(new)))
    assert [left if left is not None else right for left, right in found] == sorted(old | new)
    assert {left for left, right in found if right is None} == old - new
    assert {right for left, right in found if left is None} == new - old


def test_digest_is_that_of_the_file() -> None:
    assert digest([b"a\n", b"b\n"]) == digest([b"a\nb\n"])
