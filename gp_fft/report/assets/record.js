// The page of one record: its graph and equations, its code behind tabs, and what can be copied.
"use strict";

// Called by the script beside the page, which holds the data of the record.
async function take(packed) {
  const { program, code } = await unpack(packed);
  const view = new GraphView(document.querySelector("[data-view=main]")), shown = new PageProgram(program);
  view.show(shown);
  for (const place of document.querySelectorAll("[data-code]")) {
    const text = code[Number(place.dataset.code)];
    place.textContent = text;
    place.parentElement.querySelector("[data-size]").textContent = `${text.split("\n").length - 1} lines`;
  }
  for (const button of document.querySelectorAll("[data-copy-code]"))
    button.addEventListener("click", () => copy(code[Number(button.dataset.copyCode)], button));
  window.gpfft = { programs: [shown], views: { main: view }, code, copy };
  document.documentElement.dataset.ready = "yes";
}

// Put a text on the clipboard, and say on the button whether that went well.
async function copy(text, button) {
  const words = button.dataset.words || (button.dataset.words = button.textContent);
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    done = copyBySelection(text);
  }
  button.textContent = done ? "copied" : "select and copy by hand";
  setTimeout(() => { button.textContent = words; }, 1500);
}

// The old way, for where a page from a folder has no clipboard.
function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

// Show the code of one target; the choice is kept in the address, for the next page.
function choose(tab) {
  for (const other of document.querySelectorAll("[role=tab]")) {
    const on = other === tab;
    other.setAttribute("aria-selected", on);
    other.tabIndex = on ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !on;
  }
  for (const link of document.querySelectorAll(".near a[rel]")) link.hash = "to=" + tab.dataset.target;
}

function step(event) {
  const tabs = [...document.querySelectorAll("[role=tab]")], moves = { ArrowRight: 1, ArrowLeft: -1 };
  if (!(event.key in moves)) return;
  const next = tabs[(tabs.indexOf(event.target) + moves[event.key] + tabs.length) % tabs.length];
  next.focus();
  choose(next);
}

for (const tab of document.querySelectorAll("[role=tab]")) {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", step);
}
for (const button of document.querySelectorAll("[data-copy]"))
  button.addEventListener("click", () => copy(button.previousElementSibling.textContent, button));
document.getElementById("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
});
const wanted = document.querySelector(`[role=tab][data-target="${CSS.escape(new URLSearchParams(location.hash.slice(1)).get("to") || "")}"]`);
choose(wanted || document.querySelector("[role=tab]"));
