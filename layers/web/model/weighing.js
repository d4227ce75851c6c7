// Two other ways to weigh criteria: by putting them in order, and by comparing them two by two. Both work on a
// draft, which the map tries; the model changes when the reader applies it.

import { glyph, h } from "../dom.js";
import { act, icon, quiet } from "./parts.js";
import { asWeights, CONSISTENT, MOST_COMPARED, SCALE, centroids, compared, nearest } from "./weights.js";

class Weighing {
  constructor(editor) { this.editor = editor; }

  // What weighs nothing is out of it, and stays so.
  get active() { return this.editor.model.criteria.filter(({ weight }) => weight > 0).map(({ measure }) => measure); }

  get possible() { return this.active.length > 1; }

  weightOf(measure) { return this.editor.model.criteria.find((one) => one.measure === measure).weight; }

  // The weights of the draft.
  give(order, shares) {
    const rounded = asWeights(shares);
    this.given = new Map(order.map((measure, at) => [measure, rounded[at]]));
  }

  weighed(one) { return this.given.get(one.measure) ?? one.weight; }

  // The map tries the draft.
  attempt() {
    const { model } = this.editor;
    this.editor.preview({ ...model, criteria: model.criteria.map((one) => ({ ...one, weight: this.weighed(one) })) });
  }

  buttons(leave) {
    const { editor } = this, { strings, ui } = editor;
    const apply = () => editor.alter(() => {
      for (const one of editor.model.criteria) one.weight = this.weighed(one);
      Object.assign(ui, { mode: "sliders", draft: {}, focus: `choice-${strings.weighing}-sliders` });
    });
    const cancel = () => {
      ui.focus = `choice-${strings.weighing}-sliders`;
      leave();
    };
    return h("div", { class: "model-acts" }, act(strings.apply, apply, { class: "model-act model-main", "data-key": "apply" }), act(strings.cancel, cancel, { "data-key": "cancel" }));
  }
}

export class Ranking extends Weighing {
  draw(leave) {
    const { editor } = this, { strings, ui } = editor, { active } = this;
    const kept = (ui.draft.order ?? active.toSorted((a, b) => this.weightOf(b) - this.weightOf(a))).filter((measure) => active.includes(measure));
    this.order = ui.draft.order = [...kept, ...active.filter((measure) => !kept.includes(measure))];
    this.list = h("ol", { class: "model-list model-ranks" }, ...this.order.map((measure, at) => this.item(measure, at)));
    this.tell();
    return h("div", { class: "model-way" }, quiet(strings.rank_help), this.list, this.buttons(leave));
  }

  item(id, at) {
    const { strings } = this.editor, { title } = this.editor.measure(id);
    const grip = h("span", { class: "model-handle", "aria-hidden": "true" }, glyph("grip"));
    const node = h("li", { class: "model-rank", "data-measure": id }, grip, h("span", { class: "model-name" }, title), h("span", { class: "model-share" }),
      icon("up", `${strings.raise}: ${title}`, () => this.move(id, -1), { "data-key": `raise-${id}`, disabled: at === 0 }),
      icon("down", `${strings.lower}: ${title}`, () => this.move(id, 1), { "data-key": `lower-${id}`, disabled: at === this.order.length - 1 }));
    grip.addEventListener("pointerdown", (event) => this.drag(event, node));
    return node;
  }

  tell() {
    const shares = centroids(this.order.length), { figures } = this.editor;
    this.give(this.order, shares);
    for (const node of this.list.children) node.querySelector(".model-share").textContent = figures.percent(shares[this.order.indexOf(node.dataset.measure)]);
  }

  changed() {
    this.editor.ui.draft.order = this.order;
    this.tell();
    this.attempt();
  }

  move(id, by) {
    const at = this.order.indexOf(id), to = at + by, { ui } = this.editor;
    this.order = this.order.toSpliced(at, 1).toSpliced(to, 0, id);
    const key = by < 0 ? "raise" : "lower", end = by < 0 ? to === 0 : to === this.order.length - 1;
    ui.focus = `${end ? (by < 0 ? "lower" : "raise") : key}-${id}`;
    this.changed();
    this.editor.draw();
  }

