"""The home page: numbers of entries, news, and campaigns that were lately reported open."""

import re
from datetime import date
from pathlib import Path

import pytest

from tests.support.pages import Page, Visitor, visitor
from tests.support.project import make_project, write_entity

TODAY = date(2026, 3, 1)


def claim(campaign: str, number: int, term: str, day: str, more: str = "") -> str:
    """Return a claim on a campaign, with the datatype that goes with the precision of its day."""
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(day)]
    return f"""id:{campaign}.claim-{number} a jg:Claim ; jg:about id:{campaign} ; jg:ascribes jgt:{term} ;
        jg:claimedOn "{day}"^^xsd:{kind} ; jg:claimant id:invented-list ; jg:source id:invented-list {more} ."""


def campaign(slug: str, claims: str, more: str = "") -> str:
    """Return an invented campaign."""
    return f"""id:{slug} a jg:Campaign ; skos:prefLabel "{slug.replace("-", " ").capitalize()}"@en ;
        skos:definition "Invented."@en ; jg:isDirectedAt id:invented-group ; jg:source id:invented-list {more} .
        {claims}
        id:{slug}.demand-1 a jg:Demand ; jg:isDemandOf id:{slug} ; jg:position 1 ; jg:asksFor "That {slug} be heard."@en ;
        jg:source id:invented-list ."""


def home(tmp_path: Path, **campaigns: str) -> Page:
    """Return the first page of a project with these campaigns."""
    folder = make_project(tmp_path / "project")
    for name, turtle in campaigns.items():
        write_entity(folder, f"campaigns/{name.replace('_', '-')}", turtle)
    return visitor(folder, tmp_path, today=lambda: TODAY).page("/")


def opened(page: Page) -> str:
    """Return what the page says of open campaigns."""
    return page.text.partition("Campaigns known to be open")[2].partition("Add what you know")[0]


def test_page_leads_to_the_four_kinds_with_their_counts(tmp_path: Path) -> None:
    page = home(tmp_path)
    assert re.search("1 organizations 1 campaigns 1 causes 1 prisoners Also:", page.text)
    assert page.links[" organizations"] == "/browse/Organization"
    assert 'action="/browse"' in page.source


def test_page_tells_what_is_new(tmp_path: Path) -> None:
    assert "What is new Invented Person: prison, as of May 2010" in home(tmp_path).text


def test_campaign_is_open_by_a_word_of_the_last_twelve_months(tmp_path: Path) -> None:
    text = opened(home(tmp_path, new_one=campaign("new-one", claim("new-one", 1, "open", "2025-03-02"))))
    assert "New one Addressed to: Invented Group It asks: That new-one be heard." in text
    assert "Open as of 2 March 2025, says An invented list" in text


@pytest.mark.parametrize(
    ("day", "is_shown"),
    [
        ("2025-03-01", True),
        ("2025-02-28", False),
        ("2025-03", True),
        ("2025-02", False),
        ("2025", True),
        ("2024", False),
    ],
)
def test_word_is_new_as_far_as_its_date_tells(tmp_path: Path, day: str, is_shown: bool) -> None:
    page = home(tmp_path, new_one=campaign("new-one", claim("new-one", 1, "open", day)))
    assert ("New one" in opened(page)) is is_shown


def test_nothing_is_called_open_on_silence(tmp_path: Path) -> None:
    assert "No campaign has been reported open" in opened(home(tmp_path))


@pytest.mark.parametrize(
    ("claims", "more"),
    [
        (claim("one", 2, "closed", "2025-12-24"), ""), (claim("one", 2, "closed", "2025-12"), ""),
        ("", '; jg:endedOn "2026-01"^^xsd:gYearMonth'),
    ],
)  # fmt: skip
def test_campaign_that_was_closed_or_ended_since_is_not_open(tmp_path: Path, claims: str, more: str) -> None:
    page = home(tmp_path, one=campaign("one", claim("one", 1, "open", "2025-12-01") + claims, more))
    assert "No campaign has been reported open" in opened(page)


def test_campaign_that_was_opened_again_is_open(tmp_path: Path) -> None:
    claims = claim("one", 1, "closed", "2025-12-24") + claim("one", 2, "open", "2026-02-01")
    assert "Open as of 1 February 2026" in opened(home(tmp_path, one=campaign("one", claims)))


def test_newest_word_comes_first_and_each_campaign_once(tmp_path: Path) -> None:
    older = campaign("older", claim("older", 1, "open", "2025-06-01") + claim("older", 2, "open", "2025-07-01"))
    text = opened(home(tmp_path, older=older, newer=campaign("newer", claim("newer", 1, "open", "2026-01-01"))))
    assert text.index("Newer") < text.index("Older")
    assert text.count("Older") == 1
    assert "Open as of 1 July 2025" in text


def test_page_speaks_spanish_and_stays_there(tmp_path: Path) -> None:
    reader: Visitor = visitor(make_project(tmp_path / "project"), tmp_path, today=lambda: TODAY)
    assert "lang=es" not in "".join(link for name, link in reader.page("/").links.items() if name != "Español")
    page = reader.page("/?lang=es")
    assert '<html lang="es">' in page.source
    inside = [link for link in page.links.values() if link.startswith("/") and link != "/?lang=en"]
    assert [link for link in inside if "lang=es" not in link] == ["/data/changes.atom"]
    assert reader.get("/", headers={"Accept-Language": "es"}).headers["Content-Language"] == "es"
