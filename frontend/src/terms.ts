// Texts and links of RDF terms, the same as the server's.

import { names } from "./page";

export type Term = { type: string; value: string; "xml:lang"?: string; datatype?: string };

/** Return the IRI with a prefix, or whole where no prefix fits. */
export function short(iri: string): string {
  const found = Object.entries(names.prefixes).find(([, namespace]) => iri.startsWith(namespace));
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
}

/** Return the link of an IRI: a path of this site, another site, or "". */
export function local(iri: string): string {
  for (const start of [names.id, names.doc]) {
    if (!iri.startsWith(start)) continue;
    const name = iri.slice(start.length);
    return `/doc/${name.split(".", 1)[0]}${name.includes(".") ? `#${name}` : ""}`;
  }
  if (iri.startsWith(names.home)) return `/${iri.slice(names.home.length)}`;
  return /^https?:\/\//.test(iri) ? iri : "";
}

/** Return the text of a term. */
export function text(term: Term | undefined): string {
  if (!term) return "";
  if (term.type === "uri") return short(term.value);
  return term.type === "bnode" ? `_:${term.value}` : String(term.value);
}

/** Return the kind of a term's cell, by its datatype: number, date or none. */
export function kind(term: Term | undefined): string {
  return names.kinds[term?.datatype ?? ""] ?? "";
}
