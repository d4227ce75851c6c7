// Must-haves: measures that have to be at least or at most so much; what lies beyond is excluded.

import { h } from "../dom.js";
import { clean } from "./figures.js";
import { field, fold, icon, quiet } from "./parts.js";

export class Musts {
  constructor(editor) { this.editor = editor; }

  draw() {
    const { editor } = this, { strings, ui, model, figures } = editor;
    const node = fold(ui.folds, "musts", h("span", {}, strings.musts), quiet(strings.musts_help), h("ul", { class: "model-list" }, ...model.requirements.map((must) => this.row(must))), this.adder());
    node.classList.add("model-part");
    node.firstChild.append(h("span", { class: "model-count" }, figures.number(model.requirements.length)));
    return node;
  }

  row(must) {
    const { editor } = this, { strings, model, figures } = editor, measure = editor.measure(must.measure);
    const shown = (raw) => (raw === null || raw === undefined ? null : clean(raw * measure.factor));
    const end = (name, label) => h("label", { class: "model-bound" }, h("span", {}, label), field({
      key: `${name}-${must.measure}`, label: `${measure.title}, ${label}`, value: shown(must[name]), unit: measure.unit, figures,
      settle: (value) => {
        must[name] = value === null ? null : clean(value / measure.factor);
        editor.pass();
        editor.settle();
      },
    }));
    const remove = () => editor.alter(() => {
      model.requirements.splice(model.requirements.indexOf(must), 1);
      editor.ui.focus = "must-add";
    });
    return h("li", { class: "model-item", "data-must": must.measure },
      h("div", { class: "model-head" }, h("span", { class: "model-name" }, measure.title), icon("close", `${strings.remove}: ${measure.title}`, remove, { "data-key": `unmust-${must.measure}` })),
      h("div", { class: "model-bounds" }, end("low", strings.at_least), end("high", strings.at_most)));
  }

  // Classes have no more and no less.
  adder() {
    const { editor } = this, { strings, data, model } = editor, taken = new Set(model.requirements.map(({ measure }) => measure));
    const groups = data.offered.flatMap(({ title, measures }) => {
      const left = measures.filter((id) => !taken.has(id) && !editor.measure(id).classes);
      return left.length ? [h("optgroup", { label: title }, ...left.map((id) => h("option", { value: id }, editor.measure(id).title)))] : [];
    });
    const select = h("select", { class: "model-select", "data-key": "must-add", "aria-label": strings.add_must }, h("option", { value: "" }, strings.add_must), ...groups);
    select.addEventListener("change", () => editor.alter(() => {
      model.requirements.push({ measure: select.value, low: null, high: null });
      editor.ui.focus = `low-${select.value}`;
    }));
    return select;
  }

  refresh() {}
}
