"""Stylesheets and scripts of pages. The address of each has a hash of its content, so it can be cached forever.

static/built/ is made from frontend/ where Node is at hand; where it is not, the pages do without it.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from pathlib import Path

import orjson
from flask import Blueprint, Response, abort, request

blueprint = Blueprint("assets", __name__)

STATIC = Path(__file__).parent / "static"
MANIFEST = "built/manifest.json"
"""The list of files that the front end's build has made, by the names that templates use."""

FOR_GOOD = "public, max-age=31536000, immutable"
"""Cache-Control for an address whose content never changes (RFC 9111, 5.2.2; RFC 8246): a year."""

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "json": "application/json"}
"""Media types by the extension of a file."""


@dataclass(frozen=True)
class Asset:
    """A file to send: its address below /static/, its bytes, and its bytes in each available content coding."""

    address: str
    body: bytes
    coded: Mapping[str, bytes] = field(default_factory=dict)


@cache
def assets(folder: Path = STATIC) -> Mapping[str, Asset]:
    """Return the stylesheets of a folder and the built files in its manifest, by name."""
    by_name = {path.name: asset_of(path.name, path.read_bytes()) for path in sorted(folder.glob("*.css"))}
    manifest = folder / MANIFEST
    if manifest.is_file():
        built: dict[str, str] = orjson.loads(manifest.read_bytes())
        by_name |= {name: _built(manifest.with_name(file)) for name, file in built.items()}
    return by_name


def asset_of(name: str, body: bytes) -> Asset:
    """Return the asset with these bytes; its address contains their hash."""
    stem, _, kind = name.rpartition(".")
    return Asset(f"{stem}.{blake2b(body, digest_size=8).hexdigest()}.{kind}", body, _zipped(body))


def _built(path: Path) -> Asset:
    body, small = path.read_bytes(), path.with_name(f"{path.name}.br")
    return Asset(path.name, body, {"br": small.read_bytes(), **_zipped(body)})


def _zipped(body: bytes) -> dict[str, bytes]:
    return {"gzip": gzip.compress(body, 9, mtime=0)}


@blueprint.app_template_global("asset")
def address_of(name: str) -> str:
    """Return the address of a file by its name; "" if it was not built."""
    asset = assets().get(name)
    return f"/static/{asset.address}" if asset else ""


@blueprint.get("/static/<path:name>")
def static(name: str) -> Response:
    """Send a file: to be cached forever at the address with its hash, and to be checked each time at its plain name."""
    requested = {asset.address: asset for asset in assets().values()}.get(name)
    if requested:
        return sent(requested, FOR_GOOD)
    return sent(assets()[name], "no-cache") if name in assets() else abort(404)


def sent(asset: Asset, cache_control: str) -> Response:
    """Return the response with an asset and this Cache-Control header."""
    coding = request.accept_encodings.best_match(asset.coded) if request.accept_encodings else None
    response = Response(asset.coded[coding] if coding else asset.body)
    response.content_type = TYPES[asset.address.rpartition(".")[2]]
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers.update({"Cache-Control": cache_control, "Vary": "Accept-Encoding"})
    response.set_etag(asset.address, weak=True)
    return response.make_conditional(request)  # type: ignore[return-value]
