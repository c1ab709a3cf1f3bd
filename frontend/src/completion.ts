// What one may go on with: words of our ontology by their names and labels, prefixes, variables and words of SPARQL.

import { type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { form, names } from "./page";

const KEYWORDS = (
  "SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS VALUES BIND GRAPH EXISTS NOT GROUP BY HAVING ORDER ASC DESC LIMIT " +
  "OFFSET CONSTRUCT DESCRIBE ASK PREFIX FROM NAMED COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT SEPARATOR AS IN STR LANG " +
  "LANGMATCHES DATATYPE BOUND IRI COALESCE IF REGEX REPLACE CONTAINS STRSTARTS STRENDS STRLEN SUBSTR LCASE UCASE YEAR MONTH DAY NOW"
).split(" ");

type Word = [name: string, kind: "class" | "property" | "term", label: string, note: string];

let known: Promise<Completion[]> | undefined;

/** Return the words of the ontology, asked for once; none where they cannot be had. */
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

/** Return what may stand where the cursor is. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const before = context.matchBefore(/[?$]\w*|[A-Za-z][\w-]*(?::[\w.-]*)?/);
  if (!before && !context.explicit) return null;
  const from = before?.from ?? context.pos;
  if (isText(context, from)) return null;
  const start = before?.text[0] ?? "";
  if (start === "?" || start === "$") return { from, options: variables(context, start, from), validFor: /^[?$]\w*$/ };
  const wanted = wantedKind(context.state.sliceDoc(Math.max(from - 200, 0), from));
  const options = (await ontology()).map((each) => ({ ...each, boost: each.type === wanted ? 20 : 0 }));
  return { from, options: [...options, ...always], validFor: /^[\w-]*:?[\w.-]*$/ };
}

/** Tell whether a place is inside of a comment, a text or an IRI. */
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

/** Return the kind of word that is most likely next, by what stands before: after `a` a class, after a subject a property. */
function wantedKind(before: string): string {
  if (/(?:\sa|rdf:type)\s+$/.test(before)) return "class";
  if (/(?:[;{.]|[;{.]\s*[?$:\w<>/#-]+)\s*$/.test(before)) return "property";
  return "term";
}
