"""Invented proposals, and sittings over them."""

from collections.abc import Sequence
from pathlib import Path

from justicegraph.linking.wikidata.proposals import Candidate, Proposal, write_proposals
from justicegraph.linking.wikidata.review import Review
from justicegraph.linking.wikidata.review_queue import read_queue
from justicegraph.linking.wikidata.reviewer import parse_reviewer
from justicegraph.namespaces import ID
from justicegraph.project.folder import load_folder
from justicegraph.project.mappings import FOLDER
from justicegraph.project.sssom import WIKIDATA, Decision, read_sssom

GROUP, PERSON, CAMPAIGN, CAUSE = (
    ID + slug for slug in ("invented-group", "invented-person", "free-invented-person", "invented-cause")
)
ONE, TWO = f"{WIKIDATA}Q900000001", f"{WIKIDATA}Q900000002"
TODAY = "2001-02-03"


def candidate(thing: str = ONE, name: str = "Group, Invented", probability: float = 0.9, **said: object) -> Candidate:
    details = {"city": ["Nowhere"], "website": ["https://invented.example/"]}
    reasons = ("for: the same city", "against: other dates")
    return Candidate(id=thing, name=name, probability=probability, **({"details": details, "reasons": reasons} | said))  # type: ignore[arg-type]


def proposal(entry: str = GROUP, *candidates: Candidate, kind: str = "Organization", **said: object) -> Proposal:
    known = {"name": "Invented Group", "source": WIKIDATA, "found_on": "2001-01-01", "details": {"city": ["Nowhere"]}}
    return Proposal(entry=entry, kind=kind, candidates=candidates, **(known | said))  # type: ignore[arg-type]


def both() -> Proposal:
    """A proposal with two candidates."""
    return proposal(GROUP, candidate(), candidate(TWO, "Another Group", 0.2, reasons=("against: another city",)))


def propose(project: Path, *proposals: Proposal, name: str = "wikidata") -> Path:
    path = project / "build" / "link" / f"{name}.jsonl"
    write_proposals(path, proposals)
    return path


def review_of(project: Path, *proposals: Proposal, author: str = "Nobody") -> Review:
    """Return a sitting over these proposals, else over those that wait."""
    if proposals:
        propose(project, *proposals)
    build = project / "build"
    return Review(load_folder(project), read_queue(build), build, parse_reviewer(author), TODAY)


def standing(project: Path, name: str) -> Sequence[Decision]:
    """Return the decisions in a file; none where there is no such file."""
    path = project / FOLDER / name
    return read_sssom(path) if path.exists() else []
