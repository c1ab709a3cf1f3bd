"""What pages load besides themselves: each file under a name with the hash of what is in it, kept for good.

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
"""What the front end's build has made, by the names that templates use."""

FOR_GOOD = "public, max-age=31536000, immutable"
"""For an address whose content never changes (RFC 9111, 5.2.2; RFC 8246): a year."""

TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "json": "application/json"}
"""By the end of a file's name, its media type."""


@dataclass(frozen=True)
class Asset:
    """A file as it is sent: its address below /static/, its bytes, and these in each content coding that it has."""

    address: str
    body: bytes
    coded: Mapping[str, bytes] = field(default_factory=dict)


@cache
def assets(folder: Path = STATIC) -> Mapping[str, Asset]:
    """Return the stylesheets of a folder by their names, and what was built by the names in its manifest."""
    found = {path.name: asset_of(path.name, path.read_bytes()) for path in sorted(folder.glob("*.css"))}
    manifest = folder / MANIFEST
    if manifest.is_file():
        built: dict[str, str] = orjson.loads(manifest.read_bytes())
        found |= {name: _built(manifest.with_name(file)) for name, file in built.items()}
    return found


def asset_of(name: str, body: bytes) -> Asset:
    """Return the asset with these bytes, whose address has their hash in it."""
    stem, _, kind = name.rpartition(".")
    return Asset(f"{stem}.{blake2b(body, digest_size=8).hexdigest()}.{kind}", body, _zipped(body))


def _built(path: Path) -> Asset:
    body, small = path.read_bytes(), path.with_name(f"{path.name}.br")
    return Asset(path.name, body, {"br": small.read_bytes(), **_zipped(body)})


def _zipped(body: bytes) -> dict[str, bytes]:
    return {"gzip": gzip.compress(body, 9, mtime=0)}


@blueprint.app_template_global("asset")
def address_of(name: str) -> str:
    """Return the address of a file by its own name; nothing where it was not built."""
    found = assets().get(name)
    return f"/static/{found.address}" if found else ""


@blueprint.get("/static/<path:name>")
def static(name: str) -> Response:
    """Give a file: for good by the address with its hash, from one visit to the next by its own name."""
    found = {asset.address: asset for asset in assets().values()}.get(name)
    if found:
        return sent(found, FOR_GOOD)
    return sent(assets()[name], "no-cache") if name in assets() else abort(404)


def sent(asset: Asset, kept: str) -> Response:
    """Return the response with an asset, which may be `kept` as it says."""
    coding = request.accept_encodings.best_match(asset.coded) if request.accept_encodings else None
    response = Response(asset.coded[coding] if coding else asset.body)
    response.content_type = TYPES[asset.address.rpartition(".")[2]]
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers.update({"Cache-Control": kept, "Vary": "Accept-Encoding"})
    response.set_etag(asset.address, weak=True)
    return response.make_conditional(request)  # type: ignore[return-value]
