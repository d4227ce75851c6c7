// Choosing a further criterion out of what is offered, with a search.

import { h } from "../dom.js";
import { icon, marked, quiet } from "./parts.js";
import { firstValue } from "./values.js";

const MOST = 24;
const ALONE = 50;

export class Adder {
  constructor(editor) { this.editor = editor; }

  draw() {
    const { editor } = this, { strings, ui, model } = editor;
    if (model.criteria.length >= MOST) return quiet(strings.full);
    if (!ui.adding) return marked("plus", strings.add, () => this.open(true), { "data-key": "adder" });
    const search = h("input", { type: "search", class: "model-search", placeholder: strings.search, "aria-label": strings.search, "data-key": "search", autocomplete: "off" });
    search.value = ui.search;
    search.addEventListener("input", () => { ui.search = search.value; this.fill(); });
    this.found = h("div", { class: "model-found" });
    this.told = h("p", { class: "model-note", role: "status" });
    const node = h("div", { class: "model-adder", role: "group", "aria-label": strings.add }, h("div", { class: "model-searching" }, search, icon("close", strings.close, () => this.open(false), { "data-key": "adder-close" })), this.told, this.found);
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.open(false);
    });
    this.fill();
    return node;
  }

  open(wanted) {
    Object.assign(this.editor.ui, { adding: wanted, search: "", focus: wanted ? "search" : "adder" });
    this.editor.draw();
  }

  // Every word of the search is in the title, or in the name of the group.
  fill() {
    const { editor } = this, { strings, ui, model, data } = editor, taken = new Set(model.criteria.map(({ measure }) => measure));
    const plain = (text) => text.toLocaleLowerCase(data.lang).replaceAll("ё", "е"), words = plain(ui.search).split(/\s+/).filter(Boolean);
    const groups = data.offered.flatMap(({ title, measures }) => {
      const left = measures.filter((id) => !taken.has(id)).map((id) => [id, editor.measure(id).title]).filter(([, name]) => words.every((word) => plain(`${name} ${title}`).includes(word)));
      return left.length ? [h("section", {}, h("h4", {}, title), h("ul", {}, ...left.map(([id, name]) => h("li", {}, h("button", { type: "button", class: "model-offer", "data-key": `offer-${id}`, onclick: () => this.add(id) }, name)))))] : [];
    });
    this.found.replaceChildren(...groups);
    this.told.textContent = groups.length ? "" : strings.nothing_found;
  }

  add(id) {
    const { editor } = this, { ui, total } = editor;
    editor.alter(({ criteria }) => {
      const known = criteria.filter(({ weight }) => weight > 0).length;
      criteria.push({ measure: id, weight: known ? Math.max(1, Math.round(total / known)) : ALONE, value: firstValue(id, editor.measure(id)), reason: "", sources: [] });
      Object.assign(ui, { open: id, adding: false, search: "", focus: `open-${id}` });
    });
  }
}
