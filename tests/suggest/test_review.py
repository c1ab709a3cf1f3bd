"""An operator decides: sees a diff that was checked, and what is accepted stands in the files, once and whole."""

import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.admin.local import Door
from justicegraph.admin.suggestions import suggestion_review_app
from justicegraph.cli import cli
from justicegraph.errors import CannotStand, CannotWrite
from justicegraph.namespaces import ID, JG, SKOS, TYPE, XSD
from justicegraph.project.folder import load_folder, store_of
from justicegraph.rdf.document import read_turtle
from justicegraph.suggest import review as review_module
from justicegraph.suggest import tokens, turtle
from justicegraph.suggest.entry import digest_of
from justicegraph.suggest.intake import suggestions_file
from justicegraph.suggest.proposals import Proposal
from justicegraph.suggest.review import Review
from justicegraph.suggest.store import ACCEPTED, DECLINED, NotWaiting, Store
from justicegraph.system.files import atomic_write
from justicegraph.validate import validate
from tests.admin.test_links import Forms
from tests.admin.test_local import Whole
from tests.support.project import write_entity
from tests.web.test_documents import Page

pytestmark = pytest.mark.alone

EVIL = "<script>alert(1)</script>{{ 1234 * 1234 }}"


def fact(subject: str, predicate: str, value: NamedNode | Literal) -> Triple:
    return Triple(NamedNode(ID + subject), NamedNode(predicate), value)


def new_group(slug: str = "new-group", name: str = "New Group", source: str = "invented-list") -> Proposal:
    """Return the suggestion of a new entry."""
    return Proposal(slug, JG + "Organization", name, (
        fact(slug, TYPE, NamedNode(JG + "Organization")),
        fact(slug, SKOS + "prefLabel", Literal(name, language="en")),
        fact(slug, SKOS + "definition", Literal("It does not exist.", language="en")),
        fact(slug, JG + "source", NamedNode(ID + source)),
    ))  # fmt: skip


def with_source(slug: str = "new-page") -> Proposal:
    """Return one that comes with a new source."""
    source = (
        fact(slug, TYPE, NamedNode(JG + "Source")),
        fact(slug, SKOS + "prefLabel", Literal("New page", language="en")),
        fact(slug, SKOS + "definition", Literal("A page.", language="en")),
    )
    return replace(new_group(source=slug), source=source)


def another_date(project: Path, year: str = "1999") -> Proposal:
    """Return the suggestion that the invented group was founded in a year."""
    triples = read_turtle(project / "graph/organizations/invented-group.ttl")
    old = next(each for each in triples if each.predicate.value == JG + "foundedOn")
    new = fact("invented-group", JG + "foundedOn", Literal(year, datatype=NamedNode(XSD + "gYear")))
    return Proposal("invented-group", JG + "Organization", "", (new,), (old,), base=digest_of(triples))


def review_of(project: Path, *proposals: Proposal) -> Review:
    """Return a review before which these lie, numbered from 1."""
    store = Store(suggestions_file(project))
    for number, proposal in enumerate(proposals):
        store.add(tokens.receipt_hash(str(number)), proposal.slug, proposal.to_json(), 1_000)
    return Review(project, store, "A. Volunteer")


def accept(review: Review, number: int = 1) -> list[str]:
    return [str(path) for path in review.accept(number, review.assess(number).revision)]


def is_clean(project: Path) -> bool:
    folder = load_folder(project)
    return validate(folder, store_of(folder)) == []


def test_accepted_entry_stands_in_its_file_and_passes_every_check(project: Path) -> None:
    review = review_of(project, with_source())
    assert accept(review) == ["graph/sources/new-page.ttl", "graph/organizations/new-group.ttl"]
    assert is_clean(project)
    suggestion = review.store.by_number(1)
    assert suggestion is not None
    assert (suggestion.state, suggestion.reviewer, suggestion.slug, suggestion.content) == (
        ACCEPTED,
        "A. Volunteer",
        "new-group",
        b"",
    )


