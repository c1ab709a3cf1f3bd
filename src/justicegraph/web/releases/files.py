"""A file as a response: whole, in part, or not at all where the client has it already (RFC 9110, 13 and 14)."""

import re
from datetime import UTC, datetime
from pathlib import Path

from flask import Response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from justicegraph.http.problems import Problem
from justicegraph.release.manifest import File, Release
from justicegraph.web.errors import problem_page
from justicegraph.web.releases.links import links_of_file, media_type_of
from justicegraph.web.releases.published import missing

SHOWN = (".json", ".jsonld", ".md", ".ttl", ".txt")
"""Ends of names of what a browser may show; it saves the rest."""

_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{1,18})?\s*-\s*(\d{1,18})?\s*", re.ASCII | re.IGNORECASE)
_EXPOSED = "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Link"


def sent_file(release: Release, file: File) -> Response:
    """Return the response with a file of a release; its entity tag is its SHA-256."""
    path = release.path / file.name
    if not path.is_file():
        missing(f"The file {file.name} of the release {release.version} is not here.")
    response = sent(path, media_type_of(file), file.sha256, datetime.fromisoformat(release.date).replace(tzinfo=UTC))
    if response.status_code >= 400:
        return response
    # A release may be withdrawn, and to ask again costs little.
    response.cache_control.public, response.cache_control.no_cache = True, True
    how = "inline" if file.name.endswith(SHOWN) else "attachment"
    response.headers.set("Content-Disposition", how, filename=path.name)
    response.headers["Link"] = links_of_file(release)
    return response


def sent(path: Path, kind: str, tag: str, modified: datetime | None = None) -> Response:
    """Return the response with a file of this media type and entity tag, or with the part of it that is asked for."""
    size = path.stat().st_size
    _read_range(size)
    try:
        response = send_file(path.absolute(), mimetype=kind, conditional=True, etag=tag, last_modified=modified)
    except RequestedRangeNotSatisfiable:
        behind = Problem("range", "The range begins behind the end.", (("Content-Range", f"bytes */{size}"),))
        return problem_page(behind)
    if response.status_code == 412:  # If-Match failed: the file itself is not the answer to that
        response.close()
        return Response(status=412)
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    return response


def _read_range(size: int) -> None:
    """Leave of the Range header what is answered in part: one range of a GET, counted from the start.

    Any other is passed over, as RFC 9110, 14.2 allows: several ranges, other units, another method, a range beside what
    goes first (13.2.2), whether it has changed. A suffix longer than the file means all of it (14.1.2).
    """
    said = request.environ.pop("HTTP_RANGE", "")
    found = _RANGE.fullmatch(said)
    asks_for_news = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
    if found is None or asks_for_news or request.method != "GET":
        return
    first, last = found.groups()
    if first is None and last is not None:
        start = max(0, size - int(last))
        request.environ["HTTP_RANGE"] = f"bytes={start}-"
    elif first is not None and (last is None or int(first) <= int(last)):
        request.environ["HTTP_RANGE"] = f"bytes={int(first)}-{last or ''}"
