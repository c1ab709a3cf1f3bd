"""The fixed texts in pictures, in the languages of the interface."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Texts with a `{number}` or a `{name}` to fill in; the defaults are English.

    `day` formats a date such as "2025-02" for readers of the language; by default it leaves the date as it is.
    """

    day: Callable[[str], str] = str
    neighbours: str = "{name} and what it is linked with"
    more: str = "and {number} more"
    timeline: str = "Timeline"
    still: str = "not known to have ended"
    end_unknown: str = "end not known"
    start_unknown: str = "start not known"
    confirmed: str = "confirmed {name}"
    within: str = "at some time within"
    undated: str = "date not known"
    without_date: str = "Without a date: {number}"
    tree: str = "From the broader to the narrower"
    here: str = "you are here"
    counts: str = "Counts"
    map: str = "Map"
    graph: str = "Graph"
    left_out: str = "Not drawn: {nodes} nodes, {links} links"
    off_map: str = "Not on the map ({number}): {name}"
    edges: str = "{number} links"
    nodes: str = "{number} nodes"
    when: str = "When"
    what: str = "What"
    kind: str = "Kind"
    where: str = "Where"
    name: str = "Name"
    number: str = "Number"
    year: str = "Year"
    start: str = "From"
    relation: str = "Link"
    end: str = "To"


ENGLISH = Words()
SPANISH = Words(
    neighbours="{name} y aquello con lo que está enlazado",
    more="y {number} más",
    timeline="Cronología",
    still="no consta que haya terminado",
    end_unknown="fin desconocido",
    start_unknown="inicio desconocido",
    confirmed="confirmado {name}",
    within="en algún momento dentro de",
    undated="fecha desconocida",
    without_date="Sin fecha: {number}",
    tree="De lo más amplio a lo más específico",
    here="usted está aquí",
    counts="Cantidades",
    map="Mapa",
    graph="Grafo",
    left_out="Sin dibujar: {nodes} nodos, {links} enlaces",
    off_map="No están en el mapa ({number}): {name}",
    edges="{number} enlaces",
    nodes="{number} nodos",
    when="Cuándo",
    what="Qué",
    kind="Tipo",
    where="Dónde",
    name="Nombre",
    number="Número",
    year="Año",
    start="De",
    relation="Enlace",
    end="A",
)
