"""Signposting (https://signposting.org) in Link headers (RFC 8288): type, licence, files and catalogue of a release."""

from collections.abc import Iterator
from urllib.parse import quote

from justicegraph.namespaces import LICENCE
from justicegraph.release.manifest import File, Release
from justicegraph.web.releases.published import iri_of

ITEMS = 50
"""The most files in a header, because proxies refuse long ones. The catalogue has all files."""

CATALOGUES = {"catalogue.jsonld": "application/ld+json", "catalogue.ttl": "text/turtle"}
"""The files that describe a release, with their media types."""

FEEDS = {"releases.atom": "New releases", "changes.atom": "Entries that changed"}
"""Addresses of feeds below /data/, with their titles."""

_LICENCE = f'<{LICENCE}>; rel="license"'
_DATASET = '<https://schema.org/Dataset>; rel="type"'
_KINDS = {"gzip": "application/gzip", "zstd": "application/zstd"}


def media_type_of(file: File) -> str:
    """Return the media type of a file in a response; a compressed one is sent as such (RFC 9110, 8.4)."""
    return _KINDS.get(file.coding) or file.media_type.partition(";")[0].strip()


def address_of(release: Release, name: str = "") -> str:
    """Return the path of a release, or of a file in it."""
    return f"/data/{release.version}/{quote(name)}"


def links_of_release(release: Release) -> str:
    """Return the Link header of a release's page."""
    return ", ".join((_LICENCE, _DATASET, *_release_links(release)))


def links_of_all(release: Release | None) -> str:
    """Return the Link header of the page of all releases, with the newest one that was not withdrawn."""
    feeds = (
        f'</data/{name}>; rel="alternate"; type="application/atom+xml"; title="{title}"'
        for name, title in FEEDS.items()
    )
    return ", ".join((_LICENCE, _DATASET, *feeds, *(_release_links(release) if release else ())))


def links_of_file(release: Release) -> str:
    """Return the Link header of a file."""
    return f'{_LICENCE}, <{address_of(release)}>; rel="collection"; type="text/html"'


def _release_links(release: Release) -> Iterator[str]:
    yield f'<{iri_of(release)}>; rel="cite-as"'
    names = {file.name for file in release.files}
    for name, kind in CATALOGUES.items():
        if name in names:
            yield f'<{address_of(release, name)}>; rel="describedby"; type="{kind}"'
    for file in release.files[:ITEMS]:
        yield f'<{address_of(release, file.name)}>; rel="item"; type="{media_type_of(file)}"'
