"""Languages of the pages: choosing the reader's language, translating messages, formatting dates and numbers.

Messages are English in the code and the templates; locale/<code>.po has their translations (GNU gettext).
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
"""The codes of all languages; the first is that of the messages in the code."""


@dataclass(frozen=True)
class Language:
    """A language: its code (BCP 47), its own name, and its translations by English message."""

    code: str
    name: str
    sentences: Mapping[str, tuple[str, ...]]

    def text(self, sentence: str) -> str:
        """Return the translation of a message; the message itself if there is none."""
        return self.sentences.get(sentence, (sentence,))[0]

    def plural(self, one: str, many: str, count: int) -> str:
        """Return the translation of a message for a number, in singular or plural."""
        forms = self.sentences.get(one, (one, many))
        return forms[0] if count == 1 else forms[-1]

    def day(self, date: str) -> str:
        """Format a date in its own precision: "2025-02-18" as 18 February 2025, "2025-02" as February 2025."""
        return _day(self.code, date)

    def number(self, value: float | str) -> str:
        """Format a number with grouped digits; return any other text unchanged."""
        try:
            return format_decimal(Decimal(str(value)), locale=self.code, decimal_quantization=False)
        except ArithmeticError:
            return str(value)


@lru_cache(4096)
def _day(code: str, date: str) -> str:
    bounds = bounds_of(date)
    if bounds is None:
        return date
    form = (_SPANISH if code == "es" else {}).get(len(date)) or _FORMS[len(date)]
    return format_date(bounds[0], form, locale=code)


@cache
def languages() -> Mapping[str, Language]:
    """Return the languages by code."""
    return {code: Language(code, _name(code), _sentences(code)) for code in CODES}


def _name(code: str) -> str:
    return (Locale(code).get_display_name(code) or code).capitalize()


def _sentences(code: str) -> dict[str, tuple[str, ...]]:
    path = _FOLDER / f"{code}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=code)
    sentences: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        key = message.id[0] if isinstance(message.id, list | tuple) else message.id
        forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
        if key and all(forms):
            sentences[key] = tuple(map(str, forms))
    return sentences


def language_of(request: Request) -> Language:
    """Return the language in the parameter `lang`, else the one that the reader prefers (RFC 9110, 12.5.4)."""
    code = request.args.get("lang", "")
    return languages()[code if code in CODES else preferred_code(request.headers.get("Accept-Language", ""))]


def preferred_code(accepted: str) -> str:
    """Return the code of the language that an Accept-Language header prefers (RFC 9110, 12.5.4)."""
    for tag, weight in parse_accept_header(accepted, LanguageAccept):
        code = str(tag).lower().partition("-")[0]
        if weight > 0 and code in CODES:
            return code
    return CODES[0]


class _Locale(NamedTuple):
    """The language of the current request, and the query parameter that links keep."""

    language: Language
    parameter: str


_current: ContextVar[_Locale | None] = ContextVar("reader", default=None)
"""The locale of the current request. A page reads it a hundred times, and flask.g would be slower."""


def _locale() -> _Locale:
    locale = _current.get()
    if locale is None:
        code = request.args.get("lang", "")
        locale = _Locale(language_of(request), f"lang={code}" if code in CODES else "")
        _current.set(locale)
    return locale


def _reset() -> None:
    _current.set(None)


def language() -> Language:
    """Return the language of the current page."""
    return _locale().language


def in_language(path: str) -> str:
    """Return a path of this site with the language parameter of the current page, if it has one."""
    parameter = _locale().parameter
    if not parameter or not path.startswith("/"):
        return path
    path, mark, fragment = path.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{parameter}{mark}{fragment}"


@pass_context  # otherwise Jinja would evaluate constants once for all readers
def _here(_context: Context, path: str) -> str:
    return in_language(path)


def in_other_language(code: str) -> str:
    """Return the address of this page in another language."""
    parameters = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"{quote(request.path)}?{urlencode([*parameters, ('lang', code)])}"


def vary(response: Response, header: str) -> None:
    """Add a request header to the Vary header of a response (RFC 9110, 12.5.5)."""
    names = response.headers.get("Vary")
    response.headers["Vary"] = f"{names}, {header}" if names else header


def _add_headers(response: Response) -> Response:
    """Add Content-Language and Vary to a page (RFC 9110, 8.5 and 12.5.5)."""
    if response.mimetype == "text/html" and response.status_code != 304:
        vary(response, "Accept-Language")
        response.headers.setdefault("Content-Language", language().code)
    return response


def _sentence(sentence: str, **values: object) -> str:
    """Return a message in the reader's language, escaped, with escaped values in its placeholders."""
    text = language().text(sentence)
    return escape(text) % values if values else text


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """Return a message for a number in the reader's language, in singular or plural, escaped likewise."""
    text = language().plural(one, many, count)
    return escape(text) % values if values else text


def init_app(app: Flask) -> None:
    """Add the translation of messages, dates and numbers to the templates of an application."""
    app.before_request(_reset)
    app.after_request(_add_headers)
    app.jinja_env.globals |= {"_": _sentence, "ngettext": ngettext}
    app.jinja_env.filters["day"] = lambda date: language().day(date)
    app.jinja_env.filters["number"] = lambda value: language().number(value)
    app.jinja_env.filters["here"] = _here
    app.jinja_env.globals |= {"language": language, "languages": languages, "in_other_language": in_other_language}
