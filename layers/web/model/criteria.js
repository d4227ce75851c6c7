// The criteria of a model: each with its weight, its share of the sum, and on opening its value function.

import { glyph, h, svg } from "../dom.js";
import { Adder } from "./adding.js";
import { clean } from "./figures.js";
import { act, choice, fold, quiet, range, sources, toggle } from "./parts.js";
import { Plot } from "./plot.js";
import { converted, kindsOf, outline, rangeOf } from "./values.js";
import { Pairwise, Ranking } from "./weighing.js";

const FULL = 100;
const MINI = { width: 30, height: 16, pad: 2 };

export class Criteria {
  constructor(editor) {
    this.editor = editor;
    this.former = new Map();
    this.adder = new Adder(editor);
    this.ways = { rank: new Ranking(editor), pairs: new Pairwise(editor) };
  }

  draw() {
    const { editor } = this, { strings, ui, model } = editor;
    this.rows = [];
    if (ui.mode !== "sliders" && !this.ways[ui.mode].possible) ui.mode = "sliders";
    const way = this.ways[ui.mode];
    const ways = ["sliders", "rank", "pairs"].map((mode) => [mode, strings[`way_${mode}`]]);
    const set = (mode) => {
      Object.assign(ui, { mode, draft: {} });
      editor.preview();
      editor.draw();
    };
    return h("section", { class: "model-part", "aria-label": strings.criteria },
      h("header", { class: "model-top" }, h("h3", {}, strings.criteria), h("span", { class: "model-count" }, editor.figures.number(model.criteria.length))),
      model.criteria.length > 1 ? choice(strings.weighing, ways, ui.mode, set) : null,
      way ? way.draw(() => set("sliders")) : h("ul", { class: "model-list" }, ...model.criteria.map((criterion) => this.row(criterion))),
      way ? null : this.adder.draw());
  }

  row(criterion) {
    const { editor } = this, { strings, ui } = editor, measure = editor.measure(criterion.measure), id = criterion.measure;
    const open = ui.open === id, share = h("output", { class: "model-share", "aria-hidden": "true" }), mini = h("span", { class: "model-mini", "aria-hidden": "true" });
    const title = h("button", { type: "button", class: "model-title", "aria-expanded": String(open), "data-key": `open-${id}`, onclick: () => { ui.open = open ? null : id; editor.draw(); } },
      h("span", { class: "model-name" }, measure.title), glyph("chevron"));
    const weight = range({
      key: `weight-${id}`, label: `${strings.weight}: ${measure.title}`, min: 0, max: FULL, step: "any", value: criterion.weight,
      text: () => this.told(criterion), pass: (value) => { criterion.weight = Math.round(value); editor.pass(); }, settle: () => editor.settle(),
    });
    const on = toggle(`on-${id}`, `${strings.counts}: ${measure.title}`, criterion.weight > 0, (wanted) => this.switch(criterion, wanted));
    const node = h("li", { class: `model-item${open ? " model-open" : ""}`, "data-measure": id }, h("div", { class: "model-head" }, on, title), h("div", { class: "model-slide" }, weight, mini, share));
    if (open) node.append(this.body(criterion, measure));
    this.rows.push({ criterion, measure, node, share, weight, on, mini });
    this.fill(this.rows.at(-1));
    return node;
  }

  // Off is a weight of zero; on again, it weighs what it did.
  switch(criterion, wanted) {
    const { editor } = this, known = editor.model.criteria.filter(({ weight }) => weight > 0);
    if (!wanted) this.former.set(criterion.measure, criterion.weight);
    const usual = known.length ? Math.round(editor.total / known.length) : FULL / 2;
    criterion.weight = wanted ? this.former.get(criterion.measure) || Math.max(1, usual) : 0;
    editor.pass();
    editor.settle();
  }

  told({ weight }) {
    const { strings, figures, total } = this.editor;
    return weight ? `${figures.percent(weight / total)} ${strings.of_sum}` : strings.off;
  }

