// The small plot of a criterion: how its amounts are spread over the territory, and the value function over them as
// a line whose knots are moved by mouse, finger or keys.

import { h, svg } from "../dom.js";
import { fetchJson } from "../fetched.js";
import { clean, round125, ticks } from "./figures.js";
import { icon, quiet } from "./parts.js";
import { addable, moved, outline, rangeOf, removable, valueAt, widestGap, withKnot, withoutKnot } from "./values.js";

const HEIGHT = 158, TOP = 11, BOTTOM = 26, LEFT = 46, RIGHT = 13;
const WIDTH = 280;
const REACH = 20;
const FINE = 200;
const FAST = 10;
const TICK = 40, LETTER = 6.6;
// A unit of more letters stands on a line of its own.
const SHORT = 4, LINE = 15;
// A few very full bars must not flatten all others.
const CAPPED = 3;

export class Plot {
  constructor(editor, criterion, measure) {
    const long = measure.unit.length > SHORT;
    Object.assign(this, { editor, criterion, measure, long, selected: 0, width: WIDTH, height: HEIGHT + (long ? LINE : 0) });
    this.fit();
    const { strings } = editor;
    this.bars = svg("g", { class: "model-bars" });
    this.axis = svg("g", { class: "model-axis" });
    this.area = svg("path", { class: "model-area" });
    this.line = svg("path", { class: "model-line" });
    this.grip = svg("path", { class: "model-grip", "data-key": "plot-line", "aria-label": strings.line });
    this.knots = svg("g");
    this.picture = svg("svg", { class: "model-plot", height: this.height, role: "group", "aria-label": `${strings.function}: ${measure.title}` }, this.bars, this.axis, this.area, this.line, this.grip, this.knots);
    this.readout = h("p", { class: "model-readout", "aria-hidden": "true" });
    this.unknown = quiet("", { hidden: true });
    this.more = icon("plus", strings.add_knot, () => this.add(widestGap(this.value)), { "data-key": "knot-add" });
    this.less = icon("minus", strings.remove_knot, () => this.remove(this.selected), { "data-key": "knot-remove" });
    this.node = h("div", { class: "model-figurebox" }, this.picture, h("div", { class: "model-under" }, this.readout, this.less, this.more), this.unknown);
    this.listen();
    this.watch = new ResizeObserver(() => this.resized());
    this.watch.observe(this.node);
    this.draw();
    if (measure.histogram) this.fetch(measure.histogram);
  }

  get value() { return this.criterion.value; }

  // The range that is shown stands still while a knot is moved.
  fit() {
    const { measure } = this;
    this.range = rangeOf(measure, this.value);
    const span = (this.range[1] - this.range[0]) * measure.factor;
    this.step = Math.max(round125(span / FINE), Math.min(10 ** -measure.decimals, span / 20)) / measure.factor;
  }

  async fetch(address) {
    try {
      this.spread = await fetchJson(address);
      const share = this.spread.unknown ?? 0;
      Object.assign(this.unknown, { hidden: share < 0.005, textContent: this.editor.strings.unknown_share.replace("{share}", this.editor.figures.percent(share)) });
      this.columns();
    } catch (fault) {
      console.warn(fault);
      Object.assign(this.unknown, { hidden: false, textContent: this.editor.strings.no_histogram });
    }
  }

  resized() {
    const width = this.node.clientWidth;
    if (!this.node.isConnected) return this.watch.disconnect();
    if (!width || width === this.width) return;
    this.width = width;
    this.draw();
    this.columns();
  }

  x(of) { return LEFT + ((of - this.range[0]) / (this.range[1] - this.range[0])) * (this.width - LEFT - RIGHT); }
  y(of) { return TOP + (1 - of) * (HEIGHT - TOP - BOTTOM); }

  // What lies under the pointer, on round steps.
  at({ clientX, clientY }) {
    const box = this.picture.getBoundingClientRect(), [low, high] = this.range;
    const across = ((clientX - box.left - LEFT) / (this.width - LEFT - RIGHT)) * (high - low) + low;
    const up = 1 - (clientY - box.top - TOP) / (HEIGHT - TOP - BOTTOM);
    return [this.round(Math.min(high, Math.max(low, across))), Math.round(Math.min(1, Math.max(0, up)) * 100) / 100];
  }

  // Ends of the range that are not round can be reached too.
  round(x) {
    const [low, high] = this.range, nearest = Math.round(x / this.step) * this.step;
    return clean(x <= low ? low : x >= high ? high : Math.min(high, Math.max(low, nearest)));
  }

