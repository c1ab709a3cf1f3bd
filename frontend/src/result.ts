// The result of a query as elements of the page, the same as the server's.

import type { Result, Problem, Table } from "./endpoint";
import { address, bounds, element, formats, names, say } from "./page";
import { makeSortable } from "./table";
import { kind, local, text } from "./terms";

/** Return the elements for a result. */
export function resultNodes(query: string, result: Result, seconds: number): Node[] {
  const facts = element("p", { class: "facts" }, `${result.kind === "table" ? `${countText(result)}, ` : ""}${durationText(seconds)}`);
  return [facts, ...body(result), ...downloads(query, result)];
}

/** Return the number of rows as text. */
export function countText({ rows }: Table): string {
  const count = rows.length === 1 ? say("one") : say("many", { n: rows.length });
  return rows.length > bounds.shown ? `${count}, ${say("first", { n: bounds.shown })}` : count;
}

/** Return the duration as text. */
export function durationText(seconds: number): string {
  return `${say("took", { n: Math.max(seconds, 0.01) })}${bounds.seconds ? ` (${say("limit", { n: bounds.seconds })})` : ""}.`;
}

/** Return the elements for a problem; `go` moves the cursor to its place in the query. */
export function errorNodes(query: string, problem: Problem, go: () => void): Node[] {
  const box = element("div", { class: "wrong" }, element("p", { class: "error" }, errorMessage(query, problem)));
  if (problem.line) {
    const button = element("button", { type: "button", class: "quiet" }, say("go"));
    button.addEventListener("click", go);
    const place = say("place", { line: problem.line, column: problem.column });
    box.append(element("p", {}, `${place} `, button), excerpt(query, problem));
  }
  return [box];
}

function excerpt(query: string, { line, column }: Problem): Node {
  const lines = query.split("\n");
  const from = Math.max(line - 1 - bounds.around, 0);
  const list = element("ol", { class: "excerpt", start: String(from + 1) });
  lines.slice(from, line + bounds.around).forEach((text, index) => {
    const isHere = from + index === line - 1;
    list.append(element("li", isHere ? { class: "here" } : {}, isHere ? marked(text, column) : element("code", {}, text)));
  });
  return list;
}

function marked(line: string, column: number): Node {
  const [from, to] = wordAt(line, column);
  return element("code", {}, line.slice(0, from), element("mark", {}, line.slice(from, to) || " "), line.slice(to));
}

/** Return the position of the word that begins at a column, counted from 1, else of the word that ends there. */
export function wordAt(line: string, column: number): [from: number, to: number] {
  const from = Math.min(column - 1, line.length);
  const found = /^(?:[\p{L}\p{N}_]+|\S)/u.exec(line.slice(from));
  return found ? [from, from + found[0].length] : [from - /\S*$/.exec(line.slice(0, from))![0].length, from];
}

/**
 * Return a readable error message: of the engine's message, only what is a sentence. The rest lists expected tokens, such
 * as "expected OPTIONAL" for a missing full stop, and helps nobody. Messages of the engine are marked with their language.
 */
export function errorMessage(query: string, { message, line, column, lang }: Problem): string | Node {
  const theirs = (sentence: string) => (lang ? element("span", { lang }, sentence) : sentence);
  if (!line || !/error at \d+:\d+: /.test(message)) return theirs(message);
  const text = query.split("\n")[line - 1] ?? "";
  const prefix = text.slice(...wordAt(text, column)).split(":", 1)[0]!;
  if (!message.includes("Prefix not found")) {
    const sentence = /[A-Z]\w+(?: \w+){3,}/.exec(message.replace(/^.*error at \d+:\d+: /s, ""))?.[0];
    return sentence ? theirs(message.replace(/:? error at .*/s, `: ${sentence}.`)) : say("unread");
  }
  const namespace = names.prefixes[prefix];
  return say("undeclared", { prefix }) + (namespace ? ` ${say("declare", { line: `PREFIX ${prefix}: <${namespace}>` })}` : "");
}

function body(result: Result): Node[] {
  if (result.kind === "truth") return [element("p", { class: "lead" }, say(result.truth ? "yes" : "no"))];
  if (result.kind === "graph") return [element("pre", { class: "turtle", tabindex: "0" }, result.text)];
  if (!result.rows.length) return [element("p", {}, say("nothing"))];
  const wide = element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": say("table") }, table(result));
  return [wide];
}

function table({ columns, rows }: Table): HTMLTableElement {
  const head = element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)));
  const lines = rows.slice(0, bounds.shown).map((row) =>
    element("tr", {}, ...columns.map((name) => {
      const cell = element("td", kind(row[name]) ? { class: kind(row[name]) } : {}, text(row[name]));
      if (row[name]?.["xml:lang"]) cell.lang = row[name]["xml:lang"];
      const leads = row[name]?.type === "uri" ? local(row[name].value) : "";
      if (leads) cell.replaceChildren(element("a", { href: leads }, text(row[name])));
      return cell;
    })),
  );
  const made = element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines));
  makeSortable(made);
  return made;
}

function downloads(query: string, result: Result): Node[] {
  const all = result.kind === "graph" ? formats.graph : formats.table;
  const offered = result.kind === "truth" ? all.slice(0, 2) : all;
  const links = offered.flatMap((format) => [
    " ",
    element("a", { href: address("/sparql", { query, format }) }, format),
  ]);
  const link = element("a", { href: address("/query", { query }) }, say("link"));
  return [element("p", { class: "take" }, say("download"), ...links), element("p", { class: "take" }, link)];
}
