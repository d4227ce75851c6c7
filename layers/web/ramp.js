// The legend of a layer of tiles. Its ramp is a list of [colour, label] from the least to the greatest; an entry
// with a third word is a class of its own: "plain", or "hatched" as the tiles draw what cannot be told.

import { h } from "./dom.js";

const stops = (entries) => entries.filter(([, , kind]) => !kind);
const along = (colours) => `linear-gradient(90deg, ${colours.length > 1 ? colours.join(", ") : [colours[0], colours[0]].join(", ")})`;

function filled(node, background) {
  node.style.background = background;
  return node;
}

// A small sample beside the name of a layer that is off.
export function swatch(entries) {
  return filled(h("span", { class: "planner-sample planner-swatch", "aria-hidden": "true" }), along(stops(entries).map(([colour]) => colour)));
}

export function ramp(entries) {
  const parts = stops(entries), last = Math.max(1, parts.length - 1);
  const labels = parts.flatMap(([, label], at) => {
    if (!label) return [];
    const node = h("span", {}, label);
    node.style.left = `${(at / last) * 100}%`;
    node.style.transform = `translateX(${-(at / last) * 100}%)`;
    return [node];
  });
  const bar = filled(h("div", { class: "planner-ramp-bar", "aria-hidden": "true" }), along(parts.map(([colour]) => colour)));
  const rows = entries.filter(([, , kind]) => kind).map(([colour, label, kind]) => {
    const node = h("span", { class: `planner-sample planner-swatch${kind === "hatched" ? " planner-hatched" : ""}`, "aria-hidden": "true" });
    node.style.backgroundColor = colour;
    return h("div", { class: "planner-row planner-sub" }, node, h("span", { class: "planner-row-title" }, label));
  });
  return [h("div", { class: "planner-ramp" }, bar, h("div", { class: "planner-ramp-labels" }, ...labels)), ...rows];
}