def test_change_is_shown_as_a_diff_and_changes_one_line(project: Path) -> None:
    review = review_of(project, another_date(project))
    [change] = review.assess(1).changes
    lines = change.diff(project)
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        '-    jg:foundedOn "1999-04"^^xsd:gYearMonth ;', '+    jg:foundedOn "1999"^^xsd:gYear ;',
    ]  # fmt: skip
    accept(review)
    assert 'jg:foundedOn "1999"' in (project / "graph/organizations/invented-group.ttl").read_text()
    assert is_clean(project)


@pytest.mark.parametrize(
    ("proposal", "wrong"),
    [
        (new_group(source="nowhere"), "does not exist"),
        (new_group(name="Invented Group"), "another entry of the same class"),
        (new_group(name="=1+1"), "is not allowed here"),
        (new_group("invented-group", "Other"), "is taken"),
        (replace(new_group(), added=new_group().added[:2]), "skos:definition is missing"),
        (replace(new_group(), base="0" * 32), "there is no entry"),
        (new_group(name="Call 555-010-4567"), "a telephone number"),
    ],
)
def test_what_breaks_a_rule_is_not_accepted_and_nothing_is_written(
    proposal: Proposal, wrong: str, project: Path
) -> None:
    before = {path: path.read_bytes() for path in (project / "graph").rglob("*.ttl")}
    review = review_of(project, proposal)
    assert any(wrong in str(finding) for finding in review.assess(1).findings), review.assess(1).findings
    with pytest.raises(CannotStand, match="Not accepted"):
        accept(review)
    assert {path: path.read_bytes() for path in (project / "graph").rglob("*.ttl")} == before
    assert len(review.waiting()) == 1


def test_file_that_has_changed_since_it_was_shown_is_shown_again(project: Path) -> None:
    review = review_of(project, another_date(project))
    shown = review.assess(1)
    path = project / "graph/organizations/invented-group.ttl"
    path.write_text(path.read_text().replace("does not exist", "was never there"))
    with pytest.raises(CannotStand, match="have changed since this was shown"):
        review.accept(1, shown.revision)
    assert review.assess(1).is_outdated
    accept(review)
    assert "was never there" in path.read_text()
    assert '"1999"^^xsd:gYear' in path.read_text()


def test_two_reviewers_at_once_do_not_both_accept(project: Path) -> None:
    ours = review_of(project, new_group())
    theirs = Review(project, Store(suggestions_file(project)), "B. Volunteer")
    won: list[str] = []

    def decide(review: Review) -> None:
        try:
            accept(review)
            won.append(review.reviewer)
        except CannotWrite:
            pass

    threads = [Thread(target=decide, args=(each,)) for each in (ours, theirs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    suggestion = ours.store.by_number(1)
    assert suggestion is not None
    assert won == [suggestion.reviewer]


def test_reviewer_whose_suggestion_was_decided_on_is_told(project: Path) -> None:
    review = review_of(project, new_group(), new_group("other-group", "Other"))
    review.decline(1, "Not public.")
    with pytest.raises(NotWaiting, match="does not wait any more"):
        review.assess(1)
    review.store.withdraw(tokens.receipt_hash("1"))
    with pytest.raises(NotWaiting):
        review.decline(2, "Not public.")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501, "a\x1b[31m"])
def test_decline_needs_a_reason_that_can_be_read(reason: str, project: Path) -> None:
    review = review_of(project, new_group())
    with pytest.raises(CannotStand, match="Tell the sender why"):
        review.decline(1, reason)
    assert len(review.waiting()) == 1


