// A question to the endpoint, and its answer: read up to so many bytes, and ended at the server when nobody waits for it.

import type { Term } from "./terms";
import { bounds, say } from "./page";

export type Table = { kind: "table"; columns: string[]; rows: Record<string, Term>[] };
export type Answer = Table | { kind: "truth"; truth: boolean } | { kind: "graph"; text: string };

/** What went wrong, in a sentence; where in the question, or 0; and the sentence's language where it is none of ours. */
export class Problem extends Error {
  constructor(sentence: string, readonly line = 0, readonly column = 0, readonly lang = "") {
    super(sentence);
  }
}

/** Return the answer; throw a Problem, or an AbortError where the signal has ended it. */
export async function ask(question: string, signal: AbortSignal): Promise<Answer> {
  const response = await sent(question, signal);
  if (!response.ok) throw problemOf(await readUpTo(response));
  const said = await readUpTo(response);
  if (!response.headers.get("Content-Type")?.includes("json")) return { kind: "graph", text: said };
  const { boolean, head, results } = JSON.parse(said);
  if (boolean !== undefined) return { kind: "truth", truth: boolean };
  return { kind: "table", columns: head.vars, rows: results.bindings };
}

async function sent(question: string, signal: AbortSignal): Promise<Response> {
  const headers = {
    "Accept": "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.1",
    "Content-Type": "application/sparql-query",
  };
  try {
    return await fetch("/sparql", { method: "POST", headers, body: question, signal, redirect: "error", credentials: "omit" });
  } catch (error) {
    throw signal.aborted ? error : new Problem(say("away"));
  }
}

function problemOf(said: string): Problem {
  try {
    const { detail, line, column } = JSON.parse(said);
    return new Problem(detail, line, column, "en");
  } catch {
    return new Problem(say("away"));
  }
}

/** Return the text of a response; throw a Problem where it is longer than a page is made of. */
async function readUpTo(response: Response): Promise<string> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > bounds.longest) {
      await reader.cancel();
      throw new Problem(say("long"));
    }
    text += decoder.decode(value, { stream: true });
  }
}
