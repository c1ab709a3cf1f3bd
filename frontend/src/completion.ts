// Completion: terms of the ontology by name and label, prefixes, variables and SPARQL keywords.

import { type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { form, names } from "./page";

const KEYWORDS = (
  "SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS VALUES BIND GRAPH EXISTS NOT GROUP BY HAVING ORDER ASC DESC LIMIT " +
  "OFFSET CONSTRUCT DESCRIBE ASK PREFIX FROM NAMED COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR AS IN STR LANG " +
  "LANGMATCHES DATATYPE BOUND IRI COALESCE IF REGEX REPLACE CONTAINS STRSTARTS STRENDS STRLEN SUBSTR LCASE UCASE YEAR MONTH DAY NOW"
).split(" ");

type Word = [name: string, kind: "class" | "property" | "term", label: string, note: string];

let known: Promise<Completion[]> | undefined;

/** Return the terms of the ontology, loaded once; none where loading fails. */
function ontology(): Promise<Completion[]> {
  known ??= fetch(form.dataset.vocabulary!)
    .then((response) => response.json() as Promise<Word[]>)
    .then((all) => all.map(option))
    .catch(() => ((known = undefined), []));
  return known;
}

function option([name, kind, label, note]: Word): Completion {
  return { label: name, detail: label, info: note, type: kind };
}

const always: Completion[] = [
  ...KEYWORDS.map((label) => ({ label, type: "keyword", boost: -20 })),
  ...Object.keys(names.prefixes).map((prefix) => ({ label: `${prefix}:`, type: "prefix", boost: -10 })),
];

/** Return the completions at the cursor. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const before = context.matchBefore(/[?$]\w*|[A-Za-z][\w-]*(?::[\w.-]*)?/);
  if (!before && !context.explicit) return null;
  const from = before?.from ?? context.pos;
  if (isText(context, from)) return null;
  const start = before?.text[0] ?? "";
  if (start === "?" || start === "$") return { from, options: variables(context, start, from), validFor: /^[?$]\w*$/ };
  const wanted = wantedKind(context.state.sliceDoc(Math.max(from - 200, 0), from));
  const options = (await ontology()).map((term) => ({ ...term, boost: term.type === wanted ? 20 : 0 }));
  return { from, options: [...options, ...always], validFor: /^[\w-]*:?[\w.-]*$/ };
}

/** Return whether a position is inside a comment, a string or an IRI. */
function isText(context: CompletionContext, place: number): boolean {
  const line = context.state.doc.lineAt(place);
  return /^(?:[^"'<#]|"[^"]*"|'[^']*'|<[^>\s]*>|<(?=\s|=))*["'<#]/.exec(line.text.slice(0, place - line.from))?.[0] !== undefined;
}

function variables(context: CompletionContext, sign: string, from: number): Completion[] {
  const text = context.state.doc.toString();
  const others = `${text.slice(0, from)} ${text.slice(context.pos)}`;
  return [...new Set([...others.matchAll(/[?$](\w+)/g)].map((found) => found[1]))].map((name) => ({
    label: sign + name,
    type: "variable",
  }));
}

/** Return the most likely kind of the next term: a class after `a`, a property after a subject. */
function wantedKind(before: string): string {
  if (/(?:\sa|rdf:type)\s+$/.test(before)) return "class";
  if (/(?:[;{.]|[;{.]\s*[?$:\w<>/#-]+)\s*$/.test(before)) return "property";
  return "term";
}