  draw() {
    const { picture, width, range } = this, points = outline(this.value, range), base = this.y(0);
    picture.setAttribute("viewBox", `0 0 ${width} ${this.height}`);
    picture.setAttribute("width", width);
    const d = `M${points.map(([x, y]) => `${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)}`).join("L")}`;
    for (const path of [this.line, this.grip]) path.setAttribute("d", d);
    this.area.setAttribute("d", `${d}L${this.x(points.at(-1)[0]).toFixed(1)} ${base}L${this.x(points[0][0]).toFixed(1)} ${base}Z`);
    this.scale();
    this.marks();
    this.more.hidden = !["linear", "piecewise"].includes(this.value.kind);
    this.more.disabled = !addable(this.value);
    for (const [name, on] of [["tabindex", "0"], ["role", "button"]]) {
      if (addable(this.value)) this.grip.setAttribute(name, on);
      else this.grip.removeAttribute(name);
    }
    this.less.hidden = this.more.hidden;
    this.less.disabled = !removable(this.value);
    this.say();
  }

  scale() {
    const { factor, unit } = this.measure, { figures } = this.editor, [low, high] = this.range;
    const found = ticks(low * factor, high * factor, Math.max(2, Math.floor((this.width - LEFT) / TICK)));
    const decimals = Math.max(0, Math.min(6, -Math.floor(Math.log10(found[1] - found[0] || 1) + 1e-9)));
    // The last figure has the unit; those that it would lie on are left out.
    const end = figures.with(figures.number(found.at(-1), decimals), this.long ? "" : unit), wide = end.length * LETTER;
    const from = Math.min(this.x(found.at(-1) / factor) - wide / 2, this.width - 1 - wide);
    const across = found.map((value, at) => {
      const x = this.x(value / factor), last = at === found.length - 1, text = figures.number(value, decimals);
      const tick = svg("path", { d: `M${x} ${this.y(0)}v4` });
      if (!last && x + (text.length * LETTER) / 2 + LETTER > from) return [tick];
      return [tick, svg("text", { x: last ? from + wide : x, y: HEIGHT - 8, "text-anchor": last ? "end" : "middle" }, last ? end : text)];
    });
    const below = this.long ? [svg("text", { x: this.width - 1, y: this.height - 6, "text-anchor": "end" }, unit)] : [];
    const up = [0, 0.5, 1].map((value) => [
      svg("path", { class: value ? "model-guide" : null, d: `M${LEFT} ${this.y(value)}H${this.width - RIGHT}` }),
      svg("text", { x: LEFT - 11, y: this.y(value) + 4, "text-anchor": "end" }, figures.percent(value))]);
    this.axis.replaceChildren(...across.flat(), ...below, ...up.flat());
  }

  columns() {
    if (!this.spread) return;
    const { low, high, counts } = this.spread, wide = (high - low) / counts.length, base = this.y(0);
    const most = [...counts].sort((a, b) => b - a)[Math.min(CAPPED, counts.length) - 1] * 1.1 || Math.max(...counts, 1);
    this.bars.replaceChildren(...counts.flatMap((count, at) => {
      const left = this.x(low + at * wide), right = this.x(low + (at + 1) * wide), tall = Math.min(1, count / most) * (base - TOP);
      if (!count || right <= LEFT || left >= this.width - RIGHT) return [];
      const x = Math.max(LEFT, left);
      return [svg("rect", { x: x.toFixed(1), y: (base - tall).toFixed(1), width: Math.max(0.6, Math.min(this.width - RIGHT, right) - x - 0.6).toFixed(1), height: tall.toFixed(1) })];
    }));
  }

  // Knots stay the same nodes while they move: the focus and the hold stay too.
  marks() {
    const { points } = this.value, { figures, strings } = this.editor;
    while (this.knots.children.length > points.length) this.knots.lastChild.remove();
    while (this.knots.children.length < points.length) {
      const at = this.knots.children.length;
      const knot = svg("g", { class: "model-knot", tabindex: 0, role: "slider", "data-key": `knot-${at}`, "aria-valuemin": 0, "aria-valuemax": 100 }, svg("circle", { class: "model-hit", r: REACH }), svg("circle", { class: "model-dot", r: 6 }));
      knot.addEventListener("focus", () => { this.selected = at; this.say(); });
      knot.addEventListener("keydown", (event) => this.key(event, at));
      this.knots.append(knot);
    }
    [...this.knots.children].forEach((knot, at) => {
      const [x, y] = points[at];
      knot.setAttribute("transform", `translate(${this.x(x).toFixed(1)} ${this.y(y).toFixed(1)})`);
      knot.classList.toggle("model-away", x < this.range[0] || x > this.range[1]);
      knot.setAttribute("aria-label", strings.knot.replace("{n}", figures.number(at + 1)).replace("{of}", figures.number(points.length)));
      knot.setAttribute("aria-valuenow", Math.round(y * 100));
      knot.setAttribute("aria-valuetext", this.words(x, y));
    });
  }

  words(x, y) { return `${this.editor.figures.amount({ ...this.measure, decimals: this.decimals }, x)} → ${this.editor.figures.percent(y)}`; }

  get decimals() { return Math.max(this.measure.decimals, Math.min(6, -Math.floor(Math.log10(this.step * this.measure.factor) + 1e-9))); }

  say(x) {
    const knot = this.value.points[Math.min(this.selected, this.value.points.length - 1)];
    this.readout.textContent = x === undefined ? this.words(...knot) : this.words(x, valueAt(this.value, x));
  }

  set(value, settled) {
    if (value) this.criterion.value = value;
    this.draw();
    this.editor.pass();
    if (settled) this.editor.settle();
  }

  listen() {
    this.picture.addEventListener("pointerdown", (event) => this.drag(event));
    this.picture.addEventListener("pointermove", (event) => this.held === undefined && event.pointerType === "mouse" && this.say(this.at(event)[0]));
    this.picture.addEventListener("pointerleave", () => this.say());
    this.picture.addEventListener("dblclick", (event) => !this.near(event).length && this.add(this.at(event)[0]));
    this.grip.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.add(widestGap(this.value));
    });
  }

  // The knots under a pointer, the nearest first; several where they lie on each other.
  near({ clientX, clientY }) {
    const box = this.picture.getBoundingClientRect();
    const off = this.value.points.map(([x, y], at) => ({ at, far: Math.hypot(this.x(x) - (clientX - box.left), this.y(y) - (clientY - box.top)) }));
    const least = Math.min(...off.map(({ far }) => far));
    return least > REACH ? [] : off.filter(({ far }) => far < least + 0.5).map(({ at }) => at);
  }

  drag(event) {
    const near = this.near(event);
    if (event.button || !near.length) return;
    event.preventDefault();
    this.picture.setPointerCapture(event.pointerId);
    this.held = null;
    const from = event.clientX, take = (at) => {
      this.held = at;
      this.knots.children[at].focus({ preventScroll: true });
    };
    if (near.length === 1) take(near[0]);
    const follow = (next) => {
      // Of knots on each other the first goes left, the last goes right.
      if (this.held === null) {
        if (Math.abs(next.clientX - from) < 2) return;
        take(next.clientX > from ? near.at(-1) : near[0]);
      }
      this.set(moved(this.value, this.held, ...this.at(next), this.range, this.step));
    };
    const end = () => {
      this.picture.removeEventListener("pointermove", follow);
      for (const type of ["pointerup", "pointercancel"]) this.picture.removeEventListener(type, end);
      this.held = undefined;
      this.fit();
      this.draw();
      this.columns();
      this.editor.settle();
    };
    this.picture.addEventListener("pointermove", follow);
    for (const type of ["pointerup", "pointercancel"]) this.picture.addEventListener(type, end);
  }

  key(event, at) {
    const [x, y] = this.value.points[at], fast = event.shiftKey ? FAST : 1;
    const [across, up] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [0, 0];
    if (across || up) this.set(moved(this.value, at, this.round(x + across * fast * this.step), Math.round((y + (up * fast) / 100) * 100) / 100, this.range, this.step), true);
    else if (event.key === "Delete" || event.key === "Backspace") this.remove(at);
    else return;
    event.preventDefault();
  }

  add(x) {
    const next = withKnot(this.value, this.round(x), this.step), kind = this.value.kind;
    if (!next) return;
    this.selected = next.points.findIndex((point) => !this.value.points.some(([at]) => at === point[0]));
    this.set(next, true);
    this.refocus(kind);
  }

  remove(at) {
    if (!removable(this.value)) return;
    this.selected = Math.max(0, at - 1);
    this.set(withoutKnot(this.value, at), true);
    this.refocus("piecewise");
  }

  // The knot that was added or is nearest to one removed has the focus; the kind may have changed with it.
  refocus(kind) {
    if (kind === this.value.kind) return this.knots.children[this.selected].focus({ preventScroll: true });
    this.editor.ui.focus = `knot-${this.selected}`;
    this.editor.draw();
  }
}
