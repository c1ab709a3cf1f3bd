"""Parameters of a request, read strictly: a parameter that cannot be read, or is sent twice, is refused with a reason.

They are written as application/x-www-form-urlencoded (https://url.spec.whatwg.org/#urlencoded-parsing), in an
address or in a body.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from justicegraph.errors import BadParameters

_DIGITS = 9
"""Digits of the longest number that a parameter may have."""


def parse_parameters(text: str | bytes, most: int = 100) -> list[tuple[str, str]]:
    """Return the parameters in their order; raise BadParameters for more than `most`, or for text that is not UTF-8."""
    try:
        written = text if isinstance(text, str) else text.decode("ascii")
        return parse_qsl(written, keep_blank_values=True, errors="strict", max_num_fields=most)
    except UnicodeDecodeError as error:
        raise BadParameters("The parameters are not UTF-8 in percent-encoding.") from error
    except ValueError as error:
        raise BadParameters(f"There are more than {most} parameters.") from error


def single_parameters(text: str | bytes, most: int = 100) -> dict[str, str]:
    """Return the parameters by name; raise BadParameters, also if one is sent twice."""
    pairs = parse_parameters(text, most)
    parameters = dict(pairs)
    if len(parameters) < len(pairs):
        raise BadParameters("Send each parameter once.")
    return parameters


def whole_number(parameters: Mapping[str, str], name: str, least: int = 0) -> int:
    """Return a parameter that is a whole number, `least` if it is missing; raise BadParameters for any other."""
    text = parameters.get(name) or str(least)
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS) or int(text) < least:
        raise BadParameters(f"`{name}` must be a whole number, {least} or more.")
    return int(text)
