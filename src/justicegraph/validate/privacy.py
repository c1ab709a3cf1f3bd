"""People first: what must not stand in any text, and what must not be said of a person in the graph's own voice.

A scan finds what has a form (numbers, addresses, ages) and the plainest words; it does not replace a reader.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import JG, JGS, TYPE
from justicegraph.rdf.document import Document
from justicegraph.validate.findings import Finding

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_GAP = r"[ .\u00a0\u2010-\u2015-]"
"""What people write between the groups of a telephone number."""
_NUMBERED = "(?:[Ii]nmate|[Pp]risoner|[Bb]ooking|[Rr]egister|CDCR|DOC|TDCJ|BOP)"
"""What a number is of that a prison or a register gives to a person."""
_STREET = "(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Highway|Hwy|Court|Ct|Terrace|Suite)"

ANYWHERE = {
    "NoEmail": ("an e-mail address", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "NoPhone": (
        "a telephone number",
        rf"(?<![\w.-])(?:\+\d{{1,3}}{_GAP}?)?(?:\(\d{{2,4}}\){_GAP}?|\d{{2,4}}{_GAP})\d{{3,4}}{_GAP}\d{{3,4}}(?![\w-])",
    ),
    "NoStreet": (
        "a street address",
        rf"\b\d{{1,5}} (?:(?:[A-Z]|\d+th|\d+st|\d+rd|\d+nd)[\w.']* ){{1,4}}{_STREET}\b|\bP\.? ?O\.? ?Box\b",
    ),
    "NoRegisterNumber": (
        "a register or identity number",
        r"\b\d{5}-\d{3}\b|\b\d{3}-\d{2}-\d{4}\b|\b[Rr]eg(?:ister)?\.? [Nn]o\b|#(?:\d{5,}|[A-Z]{1,2}-?\d{4,})|"
        rf"\b{_NUMBERED}(?:'s)?\.? ?(?:[Nn]umber|[Nn]o\.?|ID|#):? ?(?:is |was )?#?[A-Z]{{0,2}}-?\d{{4,}}",
    ),
    "NoAge": ("an age", r"\b\d{1,3}[- ]years?[- ]old\b|\baged? (?:of )?\d{1,3}\b|\bat the age of\b"),
    "NoBirthday": (
        "a day of birth",
        rf"\bborn (?:on )?(?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}}\b|\d{{4}}-\d\d-\d\d|\d\d?[/.]\d\d?[/.]\d{{4}})",
    ),
}
"""What no text may hold, by rule: what it is, and how it is spelt."""

OF_PEOPLE = {
    "NoReligion": (
        "a religion",
        "Muslim|Islam(?:ic)?|Christian|Jew(?:ish)?|Catholic|Protestant|Hindu|Buddhist|Sikh|atheist",
    ),
    "NoRace": (
        "a race or origin",
        "Black|white (?:man|woman|person)|Afro|African[- ]American|Hispanic|Latin[oax]|Native American|Indigenous|Arab|"
        "Kurd(?:ish)?|Roma",
    ),
    "NoHealth": (
        "health",
        r"mentally ill|mental illness|schizophren\w+|depress(?:ed|ion)|HIV|AIDS|cancer|diabet\w+|"
        r"disab(?:led|ility)|heart patient|pregnan\w+",
    ),
    "NoSexuality": ("sexuality", "gay|lesbian|homosexual|bisexual|transgender|queer"),
    "NoAbuse": (
        "having been abused",
        "(?:was|been|being) (?:raped|abused|molested|assaulted)|survivor of|victim of (?:abuse|rape|domestic)",
    ),
}
"""What may be said of a person only in a claim, as the stated ground of persecution or defence."""

_REMEDY_ANYWHERE = "Leave it out: the graph needs it for nothing, and it can harm."
_REMEDY_PEOPLE = (
    "Leave it out; where it is the stated ground of persecution or defence, write a claim with its claimant."
)
_EVERYWHERE = {rule: (what, re.compile(form)) for rule, (what, form) in ANYWHERE.items()}
_IN_ADDRESSES = {"NoEmail": (ANYWHERE["NoEmail"][0], re.compile(rf"(?<=[:=]){ANYWHERE['NoEmail'][1]}"))}
"""What no address may hold: whom a page was sent to, as in ?to=. A public list's own name may stand in it."""
_PERSONAL = {rule: (what, re.compile(rf"\b(?:{form})\b")) for rule, (what, form) in OF_PEOPLE.items()}
_WORDS_OF_OTHERS = {JG + name for name in ("chargedWith", "exact", "name", "says")}


def check_privacy(documents: Iterable[Document]) -> Iterator[Finding]:
    """Yield each text that tells what must not be told."""
    for document in documents:
        types = {triple.subject: triple.object for triple in document.triples if triple.predicate.value == TYPE}
        is_person = NamedNode(JG + "Person") in types.values()
        for triple in document.triples:
            if isinstance(triple.object, Literal) and isinstance(triple.subject, NamedNode):
                rules = dict(_EVERYWHERE)
                if is_person and triple.predicate.value not in _WORDS_OF_OTHERS:
                    rules |= _PERSONAL
                yield from _told(document, triple, triple.object, rules)
            elif isinstance(triple.object, NamedNode) and isinstance(triple.subject, NamedNode):
                yield from _told(document, triple, triple.object, _IN_ADDRESSES)


def private_data_in(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield what a text tells that none may hold: the rule, what is wrong, and what to do."""
    for rule, (what, form) in _EVERYWHERE.items():
        if found := form.search(text):
            yield rule, f'the text tells {what}: "{found.group()}"', _REMEDY_ANYWHERE


def _told(
    document: Document, triple: Triple, text: Literal | NamedNode, rules: Mapping[str, tuple[str, re.Pattern[str]]]
) -> Iterator[Finding]:
    about = triple.subject.value, triple.predicate.value, text  # type: ignore[union-attr]  # the caller has looked
    for rule, (what, form) in rules.items():
        if found := form.search(text.value):
            remedy = _REMEDY_ANYWHERE if rule in ANYWHERE else _REMEDY_PEOPLE
            wrong = f'the text tells {what}: "{found.group()}"'
            yield Finding(document.path, JGS + rule, wrong, remedy, document.line_of(*about), *about)
