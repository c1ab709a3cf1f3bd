"""Every language has all words, with the same placeholders."""

import re
from dataclasses import fields

from justicegraph.pictures import (
    ENGLISH,
    SPANISH,
)  # fmt: skip


def test_languages_fill_in_the_same() -> None:
    for field in fields(ENGLISH)[1:]:
        english, spanish = getattr(ENGLISH, field.name), getattr(SPANISH, field.name)
        assert spanish
        assert re.findall(r"\{\w*\}", english) == re.findall(r"\{\w*\}", spanish)
