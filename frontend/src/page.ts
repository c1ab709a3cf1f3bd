// Data from the server in attributes of the form: messages in the reader's language, prefixes, limits.

export const form = document.querySelector<HTMLFormElement>("form.ask")!;

type Names = { home: string; id: string; doc: string; prefixes: Record<string, string>; kinds: Record<string, string> };
type Bounds = { shown: number; longest: number; around: number; seconds: number };

export const words: Record<string, string> = JSON.parse(form.dataset.words!);
export const names: Names = JSON.parse(form.dataset.names!);
export const bounds: Bounds = JSON.parse(form.dataset.bounds!);
export const formats = { table: form.dataset.tables!.split(" "), graph: form.dataset.graphs!.split(" ") };

const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });

/** Return a message with its placeholders filled. */
export function say(key: string, gaps: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, gap: string) => {
    const value = gaps[gap] ?? "";
    return typeof value === "number" ? number.format(value) : value;
  });
}

/** Return the element with an id. */
export function part<Kind extends HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}

/** Return a new element with attributes and children; strings become text nodes. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string> = {},
  ...content: (string | Node)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

/** Return an address with parameters, and with the language that the reader has chosen. */
export function address(path: string, parameters: Record<string, string>): string {
  const lang = new URLSearchParams(location.search).get("lang");
  return `${path}?${new URLSearchParams(lang && path !== "/sparql" ? { ...parameters, lang } : parameters)}`;
}
