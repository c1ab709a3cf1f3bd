"""People first: for each rule a text that breaks it, and texts like it that do not."""

from pathlib import Path

import pytest

from justicegraph.project.folder import load_folder
from justicegraph.validate.privacy import ANYWHERE, OF_PEOPLE, check_privacy
from tests.support.project import INVENTED, write_entity

PERSON = INVENTED["people/invented-person"]

TOLD = [
    ("NoEmail", "Write to nobody@invented.example for more."),
    ("NoPhone", "Call 202-555-0123 today."),
    ("NoPhone", "Call +44 20 7946 0123."),
    ("NoPhone", "Call (202) 555 0123."),
    ("NoPhone", "Call 555\u2013010\u20134567."),
    ("NoPhone", "Call 202\u00a0555\u00a00123."),
    ("NoRegisterNumber", "His CDCR #A12345 is known."),
    ("NoRegisterNumber", "Write to inmate number A12345."),
    ("NoRegisterNumber", "DOC No. 12345 is his."),
    ("NoRegisterNumber", "Register Number: 12345"),
    ("NoRegisterNumber", "Her booking number 123456789 is public."),
    ("NoBirthday", "She was born 5/3/1970."),
    ("NoStreet", "Its office is at 12 Invented Street."),
    ("NoStreet", "Write to P.O. Box 12."),
    ("NoRegisterNumber", "Held under 12345-678."),
    ("NoRegisterNumber", "His number is 123-45-6789."),
    ("NoAge", "A 38-year-old was held."),
    ("NoAge", "He died aged 50."),
    ("NoBirthday", "She was born on 3 May 1970."),
    ("NoReligion", "A Muslim from Invented City."),
    ("NoRace", "A Black man was held."),
    ("NoHealth", "He is mentally ill."),
    ("NoSexuality", "She is lesbian."),
    ("NoAbuse", "She had been abused for years."),
]
FINE = [
    "Case 3:17-cv-00321 was filed on 2017-05-18 and cites 301 F.Supp.3d 1136.",
    "Some 600,000 people return each year; 2,000 to 3,000 of them in one county.",
    "Public Law 104-134 of April 26, 1996.",
    "The St James Coalition has 12 members.",
    "He was held from 2004 to 2012 for 12.5 years.",
    "Executive Order 13769 and the DOC of 2019 concern 12,000 people; prisoner numbers rose to 20,000.",
    "Issue #17 of the paper lists 1,500 inmates.",
]


def rules(project: Path) -> set[str]:
    return {finding.rule.partition("#")[2] for finding in check_privacy(load_folder(project).files.values())}


@pytest.mark.parametrize(("rule", "text"), TOLD)
def test_text_about_a_person_that_breaks_a_rule_is_found(rule: str, text: str, project: Path) -> None:
    write_entity(project, "people/invented-person", PERSON.replace("Someone who does not exist.", text))
    assert rules(project) == {rule}


@pytest.mark.parametrize("text", FINE)
def test_harmless_text_is_let_through(text: str, project: Path) -> None:
    write_entity(project, "people/invented-person", PERSON.replace("Someone who does not exist.", text))
    assert rules(project) == set()


def test_address_that_names_a_mailbox_is_found(project: Path) -> None:
    told = "<https://invented.example/?mail=nobody@invented.example>"
    person = PERSON.replace("skos:definition", f"jg:website {told} ; skos:definition", 1)
    write_entity(project, "people/invented-person", person)
    assert rules(project) == {"NoEmail"}


def test_ground_of_persecution_may_stand_in_a_claim(project: Path) -> None:
    write_entity(
        project, "people/invented-person", PERSON.replace("That it was someone else.", "Held for being a Muslim.")
    )
    assert rules(project) == set()


def test_claim_tells_no_age_either(project: Path) -> None:
    write_entity(
        project, "people/invented-person", PERSON.replace("That it was someone else.", "Held at the age of 19.")
    )
    assert rules(project) == {"NoAge"}


def test_name_of_an_organization_is_let_through(project: Path) -> None:
    organization = INVENTED["organizations/invented-group"].replace('"Invented Group"', '"Muslims for Invention"')
    write_entity(project, "organizations/invented-group", organization)
    assert rules(project) == set()


def test_every_rule_is_broken_once_here() -> None:
    assert {rule for rule, _ in TOLD} == {*ANYWHERE, *OF_PEOPLE}
