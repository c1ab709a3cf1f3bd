"""Each question in queries/ is a question, is answered by the graph, and always in the same order."""

from functools import partial

import orjson
import pytest

from conftest import ROOT
from justicegraph.evaluate import Ask, Question, evaluate
from justicegraph.formats import SOLUTIONS, named_format
from justicegraph.load import load_folder, store_of
from justicegraph.reason import reason

QUESTIONS = sorted((ROOT / "queries").glob("*.rq"))


@pytest.fixture(scope="module")
def ask() -> Ask:
    folder = load_folder(ROOT)
    store = store_of(folder)
    reason(store, folder.rules)
    return partial(evaluate, store, union=True)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_question_is_answered(path: object, ask: Ask) -> None:
    text = path.read_text()  # type: ignore[attr-defined]
    assert text.startswith("# ")
    assert text.partition("\n")[0].endswith("?")
    assert "ORDER BY" in text
    rows = orjson.loads(ask(Question(text, named_format("json", SOLUTIONS))).read())["results"]["bindings"]
    assert rows
    assert len({orjson.dumps(row) for row in rows}) == len(rows)
