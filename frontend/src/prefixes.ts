// Undeclared prefixes are declared at the top of the query while the reader types.

import { EditorState, type Extension, type Transaction } from "@codemirror/state";
import { names } from "./page";

const TOKEN = /"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|#.*|(?<![\w?$:@-])([A-Za-z][\w-]*):/g;
const DECLARED = /\bprefix\s+([\w-]*):/gi;

/** Return the missing declarations of our prefixes, one a line. */
export function missingPrefixes(query: string): string {
  const declared = new Set([...query.matchAll(DECLARED)].map((found) => found[1]));
  const used = new Set([...query.matchAll(TOKEN)].map((found) => found[1] ?? ""));
  const wanted = [...used].filter((prefix) => Object.hasOwn(names.prefixes, prefix) && !declared.has(prefix));
  return wanted.sort().map((prefix) => `PREFIX ${prefix}: <${names.prefixes[prefix]}>\n`).join("");
}

/** Add missing declarations to every change by the reader; undo reverts both. */
export const addPrefixes: Extension = EditorState.transactionFilter.of((change: Transaction) => {
  if (!change.docChanged || !change.isUserEvent("input")) return change;
  const added = missingPrefixes(change.newDoc.toString());
  if (!added) return change;
  return [change, { changes: { from: place(change.newDoc.toString()), insert: added }, sequential: true }];
});

/** Return the position for declarations: after the comments at the top. */
function place(query: string): number {
  return /^(?:[ \t]*#.*\n|[ \t]*\n)*/.exec(query)![0].length;
}
