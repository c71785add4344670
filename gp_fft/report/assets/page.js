// The page: its data, the charts, the heat maps, the selected program, the colours of day and night.
"use strict";

let data, programs, targets;
const views = {};
const ERROR_COLOURS = ["#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#a0da39", "#fde725"];
const EXACT = 1e-12;

function models(kind) {
  return (window.Bokeh?.documents || []).flatMap((doc) => [...doc._all_models.values()]).filter(kind);
}

function chartSource(name) {
  return models((model) => model.type === "ColumnDataSource" && model.name === name)[0];
}

// --- heat maps ---

function showHeat(program) {
  const target = targets[program.target];
  if (!chartSource("heat-program") || !target) return;
  const [rows, columns] = target.shape, computed = program.matrix();
  const wanted = target.re.map((re, k) => [re, target.im.length ? target.im[k] : 0]);
  const most = Math.max(1e-300, ...wanted.map(([re, im]) => Math.hypot(re, im)));
  const wrong = computed.map(([re, im], k) => Math.hypot(re - wanted[k][0], im - wanted[k][1]) / most);
  const full = (values) => values.map(([re, im]) => colourOf(re, im, most));
  fill("heat-program", rows, columns, full(computed), computed.map(([re, im]) => told(re, im)));
  fill("heat-target", rows, columns, full(wanted), wanted.map(([re, im]) => told(re, im)));
  fill("heat-error", rows, columns, wrong.map(errorColour), wrong.map((x) => x.toExponential(1)));
  const worst = wrong.indexOf(Math.max(...wrong)), place = `y${Math.floor(worst / columns)} from x${worst % columns}`;
  const where = document.getElementById("where");
  if (!where) return;
  where.textContent = program.field === "gf2" && !wrong[worst] ? "Every entry is right."
    : wrong[worst] < EXACT
    ? `Largest deviation ${wrong[worst].toExponential(1)} of the largest entry: round-off only.`
    : `Largest deviation ${wrong[worst].toExponential(1)} of the largest entry, in ${place}.`;
}

function fill(name, rows, columns, colour, cells) {
  const x = [], y = [];
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) { x.push(c); y.push(r); }
  chartSource(name).data = { x, y, colour, told: cells };
  for (const chart of models((model) => model.type === "Figure" && model.name === name)) {
    Object.assign(chart.x_range, { start: -0.5, end: columns - 0.5, reset_start: -0.5, reset_end: columns - 0.5 });
    Object.assign(chart.y_range, { start: rows - 0.5, end: -0.5, reset_start: rows - 0.5, reset_end: -0.5 });
  }
}

// Errors from 1e-17 (dark) to 1 (bright), relative to the largest entry of the target.
function errorColour(error) {
  const place = (Math.log10(Math.max(error, 1e-17)) + 17) / 17;
  return ERROR_COLOURS[Math.min(ERROR_COLOURS.length - 1, Math.floor(place * ERROR_COLOURS.length))];
}

// --- the selected program ---

// Say what was clicked on that is no program of this page.
function tell(sentence) {
  const told = document.getElementById("told");
  if (told) told.textContent = sentence;
}

function select(index, from) {
  const program = programs[index];
  window.gpfft.selected = index;
  views.main?.show(program);
  const told = document.getElementById("selected");
  if (told) {
    const { flops, adds, muls, shifts, depth } = program.counts;
    const known = program.exact ? program.status : `error ${program.error.toExponential(1)}`;
    const shifted = program.primitives ? `, ${shifts} shifts` : "";
    const split = program.field === "gf2" ? "" : ` (${adds} additions, ${muls} multiplications${shifted})`;
    told.textContent = `${program.title}: ${flops} ${program.unit}${split}, depth ${depth}, ${known}`;
  }
  for (const row of document.querySelectorAll("[data-program]")) {
    row.setAttribute("aria-selected", Number(row.dataset.program) === index);
    if (Number(row.dataset.program) === index && from !== "list") bringIntoSight(row);
  }
  const source = chartSource("front");
  if (source && from !== "front") source.selected.indices = [index];
  showTwins(program);
  showHeat(program);
}

