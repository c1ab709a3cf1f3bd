"""Parameters are read strictly, and what cannot be read is refused with a sentence that says why."""

import pytest

from justicegraph.errors import BadParameters
from justicegraph.http.parameters import parse_parameters, single_parameters, whole_number
from justicegraph.http.problems import problem_of


def test_parameters_keep_their_order_and_empty_values() -> None:
    assert parse_parameters("b=2&a=&b=%C3%A9+x") == [("b", "2"), ("a", ""), ("b", "é x")]
    assert parse_parameters(b"a=1") == [("a", "1")]


@pytest.mark.parametrize("text", ["a=%ff", "a=%ed%a0%80", b"a=\xc3\xa9"])
def test_text_that_is_not_utf8_is_refused(text: str | bytes) -> None:
    with pytest.raises(BadParameters, match="not UTF-8 in percent-encoding"):
        parse_parameters(text)


def test_there_are_only_so_many() -> None:
    assert len(parse_parameters("&".join(["a=1"] * 20), most=20)) == 20
    with pytest.raises(BadParameters, match="more than 20 parameters"):
        parse_parameters("&".join(["a=1"] * 21), most=20)


def test_parameter_that_is_sent_twice_is_refused_where_one_is_expected() -> None:
    assert single_parameters("a=1&b=2") == {"a": "1", "b": "2"}
    with pytest.raises(BadParameters, match="each parameter once"):
        single_parameters("a=1&a=1")


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("", 1), ("007", 7), ("999999999", 999_999_999)])
def test_number_is_whole(text: str, number: int) -> None:
    assert whole_number({"page": text}, "page", least=1) == number
    assert whole_number({}, "page", least=1) == 1


@pytest.mark.parametrize("text", ["0", "-1", "1.0", "x", "1e3", "\u0661", "1000000000", " 1"])
def test_other_texts_are_no_whole_number(text: str) -> None:
    with pytest.raises(BadParameters, match="`page` must be a whole number, 1 or more"):
        whole_number({"page": text}, "page", least=1)


def test_problem_is_a_bad_request() -> None:
    problem = problem_of(BadParameters("Send each parameter once."))
    assert (problem.kind, problem.status) == ("bad-request", 400)
