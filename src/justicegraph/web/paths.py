"""Addresses on this server: its own, and those of the IRIs that it answers for."""

from flask import request

from justicegraph.http.host import address_with_host
from justicegraph.namespaces import DOC, HOME, ID


def server_address() -> str:
    """Return the address at which the client reached this server, without a slash at its end.

    Raise BadQuery if the Host header makes no address.
    """
    return address_with_host(request.host_url.rstrip("/"))


def home_address() -> str:
    """Return the address of the home page, which ends in a slash: the project's own if there is no Host header."""
    return request.url_root if request.host else HOME


def local_address(iri: str) -> str:
    """Return where this server answers for an IRI of ours: the path; any other address as it is, if it is one."""
    if iri.startswith((ID, DOC)):
        name = iri.removeprefix(ID).removeprefix(DOC)
        return f"/doc/{name.partition('.')[0]}" + (f"#{name}" if "." in name else "")
    if iri.startswith(HOME):
        return "/" + iri.removeprefix(HOME)
    return iri if iri.startswith(("http://", "https://")) else ""
