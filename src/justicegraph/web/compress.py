"""Compresses pages: on a slow connection, a quarter of the bytes takes a quarter of the time."""

from flask import Response, request

from justicegraph.http.accept import accepted_encoding
from justicegraph.system.compression import encode_bytes
from justicegraph.web.i18n import vary

SMALL = 1_024
"""Bytes below which compression is not worth it."""


def encode(response: Response) -> Response:
    """Return a page in the preferred content coding (RFC 9110, 12.5.3), and any other response unchanged."""
    if response.mimetype != "text/html" or response.direct_passthrough or response.status_code == 304:
        return response
    vary(response, "Accept-Encoding")
    coding = accepted_encoding(request.headers.get("Accept-Encoding", ""))
    page = response.get_data()
    if coding and len(page) >= SMALL and "Content-Encoding" not in response.headers:
        response.set_data(encode_bytes(page, coding))
        response.headers["Content-Encoding"] = coding
    return response
