// Hard limits: the zones of norms, each switched, and made wider by some metres where the reader wants it.

import { h } from "../dom.js";
import { fold, quiet, range, sources, toggle } from "./parts.js";

const MOST_EXTRA = 2000;
const STEP = 10;

export class Limits {
  constructor(editor) { this.editor = editor; }

  // All norms that are known, and those of the model that are not.
  get norms() {
    const { data, model } = this.editor, strange = model.limits.filter(({ norm }) => !data.norms[norm]).map(({ norm }) => [norm, { title: norm, distance_m: null }]);
    return [...Object.entries(data.norms), ...strange];
  }

  draw() {
    const { strings, ui } = this.editor;
    this.count = h("span", { class: "model-count" });
    const node = fold(ui.folds, "limits", h("span", {}, strings.limits), quiet(strings.limits_help), h("ul", { class: "model-list" }, ...this.norms.map(([id, norm]) => this.row(id, norm))));
    node.classList.add("model-part");
    node.firstChild.append(this.count);
    this.refresh();
    return node;
  }

  row(id, norm) {
    const { editor } = this, { strings, model, figures, ui } = editor, limit = model.limits.find((one) => one.norm === id);
    const metres = (value) => figures.with(figures.number(value), strings.m);
    const change = (wanted) => editor.alter(() => {
      if (wanted) model.limits.push({ norm: id, extra: 0 });
      else model.limits.splice(model.limits.indexOf(limit), 1);
    });
    const name = h("span", { class: "model-name" }, norm.title, norm.clause ? h("small", {}, norm.clause) : null);
    const node = h("li", { class: `model-item${limit ? "" : " model-off"}`, "data-norm": id }, h("label", { class: "model-head" }, toggle(`norm-${id}`, norm.title, Boolean(limit), change), name));
    if (limit) {
      const shown = h("output", { class: "model-share" });
      const tell = () => {
        const own = norm.distance_m ? metres(norm.distance_m) : "", extra = limit.extra || !own ? `+${metres(limit.extra)}` : "";
        shown.textContent = [own, extra].filter(Boolean).join(" ");
      };
      const most = Math.max(MOST_EXTRA, limit.extra);
      node.append(h("div", { class: "model-inset" }, h("div", { class: "model-line2" }, h("span", { class: "model-kicker" }, norm.distance_m ? strings.zone : strings.extra), shown), range({
        key: `extra-${id}`, label: `${strings.extra}: ${norm.title}`, min: 0, max: most, step: STEP, value: limit.extra, text: metres,
        pass: (value) => { limit.extra = value; tell(); editor.pass(); }, settle: () => editor.settle(),
      })));
      tell();
    }
    if (norm.note || norm.sources?.length) node.append(h("div", { class: "model-inset" }, fold(ui.folds, `norm-${id}`, strings.about_norm, norm.note ? quiet(norm.note) : null, ...sources(norm.sources, strings.sources))));
    return node;
  }

  refresh() {
    const { figures, model, strings } = this.editor;
    if (this.count) this.count.textContent = strings.of.replace("{n}", figures.number(model.limits.length)).replace("{of}", figures.number(this.norms.length));
  }
}
