"""Text is wrapped and clipped between whole letters."""

from hypothesis import given
from hypothesis import strategies as st

from justicegraph.pictures.text import clean, clip, measure, wrap


@given(st.text(max_size=60), st.integers(20, 300))
def test_lines_fit_and_lose_nothing_where_there_are_enough(text: str, room: int) -> None:
    cleaned = clean(text)
    lines = wrap(cleaned, room, 14, 99)
    assert "".join(lines).replace(" ", "") == cleaned.replace(" ", "")
    assert all(measure(line.rstrip(), 14) <= room + 1e-9 or len(line) <= 3 for line in lines)
    assert measure(clip(cleaned, room, 14), 14) <= room + 1e-9, "sums of floats differ by their order"


def test_letter_keeps_two_marks_and_no_pile_of_them() -> None:
    assert clean("Z" + "\u0301" * 400) == "Z\u0301\u0301"
    assert clean("Ti\u1ebfng Vie\u0302\u0323t") == "Ti\u1ebfng Vie\u0302\u0323t"


def test_letter_is_cut_with_its_marks() -> None:
    family = "👩‍👩‍👧" * 9
    assert clip(family, 100, 14).rstrip("…") in {"👩‍👩‍👧" * n for n in range(9)}
    assert clip("e\u0301" * 30, 100, 14).endswith("e\u0301…")
