"""Privacy: details that no text may contain, and details that only an attributed claim may give about a person.

The scan finds patterns (numbers, addresses, ages) and the plainest words. It does not replace a reader.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from justicegraph.namespaces import JG, JGS, TYPE
from justicegraph.rdf.document import Document
from justicegraph.validate.findings import Finding

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_GAP = r"[ .\u00a0\u2010-\u2015-]"
"""The separators in a telephone number."""
_NUMBERED = "(?:[Ii]nmate|[Pp]risoner|[Bb]ooking|[Rr]egister|CDCR|DOC|TDCJ|BOP)"
"""The words before a number that a prison or a register gives to a person."""
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
"""Private details that no text may contain, by rule: a description and a pattern."""

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
"""Details about a person that are allowed only in a claim, as the stated ground of persecution or defence."""

_REMEDY_ANYWHERE = "Remove it: the graph does not need it, and it can do harm."
_REMEDY_PEOPLE = (
    "Remove it. If it is the stated ground of persecution or defence, write it as a claim with its claimant."
)
_EVERYWHERE = {rule: (what, re.compile(pattern)) for rule, (what, pattern) in ANYWHERE.items()}
_IN_ADDRESSES = {"NoEmail": (ANYWHERE["NoEmail"][0], re.compile(rf"(?<=[:=]){ANYWHERE['NoEmail'][1]}"))}
"""Private details that no address may contain: a recipient, as in ?to=. The name of a public list is allowed."""
_PERSONAL = {rule: (what, re.compile(rf"\b(?:{pattern})\b")) for rule, (what, pattern) in OF_PEOPLE.items()}
_WORDS_OF_OTHERS = {JG + name for name in ("chargedWith", "exact", "name", "says")}


def check_privacy(documents: Iterable[Document]) -> Iterator[Finding]:
    """Yield each text that contains private details."""
    for document in documents:
        types = {triple.subject: triple.object for triple in document.triples if triple.predicate.value == TYPE}
        is_person = NamedNode(JG + "Person") in types.values()
        for triple in document.triples:
            if isinstance(triple.object, Literal) and isinstance(triple.subject, NamedNode):
                rules = dict(_EVERYWHERE)
                if is_person and triple.predicate.value not in _WORDS_OF_OTHERS:
                    rules |= _PERSONAL
                yield from _private_data(document, triple, triple.object, rules)
            elif isinstance(triple.object, NamedNode) and isinstance(triple.subject, NamedNode):
                yield from _private_data(document, triple, triple.object, _IN_ADDRESSES)


def private_data_in(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the private details in a text: the rule, what is wrong, and what to do."""
    for rule, (what, pattern) in _EVERYWHERE.items():
        if match := pattern.search(text):
            yield rule, f'the text mentions {what}: "{match.group()}"', _REMEDY_ANYWHERE


def _private_data(
    document: Document, triple: Triple, text: Literal | NamedNode, rules: Mapping[str, tuple[str, re.Pattern[str]]]
) -> Iterator[Finding]:
    about = triple.subject.value, triple.predicate.value, text  # type: ignore[union-attr]  # the caller has looked
    for rule, (what, pattern) in rules.items():
        if match := pattern.search(text.value):
            remedy = _REMEDY_ANYWHERE if rule in ANYWHERE else _REMEDY_PEOPLE
            wrong = f'the text mentions {what}: "{match.group()}"'
            yield Finding(document.path, JGS + rule, wrong, remedy, document.line_of(*about), *about)
