// The query page with script: an editor in the form, and answers without loading the page again.

import { counted, shown, taken, told, wrong } from "./answer";
import { ask, Problem } from "./asking";
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
let asked = inAddress();

function inAddress(): string {
  return new URLSearchParams(location.search).get("query") ?? "";
}

/** Ask what the editor has, and show the answer; what was asked before is ended. */
async function run(isNew = true): Promise<void> {
  const question = editor.text;
  if (!question.trim()) return editor.focus();
  running?.abort();
  const own = (running = new AbortController());
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  begin(seconds);
  const ticking = setInterval(() => tick(seconds()), 100);
  try {
    const answer = await ask(question, own.signal);
    if (own !== running) return;
    const lasted = seconds();
    end(`${answer.kind === "table" ? `${counted(answer)}, ` : ""}${taken(lasted)}`, shown(question, answer, lasted));
    document.title = `${say("title")} · JusticeGraph`;
    showPictures(question).catch(() => undefined); // the answer is there without
  } catch (error) {
    if (own !== running) return;
    if (own.signal.aborted) end(say("cancelled"));
    else fail(question, error instanceof Problem ? error : new Problem(String(error), 0, 0, "en"));
  } finally {
    clearInterval(ticking);
  }
  if (isNew && question !== asked) history.pushState(null, "", address("/query", { query: question }));
  asked = question;
}

/** Show the form as it is before anything is asked. */
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

/** Say how it ended, and show what was found. */
function end(sentence: string | Node, found?: Node[]): void {
  running = undefined;
  if (document.activeElement === cancel) button.focus(); // it is about to go
  cancel.hidden = true;
  clock.textContent = "";
  status.replaceChildren(sentence);
  form.removeAttribute("aria-busy");
  if (!found) return;
  part("found").replaceChildren(...found);
  part("answer").hidden = false;
  part("answer-title").scrollIntoView({ block: "nearest" });
}

function fail(question: string, problem: Problem): void {
  end(told(question, problem), wrong(question, problem, () => editor.focus(problem)));
  status.className = "unseen"; // the sentence stands below, for those who see it
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
  if (inAddress() === asked) return; // only the place on the page is another one: what is being written stays
  editor.text = asked = inAddress();
  if (asked.trim()) void run(false);
  else clear();
});
part("keys").hidden = false;
for (const table of document.querySelectorAll<HTMLTableElement>("#found table")) makeSortable(table);