def test_disk_that_refuses_the_second_file_leaves_neither(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> object:
        if path.stem == "new-group":
            raise CannotWrite(f"{path} cannot be written: the disk is full")
        return atomic_write(path)

    monkeypatch.setattr(turtle, "atomic_write", refuse)
    review = review_of(project, with_source())
    with pytest.raises(CannotWrite, match="the disk is full"):
        accept(review)
    assert not (project / "graph/sources/new-page.ttl").exists()
    assert len(review.waiting()) == 1


def test_accept_that_was_cut_off_after_writing_is_finished_by_accepting_again(project: Path) -> None:
    review = review_of(project, with_source(), new_group("again", "Again"))
    for change in review.assess(1).changes:
        change.path.write_text(change.after)
    assert (accept(review), accept(review, 2)) == ([], ["graph/organizations/again.ttl"])


def test_number_of_a_part_and_id_of_a_source_that_are_taken_meanwhile_are_exchanged(project: Path) -> None:
    def claim(says: str) -> Proposal:
        subject = "invented-person.claim-2"
        said = {"about": "invented-person", "claimant": "invented-list", "source": "new-page"}
        added = [fact(subject, TYPE, NamedNode(JG + "Claim")), fact(subject, JG + "says", Literal(says, language="en"))]
        added += [fact(subject, JG + name, NamedNode(ID + other)) for name, other in said.items()]
        added.append(fact(subject, JG + "stance", NamedNode("https://w3id.org/justicegraph/terms#denies")))
        added.append(fact(subject, JG + "ascribes", NamedNode("https://w3id.org/justicegraph/terms#innocent")))
        base = digest_of(read_turtle(project / "graph/people/invented-person.ttl"))
        source = tuple(
            each for each in with_source().source if says == "One." or "definition" not in each.predicate.value
        )
        source += () if says == "One." else (fact("new-page", SKOS + "definition", Literal("Another.", language="en")),)
        return Proposal("invented-person", JG + "Person", "", tuple(added), source=source, base=base)

    other = claim("Two.")
    renamed = tuple(
        fact("new-page", SKOS + "prefLabel", Literal("Second page", language="en"))
        if "prefLabel" in each.predicate.value
        else each
        for each in other.source
    )
    review = review_of(project, claim("One."), replace(other, source=renamed))
    accept(review)
    assert accept(review, 2) == ["graph/sources/new-page-2.ttl", "graph/people/invented-person.ttl"]
    text = (project / "graph/people/invented-person.ttl").read_text()
    assert re.search(r'claim-3\n[^.]*jg:says "Two\."@en ;\n    jg:source id:new-page-2', text)
    assert is_clean(project)


def test_value_that_somebody_has_exchanged_meanwhile_is_not_exchanged_again(project: Path) -> None:
    triples = read_turtle(project / "graph/organizations/invented-group.ttl")
    old = next(each for each in triples if each.predicate.value == SKOS + "definition")
    says = ("One.", "Two.", "One.")
    first, second, third = (
        Proposal("invented-group", JG + "Organization", "", (new,), (old,), base=digest_of(triples))
        for new in (fact("invented-group", SKOS + "definition", Literal(each, language="en")) for each in says)
    )
    review = review_of(project, first, second, third)
    accept(review)
    with pytest.raises(CannotStand, match="does not stand there any more"):
        accept(review, 2)
    assert accept(review, 3) == []
    assert len(review.waiting()) == 1
    assert "Two." not in (project / "graph/organizations/invented-group.ttl").read_text()


@pytest.mark.parametrize("proposal", [new_group("half-done", "Other"), replace(new_group("half-done"), base="0" * 32)])
def test_file_that_cannot_be_read_is_told_of_and_stays_as_it_is(proposal: Proposal, project: Path) -> None:
    path = project / "graph/organizations/half-done.ttl"
    path.write_text("id:half-done a ")
    review = review_of(project, proposal)
    with pytest.raises(CannotStand, match="the file cannot be read"):
        accept(review)
    assert not any("any more" in each.wrong for each in review.assess(1).findings)
    assert path.read_text() == "id:half-done a "


def test_file_that_is_saved_while_it_is_checked_is_not_written_over(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review, path = review_of(project, another_date(project)), project / "graph/organizations/invented-group.ttl"
    shown = review.assess(1)
    found = review_module._check

    def saved_meanwhile(*arguments: Any) -> Any:
        path.write_text(path.read_text().replace("does not exist", "was never there"))
        return found(*arguments)

    monkeypatch.setattr(review_module, "_check", saved_meanwhile)
    with pytest.raises(CannotStand, match="have changed since this was shown"):
        review.accept(1, shown.revision)
    assert "was never there" in path.read_text()
    assert len(review.waiting()) == 1


def test_new_source_at_an_address_where_one_stands_meanwhile_is_that_one(project: Path) -> None:
    def told_by(description: str, slug: str, name: str) -> Proposal:
        page = replace(with_source(), slug=slug, added=new_group(slug, name, source="new-page").added)
        address = fact("new-page", JG + "isPublishedAt", NamedNode("https://invented.example/page"))
        said = fact("new-page", SKOS + "definition", Literal(description, language="en"))
        return replace(page, source=(*page.source[:2], said, address))

    review = review_of(project, told_by("A page.", "one", "One"), told_by("An article.", "two", "Two"))
    accept(review)
    assert accept(review, 2) == ["graph/organizations/two.ttl"]
    assert "jg:source id:new-page ;" in (project / "graph/organizations/two.ttl").read_text()
    assert is_clean(project)


def test_new_entry_is_given_another_id(project: Path) -> None:
    review = review_of(project, new_group("invented-group", "Other Group"), another_date(project))
    with pytest.raises(CannotStand, match="An id has small letters"):
        review.rename(1, "../evil")
    with pytest.raises(CannotStand, match="has its id already"):
        review.rename(2, "other")
    review.rename(1, "other-group")
    assert accept(review) == ["graph/organizations/other-group.ttl"]


@pytest.mark.parametrize("proposal", [new_group("../../evil"), replace(new_group(), kind=JG + "GoneClass")])
def test_what_has_no_place_among_the_entries_can_only_be_declined(proposal: Proposal, project: Path) -> None:
    review = review_of(project, proposal, new_group("next", "Next"))
    with pytest.raises(CannotStand, match="no place among the entries"):
        accept(review)
    ended = run(project, "d\nNot one of ours.\na\n")
    assert ended.exit_code == 0
    assert (project / "graph/organizations/next.ttl").exists()
    assert review.waiting() == []


def test_page_of_a_number_that_no_file_can_hold_is_not_found(project: Path) -> None:
    assert Owner(review_of(project)).client.get(f"/suggestions/{10**30}").status_code == 404


def test_rule_that_a_change_breaks_in_another_file_stops_it(project: Path) -> None:
    write_entity(project, "organizations/older", """id:older a jg:Organization ; skos:prefLabel "Older"@en ;
        skos:definition "Invented."@en ; jg:source id:invented-list ; jg:isPartOf id:invented-group .""")  # fmt: skip
    assert is_clean(project)
    triples = read_turtle(project / "graph/organizations/invented-group.ttl")
    added = (fact("invented-group", SKOS + "prefLabel", Literal("Older", language="en")),)
    old = next(each for each in triples if each.predicate.value == SKOS + "prefLabel")
    proposal = Proposal("invented-group", JG + "Organization", "", added, (old,), base=digest_of(triples))
    findings = review_of(project, proposal).assess(1).findings
    assert {finding.path.stem for finding in findings} == {"invented-group", "older"}


# In the terminal.


def run(project: Path, keys: str, *arguments: str) -> Result:
    words = ["review", "--folder", str(project), "--build-dir", str(project / "build"), "--author", "A. Volunteer"]
    return CliRunner().invoke(cli, [*words, *arguments], input=keys, catch_exceptions=False)


def test_terminal_lists_shows_and_decides(project: Path) -> None:
    review = review_of(project, new_group(), new_group("other-group", "Other"), new_group("third", "Third"))
    ended = run(project, "?\na\nd\nNot public.\nl\n")
    assert ended.exit_code == 0
    assert [line.split("\t")[2:] for line in ended.stdout.splitlines()[:2]] == [
        ["new", "new-group"],
        ["new", "other-group"],
    ]
    assert "graph/organizations/new-group.ttl" in ended.stdout
    assert '+    skos:prefLabel "New Group"@en ;' in ended.stderr
    assert "All checks pass." in ended.stderr
    assert [suggestion.number for suggestion, _ in review.waiting()] == [3]
    declined = review.store.by_number(2)
    assert declined is not None
    assert (declined.state, declined.reason) == (DECLINED, "Not public.")


def test_terminal_gives_another_id_and_says_what_is_wrong(project: Path) -> None:
    review_of(project, new_group("invented-group", "Other"))
    ended = run(project, "a\ni\nother-group\na\n")
    assert "Not accepted: " in ended.stderr
    assert "is taken" in ended.stderr
    assert (project / "graph/organizations/other-group.ttl").exists()


def test_terminal_ends_with_its_input_and_says_where_nothing_waits(project: Path) -> None:
    assert "0 suggestions waiting." in run(project, "").stderr
    review = review_of(project, new_group())
    assert run(project, "").exit_code == run(project, "d\n").exit_code == 0
    assert len(review.waiting()) == 1
    assert "1 suggestion waiting." in run(project, "", "--list").stderr


# On the page.


class Owner:
    """A browser that is signed in."""

    def __init__(self, review: Review) -> None:
        door = Door("/suggestions", 8001)
        self.client = Whole(suggestion_review_app(review, door))
        self.client.post("/suggestions/sign-in", data={"code": door.code})

    def page(self, path: str = "/suggestions") -> str:
        return str(self.client.get(path).text)

    def do(self, what: str, number: int = 1, **fields: str) -> int:
        action = f"/suggestions/{number}/{what}"
        own = next(found for place, found, _ in Forms(self.page(f"/suggestions/{number}")).found if place == action)
        return int(self.client.post(action, data=own | fields).status_code)


def test_page_accepts_declines_and_renames_by_forms(project: Path) -> None:
    review = review_of(project, new_group("invented-group", "One"), new_group("two", "Two"))
    owner = Owner(review)
    assert "is taken" in owner.page()
    assert owner.do("id", slug="one") == 303
    assert owner.do("accept") == 303
    assert owner.do("decline", 2, reason="Not public.") == 303
    assert "No suggestions wait" in owner.page()
    assert is_clean(project)
    assert (project / "graph/organizations/one.ttl").exists()


def test_page_shows_texts_of_others_as_texts(project: Path) -> None:
    owner = Owner(review_of(project, replace(new_group("evil", EVIL), comment=EVIL)))
    text = owner.page()
    Page(text)
    assert EVIL not in text
    assert not re.search("<script>|1522756", text)
    assert '<span class="added">' in text


def test_page_shows_anew_what_has_changed_and_has_one_key_for_each_answer(project: Path) -> None:
    review = review_of(project, another_date(project), new_group())
    owner = Owner(review)
    assert set(re.findall(r'data-key="(\w)"', owner.page())) == {"a", "d", "l"}
    assert owner.do("accept", revision="0" * 32) == 409
    assert owner.do("decline", reason=" ") == 409
    assert len(review.waiting()) == 2


def test_page_is_for_the_owner_only_and_has_no_token_in_an_address(project: Path) -> None:
    review = review_of(project, new_group())
    stranger = Whole(suggestion_review_app(review, Door("/suggestions", 8001)))
    assert stranger.get("/suggestions").status_code == 403
    assert stranger.post("/suggestions/1/accept", data={"revision": review.assess(1).revision}).status_code == 403
    owner = Owner(review)
    assert owner.client.post("/suggestions/1/accept", data={"revision": review.assess(1).revision}).status_code == 403
    token = next(found["token"] for _, found, _ in Forms(owner.page()).found if "token" in found)
    assert all(token not in address for address in re.findall(r'(?:href|action)="([^"]*)"', owner.page()))
    assert len(review.waiting()) == 1


def test_command_shows_the_code_of_the_page_and_ends(project: Path) -> None:
    review_of(project, new_group())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [str(Path(sys.executable).with_name("justicegraph")), "review", "--author", "Nobody", "--browser"]
    places = ["--folder", str(project), "--build-dir", str(project / "build"), "--port", str(port)]
    with subprocess.Popen(
        [*words, *places], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=dict(os.environ)
    ) as process:
        assert process.stderr
        told = process.stderr.readline().decode()
        process.send_signal(signal.SIGINT)
        process.stderr.read()
    assert re.search(rf"Open http://127\.0\.0\.1:{port}/suggestions .* this code: ([A-Z2-9]{{4}}-?){{3}} ", told)
    assert process.returncode == 0
