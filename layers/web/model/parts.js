// The small pieces that the editor is made of: sliders, switches, folds, fields, lists of sources.

import { button, glyph, h, link } from "../dom.js";

// A slider. `text` says a value in words; `pass` hears every step of the hand, `settle` its end.
export function range({ key, label, min, max, step, value, text, pass, settle, props = {} }) {
  const input = h("input", { type: "range", class: "model-range", min, max, step, value, "data-key": key, "aria-label": label, ...props });
  const tell = () => {
    input.style.setProperty("--at", (Number(input.value) - min) / (max - min));
    input.setAttribute("aria-valuetext", text(Number(input.value)));
  };
  input.addEventListener("input", () => { pass(Number(input.value)); tell(); });
  input.addEventListener("change", () => settle());
  input.tell = (now) => {
    if (now !== undefined) input.value = now;
    tell();
  };
  tell();
  return input;
}

export function toggle(key, label, on, change) {
  const input = h("input", { type: "checkbox", role: "switch", class: "model-switch", "data-key": key, "aria-label": label, onchange: () => change(input.checked) });
  input.checked = on;
  return input;
}

// A fold that stays as the reader left it; `folds` holds which are open.
export function fold(folds, key, title, ...body) {
  const node = h("details", { class: "model-fold", open: folds.has(key) }, h("summary", { "data-key": `fold-${key}` }, title), ...body);
  node.addEventListener("toggle", () => folds[node.open ? "add" : "delete"](key));
  return node;
}

// One of a few: buttons in a row, of which one is pressed.
export function choice(label, options, chosen, pick) {
  return h("div", { class: "model-choice", role: "group", "aria-label": label },
    ...options.map(([key, text]) => h("button", { type: "button", "aria-pressed": String(key === chosen), "data-key": `choice-${label}-${key}`, onclick: () => key !== chosen && pick(key) }, text)));
}

// A field for a number as the language writes it; empty is null.
export function field({ key, label, value, unit, figures, settle }) {
  const input = h("input", { type: "text", inputmode: "decimal", class: "model-field", autocomplete: "off", "data-key": key, "aria-label": label });
  input.value = value === null || value === undefined ? "" : figures.written(value);
  input.addEventListener("change", () => {
    const read = figures.read(input.value), empty = !input.value.trim();
    input.setAttribute("aria-invalid", String(read === null && !empty));
    if (read !== null || empty) settle(read);
  });
  return h("span", { class: "model-figure" }, input, unit ? h("span", { class: "model-unit" }, unit) : null);
}

export const icon = (name, label, act, props = {}) => button(name, label, act, { class: "model-icon", ...props });
export const quiet = (text, props = {}) => h("p", { class: "model-note", ...props }, text);
export const act = (text, onclick, props = {}) => h("button", { type: "button", class: "model-act", onclick, ...props }, text);
export const marked = (name, text, onclick, props = {}) => h("button", { type: "button", class: "model-link", onclick, ...props }, glyph(name), h("span", {}, text));

export function sources(list, title) {
  if (!list?.length) return [];
  return [h("p", { class: "model-kicker" }, title), h("ul", { class: "model-sources" }, ...list.map((source) => h("li", {}, link(source.href, source.title), source.facts ? h("small", {}, source.facts) : null)))];
}
