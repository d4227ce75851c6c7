// The legend: what is on, as the style draws it, with how many the filters keep.

import { h } from "./dom.js";
import { sample } from "./symbols.js";

export class Legend {
  constructor(strings, narrow) {
    this.strings = strings;
    this.body = h("div", { class: "planner-legend-body" });
    this.details = h("details", { class: "planner-box planner-legend", open: !narrow }, this.summary = h("summary", {}), this.body);
  }

  update(spec, zoom) {
    this.strings = spec.strings;
    this.summary.textContent = spec.strings.legend;
    const layers = [...spec.layers].reverse();
    const states = new Map();
    const rows = layers.flatMap((layer) => {
      for (const { state, label } of layer.legend.states) if (!states.has(state)) states.set(state, { label, layer });
      return this.rows(layer, spec, zoom);
    });
    if (states.size) rows.push(h("h3", {}, spec.strings.states), ...this.states(states, spec));
    if (!layers.length) rows.push(h("p", { class: "planner-quiet" }, spec.strings.nothing_on));
    this.body.replaceChildren(...rows);
  }

  rows(layer, spec, zoom) {
    const { legend, geometry, symbols } = layer;
    const far = zoom < layer.minZoom;
    const figure = legend.count === legend.total ? number(legend.count, spec) : `${number(legend.count, spec)} / ${number(legend.total, spec)}`;
    const note = far ? spec.strings.closer : legend.unplaced ? spec.strings.unplaced.replace("{n}", number(legend.unplaced, spec)) : null;
    const head = legend.classes.length ? null : sample(geometry, symbols[""], spec.states);
    const row = h("div", { class: `planner-row${far ? " planner-far" : ""}`, "data-layer": layer.id }, head,
      h("span", { class: "planner-row-title" }, layer.title, note ? h("small", {}, note) : null), h("span", { class: "planner-count" }, figure));
    const classes = legend.classes.map(({ key, label, count }) =>
      h("div", { class: "planner-row planner-sub" }, sample(geometry, symbols[key] ?? symbols[""], spec.states), h("span", { class: "planner-row-title" }, label), h("span", { class: "planner-count" }, number(count, spec))));
    return [row, ...classes];
  }

  states(states, spec) {
    return [...states].map(([state, { label, layer }]) => {
      const symbol = { ...(layer.symbols[""] ?? Object.values(layer.symbols)[0]) };
      return h("div", { class: "planner-row planner-sub" }, sample(layer.geometry, symbol, spec.states, state), h("span", { class: "planner-row-title" }, label));
    });
  }
}

const number = (value, spec) => value.toLocaleString(spec.language);