  fill({ criterion, measure, node, share, weight, on, mini }) {
    const { figures, total, strings } = this.editor, off = !criterion.weight;
    node.classList.toggle("model-off", off);
    on.checked = !off;
    share.textContent = off ? strings.off : figures.percent(criterion.weight / total);
    if (document.activeElement === weight && !this.editor.keyed) weight.tell();
    else weight.tell(criterion.weight);
    mini.replaceChildren(curve(measure, criterion.value));
  }

  refresh() { for (const row of this.rows ?? []) this.fill(row); }

  body(criterion, measure) {
    const { editor } = this, { strings, ui, model } = editor, { value, measure: id } = criterion;
    const kinds = kindsOf(measure, value);
    const turn = (kind) => {
      const span = rangeOf(measure, value);
      criterion.value = converted(value, kind, span, (span[1] - span[0]) / FULL);
      editor.alter();
    };
    const remove = () => editor.alter(() => {
      const at = model.criteria.indexOf(criterion), next = model.criteria[at + 1] ?? model.criteria[at - 1];
      model.criteria.splice(at, 1);
      Object.assign(ui, { open: null, focus: next ? `open-${next.measure}` : "adder" });
    });
    return h("div", { class: "model-body" },
      kinds.length > 1 ? choice(strings.kind, kinds.map((kind) => [kind, strings[`kind_${kind}`]]), value.kind, turn) : null,
      value.kind === "categorical" ? this.classes(criterion, measure) : new Plot(editor, criterion, measure).node,
      criterion.reason || criterion.sources?.length ? fold(ui.folds, `why-${id}`, strings.why, criterion.reason ? quiet(criterion.reason) : null, ...sources(criterion.sources, strings.sources)) : null,
      act(strings.remove, remove, { "data-key": `remove-${id}`, "aria-label": `${strings.remove}: ${measure.title}` }));
  }

  // The value of each class, by a slider.
  classes(criterion, measure) {
    const { editor } = this, { figures, strings } = editor, named = new Map(measure.classes ?? []);
    const listed = new Set(criterion.value.points.map(([of]) => of));
    const missing = [...named.keys()].filter((of) => !listed.has(of)).map((of) => [of, null]);
    const row = (point) => {
      const [of, value] = point, name = named.get(of) ?? figures.number(of), shown = h("output", { class: "model-share" });
      const tell = (now) => {
        shown.textContent = now === null ? strings.class_unknown : figures.percent(now);
        shown.classList.toggle("model-unset", now === null);
      };
      const input = range({
        key: `class-${of}`, label: `${strings.value}: ${name}`, min: 0, max: 1, step: 0.05, value: value ?? 0, text: (now) => figures.percent(now),
        pass: (now) => {
          point[1] = clean(now);
          if (!criterion.value.points.includes(point)) criterion.value.points.push(point);
          tell(now);
          editor.pass();
        },
        settle: () => editor.settle(),
      });
      tell(value);
      return h("li", {}, h("span", { class: "model-name" }, name), shown, input);
    };
    return h("ul", { class: "model-classes" }, ...[...criterion.value.points, ...missing].map(row));
  }
}

// The shape of a value function, beside the name of its criterion.
function curve(measure, value) {
  const { width, height, pad } = MINI, [low, high] = rangeOf(measure, value);
  const y = (of) => pad + (1 - of) * (height - 2 * pad), look = { viewBox: `0 0 ${width} ${height}`, width, height };
  if (value.kind === "categorical") {
    const wide = (width - 2 * pad) / value.points.length;
    return svg("svg", look, ...value.points.map(([, of], at) => svg("rect", { x: pad + at * wide, y: y(of), width: Math.max(0.8, wide - 1), height: Math.max(0.5, height - pad - y(of)) })));
  }
  const x = (of) => pad + ((of - low) / (high - low)) * (width - 2 * pad);
  return svg("svg", look, svg("path", { d: `M${outline(value, [low, high]).map(([at, of]) => `${x(at).toFixed(1)} ${y(of).toFixed(1)}`).join("L")}` }));
}
