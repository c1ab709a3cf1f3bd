// Sorting a table by its headings: numbers by value, texts alphabetically; a third click restores the order.

import { element, say } from "./page";

const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });

/** Make the headings of a table into buttons that sort it. */
export function makeSortable(table: HTMLTableElement): void {
  const body = table.tBodies[0]!;
  const first = [...body.rows];
  const headings = [...table.tHead!.rows[0]!.cells];
  headings.forEach((heading, column) => {
    const name = heading.textContent ?? "";
    const button = element("button", { type: "button", title: say("sort", { name }) }, name);
    button.addEventListener("click", () => {
      const way = { none: "ascending", ascending: "descending", descending: "none" }[heading.ariaSort ?? "none"]!;
      for (const other of headings) other.removeAttribute("aria-sort");
      if (way !== "none") heading.setAttribute("aria-sort", way);
      body.append(...(way === "none" ? first : sorted(first, column, way === "descending" ? -1 : 1)));
    });
    heading.replaceChildren(button);
  });
}

function sorted(rows: HTMLTableRowElement[], column: number, sign: number): HTMLTableRowElement[] {
  return [...rows].sort((one, other) => sign * compare(one.cells[column]!, other.cells[column]!));
}

function compare(one: HTMLTableCellElement, other: HTMLTableCellElement): number {
  const [text, otherText] = [one.textContent ?? "", other.textContent ?? ""];
  if (one.className === "number" && other.className === "number") return Number(text) - Number(otherText);
  return collator.compare(text, otherText);
}
