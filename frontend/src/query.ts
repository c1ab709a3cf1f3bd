// The script of the query page: an editor in the form, and results without loading the page again.

import { countText, durationText, errorMessage, errorNodes, resultNodes } from "./result";
import { Problem, runQuery } from "./endpoint";
import { Editor } from "./editor";
import { address, bounds, form, part, say } from "./page";
import { showPictures } from "./pictures";
import { makeSortable } from "./table";

const field = part<HTMLTextAreaElement>("query");
const button = form.querySelector<HTMLButtonElement>("button.main")!;
const cancel = part<HTMLButtonElement>("cancel");
const clock = part("clock");
const status = part("status");
const nonce = document.querySelector<HTMLScriptElement>("script[type=module][nonce]")!.nonce;

const editor = new Editor(field, nonce, () => void run(), () => button.focus());
let running: AbortController | undefined;
let lastQuery = inAddress();

function inAddress(): string {
  return new URLSearchParams(location.search).get("query") ?? "";
}

/** Run the query in the editor and show the result; cancel a query that is still running. */
async function run(isNew = true): Promise<void> {
  const query = editor.text;
  if (!query.trim()) return editor.focus();
  running?.abort();
  const own = (running = new AbortController());
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  begin(seconds);
  const ticking = setInterval(() => tick(seconds()), 100);
  try {
    const result = await runQuery(query, own.signal);
    if (own !== running) return;
    const lasted = seconds();
    end(`${result.kind === "table" ? `${countText(result)}, ` : ""}${durationText(lasted)}`, resultNodes(query, result, lasted));
    document.title = `${say("title")} · JusticeGraph`;
    showPictures(query).catch(() => undefined); // the result is visible without them
  } catch (error) {
    if (own !== running) return;
    if (own.signal.aborted) end(say("cancelled"));
    else fail(query, error instanceof Problem ? error : new Problem(String(error), 0, 0, "en"));
  } finally {
    clearInterval(ticking);
  }
  if (isNew && query !== lastQuery) history.pushState(null, "", address("/query", { query }));
  lastQuery = query;
}

/** Show the form without a result. */
function clear(): void {
  running?.abort();
  end("");
  editor.mark(null);
  part("answer").hidden = true;
  document.title = `${say("title")} · JusticeGraph`;
}

function begin(seconds: () => number): void {
  editor.mark(null);
  status.className = "hint";
  status.textContent = say("asking");
  cancel.hidden = false;
  form.setAttribute("aria-busy", "true");
  tick(seconds());
}

function tick(seconds: number): void {
  const limit = bounds.seconds ? ` (${say("limit", { n: bounds.seconds })})` : "";
  clock.textContent = `${say("so_far", { n: Math.round(seconds * 10) / 10 })}${limit}`;
}

/** Show the final status and the result. */
function end(sentence: string | Node, found?: Node[]): void {
  running = undefined;
  if (document.activeElement === cancel) button.focus(); // it is about to be hidden
  cancel.hidden = true;
  clock.textContent = "";
  status.replaceChildren(sentence);
  form.removeAttribute("aria-busy");
  if (!found) return;
  part("found").replaceChildren(...found);
  part("answer").hidden = false;
  part("answer-title").scrollIntoView({ block: "nearest" });
}

function fail(query: string, problem: Problem): void {
  end(errorMessage(query, problem), errorNodes(query, problem, () => editor.focus(problem)));
  status.className = "unseen"; // the message is visible below
  if (problem.line) editor.mark(problem);
  document.title = `${say("error")} · ${say("title")} · JusticeGraph`;
}

form.addEventListener("submit", (event) => {
  if (form.querySelector<HTMLSelectElement>("select")!.value !== "html") return; // a file, which the server sends
  event.preventDefault();
  void run();
});
cancel.addEventListener("click", () => running?.abort());
part("query-label").addEventListener("click", () => editor.focus());
addEventListener("popstate", () => {
  if (inAddress() === lastQuery) return; // only the fragment changed: keep the text in the editor
  editor.text = lastQuery = inAddress();
  if (lastQuery.trim()) void run(false);
  else clear();
});
part("keys").hidden = false;
for (const table of document.querySelectorAll<HTMLTableElement>("#found table")) makeSortable(table);
