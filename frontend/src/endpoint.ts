// Running a query at the endpoint: its result is read up to a limit, and the server ends a cancelled query.

import type { Term } from "./terms";
import { bounds, say } from "./page";

export type Table = { kind: "table"; columns: string[]; rows: Record<string, Term>[] };
export type Result = Table | { kind: "truth"; truth: boolean } | { kind: "graph"; text: string };

/** An error: its message, its place in the query or 0, and the language of the message if it is not the reader's. */
export class Problem extends Error {
  constructor(sentence: string, readonly line = 0, readonly column = 0, readonly lang = "") {
    super(sentence);
  }
}

/** Return the result; throw a Problem, or an AbortError where the signal has cancelled the query. */
export async function runQuery(query: string, signal: AbortSignal): Promise<Result> {
  const response = await post(query, signal);
  if (!response.ok) throw parseProblem(await readUpTo(response));
  const content = await readUpTo(response);
  if (!response.headers.get("Content-Type")?.includes("json")) return { kind: "graph", text: content };
  const { boolean, head, results } = JSON.parse(content);
  if (boolean !== undefined) return { kind: "truth", truth: boolean };
  return { kind: "table", columns: head.vars, rows: results.bindings };
}

async function post(query: string, signal: AbortSignal): Promise<Response> {
  const headers = {
    "Accept": "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.1",
    "Content-Type": "application/sparql-query",
  };
  try {
    return await fetch("/sparql", { method: "POST", headers, body: query, signal, redirect: "error", credentials: "omit" });
  } catch (error) {
    throw signal.aborted ? error : new Problem(say("away"));
  }
}

function parseProblem(content: string): Problem {
  try {
    const { detail, line, column } = JSON.parse(content);
    return new Problem(detail, line, column, "en");
  } catch {
    return new Problem(say("away"));
  }
}

/** Return the text of a response; throw a Problem where it is too long for a page. */
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
