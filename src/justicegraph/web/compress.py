"""Pages in the content coding that a browser takes: on a slow line, a quarter of the bytes is a quarter of the wait."""

from flask import Response, request

from justicegraph.http.accept import accepted_encoding
from justicegraph.system.compression import encode_bytes
from justicegraph.web.i18n import vary

SMALL = 1_024
"""Bytes below which coding is not worth it."""


def encode(response: Response) -> Response:
    """Return a page in the coding that is preferred (RFC 9110, 12.5.3); anything else as it is."""
    if response.mimetype != "text/html" or response.direct_passthrough or response.status_code == 304:
        return response
    vary(response, "Accept-Encoding")
    coding = accepted_encoding(request.headers.get("Accept-Encoding", ""))
    page = response.get_data()
    if coding and len(page) >= SMALL and "Content-Encoding" not in response.headers:
        response.set_data(encode_bytes(page, coding))
        response.headers["Content-Encoding"] = coding
    return response
