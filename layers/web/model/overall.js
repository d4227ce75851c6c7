// What holds for the model as a whole: the attitude to risk, and what makes a candidate.

import { h } from "../dom.js";
import { field, fold, quiet, range } from "./parts.js";

const MOST = 3;
const STEP = 0.25;
const EVEN = 0.05;

// The slider runs from cautious to bold; the exponent of the ordered weighted average halves with each step.
const exponent = (slide) => Number((2 ** -slide).toPrecision(4)) || 1;
const slideOf = (attitude) => Math.min(MOST, Math.max(-MOST, -Math.log2(attitude)));

export class Overall {
  constructor(editor) { this.editor = editor; }

  draw() {
    const { strings, ui } = this.editor;
    const node = fold(ui.folds, "overall", h("span", {}, strings.overall), h("ul", { class: "model-list" }, this.attitude(), this.threshold(), this.area()));
    node.classList.add("model-part");
    return node;
  }

  words(slide) {
    const { strings } = this.editor;
    return Math.abs(slide) < EVEN ? strings.balanced : slide < 0 ? strings.cautious : strings.bold;
  }

  attitude() {
    const { editor } = this, { strings, model } = editor, shown = h("output", { class: "model-share" }), note = quiet("");
    const tell = (slide) => {
      shown.textContent = this.words(slide);
      note.textContent = Math.abs(slide) < EVEN ? strings.balanced_help : slide < 0 ? strings.cautious_help : strings.bold_help;
    };
    const input = range({
      key: "attitude", label: strings.attitude, min: -MOST, max: MOST, step: STEP, value: slideOf(model.attitude), text: (slide) => this.words(slide),
      pass: (slide) => { model.attitude = exponent(slide); tell(slide); editor.pass(); }, settle: () => editor.settle(), props: { class: "model-range model-both" },
    });
    tell(slideOf(model.attitude));
    return h("li", { class: "model-item" }, h("div", { class: "model-head" }, h("span", { class: "model-name" }, strings.attitude), shown), input,
      h("div", { class: "model-ends", "aria-hidden": "true" }, h("span", {}, strings.cautious), h("span", {}, strings.balanced), h("span", {}, strings.bold)), note);
  }

  threshold() {
    const { editor } = this, { strings, model, figures } = editor, shown = h("output", { class: "model-share" });
    const tell = () => (shown.textContent = figures.percent(model.threshold, 1));
    const input = range({
      key: "threshold", label: strings.threshold, min: 0, max: 100, step: 1, value: Math.round(model.threshold * 100), text: () => figures.percent(model.threshold, 1),
      pass: (value) => { model.threshold = value / 100; tell(); editor.pass(); }, settle: () => editor.settle(),
    });
    tell();
    return h("li", { class: "model-item" }, h("div", { class: "model-head" }, h("span", { class: "model-name" }, strings.threshold), shown), input, quiet(strings.threshold_help));
  }

  area() {
    const { editor } = this, { strings, model, figures } = editor;
    const settle = (value) => {
      if (value === null || value < 0) return editor.draw();
      model.least_ha = value;
      editor.pass();
      editor.settle();
    };
    return h("li", { class: "model-item" }, h("label", { class: "model-head" }, h("span", { class: "model-name" }, strings.least_area), field({ key: "least", label: strings.least_area, value: model.least_ha, unit: strings.ha, figures, settle })));
  }

  refresh() {}
}
