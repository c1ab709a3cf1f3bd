"""A form is made from the shapes."""

import re

import pytest

from justicegraph.namespaces import JG
from justicegraph.rdf.schema import facts_of, properties_of, wider_classes
from justicegraph.suggest.forms import _NOT_ASKED, plain
from justicegraph.suggest.kinds import KINDS
from tests.support.forms import FORMS


@pytest.mark.parametrize("name", KINDS.values())
def test_form_has_the_fields_that_the_shapes_allow_and_requires_what_they_require(name: str) -> None:
    allowed = properties_of(facts_of(FORMS.shapes))
    wanted = set().union(*(allowed.get(each, set()) for each in wider_classes(JG + name, FORMS.words)))
    fields = FORMS.fields(JG + name)
    assert {field.path for field in fields} == wanted - _NOT_ASKED
    needed = {field.name for field in fields if field.is_required}
    assert {"skos-prefLabel", "skos-definition"} <= needed
    assert ("jg-source" in needed) == (name not in {"Source", "Cause"})


def test_parts_that_a_person_can_have_are_offered_and_link_to_it() -> None:
    parts = FORMS.parts(JG + "Person")
    assert {JG + name for name in ("Custody", "Charge", "Claim", "Tenure")} <= set(parts)
    assert not {JG + name for name in ("Mention", "Status", "Demand")} & set(parts)
    assert FORMS.part("custody-1", JG + "Custody", JG + "Person").owner == JG + "isCustodyOf"


def test_terms_of_closed_lists_are_chosen() -> None:
    regime = next(field for field in FORMS.fields(JG + "Custody") if field.name == "jg-regime")
    assert (regime.kind, "prison" in {label for _, label in regime.choices}) == ("choice", True)


def test_messages_of_shapes_are_shown_without_what_is_for_files() -> None:
    for kind in (*KINDS.values(), "Custody", "Claim", "Outcome", "Statistic"):
        for field in FORMS.fields(JG + kind):
            assert field.help
            assert re.search(r"@en|<https|jgt:|\bid:\w|xsd:|\^\^", field.help) is None, field.help
    assert plain("Link one.") == "Link one."
