"""Entries that are invented, and say so by their names, in the mix of kinds and facts that real ones have."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import ID, JG, JGT, SKOS, TYPE, XSD

Term = NamedNode | Literal
Said = Term | Iterable[Term] | None

_SKOS = {"prefLabel", "altLabel", "definition", "editorialNote"}


@dataclass(frozen=True)
class World:
    """How many entries of each kind there are, what they may link to, and the chance that chooses among it.

    `terms` are those of the closed lists, by the local name of their class.
    """

    counts: Mapping[str, int]
    causes: Sequence[NamedNode]
    terms: Mapping[str, Sequence[NamedNode]]
    chance: Random

    def one(self, kind: str, first: int = 1) -> NamedNode:
        """Return an entry of this kind, from number `first` on. A few are linked to by very many, as a list is."""
        among = self.counts[kind] - first + 1
        return entry(kind, first + int(among * self.chance.random() ** 3))

    def some(self, kind: str, most: int) -> set[NamedNode]:
        """Return from one to so many entries of this kind."""
        return {self.one(kind) for _ in range(self.chance.randint(1, most))}

    def term(self, kind: str) -> NamedNode:
        """Return a term of this class."""
        return self.chance.choice(self.terms[kind])

    def cause(self) -> NamedNode:
        """Return a cause."""
        return self.chance.choice(self.causes)

    def happens(self, share: float) -> bool:
        """Return true in this share of all cases."""
        return self.chance.random() < share

    def day(self, first: int, last: int) -> date:
        """Return a day from the beginning of one year to the end of another."""
        return date(first, 1, 1) + timedelta(days=self.chance.randrange(365 * (last - first + 1)))

    def dated(self, day: date) -> Literal:
        """Return a day as precisely as a source might give it: the day, the month or the year."""
        kind, length = self.chance.choice((("date", 10), ("gYearMonth", 7), ("gYear", 4)))
        return Literal(day.isoformat()[:length], datatype=NamedNode(XSD + kind))


def entry(kind: str, number: int) -> NamedNode:
    """Return the name of an invented entry."""
    return NamedNode(f"{ID}invented-{kind}-{number}")


def places(count: int) -> tuple[int, int]:
    """Return the number of the first state and of the first city among so many places; countries come before."""
    return 1 + max(1, count // 50), 2 + max(1, count // 50) + count // 8


def place(world: World, number: int) -> Iterator[Triple]:
    """Yield the facts of a country, state or city."""
    me, (state, city) = entry("place", number), places(world.counts["place"])
    level = "country" if number < state else "state" if number < city else "city"
    wider = {"country": None, "state": world.chance.randrange(1, state), "city": world.chance.randrange(state, city)}
    within = wider[level]
    yield from _said(
        me, "Place", prefLabel=_texts(f"Invented Place {number}"), definition=_text(f"An invented {level}."),
        level=NamedNode(JGT + level), isWithin=entry("place", within) if within else None, source=world.one("source"),
    )  # fmt: skip


def facility(world: World, number: int) -> Iterator[Triple]:
    """Yield the facts of a place of detention."""
    yield from _said(
        entry("facility", number), "Facility", prefLabel=_texts(f"Invented Facility {number}"),
        definition=_text("An invented prison."), isLocatedIn=world.one("place"), source=world.some("source", 2),
    )  # fmt: skip


def source(world: World, number: int) -> Iterator[Triple]:
    """Yield the facts of a document that nobody has read."""
    day = world.day(1990, 2024)
    digest = f"{world.chance.getrandbits(256):064x}"
    yield from _said(
        entry("source", number), "Source", prefLabel=_text(f"Invented News: report {number}"),
        definition=_text(f"An invented report on {world.cause().value.removeprefix(ID).replace('-', ' ')}."),
        isPublishedAt=NamedNode(f"https://news.example.org/{day.year}/report-{number}"), issuedOn=world.dated(day),
        publisher=Literal("Invented News"), author=Literal(f"Invented Author {number % 97}"),
        sha256=Literal(digest) if world.happens(0.3) else None,
        byteLength=_integer(world.chance.randrange(500, 90_000)) if world.happens(0.3) else None,
    )  # fmt: skip


def organization(world: World, number: int) -> Iterator[Triple]:
    """Yield the facts of an organization, with what it says of itself and where it is mentioned."""
    me, founded = entry("organization", number), world.day(1960, 2015)
    whole = entry("organization", world.chance.randrange(1, number)) if number > 1 and world.happens(0.1) else None
    yield from _said(
        me, "Organization", prefLabel=_texts(f"Invented Organization {number}"),
        altLabel=_text(f"IO {number}") if world.happens(0.4) else None,
        definition=_text(f"An invented organization, number {number} of those that were made up to measure with."),
        foundedOn=world.dated(founded), isLocatedIn=world.one("place"), isActiveIn=world.some("place", 2),
        isPartOf=whole, worksOn={world.cause(), world.cause()}, source=world.some("source", 4),
        website=NamedNode(f"https://organization-{number}.example.org"),
    )  # fmt: skip
    if world.happens(0.1):
        yield from _said(
            _part(me, "former-name", 1), "FormerName", isNameOf=me, name=_text(f"Earlier Organization {number}"),
            endedOn=world.dated(founded + timedelta(days=900)), source=world.one("source"),
        )  # fmt: skip
    yield from _claims(world, me, me, ("foundedOn", founded))
    yield from _mention(world, me, f"Invented Organization {number}")


def campaign(world: World, number: int) -> Iterator[Triple]:
    """Yield the facts of a campaign for a person."""
    me, begun = entry("campaign", number), world.day(1980, 2020)
    yield from _said(
        me, "Campaign", prefLabel=_texts(f"Invented Campaign {number}"), definition=_text("An invented campaign."),
        campaignsFor=world.one("person"), isRunBy=world.one("organization"), startedOn=world.dated(begun),
        endedOn=world.dated(begun + timedelta(days=1500)) if world.happens(0.4) else None,
        isActiveIn=world.one("place"), worksOn={world.cause(), world.cause()}, source=world.some("source", 3),
    )  # fmt: skip
    yield from _mention(world, me, f"Invented Campaign {number}")


def person(world: World, number: int) -> Iterator[Triple]:
    """Yield the facts of a person: two of three are or were held, with charge, outcomes and sentence."""
    me = entry("person", number)
    yield from _said(
        me, "Person", prefLabel=_texts(f"Invented Person {number}"), definition=_text("Somebody who was made up."),
        altLabel=_text(f"Person No. {number}") if world.happens(0.3) else None,
        bornOn=Literal(str(world.chance.randrange(1930, 1960)), datatype=NamedNode(XSD + "gYear")),
        isMemberOf=world.one("organization") if world.happens(0.4) else None, source=world.some("source", 5),
        editorialNote=_text("The sources are invented too.") if world.happens(0.3) else None,
    )  # fmt: skip
    if world.happens(0.67):
        begun = world.day(1975, 1995)
        yield from _custodies(world, me, begun)
        yield from _case(world, me, begun)
    yield from _claims(world, me, world.one("source"))
    yield from _mention(world, me, f"Invented Person {number}")


KINDS: Mapping[str, tuple[str, float, Callable[[World, int], Iterator[Triple]]]] = {
    "source": ("sources", 0.32, source),
    "person": ("people", 0.26, person),
    "organization": ("organizations", 0.25, organization),
    "campaign": ("campaigns", 0.09, campaign),
    "place": ("places", 0.06, place),
    "facility": ("facilities", 0.02, facility),
}
"""Each kind with its folder, its share of all invented entries, and what yields the facts of one."""


def _custodies(world: World, me: NamedNode, begun: date) -> Iterator[Triple]:
    """Yield from one to four stretches in custody, each from the end of the one before."""
    state, city = places(world.counts["place"])
    last = world.chance.randint(1, 4)
    for number in range(1, last + 1):
        ended = begun + timedelta(days=world.chance.randrange(30, 2500))
        lasts = number == last and world.happens(0.4)
        # Where someone is held is told by the facility or the state, never by the city.
        held_at = world.one("facility") if world.happens(0.8) else entry("place", world.chance.randrange(state, city))
        yield from _said(
            _part(me, "custody", number), "Custody", isCustodyOf=me, position=_integer(number),
            regime=world.term("Regime"), isHeldAt=held_at, startedOn=world.dated(begun),
            confirmedOn=world.dated(ended) if lasts else None, endedOn=None if lasts else world.dated(ended),
            endedBy=None if lasts else world.term("Ending"), source=world.some("source", 3),
        )  # fmt: skip
        begun = ended


def _case(world: World, me: NamedNode, begun: date) -> Iterator[Triple]:
    charge, tried = _part(me, "charge", 1), begun + timedelta(days=400)
    yield from _said(
        charge, "Charge", chargedWith=_text("an invented offence"), isChargeAgainst=me, startedOn=world.dated(begun),
        source=world.one("source"),
    )  # fmt: skip
    for number in range(1, world.chance.randint(1, 3) + 1):
        yield from _said(
            _part(me, "outcome", number), "Outcome", isOutcomeOf=me, decides=charge if number == 1 else None,
            decidedOn=world.dated(tried + timedelta(days=700 * number)), result=world.term("Result"),
            source=world.some("source", 2),
        )  # fmt: skip
    yield from _said(
        _part(me, "sentence", 1), "Sentence", decidedOn=world.dated(tried), imposes=_text("an invented sentence"),
        isSentenceOf=me, source=world.one("source"),
    )  # fmt: skip


def _claims(
    world: World, me: NamedNode, claimant: NamedNode, disputed: tuple[str, date] | None = None
) -> Iterator[Triple]:
    """Yield a claim or two: a word that is put on somebody, or another value for what is disputed."""
    for number in range(1, world.chance.randint(1, 2) + 1):
        name, day = disputed or ("", date.min)
        yield from _said(
            _part(me, "claim", number), "Claim", about=me, claimant=claimant, stance=world.term("Stance"),
            says=_text(f"Claim {number} says what somebody might say."), source=world.one("source"),
            ascribes=None if disputed else world.term("Ascription"),
            claimedProperty=NamedNode(JG + name) if disputed else None,
            claimedValue=world.dated(day) if disputed else None,
        )  # fmt: skip


def _mention(world: World, me: NamedNode, name: str) -> Iterator[Triple]:
    line = world.chance.randrange(1, 5000)
    yield from _said(
        _part(me, "mention", 1), "Mention", exact=_text(name), firstLine=_integer(line), lastLine=_integer(line + 1),
        inSource=world.one("source"), mentions=me,
    )  # fmt: skip


def _said(subject: NamedNode, kind: str, **facts: Said) -> Iterator[Triple]:
    """Yield what is said of a subject of this class, each property by its local name; None says nothing."""
    yield Triple(subject, NamedNode(TYPE), NamedNode(JG + kind))
    for name, value in facts.items():
        predicate = NamedNode((SKOS if name in _SKOS else JG) + name)
        values = () if value is None else (value,) if isinstance(value, NamedNode | Literal) else value
        yield from (Triple(subject, predicate, each) for each in values)


def _part(owner: NamedNode, kind: str, number: int) -> NamedNode:
    return NamedNode(f"{owner.value}.{kind}-{number}")


def _text(words: str) -> Literal:
    return Literal(words, language="en")


def _texts(name: str) -> tuple[Literal, Literal]:
    """Return a name in two languages."""
    return _text(name), Literal(f"{name} (inventado)", language="es")


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))
