"""Map the names of countries, in many languages, to their codes: "US", "USA" and "Estados Unidos" are the same."""

import re
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

from justicegraph.text import strip_accents

LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "nl", "pl", "ru", "uk", "ar", "fa", "tr", "zh", "ja", "ko")
"""Languages whose names of countries are known (Unicode CLDR)."""

_MORE = {"united states of america": "US", "america": "US", "great britain": "GB", "russian federation": "RU"}
_PUNCTUATION = re.compile(r"[.'\u2019()]+")


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """Return the code of a country (ISO 3166-1, alpha-2) by its code or name; return any other text unchanged."""
    text = text.strip()
    if len(text) == 2 and text.isascii() and text.isupper():
        return {"UK": "GB"}.get(text, text)
    aliases = get_global("territory_aliases").get(text.upper().replace(".", ""), ())
    return aliases[0] if len(aliases) == 1 else _codes_by_name().get(_normalize(text), text)


@cache
def _codes_by_name() -> dict[str, str]:
    codes = dict(_MORE)
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code.isalpha() and len(code) == 2:
                codes.setdefault(_normalize(name), code)
    return codes


def _normalize(name: str) -> str:
    return " ".join(_PUNCTUATION.sub("", strip_accents(name)).replace("&", "and").split())
