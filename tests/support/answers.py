"""Write the answers in the README anew, from the graph as it is: python -m tests.support.answers."""

from tests.docs.test_readme import ANSWERS, README, answer
from tests.support.project import ROOT


def with_answers(text: str) -> str:
    for name, _ in ANSWERS:
        mark = f"<!-- answer: {name} -->\n"
        before, _, rest = text.partition(mark)
        text = before + mark + answer(name) + rest[rest.index("<!-- end -->") :]
    return text


if __name__ == "__main__":
    (ROOT / "README.md").write_text(with_answers(README))
