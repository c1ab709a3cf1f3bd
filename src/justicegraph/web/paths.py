"""IRIs of ours to where this server answers for them."""

from justicegraph.namespaces import DOC, HOME, ID


def local_address(iri: str) -> str:
    """Return where this server answers for an IRI of ours: the path; any other address as it is, if it is one."""
    if iri.startswith((ID, DOC)):
        name = iri.removeprefix(ID).removeprefix(DOC)
        return f"/doc/{name.partition('.')[0]}" + (f"#{name}" if "." in name else "")
    if iri.startswith(HOME):
        return "/" + iri.removeprefix(HOME)
    return iri if iri.startswith(("http://", "https://")) else ""
