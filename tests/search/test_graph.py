"""The status of a campaign is that of its latest report."""

import shutil
from pathlib import Path

from justicegraph.search import FOLDER, SearchIndex, SearchQuery, write_search
from tests.support.project import write_entity
from tests.support.search import MORE, query_runner


def test_campaign_is_open_or_closed_by_the_newest_word(wide: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(wide, tmp_path / "project")
    claims = [("open", "2019"), ("closed", "2021-05")]
    write_entity(folder, "campaigns/lantern", MORE["campaigns/lantern"] + "".join(
        f"id:lantern.claim-{at} a jg:Claim ; jg:about id:lantern ; jg:ascribes jgt:{word} ; jg:claimedOn \"{day}\" ;"
        " jg:claimant id:invented-list ; jg:stance jgt:reports ; jg:source id:invented-list ."
        for at, (word, day) in enumerate(claims, 1)
    ))  # fmt: skip
    write_search(query_runner(folder), tmp_path / FOLDER)
    (hit,) = SearchIndex.open(tmp_path).find(SearchQuery("lantern", filters={"status": ("closed",)})).hits
    assert (hit.slug, hit.as_of) == ("lantern", "2021-05")
