// The answer as the page shows it, in the same elements as the server's.

import type { Answer, Problem, Table } from "./asking";
import { address, bounds, element, formats, names, say } from "./page";
import { makeSortable } from "./table";
import { kind, local, text } from "./terms";

/** Return what the page shows of an answer. */
export function shown(question: string, answer: Answer, seconds: number): Node[] {
  const facts = element("p", { class: "facts" }, `${answer.kind === "table" ? `${counted(answer)}, ` : ""}${taken(seconds)}`);
  return [facts, ...body(answer), ...taking(question, answer)];
}

/** Return in words how much was found. */
export function counted({ rows }: Table): string {
  const count = rows.length === 1 ? say("one") : say("many", { n: rows.length });
  return rows.length > bounds.shown ? `${count}, ${say("first", { n: bounds.shown })}` : count;
}

/** Return in words how long it took. */
export function taken(seconds: number): string {
  return `${say("took", { n: Math.max(seconds, 0.01) })}${bounds.seconds ? ` (${say("limit", { n: bounds.seconds })})` : ""}.`;
}

/** Return what the page shows of a problem; `go` leads to its place in the question. */
export function wrong(question: string, problem: Problem, go: () => void): Node[] {
  const box = element("div", { class: "wrong" }, element("p", { class: "error" }, told(question, problem)));
  if (problem.line) {
    const button = element("button", { type: "button", class: "quiet" }, say("go"));
    button.addEventListener("click", go);
    const place = say("place", { line: problem.line, column: problem.column });
    box.append(element("p", {}, `${place} `, button), excerpt(question, problem));
  }
  return [box];
}

function excerpt(question: string, { line, column }: Problem): Node {
  const lines = question.split("\n");
  const from = Math.max(line - 1 - bounds.around, 0);
  const list = element("ol", { class: "excerpt", start: String(from + 1) });
  lines.slice(from, line + bounds.around).forEach((each, index) => {
    const isHere = from + index === line - 1;
    list.append(element("li", isHere ? { class: "here" } : {}, isHere ? marked(each, column) : element("code", {}, each)));
  });
  return list;
}

function marked(line: string, column: number): Node {
  const [from, to] = wordAt(line, column);
  return element("code", {}, line.slice(0, from), element("mark", {}, line.slice(from, to) || " "), line.slice(to));
}

/** Return where in a line the word is that begins at a column, which counts from 1, else the one that ends there. */
export function wordAt(line: string, column: number): [from: number, to: number] {
  const from = Math.min(column - 1, line.length);
  const found = /^(?:[\p{L}\p{N}_]+|\S)/u.exec(line.slice(from));
  return found ? [from, from + found[0].length] : [from - /\S*$/.exec(line.slice(0, from))![0].length, from];
}

/**
 * Return what went wrong as people say it: of all that the engine would have read, up to single signs, what is a
 * sentence. Of the rest, such as "expected OPTIONAL" where a full stop is missing, nothing is a help. What is no sentence
 * of ours is marked with its language.
 */
export function told(question: string, { message, line, column, lang }: Problem): string | Node {
  const theirs = (sentence: string) => (lang ? element("span", { lang }, sentence) : sentence);
  if (!line || !/error at \d+:\d+: /.test(message)) return theirs(message);
  const text = question.split("\n")[line - 1] ?? "";
  const prefix = text.slice(...wordAt(text, column)).split(":", 1)[0]!;
  if (!message.includes("Prefix not found")) {
    const sentence = /[A-Z]\w+(?: \w+){3,}/.exec(message.replace(/^.*error at \d+:\d+: /s, ""))?.[0];
    return sentence ? theirs(message.replace(/:? error at .*/s, `: ${sentence}.`)) : say("unread");
  }
  const namespace = names.prefixes[prefix];
  return say("undeclared", { prefix }) + (namespace ? ` ${say("declare", { line: `PREFIX ${prefix}: <${namespace}>` })}` : "");
}

function body(answer: Answer): Node[] {
  if (answer.kind === "truth") return [element("p", { class: "lead" }, say(answer.truth ? "yes" : "no"))];
  if (answer.kind === "graph") return [element("pre", { class: "turtle", tabindex: "0" }, answer.text)];
  if (!answer.rows.length) return [element("p", {}, say("nothing"))];
  const wide = element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": say("table") }, table(answer));
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

function taking(question: string, answer: Answer): Node[] {
  const all = answer.kind === "graph" ? formats.graph : formats.table;
  const offered = answer.kind === "truth" ? all.slice(0, 2) : all;
  const links = offered.flatMap((format) => [
    " ",
    element("a", { href: address("/sparql", { query: question, format }) }, format),
  ]);
  const link = element("a", { href: address("/query", { query: question }) }, say("link"));
  return [element("p", { class: "take" }, say("download"), ...links), element("p", { class: "take" }, link)];
}