// Scroll the list, and nothing but the list, until the row stands in its middle, unless it is in sight.
function bringIntoSight(row) {
  const list = row.closest(".scroll"), area = list.getBoundingClientRect(), place = row.getBoundingClientRect();
  const head = list.querySelector("thead").offsetHeight;
  if (place.top >= area.top + head && place.bottom <= area.bottom) return;
  list.scrollTop += place.top - area.top - (area.height - place.height) / 2;
}

// Show the rows that all filters agree to; the words of the search may stand anywhere in a row.
function filter() {
  const wanted = Object.fromEntries([...document.querySelectorAll("[data-filter]")].map((field) => [field.dataset.filter, field.value]));
  const words = (wanted.words || "").toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [...document.querySelectorAll("[data-program]")];
  for (const row of rows) {
    const cells = [...row.cells].map((cell) => cell.textContent.toLowerCase()).join(" ").split(/\s+/);
    const found = words.every((word) => cells.some((cell) => (/^\d+$/.test(word) ? cell === word : cell.includes(word))));
    row.hidden = !found || ["family", "model"].some((kind) => wanted[kind] && row.dataset[kind] !== wanted[kind]);
  }
  const shown = rows.filter((row) => !row.hidden).length;
  document.getElementById("shown").textContent = shown ? `${shown} of ${rows.length}` : "no record fits; take a filter away";
}

function showTwins(program) {
  const other = data.textbook[program.target], pair = document.getElementById("twins");
  if (!pair) return;
  pair.hidden = other === undefined;
  if (other === undefined) return;
  const titles = pair.querySelectorAll("h3");
  const both = [program, programs[other]];
  document.querySelector("#twins .pair").classList.toggle("stacked", both.some((shown) => isWide(shown, pair.clientWidth / 2)));
  both.forEach((shown, side) => {
    titles[side].textContent = `${side ? shown.label : "selected"}: ${shown.counts.flops} ${shown.unit}, depth ${shown.counts.depth}`;
    views[side ? "textbook" : "mine"].show(shown);
  });
}

// Draw what happened over seconds or over generations.
function across(axis) {
  for (const button of document.querySelectorAll("[data-axis]"))
    button.setAttribute("aria-pressed", button.dataset.axis === axis);
  for (const name of ["convergence", "rates"]) {
    const source = chartSource(name);
    source.data = { ...source.data, x: source.data[axis] };
    for (const chart of models((model) => model.type === "Figure" && model.name === name))
      chart.below[0].axis_label = axis === "seconds" ? "seconds" : "generations";
  }
}

// --- colours ---

function paint() {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--ink").trim(), grid = style.getPropertyValue("--line").trim();
  const paper = style.getPropertyValue("--card").trim();
  for (const axis of models((model) => /Axis$/.test(model.type)))
    axis.setv({ axis_label_text_color: ink, major_label_text_color: ink, axis_line_color: grid, major_tick_line_color: grid });
  for (const lines of models((model) => model.type === "Grid")) lines.grid_line_color = grid;
  for (const title of models((model) => model.type === "Title")) title.text_color = ink;
  for (const legend of models((model) => model.type === "Legend"))
    legend.setv({ background_fill_color: paper, background_fill_alpha: 0.8, label_text_color: ink, border_line_color: grid });
}

function toggleTheme() {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  paint();
}

// --- start ---

async function start() {
  data = await unpack(document.getElementById("data").textContent);
  programs = data.programs.map((program) => new PageProgram(program));
  targets = data.targets;
  window.gpfft = { data, programs, views, select, tell, selected: data.first };
  for (const [place, item] of Object.entries(data.charts)) await Bokeh.embed.embed_item(item, place);
  for (const root of document.querySelectorAll("[data-view]")) views[root.dataset.view] = new GraphView(root);
  for (const row of document.querySelectorAll("[data-program]"))
    for (const kind of ["click", "keydown"])
      row.addEventListener(kind, (event) => {
        if (kind === "keydown" && event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        select(Number(row.dataset.program), "list");
      });
  for (const field of document.querySelectorAll("[data-filter]")) field.addEventListener("input", filter);
  if (document.getElementById("filters")) filter();
  for (const button of document.querySelectorAll("[data-axis]"))
    button.addEventListener("click", () => across(button.dataset.axis));
  document.getElementById("theme")?.addEventListener("click", toggleTheme);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  paint();
  if (programs.length) select(data.first, "start");
  document.documentElement.dataset.ready = "yes";
}

start();
