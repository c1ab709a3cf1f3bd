// Pictures of a result: the server renders them, and they are copied from its page.

import { address, form, part } from "./page";

/** Show the names of pictures that fit the result, and the chosen picture; nothing where the server has none. */
export async function showPictures(query: string, view = ""): Promise<void> {
  if (form.dataset.pictures === undefined) return;
  const found = part("found");
  const shown = found.firstChild;
  const response = await fetch(address("/query", view ? { query, view } : { query }));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (found.firstChild !== shown) return; // there is another result by now
  for (const old of found.querySelectorAll(".views, .picture")) old.remove();
  found.querySelector(".facts")?.after(...page.querySelectorAll("#found .views, #found .picture"));
  for (const link of found.querySelectorAll<HTMLAnchorElement>(".views a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      void showPictures(query, new URL(link.href).searchParams.get("view") ?? "");
    });
  }
}
