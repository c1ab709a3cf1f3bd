"""The address at which a client reached this server, as its Host header gives it (RFC 9110, 7.2)."""

from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from justicegraph.errors import BadQuery


def address_with_host(address: str) -> str:
    """Return an address that is an IRI with a host; raise BadQuery for a Host header without a host."""
    try:
        host = NamedNode(address) and urlsplit(address).hostname
    except ValueError:
        host = None
    if not host or "{" in address:
        raise BadQuery("The address of the request has no host. Correct the Host header.")
    return address
