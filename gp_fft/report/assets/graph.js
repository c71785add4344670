// The dataflow graph of one program and its text beside it: zoom, pan, what depends on what, both linked.
"use strict";

const LEAST_HEIGHT = 260, LARGEST = 1.3; // pixels; pixels of the screen for a unit of the drawing
const NARROW = "(max-width: 700px)"; // on such a screen a drawing opens with letters that can be read, and is moved
const READABLE = 1, NEARLY = 0.85; // pixels for a unit: the smallest letters of a drawing are 9.5 units
const SIDE_BY_SIDE = 0.6; // a drawing that would be smaller beside something else takes the whole width
const SHOWN_ENTRIES = 16; // of a row vector in a tooltip; the panel below the graph shows all

class GraphView {
  // `root` holds .canvas, .text, .detail, .tip and buttons with data-zoom; any but .canvas may be missing.
  constructor(root) {
    this.root = root;
    for (const part of ["canvas", "text", "detail", "tip", "map"]) this[part] = root.querySelector("." + part);
    this.pinned = null;
    this.pointers = new Map();
    for (const area of [this.canvas, this.text].filter(Boolean)) {
      area.addEventListener("pointerover", (event) => this.over(event));
      area.addEventListener("pointerleave", () => this.light(this.pinned));
      area.addEventListener("click", (event) => this.pick(event, area));
      area.addEventListener("focusin", (event) => this.over(event));
    }
    this.canvas.addEventListener("pointermove", (event) => this.moved(event));
    this.canvas.addEventListener("pointerdown", (event) => this.pressed(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, (event) => this.released(event));
    this.canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.pin(null); });
    for (const button of root.querySelectorAll("[data-zoom]"))
      button.addEventListener("click", () => this.zoomBy(Number(button.dataset.zoom)));
  }

  show(program) {
    this.program = program;
    this.pinned = this.lit = null;
    this.canvas.replaceChildren();
    if (this.map) this.map.hidden = true;
    this.parts = [];
    if (program.svg) this.draw(program.svg);
    else this.canvas.append(this.excuse());
    if (this.text) this.write();
    if (this.detail) this.detail.textContent = this.hint();
  }

  hint() {
    return "Point at a node or a line: all that it depends on and all that depends on it lights up. A click keeps it.";
  }

  excuse() {
    const told = document.createElement("p");
    told.className = "excuse";
    told.textContent = "This program is not drawn here, to keep the page small. Draw it with: gp-fft graph FILE -o graph.svg";
    return told;
  }

  draw(text) {
    const svg = document.importNode(new DOMParser().parseFromString(text, "image/svg+xml").documentElement, true);
    this.full = svg.getAttribute("viewBox").split(" ").map(Number);
    svg.removeAttribute("width");
    svg.removeAttribute("height");
    this.canvas.append(svg);
    this.svg = svg;
    for (const node of svg.querySelectorAll("[data-name], [data-from]")) {
      const { name, from, to } = node.dataset;
      const ends = (from !== undefined ? [from, to] : [name]).map((word) => this.program.number.get(word));
      if (node.matches(".node, .port, .run")) node.querySelector("title")?.remove();
      this.parts.push({ node, base: node.getAttribute("class"), ends, state: "" });
    }
    this.canvas.closest(".split")?.classList.toggle("stacked", isWide(this.program, this.root.clientWidth - 350));
    const narrow = matchMedia(NARROW).matches, fitting = Math.min(LARGEST, this.canvas.clientWidth / this.full[2]);
    const whole = !narrow || fitting >= NEARLY, scale = whole ? fitting : READABLE, most = (narrow ? 0.7 : 0.92) * window.innerHeight;
    const tall = Math.max(LEAST_HEIGHT, Math.min(most, this.full[3] * scale + 4));
    this.canvas.style.height = tall + "px";
    this.drawMap(svg);
    if (whole) this.fit(); else this.fullSize();
  }

  // The whole drawing in a corner, for when a part of it is shown.
  drawMap(svg) {
    if (!this.map) return;
    const small = svg.cloneNode(true), frame = document.createElement("i");
    for (const part of small.querySelectorAll("g.label, text, title")) part.remove();
    for (const part of small.querySelectorAll("[data-name], [data-from]")) { delete part.dataset.name; part.removeAttribute("class"); }
    this.map.replaceChildren(small, frame);
  }

  write() {
    const inputs = document.createElement("div");
    inputs.className = "inputs";
    for (let k = 0; k < this.program.inputs; k++) inputs.append(this.line("x" + k, "x" + k));
    const lines = this.program.lines.map((line) => this.line(line.split(" ", 1)[0], line));
    this.text.replaceChildren(inputs, ...lines);
    this.rows = [...this.text.querySelectorAll("[data-name]")];
  }

  line(name, words) {
    const row = document.createElement("button");
    row.type = "button";
    row.dataset.name = name;
    row.textContent = words;
    return row;
  }

  // --- what lights up ---

  over(event) {
    if (this.dragged) return;
    const found = event.target.closest?.("[data-name]");
    this.light(found ? found.dataset.name : this.pinned);
    if (this.tip) this.tip.hidden = !found || !this.canvas.contains(found);
    if (found) this.carry(event);
  }

  pick(event, area) {
    const found = event.target.closest?.("[data-name]");
    if (this.dragged) { this.dragged = false; return; }
    if (!found) { if (area === this.canvas) this.pin(null); return; }
    const name = found.dataset.name === this.pinned ? null : found.dataset.name;
    this.pin(name);
    if (name === null) return;
    if (area === this.canvas) this.rows?.find((row) => row.dataset.name === name)?.scrollIntoView({ block: "nearest" });
    else this.reveal(name);
  }

  pin(name) {
    this.pinned = name;
    for (const row of this.rows || []) row.setAttribute("aria-pressed", row.dataset.name === name);
    this.light(name);
  }

  // Light up the value of this name with its ancestors and descendants; null lights nothing up.
  light(name) {
    if (name !== null && !this.program.number.has(name)) name = null;
    if (name === this.lit) return;
    this.lit = name;
    const value = name === null ? -1 : this.program.number.get(name);
    const up = name === null ? new Set() : this.program.ancestors(value);
    const down = name === null ? new Set() : this.program.descendants(value);
    const side = (k) => (k === value ? "self" : up.has(k) ? "up" : down.has(k) ? "down" : "");
    for (const part of this.parts) {
      const [a, b] = part.ends.map(side);
      const state = b === undefined ? a : !a || !b ? "" : a === "up" ? (b === "down" ? "" : "up") : "down";
      if (state !== part.state) {
        part.state = state;
        part.node.setAttribute("class", state ? part.base + " " + state : part.base);
      }
    }
    this.svg?.classList.toggle("lit", name !== null);
    for (const row of this.rows || []) row.className = name === null ? "" : side(this.program.number.get(row.dataset.name));
    this.tell(value);
  }

  tell(value) {
    if (value < 0) {
      if (this.tip) this.tip.hidden = true;
      if (this.detail) this.detail.textContent = this.hint();
      return;
    }
    const vector = this.program.vector(value), words = vector.map(([re, im]) => told(re, im));
    const more = words.length - SHOWN_ENTRIES;
    const shown = words.slice(0, SHOWN_ENTRIES).join(", ") + (more > 0 ? `, … ${more} more` : "");
    if (this.tip) this.tip.replaceChildren(element("b", this.program.equation(value)), strip(vector), element("span", `[${shown}]`));
    if (this.detail) this.detail.replaceChildren(element("b", this.program.equation(value)), strip(vector), element("span", `[${words.join(", ")}]`));
  }

  // --- zoom and pan ---

  fit() { this.box = [...this.full]; this.place(); }

  // Letters in full size, from the top left corner; what is smaller than the canvas stands in its middle.
  fullSize() {
    const { clientWidth, clientHeight } = this.canvas;
    const scale = Math.max(READABLE, Math.min(LARGEST, clientWidth / this.full[2], clientHeight / this.full[3]));
    const size = [clientWidth / scale, clientHeight / scale];
    this.box = [...size.map((room, axis) => Math.min(0, (this.full[2 + axis] - room) / 2)), ...size];
    this.place();
  }

  place() {
    this.svg.setAttribute("viewBox", this.box.map((x) => +x.toFixed(2)).join(" "));
    const shown = [0, 1].map((axis) => this.reach(axis)), whole = shown.every(([from, to]) => from <= 0.005 && to >= 0.995);
    this.canvas.style.touchAction = whole ? "pan-y" : "none"; // a finger scrolls the page where there is nothing to move
    if (!this.map) return;
    this.map.hidden = whole;
    const [[left, right], [top, bottom]] = shown.map((ends) => ends.map((end) => 100 * Math.min(1, Math.max(0, end))));
    Object.assign(this.map.lastChild.style, { left: left + "%", top: top + "%", width: right - left + "%", height: bottom - top + "%" });
  }

  // From where to where the drawing is in sight along an axis, as shares of it.
  reach(axis) {
    const area = this.canvas.getBoundingClientRect(), room = [area.width, area.height][axis] * this.unit();
    const middle = this.box[axis] + this.box[2 + axis] / 2;
    return [(middle - room / 2) / this.full[2 + axis], (middle + room / 2) / this.full[2 + axis]];
  }

  // Picture units for one pixel of the screen.
  unit() {
    const area = this.canvas.getBoundingClientRect();
    return Math.max(this.box[2] / area.width, this.box[3] / area.height);
  }

  point(x, y) {
    const area = this.canvas.getBoundingClientRect(), unit = this.unit();
    return [
      this.box[0] + this.box[2] / 2 + (x - area.left - area.width / 2) * unit,
      this.box[1] + this.box[3] / 2 + (y - area.top - area.height / 2) * unit,
    ];
  }

  zoomAt(factor, [x, y]) {
    const wide = Math.min(this.full[2] * 2, Math.max(this.full[2] / 60, this.box[2] / factor)), f = wide / this.box[2];
    this.box = [x + (this.box[0] - x) * f, y + (this.box[1] - y) * f, wide, this.box[3] * f];
    this.place();
  }

  zoomBy(factor) {
    if (!this.program?.svg) return;
    if (!factor) return this.fit();
    if (factor === 1) return this.fullSize();
    this.zoomAt(factor, [this.box[0] + this.box[2] / 2, this.box[1] + this.box[3] / 2]);
  }

  wheel(event) {
    if (!this.program?.svg || !(event.ctrlKey || event.metaKey || this.canvas.contains(document.activeElement))) return;
    event.preventDefault();
    this.zoomAt(Math.exp(-event.deltaY * 0.0015), this.point(event.clientX, event.clientY));
  }

  pressed(event) {
    this.canvas.focus({ preventScroll: true });
    this.pointers.set(event.pointerId, [event.clientX, event.clientY]);
    this.dragged = false;
    this.travel = 0;
  }

  moved(event) {
    this.carry(event);
    const before = this.pointers.get(event.pointerId);
    if (!before || !this.program.svg) return;
    const now = [event.clientX, event.clientY], unit = this.unit();
    if (this.pointers.size === 2) {
      const other = [...this.pointers].find(([id]) => id !== event.pointerId)[1];
      const spread = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]);
      this.zoomAt(spread(now) / Math.max(1, spread(before)), this.point((now[0] + other[0]) / 2, (now[1] + other[1]) / 2));
    }
    this.travel += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (this.travel > 4) {
      if (!this.dragged) this.canvas.setPointerCapture(event.pointerId);
      this.dragged = true;
      this.box[0] -= ((now[0] - before[0]) * unit) / this.pointers.size; // two fingers move together, each does a half
      this.box[1] -= ((now[1] - before[1]) * unit) / this.pointers.size;
      this.place();
    }
    this.pointers.set(event.pointerId, now);
  }

  released(event) {
    this.pointers.delete(event.pointerId);
    if (this.dragged) setTimeout(() => { this.dragged = false; });
  }

  // Bring a node into sight, if it is not.
  reveal(name) {
    const node = this.parts.find((part) => part.node.matches(".node") && part.node.dataset.name === name)?.node;
    if (!node) return;
    const { x, y, width, height } = node.getBBox(), [left, top, wide, tall] = this.box;
    if (x > left && x + width < left + wide && y > top && y + height < top + tall) return;
    this.box = [x - wide / 2, y - tall / 2, wide, tall];
    this.place();
  }

  // Keep the tooltip by the pointer and inside the window.
  carry(event) {
    if (!this.tip || this.tip.hidden) return;
    const left = Math.min(event.clientX + 16, window.innerWidth - this.tip.offsetWidth - 8);
    const above = event.clientY + 20 + this.tip.offsetHeight > window.innerHeight;
    this.tip.style.left = Math.max(8, left) + "px";
    this.tip.style.top = (above ? event.clientY - this.tip.offsetHeight - 12 : event.clientY + 20) + "px";
  }
}

// Whether the letters of a drawing would be too small in so many pixels, so that it had better have more of them.
function isWide(program, pixels) {
  const size = program.svg?.match(/viewBox="0 0 ([\d.]+)/);
  return Boolean(size) && pixels / Number(size[1]) < SIDE_BY_SIDE;
}

function element(kind, words) {
  const made = document.createElement(kind);
  made.textContent = words;
  return made;
}

// A row vector as a strip of colours, one cell an input.
function strip(vector) {
  const most = Math.max(...vector.map(([re, im]) => Math.hypot(re, im))), made = element("span", "");
  made.className = "strip";
  for (const [re, im] of vector) {
    const cell = document.createElement("i");
    cell.style.background = colourOf(re, im, most);
    made.append(cell);
  }
  return made;
}
