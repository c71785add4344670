// The index of the catalogue: search, filters, order; what is chosen stands in the address, so that it can be linked to.
"use strict";

const fields = [...document.querySelectorAll("[data-filter]")];
const body = document.querySelector(".index tbody"), rows = [...body.rows];
const SPACE = /[\s,]+/;
const cells = rows.map((row) => [...row.cells].map((cell) => cell.textContent.toLowerCase()).join(" ").split(SPACE));
const titles = rows.map((row) => row.cells[0].textContent.toLowerCase().split(SPACE));
const order = new Map(rows.map((row, k) => [row, k]));

// The number in a field; NaN where there is none, and the field is marked where there is something else.
function number(field) {
  const text = field.value.trim(), value = text === "" ? NaN : Number(text);
  field.setAttribute("aria-invalid", text !== "" && Number.isNaN(value));
  return value;
}

// Which sizes a field asks for: a number, from-to, or a shape such as 4x4.
function sizes(field) {
  const text = field.value.trim().toLowerCase();
  const range = text.match(/^(\d*)\s*[-–]\s*(\d*)$/);
  field.setAttribute("aria-invalid", text !== "" && !range && !/^\d+(x\d+)*$/.test(text));
  if (text === "") return () => true;
  if (!range) return (size) => size === text;
  const [least, most] = [Number(range[1] || 0), Number(range[2] || Infinity)];
  return (size) => /^\d+$/.test(size) && Number(size) >= least && Number(size) <= most;
}

function filter() {
  const value = (name) => fields.find((field) => field.dataset.filter === name);
  const words = value("words").value.toLowerCase().replace("−", "-").split(SPACE).filter(Boolean);
  const depth = number(value("depth")), roundoff = number(value("roundoff")), size = sizes(value("n"));
  const exact = fields.filter((field) => field.tagName === "SELECT" && field.value);
  let shown = 0;
  rows.forEach((row, k) => {
    const data = row.dataset;
    const found = (word) => /^\d+$/.test(word) ? titles[k].includes(word) // a bare number is a size, one with a sign a difference
      : cells[k].some((cell) => (/^[+-]\d+$/.test(word) ? cell === word : cell.includes(word)));
    const fits = words.every(found)
      && exact.every((field) => data[field.dataset.filter] === field.value) && size(data.n)
      && !(Number(data.depth) > depth) && !(roundoff >= 0 && !(Number(data.roundoff) <= roundoff));
    row.hidden = !fits;
    shown += fits;
  });
  const asked = fields.filter((field) => field.value.trim());
  document.getElementById("shown").textContent = !shown ? "no record fits; take a filter away" : asked.length ? `${shown} of ${rows.length} records` : `${rows.length} records`;
  document.getElementById("clear").hidden = !asked.length;
  const told = new URLSearchParams(asked.map((field) => [field.dataset.filter, field.value.trim()])).toString();
  if (told !== location.hash.slice(1)) history.replaceState(null, "", told ? "#" + told : location.pathname + location.search);
}

// Take the filters from the address, as a link into the catalogue gives them: index.html#family=dft&n=2-16.
function fromAddress() {
  const told = new URLSearchParams(location.hash.slice(1));
  for (const field of fields) {
    const value = told.get(field.dataset.filter) || "";
    const known = field.tagName !== "SELECT" || [...field.options].some((option) => (option.value || "") === value);
    field.value = known ? value : "";
  }
  filter();
}

function sortBy(head) {
  const up = head.getAttribute("aria-sort") !== "ascending", column = head.cellIndex;
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const numbers = head.classList.contains("n");
  const key = (row) => {
    const text = row.cells[column].textContent;
    return !numbers ? text : text === "same" || text === "none" ? 0 : text === "" ? null : Number(text);
  };
  const compare = (a, b) => {
    const [x, y] = [key(a), key(b)];
    if (x === null || y === null) return (x === null) - (y === null); // what is not known stands last either way
    const step = column === 0 ? order.get(a) - order.get(b) : numbers ? x - y : x.localeCompare(y);
    return (up ? step : -step) || order.get(a) - order.get(b);
  };
  body.append(...[...rows].sort(compare));
}

function toggleTheme() {
  const chosen = document.documentElement.dataset.theme;
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
}

for (const field of fields) field.addEventListener("input", filter);
for (const head of document.querySelectorAll("[data-sort]")) head.firstElementChild.addEventListener("click", () => sortBy(head));
document.getElementById("clear").addEventListener("click", () => { for (const field of fields) field.value = ""; filter(); });
document.getElementById("theme").addEventListener("click", toggleTheme);
window.addEventListener("hashchange", fromAddress);
fromAddress();
document.documentElement.dataset.ready = "yes";
