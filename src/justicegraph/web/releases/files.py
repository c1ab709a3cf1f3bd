"""Files as responses, with range requests and conditional requests (RFC 9110, 13 and 14)."""

import re
from datetime import UTC, datetime
from pathlib import Path

from flask import Response, request, send_file
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from justicegraph.http.problems import Problem
from justicegraph.release.manifest import File, Release
from justicegraph.web.errors import problem_page
from justicegraph.web.releases.links import links_of_file, media_type_of
from justicegraph.web.releases.published import abort_not_found

SHOWN = (".json", ".jsonld", ".md", ".ttl", ".txt")
"""Suffixes of files that a browser may show; it downloads the others."""

_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{1,18})?\s*-\s*(\d{1,18})?\s*", re.ASCII | re.IGNORECASE)
_EXPOSED = "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Link"


def release_file_response(release: Release, file: File) -> Response:
    """Return the response with a file of a release; its entity tag is its SHA-256."""
    path = release.path / file.name
    if not path.is_file():
        abort_not_found(f"The file {file.name} of the release {release.version} is not here.")
    response = file_response(
        path, media_type_of(file), file.sha256, datetime.fromisoformat(release.date).replace(tzinfo=UTC)
    )
    if response.status_code >= 400:
        return response
    # A release may be withdrawn, and revalidation costs little.
    response.cache_control.public, response.cache_control.no_cache = True, True
    how = "inline" if file.name.endswith(SHOWN) else "attachment"
    response.headers.set("Content-Disposition", how, filename=path.name)
    response.headers["Link"] = links_of_file(release)
    return response


def file_response(path: Path, kind: str, tag: str, modified: datetime | None = None) -> Response:
    """Return the response with a file of a media type and entity tag, or with the requested range of it."""
    size = path.stat().st_size
    _read_range(size)
    try:
        response = send_file(path.absolute(), mimetype=kind, conditional=True, etag=tag, last_modified=modified)
    except RequestedRangeNotSatisfiable:
        behind = Problem("range", "The range begins behind the end.", (("Content-Range", f"bytes */{size}"),))
        return problem_page(behind)
    if response.status_code == 412:  # If-Match failed: the response must not have the file
        response.close()
        return Response(status=412)
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    return response


def _read_range(size: int) -> None:
    """Normalize the Range header to one range of a GET, counted from the start; remove any other.

    RFC 9110, 14.2 allows to ignore it: several ranges, other units, another method, or a conditional request, which has
    precedence (13.2.2). A suffix longer than the file means all of it (14.1.2).
    """
    header = request.environ.pop("HTTP_RANGE", "")
    match = _RANGE.fullmatch(header)
    is_conditional = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
    if match is None or is_conditional or request.method != "GET":
        return
    first, last = match.groups()
    if first is None and last is not None:
        start = max(0, size - int(last))
        request.environ["HTTP_RANGE"] = f"bytes={start}-"
    elif first is not None and (last is None or int(first) <= int(last)):
        request.environ["HTTP_RANGE"] = f"bytes={int(first)}-{last or ''}"
