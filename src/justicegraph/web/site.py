"""The site that an application serves, and how views get it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app

from justicegraph.jsonld import Documents, older_contexts, read_context, read_frames
from justicegraph.pool import Handler
from justicegraph.project.locate import docs_folder
from justicegraph.project.removal import IsRemoved, removal_test
from justicegraph.project.snapshot import Snapshot
from justicegraph.rdf.schema import Schema
from justicegraph.search import SearchIndex
from justicegraph.sparql.named import NamedQueries, Row
from justicegraph.sparql.query import RunQuery
from justicegraph.sparql.schema import schema_of
from justicegraph.suggest.intake import Intake

QUERIES = NamedQueries.beside(__file__)
"""The queries that several view modules run."""


@dataclass(frozen=True)
class Site:
    """A site: the function that runs queries, the JSON-LD context and frames, the folders of dumps and releases.

    `union` tells whether the default graph is the union of all, `max_age` for how many seconds others may keep answers,
    `reconcile` matches records with entries, `search` finds entries by text, where there are such.
    `suggestions` takes suggestions in. `today` tells which day it is where the server stands.
    `docs` is the folder of the built documentation.
    """

    run_query: RunQuery
    context: Mapping[str, Any]
    dumps: Path | None = None
    question_files: Path | None = None
    example_files: Path | None = None
    snapshot: str = ""
    is_removed: IsRemoved = lambda _: False
    union: bool = True
    max_age: int = 0
    reconcile: Handler | None = None
    search: SearchIndex | None = None
    releases: Path | None = None
    frames: Mapping[str, Any] = field(default_factory=dict)
    older_contexts: Mapping[str, Any] = field(default_factory=dict)
    suggestions: Intake | None = None
    today: Callable[[], date] = date.today
    docs: Path | None = None

    @cached_property
    def documents(self) -> Documents:
        """The writer of JSON-LD in this site's context."""
        return Documents(self.context)

    @cached_property
    def causes(self) -> list[Row]:
        """All causes with their broader causes and numbers of groups: the page of any cause shows the whole tree."""
        return QUERIES.rows(self.run_query, "causes_with_their_entries")

    @cached_property
    def schema(self) -> Schema:
        """The ontology and the shapes as pages use them, read once."""
        return schema_of(self.run_query)

    @cached_property
    def questions(self) -> list[dict[str, str]]:
        """The example queries, each with its name, its title (the first comment of its file), and its text."""
        paths = sorted(self.question_files.glob("*.rq")) if self.question_files else []
        texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
        return [
            {"name": name, "title": text.partition("\n")[0].lstrip("# "), "text": text} for name, text in texts.items()
        ]

    @cached_property
    def examples(self) -> dict[str, str]:
        """An example entry or part of each class (`jg:Person`), as Turtle without prefixes."""
        paths = sorted(self.example_files.glob("*.ttl")) if self.example_files else []
        blocks_by_kind: dict[str, str] = {}
        for block in (block for path in paths for block in path.read_text(encoding="utf-8").split("\n\n")):
            if kind := re.search(r"^    a (\S+) ;$", block, re.MULTILINE):
                blocks_by_kind.setdefault(kind[1], block)
        return blocks_by_kind

    def attach(self, app: Flask) -> None:
        """Make this the site of an application; `site()` then returns it."""
        app.extensions["site"] = self


@dataclass(frozen=True)
class Served:
    """A site without the function that runs queries: the project's folder, files read from it, the snapshot.

    It can be pickled. Other processes make the site from it, with a function of their own, also long afterwards.
    """

    folder: Path
    context: Mapping[str, Any]
    frames: Mapping[str, Any]
    older_contexts: Mapping[str, Any] = field(default_factory=dict)
    union: bool = True
    max_age: int = 0
    builds: Path | None = None
    snapshot: Snapshot | None = None
    suggestions: Intake | None = None

    @classmethod
    def read(cls, folder: Path, **more: Any) -> "Served":
        """Read a project's folder; raise a JusticeGraphError if that fails."""
        older = older_contexts(folder) if more.get("snapshot") else {}
        return cls(folder, read_context(folder), read_frames(folder), older, **more)

    def site(self, run_query: RunQuery) -> Site:
        """Return the site over a function that runs queries."""
        folder = self.folder
        site = Site(
            run_query, self.context, union=self.union, max_age=self.max_age, frames=self.frames, docs=docs_folder()
        )
        if self.snapshot is None or self.builds is None:
            return site
        return replace(
            site, dumps=self.snapshot.path.resolve(), question_files=folder / "queries",
            example_files=folder / "ontology" / "examples", snapshot=self.snapshot.id, is_removed=removal_test(folder),
            releases=self.builds.resolve() / "releases", older_contexts=self.older_contexts,
            suggestions=self.suggestions,
        )  # fmt: skip


def site() -> Site:
    """Return the site of the application that handles the present request."""
    return cast("Site", current_app.extensions["site"])
