// Pictures of an answer, which the server draws: taken from the page that shows them without script.

import { address, form, part } from "./page";

/** Show which pictures fit the answer to a question, and the one that is wanted; nothing where the server has none. */
export async function showPictures(question: string, view = ""): Promise<void> {
  if (form.dataset.pictures === undefined) return;
  const found = part("found");
  const shown = found.firstChild;
  const response = await fetch(address("/query", view ? { query: question, view } : { query: question }));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (found.firstChild !== shown) return; // another answer stands here by now
  for (const each of found.querySelectorAll(".views, .picture")) each.remove();
  found.querySelector(".facts")?.after(...page.querySelectorAll("#found .views, #found .picture"));
  for (const link of found.querySelectorAll<HTMLAnchorElement>(".views a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      void showPictures(question, new URL(link.href).searchParams.get("view") ?? "");
    });
  }
}
