"""The languages of the pages: which one a reader wants, our sentences in it, its dates and numbers.

Sentences are written in English where they are used; locale/<code>.po has them in another language (GNU gettext).
"""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, Request, Response, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import escape
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from justicegraph.dates import bounds_of

_FOLDER = Path(__file__).parent / "locale"
_FORMS = {4: "y", 7: "MMMM y", 10: "d MMMM y"}
_SPANISH = {7: "MMMM 'de' y", 10: "d 'de' MMMM 'de' y"}
CODES = ("en", "es")
"""The languages that there are; the first is the one that the sentences are written in."""


@dataclass(frozen=True)
class Language:
    """A language by its code (BCP 47), what it calls itself, and its sentences by ours."""

    code: str
    name: str
    sentences: Mapping[str, tuple[str, ...]]

    def text(self, sentence: str) -> str:
        """Return a sentence of ours in this language; as it is where it was not translated."""
        return self.sentences.get(sentence, (sentence,))[0]

    def plural(self, one: str, many: str, count: int) -> str:
        """Return the form of a sentence that goes with a number."""
        forms = self.sentences.get(one, (one, many))
        return forms[0] if count == 1 else forms[-1]

    def day(self, said: str) -> str:
        """Return a date as precise as it is: "2025-02-18" as 18 February 2025, "2025-02" as February 2025."""
        return _day(self.code, said)

    def number(self, value: float | str) -> str:
        """Return a number with its digits in groups; what is none, as it is."""
        try:
            return format_decimal(Decimal(str(value)), locale=self.code, decimal_quantization=False)
        except ArithmeticError:
            return str(value)


@lru_cache(4096)
def _day(code: str, said: str) -> str:
    bounds = bounds_of(said)
    if bounds is None:
        return said
    form = (_SPANISH if code == "es" else {}).get(len(said)) or _FORMS[len(said)]
    return format_date(bounds[0], form, locale=code)


@cache
def languages() -> Mapping[str, Language]:
    """Return the languages by their codes."""
    return {code: Language(code, _name(code), _sentences(code)) for code in CODES}


def _name(code: str) -> str:
    return (Locale(code).get_display_name(code) or code).capitalize()


def _sentences(code: str) -> dict[str, tuple[str, ...]]:
    path = _FOLDER / f"{code}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=code)
    said: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        key = message.id[0] if isinstance(message.id, list | tuple) else message.id
        forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if key and all(forms):
            said[key] = tuple(map(str, forms))
    return said


def chosen(asked: Request) -> Language:
    """Return the language that the address names by `lang`, else the one that the reader prefers (RFC 9110, 12.5.4)."""
    code = asked.args.get("lang", "")
    return languages()[code if code in CODES else preferred(asked.headers.get("Accept-Language", ""))]


def preferred(accepted: str) -> str:
    """Return the code of the language that an Accept-Language header prefers (RFC 9110, 12.5.4)."""
    for tag, weight in parse_accept_header(accepted, LanguageAccept):
        code = str(tag).lower().partition("-")[0]
        if weight > 0 and code in CODES:
            return code
    return CODES[0]


class _Reader(NamedTuple):
    """Who reads the page that is being made: in which language, and what addresses keep of that."""

    language: Language
    kept: str


_reader: ContextVar[_Reader | None] = ContextVar("reader", default=None)
"""A page asks for it a hundred times, and what Flask keeps for a request is slow to come by."""


def _reading() -> _Reader:
    found = _reader.get()
    if found is None:
        code = request.args.get("lang", "")
        found = _Reader(chosen(request), f"lang={code}" if code in CODES else "")
        _reader.set(found)
    return found


def _forget_reader() -> None:
    _reader.set(None)


def language() -> Language:
    """Return the language of the page that is being made."""
    return _reading().language


def in_language(path: str) -> str:
    """Return a path of ours that keeps the language, where the address of this page names one."""
    kept = _reading().kept
    if not kept or not path.startswith("/"):
        return path
    path, mark, fragment = path.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{kept}{mark}{fragment}"


@pass_context  # else what it makes of a constant for the first reader is kept for all
def _here(_context: Context, path: str) -> str:
    return in_language(path)


def in_other_language(code: str) -> str:
    """Return the address of this page in another language."""
    said = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{quote(request.path)}?{urlencode([*said, ('lang', code)])}"


def vary(response: Response, header: str) -> None:
    """Say of a response that it depends on a header of the request too (RFC 9110, 12.5.5)."""
    said = response.headers.get("Vary")
    response.headers["Vary"] = f"{said}, {header}" if said else header


def _told(response: Response) -> Response:
    """Say of a page in which language it is, and that there are others (RFC 9110, 8.5 and 12.5.5)."""
    if response.mimetype == "text/html" and response.status_code != 304:
        vary(response, "Accept-Language")
        response.headers.setdefault("Content-Language", language().code)
    return response


def _sentence(sentence: str, **said: object) -> str:
    """Return a sentence in the reader's language; what is put into its gaps is escaped, as it is itself."""
    text = language().text(sentence)
    return escape(text) % said if said else text


def ngettext(one: str, many: str, count: int, **said: object) -> str:
    """Return the form of a sentence that goes with a number, in the reader's language; its gaps likewise escaped."""
    text = language().plural(one, many, count)
    return escape(text) % said if said else text


def speak(app: Flask) -> None:
    """Give the templates of an application their sentences, dates and numbers."""
    app.before_request(_forget_reader)
    app.after_request(_told)
    app.jinja_env.globals |= {"_": _sentence, "ngettext": ngettext}
    app.jinja_env.filters["day"] = lambda said: language().day(said)
    app.jinja_env.filters["number"] = lambda value: language().number(value)
    app.jinja_env.filters["here"] = _here
    app.jinja_env.globals |= {"language": language, "languages": languages, "in_other_language": in_other_language}
