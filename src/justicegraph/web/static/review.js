// Keyboard shortcuts: a key presses the button, or chooses the candidate, that shows it. The page works without this file.
"use strict";

const choice = document.getElementById("keys");
const how = document.getElementById("how");
let asksHow = false;
let pressed = false;

function say(sentence) {
  if (how) how.textContent = sentence;
}

function remember() {
  try { sessionStorage.setItem("keys", choice.checked ? "on" : "off"); } catch { /* the choice is lost with the page */ }
}

if (choice) {
  choice.closest("p").hidden = false;
  try { choice.checked = sessionStorage.getItem("keys") !== "off"; } catch { /* shortcuts stay on */ }
  choice.addEventListener("change", remember);
}

function press(button) {
  pressed = true;
  button.click();
}

function openChosen() {
  const link = document.querySelector(".candidate:has(:checked) a[target]");
  if (link) link.click();
}

function handle(key) {
  if (asksHow) {
    asksHow = false;
    const match = document.querySelector(`button[data-match="${CSS.escape(key)}"]`);
    if (match) press(match); else say(how.dataset.cancelled);
    return true;
  }
  if (key === "s" && document.querySelector("button[data-match]")) {
    asksHow = true;
    say(how.dataset.ask);
    return true;
  }
  if (key === "o") {
    openChosen();
    return true;
  }
  const found = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!found) return false;
  if (found.type === "radio") { found.checked = true; found.focus(); } else press(found);
  return true;
}

document.addEventListener("keydown", (event) => {
  const isTyped = event.target.matches("input:not([type=radio], [type=checkbox]), textarea");
  if (isTyped || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  if (pressed || (choice && !choice.checked)) return;
  if (handle(event.key.toLowerCase())) event.preventDefault();
});

window.addEventListener("pageshow", () => { pressed = false; });
