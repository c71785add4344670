// A program in the page: its names, its edges, and what follows from them (row vectors, ancestors, descendants, matrix).
"use strict";

const COS = [1, 0, -1, 0], SIN = [0, 1, 0, -1]; // the powers of i

class PageProgram {
  constructor(data) {
    Object.assign(this, data);
    this.values = this.inputs + this.lines.length;
    this.names = [];
    for (let k = 0; k < this.inputs; k++) this.names.push("x" + k);
    for (const line of this.lines) this.names.push(line.split(" ", 1)[0]);
    this.number = new Map(this.names.map((name, k) => [name, k]));
    this.reads = this.names.map(() => []);
    this.readers = this.names.map(() => []);
    for (let d = 0; d + 1 < this.starts.length; d++) {
      const sources = new Set(this.refs.slice(this.starts[d], this.starts[d + 1]));
      for (const source of sources) {
        this.reads[this.inputs + d].push(source);
        this.readers[source].push(this.inputs + d);
      }
    }
  }

  equation(value) {
    return value < this.inputs ? this.names[value] + "  (input)" : this.lines[value - this.inputs];
  }

  // All values on which `value` depends, without itself, as a set of numbers.
  ancestors(value) { return reach(value, this.reads); }

  // All values that depend on `value`, without itself.
  descendants(value) { return reach(value, this.readers); }

  // The row vectors of all values: real and imaginary parts, `inputs` numbers for each value.
  vectors() {
    if (this.cached) return this.cached;
    const n = this.inputs, re = new Float64Array(this.values * n), im = new Float64Array(this.values * n);
    for (let k = 0; k < n; k++) re[k * n + k] = 1;
    for (let d = 0; d + 1 < this.starts.length; d++) {
      const row = (n + d) * n;
      for (let t = this.starts[d]; t < this.starts[d + 1]; t++) {
        const a = this.sizes[t] * COS[this.turns[t]], b = this.sizes[t] * SIN[this.turns[t]], from = this.refs[t] * n;
        for (let k = 0; k < n; k++) {
          re[row + k] += a * re[from + k] - b * im[from + k];
          im[row + k] += a * im[from + k] + b * re[from + k];
        }
      }
      if (this.field === "gf2") for (let k = row; k < row + n; k++) re[k] %= 2; // a sum is XOR
    }
    return (this.cached = { re, im });
  }

  // The row vector of one value as a list of [re, im].
  vector(value) {
    const { re, im } = this.vectors(), n = this.inputs, row = [];
    for (let k = 0; k < n; k++) row.push([re[value * n + k], im[value * n + k]]);
    return row;
  }

  // The matrix that the program computes, row by row, as [re, im].
  matrix() {
    return this.outputs.flatMap((output) => this.vector(this.inputs + output));
  }
}

function reach(value, next) {
  const seen = new Set(), stack = [...next[value]];
  while (stack.length) {
    const k = stack.pop();
    if (!seen.has(k)) { seen.add(k); stack.push(...next[k]); }
  }
  return seen;
}

// A number as people write it: four digits, no negative zero, the imaginary unit last.
function told(re, im) {
  const part = (x) => String(+x.toPrecision(4)).replace("-", "−");
  const [a, b] = [re, im].map((x) => (Math.abs(x) < 1e-12 ? 0 : x));
  if (!b) return part(a);
  const unit = Math.abs(Math.abs(b) - 1) < 1e-12 ? (b < 0 ? "−i" : "i") : part(b) + "i";
  if (!a) return unit;
  return part(a) + (b < 0 ? " − " : " + ") + (Math.abs(Math.abs(b) - 1) < 1e-12 ? "i" : part(Math.abs(b)) + "i");
}

// The colour of a number: hue is the phase (signs are opposite hues), strength the size relative to `most`.
function colourOf(re, im, most) {
  const size = Math.hypot(re, im);
  if (size <= 1e-12 * most || most === 0) return "rgba(128,128,128,0.06)";
  const hue = ((Math.atan2(im, re) * 180) / Math.PI + 215 + 360) % 360;
  return `hsla(${hue.toFixed(0)}, 72%, 55%, ${(0.15 + 0.85 * Math.min(1, size / most)).toFixed(3)})`;
}

// Data lie in a page, or in a file beside it, as gzipped JSON in base64.
async function unpack(text) {
  const bytes = Uint8Array.from(atob(text.trim()), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