  // The neighbours change places with what is dragged, which itself stays where the pointer holds it.
  drag(event, node) {
    if (event.button) return;
    event.preventDefault();
    node.classList.add("model-dragged");
    const follow = ({ clientY }) => {
      const middle = (other) => { const { top, height } = other.getBoundingClientRect(); return top + height / 2; };
      const { previousElementSibling: above, nextElementSibling: below } = node;
      if (above && clientY < middle(above)) node.after(above);
      else if (below && clientY > middle(below)) node.before(below);
      else return;
      this.order = [...this.list.children].map(({ dataset }) => dataset.measure);
      this.changed();
    };
    const end = () => {
      window.removeEventListener("pointermove", follow);
      for (const type of ["pointerup", "pointercancel"]) window.removeEventListener(type, end);
      this.editor.draw();
    };
    window.addEventListener("pointermove", follow);
    for (const type of ["pointerup", "pointercancel"]) window.addEventListener(type, end);
  }
}

// So many names leave their pairs room beside them in a narrow editor; more stand above theirs.
const FEW = 5;
const pairKey = (one, other) => `${one}|${other}`;

export class Pairwise extends Weighing {
  draw(leave) {
    const { editor } = this, { strings, figures } = editor, { active } = this;
    if (active.length > MOST_COMPARED) return h("div", { class: "model-way" }, quiet(strings.too_many_pairs.replace("{n}", figures.number(MOST_COMPARED))));
    this.order = active;
    const names = active.map((id) => editor.measure(id).title), count = active.length;
    const head = h("tr", {}, h("td", {}), ...names.slice(1).map((name, at) => h("th", { scope: "col", title: name }, figures.number(at + 2))));
    const rows = names.map((name, row) => h("tr", {}, h("th", { scope: "row" }, h("span", {}, `${figures.number(row + 1)}. ${name}`)),
      ...Array.from({ length: count - 1 }, (_, at) => at + 1).map((column) => h("td", {}, column > row ? this.cell(row, column, names) : null))));
    this.results = h("ul", { class: "model-results" });
    this.verdict = h("p", { class: "model-verdict", role: "status" });
    const table = h("div", { class: `model-pairs${count > FEW ? " model-pairs-many" : ""}`, tabindex: "0", role: "group", "aria-label": strings.way_pairs }, h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows)));
    table.style.setProperty("--columns", count - 1);
    this.count(false);
    return h("div", { class: "model-way" }, quiet(strings.pairs_help), table, this.results, this.verdict, this.buttons(leave));
  }

  ratio(row, column) {
    const { draft } = this.editor.ui, [one, other] = [this.order[row], this.order[column]], key = pairKey(one, other);
    draft.pairs ??= {};
    return (draft.pairs[key] ??= nearest(this.weightOf(one) / this.weightOf(other)));
  }

  cell(row, column, names) {
    const { editor } = this, { figures, strings } = editor, now = this.ratio(row, column);
    const text = (value) => (value >= 1 ? figures.number(value) : `1/${figures.number(Math.round(1 / value))}`);
    const node = h("select", { class: "model-pair", "data-key": `pair-${this.order[row]}-${this.order[column]}`, "aria-label": strings.pair.replace("{a}", names[row]).replace("{b}", names[column]) },
      ...SCALE.map((value, at) => h("option", { value: at, selected: value === now }, text(value))));
    node.addEventListener("change", () => {
      editor.ui.draft.pairs[pairKey(this.order[row], this.order[column])] = SCALE[Number(node.value)];
      this.count(true);
    });
    return node;
  }

  count(attempt) {
    const { editor, order } = this, { figures, strings } = editor, indices = order.map((_, at) => at);
    const matrix = indices.map((row) => indices.map((column) => (row === column ? 1 : row < column ? this.ratio(row, column) : 1 / this.ratio(column, row))));
    const { weights, ratio, odd } = compared(matrix), title = (at) => editor.measure(order[at]).title;
    this.give(order, weights);
    this.results.replaceChildren(...weights.map((share, at) => {
      const bar = h("span", { class: "model-bar", "aria-hidden": "true" });
      bar.style.setProperty("--at", share);
      return h("li", {}, h("span", { class: "model-name" }, title(at)), h("span", { class: "model-share" }, figures.percent(share)), bar);
    }));
    const bad = ratio > CONSISTENT, figure = figures.number(ratio, 2);
    this.verdict.classList.toggle("model-bad", bad);
    this.verdict.textContent = (bad ? strings.inconsistent : strings.consistent).replace("{cr}", figure) + (bad && odd ? ` ${strings.odd_pair.replace("{a}", title(odd[0])).replace("{b}", title(odd[1]))}` : "");
    if (attempt) this.attempt();
  }
}
