// Prefixes that a question uses and does not declare are declared at its top as one writes.

import { EditorState, type Extension, type Transaction } from "@codemirror/state";
import { names } from "./page";

const TOKEN = /"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|#.*|(?<![\w?$:@-])([A-Za-z][\w-]*):/g;
const DECLARED = /\bprefix\s+([\w-]*):/gi;

/** Return the declarations that a question lacks of our own prefixes, a line each. */
export function missing(question: string): string {
  const declared = new Set([...question.matchAll(DECLARED)].map((found) => found[1]));
  const used = new Set([...question.matchAll(TOKEN)].map((found) => found[1] ?? ""));
  const wanted = [...used].filter((prefix) => Object.hasOwn(names.prefixes, prefix) && !declared.has(prefix));
  return wanted.sort().map((prefix) => `PREFIX ${prefix}: <${names.prefixes[prefix]}>\n`).join("");
}

/** Add them to each change that the reader makes; to undo it takes both back. */
export const addPrefixes: Extension = EditorState.transactionFilter.of((change: Transaction) => {
  if (!change.docChanged || !change.isUserEvent("input")) return change;
  const added = missing(change.newDoc.toString());
  if (!added) return change;
  return [change, { changes: { from: place(change.newDoc.toString()), insert: added }, sequential: true }];
});

/** Return where declarations go: behind the comments at the top. */
function place(question: string): number {
  return /^(?:[ \t]*#.*\n|[ \t]*\n)*/.exec(question)![0].length;
}
