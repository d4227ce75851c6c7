// The panel of layers, which is the legend too: groups with what can be switched on, and for what is on the symbols
// as the style draws them, how many records the filters keep, opacity and order.

import { button, h } from "./dom.js";
import { ramp, swatch } from "./ramp.js";
import { sample } from "./symbols.js";

const STEP = 5;

export class LayerPanel {
  // `actions`: on(list), extent(bounds).
  constructor(actions, open) {
    this.actions = actions;
    this.open = null;
    this.summary = h("summary", {});
    this.body = h("div", { class: "planner-legend-body" });
    this.details = h("details", { class: "planner-box planner-legend", open }, this.summary, this.body);
  }

  update(state, zoom) {
    Object.assign(this, { state, zoom });
    const { furniture, first, on } = state, { strings } = furniture;
    const kept = this.body.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.summary.textContent = strings.layers;
    const groups = furniture.groups.map(({ title, layers }) =>
      h("fieldset", {}, h("legend", {}, title), ...layers.flatMap((id) => this.rows(furniture.parts[id]))));
    const changed = on.map(({ id, opacity }) => id + opacity).join() !== first.map(({ id, opacity }) => id + opacity).join();
    this.body.replaceChildren(
      ...(on.length ? [] : [h("p", { class: "planner-quiet" }, strings.nothing_on)]), ...groups, ...this.states(),
      ...(changed ? [h("button", { type: "button", class: "planner-link", "data-key": "reset", onclick: () => this.reset() }, strings.reset_layers)] : []));
    if (kept) this.body.querySelector(`[data-key="${kept}"]`)?.focus();
  }

  placed(id) { return this.state.on.find((placed) => placed.id === id); }

  rows(part) {
    const { furniture, legend, served } = this.state, { strings } = furniture, { id, title, geometry, symbols } = part;
    const raster = geometry === "raster", away = raster && !served(id), placed = away ? null : this.placed(id);
    const found = legend[id], classes = placed ? (raster ? ramp(part.ramp) : this.classes(part, found)) : [];
    const notes = placed ? [this.zoom < part.minZoom && strings.closer, found?.unplaced && strings.unplaced.replace("{n}", this.number(found.unplaced))] : [away && part.away];
    const box = h("input", { type: "checkbox", disabled: away, "data-key": `on-${id}`, onchange: (event) => this.actions.on(this.switched(id, event.target.checked)) });
    box.checked = Boolean(placed);
    const name = h("span", { class: "planner-row-title" }, title, ...notes.filter(Boolean).map((note) => h("small", {}, note)));
    const label = h("label", {}, box, classes.length ? null : raster ? swatch(part.ramp) : sample(geometry, symbols[""]), name);
    const tune = placed ? button("tune", `${strings.tune}: ${title}`, () => this.toggle(id), { "aria-expanded": String(this.open === id), "data-key": `tune-${id}` }) : null;
    const row = h("div", { class: `planner-row${placed ? "" : " planner-off"}`, "data-layer": id }, label, h("span", { class: "planner-count" }, this.figure(found)), tune);
    return [row, ...(placed && this.open === id ? [this.tuning(part, placed)] : []), ...classes];
  }

  figure(found) {
    if (!found) return "";
    const { n, of } = found;
    return n === of ? this.number(n) : `${this.number(n)} / ${this.number(of)}`;
  }

  classes({ geometry, symbols, classes }, found) {
    return classes.filter(([key]) => found?.classes?.[key]).map(([key, label]) =>
      h("div", { class: "planner-row planner-sub" }, sample(geometry, symbols[key] ?? symbols[""]), h("span", { class: "planner-row-title" }, label), h("span", { class: "planner-count" }, this.number(found.classes[key]))));
  }

  // What the fills and dashes mean, where a layer that is on has more than one state.
  states() {
    const { furniture, legend } = this.state, seen = new Map();
    for (const { id } of [...this.state.on].reverse()) for (const state of legend[id]?.states ?? []) if (!seen.has(state)) seen.set(state, furniture.parts[id]);
    if (!seen.size) return [];
    const rows = Object.keys(furniture.states).filter((state) => seen.has(state)).map((state) => {
      const { geometry, symbols } = seen.get(state);
      return h("div", { class: "planner-row planner-sub" }, sample(geometry, symbols[""], furniture.fills[state], furniture.dashes[state]), h("span", { class: "planner-row-title" }, furniture.states[state]));
    });
    return [h("h3", {}, furniture.strings.states), ...rows];
  }

  tuning({ id, title, bounds }, { opacity }) {
    const { strings } = this.state.furniture, on = this.state.on, index = on.findIndex((placed) => placed.id === id);
    const range = h("input", { type: "range", min: 0, max: 100, step: STEP, value: Math.round(opacity * 100), "aria-label": `${strings.opacity}: ${title}`, "data-key": `opacity-${id}` });
    const shown = h("output", {}, `${range.value}%`);
    range.addEventListener("input", () => { shown.textContent = `${range.value}%`; this.actions.on(this.faded(id, range.value / 100), true); });
    range.addEventListener("change", () => this.actions.on(this.faded(id, range.value / 100)));
    const act = (name, label, action, disabled) => h("button", { type: "button", class: "planner-act", disabled, "data-key": `${name}-${id}`, onclick: action }, label);
    return h("div", { class: "planner-tuning" }, h("label", {}, strings.opacity, range, shown),
      h("div", { class: "planner-acts" }, act("raise", strings.raise, () => this.actions.on(this.moved(id, 1)), index === on.length - 1), act("lower", strings.lower, () => this.actions.on(this.moved(id, -1)), index === 0), act("extent", strings.to_layer, () => this.actions.extent(bounds))));
  }

  toggle(id) {
    this.open = this.open === id ? null : id;
    this.update(this.state, this.zoom);
  }

  // The list of layers that are on, changed; a layer switched on takes its place in the drawing order.
  switched(id, wanted) {
    const kept = this.state.on.filter((placed) => placed.id !== id);
    if (!wanted) return kept;
    const order = this.state.furniture.order, place = order.indexOf(id);
    const below = kept.findLastIndex((placed) => order.indexOf(placed.id) < place);
    return kept.toSpliced(below + 1, 0, { id, opacity: 1 });
  }

  faded(id, opacity) { return this.state.on.map((placed) => (placed.id === id ? { id, opacity } : placed)); }

  moved(id, steps) {
    const on = this.state.on, index = on.findIndex((placed) => placed.id === id);
    return on.toSpliced(index, 1).toSpliced(index + steps, 0, on[index]);
  }

  reset() { this.actions.on(this.state.first); }

  number(value) { return value.toLocaleString(this.state.furniture.language); }
}
